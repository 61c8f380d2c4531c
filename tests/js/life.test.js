/** When a Node process ends, and how: at once when nothing is left, not before, and never silently in the middle of a wait. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { startServer } from '../server/server.js';
import { node, program, root, until, wait } from './programs/tools.js';

const HOST = `${root}/tests/js/programs/host.mjs`;
const COMMAND = `${root}/src/js/cli/main.js`;

/** @type {string} */
let file;
/** Seconds that the shortest of these processes takes here and now. */
let idle = 0;
before(async () => {
  file = await program('life');
  await node([HOST, file]);
  idle = (await node([HOST, file])).seconds;
});

/** @param {string[]} args of main() @param {object} [options] @param {Parameters<typeof node>[1]} [child] */
const host = (args, options = {}, child = {}) => node([HOST, file, JSON.stringify({ args, ...options })], child);

/** @param {string} name @param {number[]} args @param {object} [options] */
const exported = (name, args, options = {}) => node([HOST, file, JSON.stringify(options), name, ...args.map(String)]);

/** Sends signals when the program has said something. @param {[string, NodeJS.Signals][]} steps */
const signals = (steps) => (/** @type {import('node:child_process').ChildProcess} */ child, /** @type {{ stdout: string }} */ said) =>
  void (async () => {
    for (const [words, signal] of steps) {
      await until(() => said.stdout.includes(words), `"${words}"`);
      child.kill(signal);
    }
  })().catch(() => child.kill('SIGKILL'));

describe('ends', () => {
  test('at once after main()', async () => {
    const { code, stdout, stderr, seconds } = await host([]);
    assert.deepEqual([code, stdout, stderr], [0, 'hello\n', '']);
    assert.ok(seconds < 2 * idle + 10, `${seconds} s`);
  });

  test('at once after a run with leftovers, which are cancelled', async () => {
    const { code, stdout, seconds } = await host(['leaves']);
    assert.deepEqual([code, stdout], [0, 'child cleaned after ECANCELED\nrun: ok\n']);
    assert.ok(seconds < 2 * idle + 10, `${seconds} s`);
  });

  test('after a timeout of which nothing is left', async () => {
    const { code, seconds } = await exported('nap', [0.01]);
    assert.equal(code, 0);
    assert.ok(seconds < 2 * idle + 10, `${seconds} s`);
  });

  test('with the exit code of main(), modulo 256', async () => {
    assert.equal((await host(['nothing like this'])).code, 9);
  });

  test('with the code of exit() in a task, its output flushed', async () => {
    const { code, stdout } = await host(['exit']);
    assert.deepEqual([code, stdout], [3, 'before exit']);
  });

  test('load() alone keeps nothing alive', async () => {
    const { code, seconds } = await node(['--input-type=module', '-e', `import { load } from '${root}/src/js/node.js'; await load('${await program('calls')}')`]);
    assert.equal(code, 0);
    assert.ok(seconds < 2 * idle + 10, `${seconds} s`);
  });
});

describe('stays alive', () => {
  test('while a task sleeps', async () => {
    const { code, stdout, seconds } = await host(['sleep', '0.5']);
    assert.deepEqual([code, stdout], [0, 'slept\nrun: ok\n']);
    assert.ok(seconds >= 0.5);
  });

  test('while an export sleeps', async () => {
    const { code, stdout, seconds } = await exported('nap', [0.5]);
    assert.deepEqual([code, stdout], [0, 'resolved 0\n']);
    assert.ok(seconds >= 0.5);
  });

  test('while a fetch is under way', async () => {
    const server = await startServer();
    const { code, stdout } = await host(['fetch', `${server.url}/delay/500?hello`]);
    await server.close();
    assert.equal(code, 0);
    assert.match(stdout, /^\d hello=?\nrun: ok\n$/);
  });

  for (const mode of ['timer', 'unref']) {
    test(`while an import waits for ${mode === 'timer' ? 'a timer' : 'a timer that is no reason to stay'}`, async () => {
      const { code, stdout, stderr } = await host(['import'], { mode });
      assert.deepEqual([code, stdout, stderr], [0, 'work: 7\nrun: ok\n', '']);
    });
  }

  test('while an import waits for ever', async () => {
    const outcome = await host(['import'], { mode: 'never' }, { started: (child) => void setTimeout(() => child.kill('SIGTERM'), idle * 1000 + 1000) });
    assert.equal(outcome.signal, 'SIGTERM', JSON.stringify(outcome));
  });
});

