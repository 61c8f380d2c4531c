/** Executors, as a process and as JavaScript see them: when workers start and end, what keeps Node alive, what is reported. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { node, open, program, rejected, root, soon, until, wait } from './programs/tools.js';

const SCRIPT = new URL('../../src/js/workers/node-worker.js', import.meta.url);
const imports = { ask: async () => 42, tell: () => 1 };

/** @type {string} */
let file;
before(async () => void (file = await program('jobs')));

/** A script that loads the program as `app`, and then does what is given. @param {string} body @param {string[]} [args] of main() @param {Parameters<typeof node>[1]} [options] */
const script = (body, args = [], options = {}) => node(['--input-type=module', '-e', `
  import { load } from '${root}/src/js/node.js';
  const imports = { ask: async () => 42, tell: () => 1 };
  const app = await load(${JSON.stringify(file)}, { imports, args: globalThis.process.argv.slice(1) });
  ${body}`, ...args], options);

/** main() of the program, in a process of its own. @param {string} what */
const run = (what) => script('process.exitCode = await app.run();', [what]);

/** A pool whose workers are counted. @param {number} size */
async function counted(size) {
  let made = 0;
  const { app, said } = await open('jobs', { imports, worker: () => (made++, new Worker(SCRIPT)) });
  await app.exports.open_pool(size);
  return { app, said, made: () => made };
}

describe('a process', () => {
  test('ends by itself though workers are idle', async () => {
    for (const what of ['', 'keeps']) {
      const { code, stdout, stderr } = await run(what);
      assert.deepEqual([code, stdout, stderr], [0, 'job: hello\nrun: 5\n', '']);
    }
    const { code, stdout } = await script("await app.exports.open_pool(2); console.log(await app.exports.say('x'));");
    assert.deepEqual([code, stdout], [0, 'before\njob: x\nafter\n1\n']);
  });

  test('does not end before a job has', async () => {
    const { code, stdout } = await run('computes');
    assert.deepEqual([code, stdout], [0, 'job: hello\nrun: 1\n']);
  });

  test('ends with exit() though a job runs for ever', async () => {
    const { code, stdout } = await run('exits');
    assert.deepEqual([code, stdout], [3, 'job: hello\njob: hello\n']);
  });

  test('ends after close() though a job ran for ever', async () => {
    const { code, stdout, stderr } = await script(`
      await app.exports.open_pool(1);
      const call = app.exports.run('endless').catch((error) => console.log(error.name));
      setTimeout(() => app.close().then(() => console.log('closed')), 100);
      await call;`);
    assert.deepEqual([code, stdout.split('\n').sort(), stderr], [0, ['', 'ECANCELED', 'closed'], '']);
  });

  test('ends with Ctrl-C though a job runs for ever', async () => {
    const started = (/** @type {import('node:child_process').ChildProcess} */ child, /** @type {{ stdout: string }} */ said) =>
      void until(() => said.stdout.includes('job: hello'), 'the first job').then(() => wait(100)).then(() => child.kill('SIGINT'));
    const { code, stdout } = await script('process.exitCode = await app.run();', ['loops'], { started });
    assert.equal(code, 130);
    assert.match(stdout, /^job: hello\nrun: -\d+\n$/);
  });

  test('may be a worker itself', async () => {
    const body = `
      let said = '';
      const { load } = await import('${root}/src/js/node.js');
      const app = await load(${JSON.stringify(file)}, { imports: { ask: async () => 42, tell: () => 1 }, args: ['keeps'], stdout: (text) => void (said += text) });
      process.exitCode = await app.run();
      process._rawDebug(said.trimEnd());`;
    const { code, stderr } = await node(['--input-type=module', '-e', `
      import { Worker } from 'node:worker_threads';
      const code = await new Promise((resolve) => new Worker(${JSON.stringify(`(async () => { ${body} })()`)}, { eval: true }).on('exit', resolve));
      process.exitCode = code;`]);
    assert.deepEqual([code, stderr], [0, 'job: hello\nrun: 5\n']);
  });
});

