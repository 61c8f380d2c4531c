/** What goes wrong reaches the caller as one kind of error, with its code, its words, and where it happened. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { open, program, rejected, soon, until, wait } from './programs/tools.js';

describe('a negative result', () => {
  test('with words', async () => {
    const { app, said } = await open('calls');
    const error = await rejected(app.exports.fail_with(-65, 'page 7: grün'), 'EPROTO', /^page 7: grün$/);
    assert.equal(error.code, -65);
    assert.equal(error.task, 'fail_with');
    assert.match(error.where ?? '', /^calls\.c:\d+$/);
    assert.ok(Array.isArray(error.tasks));
    assert.match(String(error.stack), /page 7/);
    assert.equal(said.stderr, '');
    await app.close();
  });

  test('without words: those of the code', async () => {
    const { app } = await open('calls');
    const error = await rejected(app.exports.fail_plainly(-28), 'EINVAL', /./);
    assert.equal(error.code, -28);
    assert.equal(error.task, 'fail_plainly');
    await app.close();
  });

  test('of a task below: its name and its place', async () => {
    const { app, said } = await open('calls');
    const error = await rejected(app.exports.fail_below(), 'EPROTO', /^deep down$/);
    assert.equal(error.task, 'digger');
    assert.match(error.where ?? '', /^calls\.c:\d+$/);
    assert.equal(said.stderr, '');
    await app.close();
  });

  test('with notes', async () => {
    const { app } = await open('calls');
    const error = await rejected(app.exports.fail_with_notes('grün'), 'EPROTO', /^noted$/);
    assert.deepEqual(error.notes, ['first: grün', 'second']);
    const plain = await rejected(app.exports.fail_with(-65, 'no notes'), 'EPROTO');
    assert.deepEqual(plain.notes, []);
    const bare = await rejected(app.exports.fail_plainly(-28), 'EINVAL');
    assert.deepEqual(bare.notes, []);
    await app.close();
  });

  test('in the clean-up of a cancelled call: its notes say so', async () => {
    const { app } = await open('calls');
    const controller = new AbortController();
    const failed = rejected(app.exports.fail_in_clean_up({ signal: controller.signal }), 'EIO', /^while cleaning up$/);
    await until(() => app.tasks()[0].waitsFor, 'the wait');
    controller.abort();
    assert.deepEqual((await failed).notes, ['while it was being cancelled']);
    await app.close();
  });

  test('of the package itself: no notes', async () => {
    const error = await rejected(load('no such file.wasm'), 'ENOENT');
    assert.deepEqual(error.notes, []);
  });

  test('lists the tasks that live at that moment', async () => {
    const { app } = await open('calls');
    const other = app.exports.sleeper(100);
    await until(() => app.tasks()[0].waitsFor, 'the wait');
    const { tasks } = await rejected(app.exports.fail_with(-65, 'x'), 'EPROTO');
    const sleeping = tasks.find(({ name }) => name === 'sleeper');
    assert.equal(sleeping?.state, 'waiting');
    assert.equal(sleeping?.waitsFor, 'sleep');
    assert.match(sleeping?.where ?? '', /^calls\.c:\d+$/);
    await Promise.all([app.close(), rejected(other, 'ECANCELED')]);
  });

  test('a failure that was handled does not turn a NULL result into one', async () => {
    const { app } = await open('calls');
    assert.equal(await app.exports.find(), 'elsewhere');
    await app.close();
  });

  test('an unobserved failure of a task is reported exactly once', async () => {
    const { app, said } = await open('calls');
    await app.exports.spawn_failing();
    await app.close();
    assert.equal(said.stderr.match(/lost and found/g)?.length, 1, said.stderr);
    assert.match(said.stderr, /^wasyncio: task 'unwatched' failed and nobody looked: EPROTO: lost and found at calls\.c:\d+; created at calls\.c:\d+\n$/);
  });
});

describe('signal', () => {
  test('aborted already: nothing starts', async () => {
    const { app } = await open('calls');
    const reason = new Error('before');
    const call = app.exports.sleeper(1, { signal: AbortSignal.abort(reason) });
    assert.deepEqual(app.tasks(), []);
    await assert.rejects(call, (error) => error === reason);
    assert.equal(app.exports.get_cleaned(), 0);
    await app.close();
  });

  test('aborted during: the task is cancelled and cleans up', async () => {
    const { app } = await open('calls');
    const controller = new AbortController();
    const reason = new Error('enough');
    const call = app.exports.sleeper(100, { signal: controller.signal });
    await until(() => app.tasks()[0].waitsFor, 'the wait');
    controller.abort(reason);
    const error = await rejected(soon(call, 'the cancelled call'), 'ECANCELED');
    assert.ok(error.code < 0);
    assert.equal(error.cause, reason);
    assert.equal(app.exports.get_cleaned(), 1);
    assert.equal(app.exports.get_cancelled(), 1);
    assert.deepEqual(app.tasks(), []);
    await app.close();
  });

  test('aborted before the first step: no statement runs', async () => {
    const { app } = await open('calls');
    const controller = new AbortController();
    const call = app.exports.sleeper(100, { signal: controller.signal });
    controller.abort();
    await rejected(call, 'ECANCELED');
    assert.equal(app.exports.get_cleaned(), 0);
    await app.close();
  });

  test('aborted after: nothing happens', async () => {
    const { app, said } = await open('calls');
    const controller = new AbortController();
    assert.equal(await app.exports.sleeper(0.001, { signal: controller.signal }), 0);
    const next = app.exports.sleeper(0.02);
    controller.abort();
    assert.equal(await next, 0);
    assert.equal(said.stderr, '');
    await app.close();
  });

  test('a call that catches its cancel returns its result', async () => {
    const { app } = await open('calls');
    const controller = new AbortController();
    const call = app.exports.stubborn({ signal: controller.signal });
    await until(() => app.tasks()[0].waitsFor, 'the wait');
    controller.abort();
    assert.equal(await soon(call, 'the call'), 42);
    await app.close();
  });

  test('AbortSignal.timeout()', async () => {
    const { app } = await open('calls');
    const error = await rejected(soon(app.exports.sleeper(100, { signal: AbortSignal.timeout(20) }), 'the call'), 'ECANCELED');
    assert.equal(/** @type {Error} */ (error.cause).name, 'TimeoutError');
    await app.close();
  });

  test('one signal for a hundred calls; it keeps none of them', async () => {
    const { app } = await open('calls');
    const controller = new AbortController();
    let listeners = 0;
    const { signal } = controller;
    const [add, remove] = [signal.addEventListener.bind(signal), signal.removeEventListener.bind(signal)];
    signal.addEventListener = (/** @type {any[]} */ ...args) => (listeners++, /** @type {any} */ (add)(...args));
    signal.removeEventListener = (/** @type {any[]} */ ...args) => (listeners--, /** @type {any} */ (remove)(...args));
    await Promise.all(Array.from({ length: 50 }, () => app.exports.sleeper(0.001, { signal })));
    assert.equal(listeners, 0);
    const calls = Array.from({ length: 50 }, () => app.exports.sleeper(100, { signal }));
    await until(() => app.tasks().every((task) => task.waitsFor), 'the waits');
    controller.abort();
    for (const call of calls) await rejected(call, 'ECANCELED');
    assert.equal(app.exports.get_cleaned(), 100);
    await app.close();
  });

  test("load()'s signal cancels everything", async () => {
    const controller = new AbortController();
    const { app } = await open('calls', { signal: controller.signal });
    const calls = [app.exports.sleeper(100), app.exports.sleeper(100)];
    await until(() => app.tasks().every((task) => task.waitsFor), 'the waits');
    controller.abort();
    for (const call of calls) await rejected(soon(call, 'the call'), 'ECANCELED');
    assert.equal(app.exports.get_cleaned(), 2);
  });

  test("load()'s signal, aborted already", async () => {
    const signal = AbortSignal.abort(new Error('never mind'));
    await program('life'); // built: that is no part of what must be soon
    const running = open('life', { imports: { work: () => 0 }, args: ['sleep', '100'], signal }).then(({ app }) => app.run());
    await assert.rejects(soon(running, 'run()'), /never mind/); // load() itself may say it
  });
});