describe('deadlock', () => {
  test('in main(): EDEADLK, and a report with every wait and its place', async () => {
    const { code, stdout, stderr, seconds } = await host(['deadlock']);
    assert.deepEqual([code, stdout], [1, 'woken with EDEADLK\nrun: EDEADLK\n']);
    assert.match(stderr, /^wasyncio: deadlock: [^\n]+\n  Task-1 [^:]+: waits for task the waiter at life\.c:\d+\n    the waiter waits_here: waits for semaphore at life\.c:\d+ \(0 free, 1 in line\)\n$/);
    assert.ok(seconds < 2 * idle + 10, `${seconds} s`);
  });

  test('in an export of a process with nothing else to do', async () => {
    const { code, stdout, stderr } = await exported('wait_for_ever', []);
    assert.equal(code, 0);
    assert.match(stdout, /^clean-up after EDEADLK\nrejected EDEADLK /);
    assert.match(stderr, /deadlock.*\n  wait_for_ever: waits for semaphore at life\.c:\d+ \(0 free, 1 in line\)\n/);
  });

  test('not while the process has something to do', async () => {
    const calls = await program('calls');
    const { code, stdout, stderr } = await node(['--input-type=module', '-e', `
      import { load } from '${root}/src/js/node.js';
      const app = await load('${calls}');
      setTimeout(() => app.exports.release_never(), 200);
      console.log(await app.exports.wait_for_ever());`]);
    assert.deepEqual([code, stdout, stderr], [0, '0\n', '']);
  });

  test('two exports, one of which is only asleep', async () => {
    const calls = await program('calls');
    const { code, stdout, stderr } = await node(['--input-type=module', '-e', `
      import { load } from '${root}/src/js/node.js';
      const app = await load('${calls}');
      const never = app.exports.wait_for_ever().catch((error) => error.name);
      console.log(await app.exports.sleeper(0.1));
      console.log(await never);`]);
    assert.equal(code, 0);
    assert.equal(stdout, '0\nEDEADLK\n');
    assert.equal(stderr.match(/deadlock/g)?.length, 1, stderr);
  });
});