describe('workers', () => {
  test('start when they are needed, and stay', async () => {
    const { app, made } = await counted(2);
    assert.equal(made(), 0);
    for (let i = 0; i < 5; i++) assert.equal(await app.exports.say('abc'), 3);
    assert.equal(made(), 1);
    await Promise.all(Array.from({ length: 10 }, () => app.exports.compute(0.01)));
    assert.equal(made(), 2);
    await app.close();
  });

  test('are replaced after a crash and after a cancel', async () => {
    const { app, made } = await counted(1);
    await rejected(app.exports.run('crashes'), 'EFAULT', /^the job crashed: /);
    assert.equal(await app.exports.say('abc'), 3);
    assert.equal(made(), 2);
    const controller = new AbortController();
    const call = app.exports.run('endless', { signal: controller.signal });
    await wait(50);
    controller.abort();
    await rejected(soon(call, 'the cancelled call'), 'ECANCELED');
    assert.equal(await app.exports.say('abc'), 3);
    assert.equal(made(), 3);
    await app.close();
  });

  test('are started once for many that are cancelled together', async () => {
    const { app, made } = await counted(2);
    const controller = new AbortController();
    const calls = Array.from({ length: 10 }, () => app.exports.run('endless', { signal: controller.signal }));
    await wait(50);
    controller.abort();
    await Promise.all(calls.map((call) => rejected(call, 'ECANCELED')));
    assert.equal(made(), 2);
    await app.close();
  });

  test('that do not start are named, and so is the fix', async () => {
    /** @type {[unknown, RegExp][]} */
    const bad = [
      [new URL('file:///there/is/no/such/script.js'), /script\.js/],
      [() => new Worker('require("worker_threads").parentPort.on("message", () => {}).postMessage(null)', { eval: true }), /not that of this package/],
      [() => 7, /the function given to load\(\) as 'worker' did not return a Worker/],
      [() => { throw new Error('not today'); }, /^not today$/],
      [() => new Worker('process.exit(4)', { eval: true }), /the worker has ended with exit code 4/],
      [() => new Worker('throw new Error("broken script")', { eval: true }), /broken script/],
    ];
    for (const [worker, words] of bad) {
      const { app } = await open('jobs', { imports, worker: /** @type {any} */ (worker) });
      await app.exports.open_pool(1);
      for (let i = 0; i < 2; i++) {
        const error = await rejected(soon(app.exports.say('x'), String(worker)), 'EIO', words);
        assert.match(error.task ?? '', /^Worker-\d+$/);
      }
      await app.close();
    }
  });

  test("load() refuses a 'worker' that is none", async () => {
    await rejected(open('jobs', { imports, worker: /** @type {any} */ (7) }), 'EINVAL', /worker is 7, not a URL, or a function that returns a Worker/);
  });
});

describe('a job', () => {
  test('says what it prints where the program does, in order', async () => {
    const { app, said } = await open('jobs', { imports });
    await app.exports.open_pool(1);
    for (const text of ['one', 'two']) await app.exports.say(text);
    assert.equal(said.stdout, 'before\njob: one\nafter\nbefore\njob: two\nafter\n');
    await app.close();
  });

  test('that fails rejects with its words, its place and its worker', async () => {
    const { app } = await open('jobs', { imports });
    await app.exports.open_pool(1);
    const error = await rejected(app.exports.run('fails'), 'ERANGE', /^out of this world$/);
    assert.match(error.task ?? '', /^Worker-\d+$/);
    assert.match(error.where ?? '', /^jobs\.c:\d+$/);
    await app.close();
  });

  test('cannot call JavaScript', async () => {
    const { app } = await open('jobs', { imports });
    await app.exports.open_pool(1);
    await rejected(app.exports.run('asks'), 'EPERM', /^ask\(\): a job of an executor cannot call JavaScript/);
    assert.equal(await app.exports.say('abc'), 3);
    await app.close();
  });

  test('that runs when the app is closed is cancelled', async () => {
    const { app } = await open('jobs', { imports });
    await app.exports.open_pool(1);
    const calls = [app.exports.run('endless'), app.exports.say('queued')];
    await wait(50);
    await soon(app.close(), 'close()');
    for (const call of calls) await rejected(call, 'ECANCELED');
  });

  test('is listed as what its task waits for', async () => {
    const { app } = await open('jobs', { imports });
    await app.exports.open_pool(1);
    const call = app.exports.compute(0.1);
    await until(() => app.tasks()[0]?.waitsFor === 'executor', 'the wait');
    assert.equal(await call, 1);
    await app.close();
  });

  test('of one app knows nothing of another', async () => {
    const [a, b] = [await open('jobs', { imports }), await open('jobs', { imports })];
    await Promise.all([a.app.exports.open_pool(1), b.app.exports.open_pool(1)]);
    const endless = a.app.exports.run('endless');
    assert.equal(await b.app.exports.say('abc'), 3);
    await a.app.close();
    await rejected(endless, 'ECANCELED');
    assert.equal(await b.app.exports.say('abc'), 3);
    await b.app.close();
  });
});