describe('close()', () => {
  test('cancels, waits for the clean-up, and refuses what comes later', async () => {
    const { app, said } = await open('calls');
    const calls = [app.exports.sleeper(100), app.exports.slow_to_stop(0.05), app.exports.stubborn()];
    await app.exports.spawn_background(3);
    assert.equal(app.tasks().length, 6);
    const began = performance.now();
    const closing = app.close();
    await rejected(app.exports.sleeper(1), 'EPERM', /app\.close\(\): load\(\) the module again/);
    assert.throws(() => app.exports.add(1, 2), /app\.close\(\)/);
    await rejected(app.run(), 'EPERM', /app\.close\(\)/);
    const outcomes = await Promise.allSettled(calls);
    await soon(closing, 'close()');
    assert.ok(performance.now() - began >= 45, 'the shielded clean-up took its time');
    assert.deepEqual(outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : outcome.reason.name)), ['ECANCELED', 'ECANCELED', 42]);
    assert.deepEqual(app.tasks(), []);
    assert.equal(said.stderr, '');
  });

  test('twice, at once and later, and without anything to do', async () => {
    const { app } = await open('calls');
    const call = app.exports.slow_to_stop(0.02);
    await until(() => app.tasks()[0].waitsFor, 'the wait');
    await soon(Promise.all([app.close(), app.close(), rejected(call, 'ECANCELED')]), 'both');
    await soon(app.close(), 'again');
    const { app: idle } = await open('calls');
    await soon(idle.close(), 'idle');
  });

  test('while main() runs: it is cancelled and run() ends', async () => {
    const { app, said } = await open('life', { imports: { work: () => 0 }, args: ['family'] });
    const running = app.run();
    await until(() => said.stdout === 'started\n', 'the start');
    await soon(app.close(), 'close()');
    assert.equal(await soon(running, 'run()'), 1);
    assert.equal(said.stdout.match(/child cleaned after ECANCELED/g)?.length, 2, said.stdout);
    assert.match(said.stdout, /parent cleaned after ECANCELED\nrun: ECANCELED\n/);
  });
});