describe('SIGINT', () => {
  test('cancels main(), whose clean-up runs', async () => {
    const { code, signal, stdout, stderr } = await host(['slow', '0.1'], {}, { started: signals([['started', 'SIGINT']]) });
    assert.deepEqual([code, signal], [130, null], stderr);
    assert.equal(stdout, 'started\ncleaning\ncleaned\nrun: ECANCELED\n');
    assert.equal(stderr, '');
  });

  test('reaches the tasks of a group', async () => {
    const { code, stdout } = await host(['family'], {}, { started: signals([['started', 'SIGINT']]) });
    assert.equal(code, 130);
    assert.equal(stdout, 'started\nchild cleaned after ECANCELED\nchild cleaned after ECANCELED\nparent cleaned after ECANCELED\nrun: ECANCELED\n');
  });

  test('a second one kills', async () => {
    const { code, signal, stdout, seconds } = await host(['slow', '30'], {}, { started: signals([['started', 'SIGINT'], ['cleaning', 'SIGINT']]) });
    assert.ok(signal === 'SIGINT' || code === 130, `${code} ${signal}`);
    assert.equal(stdout, 'started\ncleaning\n');
    assert.ok(seconds < 10);
  });

  test('through the command: the same', async () => {
    const { code, stdout } = await node([COMMAND, 'run', await program('interrupted')], { started: signals([['started', 'SIGINT']]) });
    assert.deepEqual([code, stdout], [130, 'started\ncleaned\n']);
  });

  test('belongs to the program if that listens itself', async () => {
    const { code, signal, stdout } = await host(['slow', '0.1'], { mode: 'own SIGINT' }, { started: signals([['started', 'SIGINT'], ['own listener', 'SIGTERM']]) });
    assert.equal(signal ?? code, 'SIGTERM');
    assert.doesNotMatch(stdout, /cleaning/);
  });

  test('when nothing runs any more, it is the default again', async () => {
    const { signal } = await node(['--input-type=module', '-e', `
      import { load } from '${root}/src/js/node.js';
      const app = await load('${file}', { imports: { work() {} } });
      await app.run();
      setInterval(() => {}, 1000);
      console.log('idle');`], { started: signals([['idle', 'SIGINT']]) });
    assert.equal(signal, 'SIGINT');
  });

  test('run() leaves no listeners behind', async () => {
    const { stdout } = await host(['sleep', '0.01'], { mode: 'listeners' });
    assert.match(stdout, /\nas before\n$/);
  });

  test('exports leave none either', async () => {
    const { stdout } = await exported('nap', [0.01], { mode: 'listeners' });
    assert.equal(stdout, 'resolved 0\nas before\n');
  });

  test('main() that throws, neither', async () => {
    const { stdout } = await node(['--input-type=module', '-e', `
      import { load } from '${root}/src/js/node.js';
      const app = await load('${await program('overflow')}', { args: ['300'] });
      await app.run().catch((error) => console.log(error.name));
      console.log(process.listenerCount('SIGINT'), process.listenerCount('beforeExit'));`]);
    assert.equal(stdout, 'EOVERFLOW\n0 0\n');
  });
});

test('importing the package adds no listener and keeps nothing alive', async () => {
  const { stdout, seconds } = await node(['--input-type=module', '-e', `
    const count = () => ['unhandledRejection', 'uncaughtException', 'SIGINT', 'SIGTERM', 'exit', 'beforeExit'].map((name) => process.listenerCount(name)).join();
    const before = count();
    await import('${root}/src/js/node.js');
    console.log(count() === before);`]);
  assert.equal(stdout, 'true\n');
  assert.ok(seconds < 2 * idle + 10);
});

test('twenty programs at once: no warning of too many listeners, and the process ends', async () => {
  const script = `import { load } from ${JSON.stringify(`${root}/src/js/node.js`)};
    const apps = await Promise.all(Array.from({ length: 20 }, () => load(${JSON.stringify(file)}, { imports: { work() {} }, stdout() {} })));
    await Promise.all(apps.map((app) => app.run()));
    console.log(process.listenerCount('beforeExit'));`;
  const { code, stdout, stderr } = await node(['--input-type=module', '-e', script]);
  assert.deepEqual([code, stdout, stderr], [0, '0\n', '']);
});

test('load() does not make Node load its fetch', async () => {
  const script = `import { load } from ${JSON.stringify(`${root}/src/js/node.js`)};
    await load(${JSON.stringify(file)}, { imports: { work() {} } });
    console.log(process.moduleLoadList.some((name) => name.includes('undici')));`;
  const { stdout, stderr } = await node(['--input-type=module', '-e', script]);
  assert.deepEqual([stdout, stderr], ['false\n', '']);
});

test('an unobserved failure is reported exactly once', async () => {
  const { code, stdout, stderr } = await host(['unobserved']);
  assert.deepEqual([code, stdout], [0, 'run: ok\n']);
  for (const name of ['lost one', 'unclaimed one']) assert.equal(stderr.split(`task '${name}' failed and nobody looked: EPROTO: nobody reads this`).length, 2, stderr);
  assert.equal(stderr.trimEnd().split('\n').length, 2, stderr);
  assert.match(stderr, /at life\.c:\d+; created at life\.c:\d+/);
});

test("nobody's rejection: an unobserved import failure is C's to handle, not Node's", async () => {
  const { code, stderr } = await host(['import'], { mode: 'timer' });
  assert.equal(code, 0);
  assert.equal(stderr, '');
  await wait(0);
});