describe('run()', () => {
  test('without main()', async () => {
    const { app } = await open('calls');
    await rejected(app.run(), 'ENOENT', /the module has no main\(\); call its exports/);
    assert.equal(await app.exports.sleeper(0), 0);
    await app.close();
  });

  test('twice at once', async () => {
    const { app } = await open('life', { imports: { work: () => 0 }, args: ['sleep', '0.05'] });
    const first = app.run();
    await rejected(app.run(), 'EBUSY', /main\(\) is running already/);
    assert.equal(await first, 0);
  });

  test('again, after it has ended', async () => {
    const { app, said } = await open('life', { imports: { work: () => 0 }, args: ['sleep', '0.01'] });
    assert.equal(await app.run(), 0);
    const second = await app.run().catch((error) => error);
    if (second instanceof Error) assert.match(second.message, /run\(\)/);
    else assert.deepEqual([second, said.stdout], [0, 'slept\nrun: ok\nslept\nrun: ok\n']);
  });

  test('exit(3) in a task', async () => {
    const { app, said } = await open('life', { imports: { work: () => 0 }, args: ['exit'] });
    assert.equal(await soon(app.run(), 'run()'), 3);
    assert.equal(said.stdout, 'before exit'); // flushed
    await rejected(app.exports.nap(0), 'EPERM', /the program has called exit\(3\): load\(\) the module again/);
    assert.deepEqual(app.tasks(), []);
    await soon(app.close(), 'close()');
  });

  test('exit() in an export: the other calls are told', async () => {
    const { app } = await open('calls');
    const other = app.exports.sleeper(100);
    await rejected(soon(app.exports.exits(4), 'the call'), 'EPERM', /exit\(4\)/);
    await rejected(soon(other, 'the other'), 'EPERM', /exit\(4\)/);
    assert.throws(() => app.exports.add(1, 2), /exit\(4\)/);
    await soon(app.close(), 'close()');
  });

  test('args and env', async () => {
    const { app, said } = await open('life', { imports: { work: () => 0 } });
    assert.equal(await app.run(), 0);
    assert.equal(said.stdout, 'hello\n');
  });
});

describe('a crash', () => {
  for (const [name, why] of /** @type {const} */ ([['trap', 'unreachable'], ['aborts', 'it called abort\\(\\)']])) {
    test(`${name}: names the task, ends every call, and every later one`, async () => {
      const { app } = await open('calls');
      const other = app.exports.sleeper(100);
      const error = await rejected(soon(app.exports[name](), 'the call'), 'EFAULT', new RegExp(`task '${name}' crashed: ${why}`));
      assert.equal(error.task, name);
      assert.ok(error.cause, 'the trap itself is the cause');
      await rejected(soon(other, 'the other call'), 'EFAULT', new RegExp(`task '${name}'`));
      await rejected(app.exports.sleeper(0), 'EFAULT');
      assert.throws(() => app.exports.add(1, 2), /crashed/);
      assert.deepEqual(app.tasks(), []);
      await soon(app.close(), 'close()');
    });
  }

  test('in a plain function: the caller gets it', async () => {
    const { app } = await open('calls');
    assert.throws(() => app.exports.plain_trap(), /crashed|unreachable/);
    await rejected(app.exports.sleeper(0), 'EFAULT');
    await soon(app.close(), 'close()');
  });

  test('run() rejects', async () => {
    const { app } = await open('life', { imports: { work() { throw new WebAssembly.RuntimeError('made up'); } }, args: ['import'] });
    assert.equal(await app.run(), 0); // thrown by JavaScript: an error for C, no crash
  });
});

test('the loop goes on when the caller of an export throws in its continuation', async () => {
  const { app } = await open('calls');
  await assert.rejects(app.exports.sleeper(0).then(() => { throw new Error('theirs'); }), /theirs/);
  assert.equal(await app.exports.sleeper(0), 0);
  await app.close();
});

test('output functions that throw do not corrupt the app', async () => {
  const app = await load(await program('life'), { args: ['sleep', '0'], imports: { work: () => 0 }, stdout: () => { throw new Error('disk full'); } });
  const outcome = await soon(app.run().then(() => 'ended', (error) => error), 'run()');
  if (outcome !== 'ended') assert.match(outcome.message, /disk full/);
  await soon(app.close(), 'close()');
  await wait(5);
});
