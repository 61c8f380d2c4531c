/** A thousand calls at once, finished in any order, with plain calls and task lists in between. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { open, randomizer, rejected, soon, until } from './programs/tools.js';

const CALLS = 1000;

/** What mix() returns. @param {number} id @param {string} text @param {number} size */
const expected = (id, text, size) => id + size + Buffer.from(text).reduce((sum, byte) => sum + byte, 0);

for (const clock of /** @type {const} */ (['virtual', 'real'])) {
  describe(`${CALLS} overlapping calls, ${clock} clock`, () => {
    test('every result is right, in an order of its own', async () => {
      const { app, said } = await open('calls', { clock });
      const random = randomizer(clock === 'real' ? 1 : 2);
      /** @type {number[]} */
      const order = [];
      let most = 0;
      const calls = Array.from({ length: CALLS }, (_, id) => {
        const text = 'ü'.repeat(Math.floor(random() * 40)) + id;
        const size = Math.floor(random() * 2048);
        const promise = app.exports.mix(id, random() * 0.4, text, size).then((/** @type {number} */ value) => {
          order.push(id);
          assert.equal(value, expected(id, text, size), `call ${id}`);
          // Plain calls between the steps of the others, on the C stack that the tasks do not have.
          assert.equal(app.exports.add(id, 3), id + 3);
          if (id % 50 === 0) most = Math.max(most, app.tasks().length);
        });
        // …and between the calls' beginnings.
        if (id % 7 === 0) assert.equal(app.exports.factorial(10), 3628800);
        if (id % 100 === 0) assert.equal(app.tasks().length, id + 1);
        return promise;
      });
      assert.equal(app.tasks().length, CALLS);
      await soon(Promise.all(calls), 'the calls', 60_000);
      assert.equal(order.length, CALLS);
      const inversions = order.filter((id, i) => i > 0 && id < order[i - 1]).length;
      assert.ok(inversions > CALLS / 4, `out of order: ${inversions}`);
      assert.ok(most > 100, `${most} tasks in the longest list`);
      assert.equal(app.exports.count_sync(), CALLS);
      assert.deepEqual(app.tasks(), []);
      assert.equal(said.stderr, '');
      await app.close();
    });

    test('strings in and out do not mix', async () => {
      const { app } = await open('calls', { clock });
      const random = randomizer(3);
      const answers = await Promise.all(Array.from({ length: 300 }, (_, i) => app.exports.greet(`number ${i}`, random() * 0.1)));
      assert.deepEqual(answers, Array.from({ length: 300 }, (_, i) => `hello number ${i}`));
      await app.close();
    });
  });
}

test('calls that start calls, from their continuations', async () => {
  const { app } = await open('calls', { clock: 'virtual' });
  const random = randomizer(4);
  let done = 0;
  /** @param {number} id @param {number} left @returns {Promise<void>} */
  const chain = async (id, left) => {
    assert.equal(await app.exports.mix(id, random(), 'x', 100), expected(id, 'x', 100));
    done++;
    if (left > 0) await chain(id + 1000, left - 1);
  };
  await soon(Promise.all(Array.from({ length: 100 }, (_, id) => chain(id, 9))), 'the chains', 60_000);
  assert.equal(done, 1000);
  await app.close();
});

test('two apps at once do not know each other', async () => {
  const [a, b] = await Promise.all([open('calls'), open('calls', { clock: 'virtual' })]);
  const slow = a.app.exports.sleeper(0.1);
  assert.equal(await b.app.exports.sleeper(100), 0);
  assert.equal(a.app.tasks().length, 1);
  assert.equal(b.app.tasks().length, 0);
  await b.app.close();
  assert.equal(await slow, 0);
  await a.app.close();
});

describe('plain functions', () => {
  test('are called at once', async () => {
    const { app } = await open('calls');
    assert.equal(app.exports.add(2, 3), 5);
    await app.close();
  });

  test('cannot wait: the error names the fix', async () => {
    const { app, said } = await open('calls');
    assert.equal(app.exports.sleep_in_plain(), app.exports.run_in_plain());
    assert.match(said.stderr, /calls\.c:\d+: wio_sleep\(\): .*WIO_EXPORT/);
    assert.match(said.stderr, /wio_run\(\): .*WIO_EXPORT/);
    await app.close();
  });

  test('nothing can be created in them, or it runs', async () => {
    const { app, said } = await open('calls');
    const status = app.exports.create_in_plain();
    await app.exports.sleeper(0.01);
    if (status < 0) assert.match(said.stderr, /wio_create_task\(\)/);
    else assert.equal(app.exports.ticks(), 1);
    await app.close();
  });

  test('can wake a task', async () => {
    const { app } = await open('calls');
    const waiting = app.exports.wait_for_ever();
    await until(() => app.tasks()[0].waitsFor === 'semaphore', 'the wait');
    app.exports.release_never();
    assert.equal(await soon(waiting, 'the released waiter'), 0);
    await app.close();
  });

  test('the runtime itself stays hidden', async () => {
    const { app } = await open('calls');
    const ours = Object.keys(app.exports).filter((name) => /^(wio|_|asyncify|malloc|free|memory|stack)/.test(name));
    assert.deepEqual(ours, []);
    assert.ok(Object.isFrozen(app.exports));
    await app.close();
  });
});

for (const clock of /** @type {const} */ (['virtual', 'real'])) {
  describe(`turns of the event loop, ${clock} clock`, () => {
    test('a call that only yields is over before it', async () => {
      const { app } = await open('calls', { clock });
      let turned = false;
      await app.exports.mix(3, 0, '', 0); // the first one may meet the end of a turn
      setImmediate(() => void (turned = true));
      assert.equal(await app.exports.mix(3, 0, '', 0), 3); // which yields twice
      assert.equal(turned, false);
      await app.close();
    });

    test('a loop of calls does not keep timers from theirs', async () => {
      const { app } = await open('calls', { clock });
      let over = false;
      setTimeout(() => void (over = true), 20);
      let calls = 0;
      for (; !over && calls < 10_000_000; calls++) await app.exports.mix(3, 0, '', 0);
      assert.ok(over, `${calls} calls, and no timer`);
      await app.close();
    });

    test('calls of one turn begin, end and fail in order', async () => {
      const { app } = await open('calls', { clock });
      /** @type {string[]} */
      const order = [];
      const said = (/** @type {string} */ what) => [() => order.push(what), () => order.push(`${what} failed`)];
      const { add, fail_plainly, mix, nothing } = app.exports;
      const all = [nothing().then(...said('a')), fail_plainly(-5).then(...said('b')), mix(1, 0, '', 0).then(...said('c')), fail_plainly(-5).then(...said('d'))];
      assert.deepEqual(app.tasks().map(({ name, state }) => `${name} ${state}`), ['nothing', 'fail_plainly', 'mix', 'fail_plainly'].map((name) => `${name} not started`));
      assert.equal(add(1, 2), 3);
      await Promise.all(all);
      assert.deepEqual(order, ['a', 'b failed', 'd failed', 'c']); // mix() has yielded
      await app.close();
    });

    test('calls of one turn settle in the order in which they have ended, with or without arguments, in this tick or in a later one', async () => {
      const { app } = await open('calls', { clock });
      const random = randomizer(5);
      /** @type {number[]} */
      const order = [];
      const calls = Array.from({ length: CALLS }, () =>
        app.exports.ends(Math.floor(random() < 0.5 ? random() * 10 : random() * 3000)).then(
          (/** @type {number} */ nth) => order.push(nth),
          (/** @type {Error} */ error) => order.push(Number(error.message)),
        ),
      );
      await Promise.all(calls);
      assert.deepEqual(order, Array.from({ length: CALLS }, (_, i) => i + 1));
      await app.close();
    });

    test('a crash rejects the calls that are under way, and takes nothing from those that have ended', async () => {
      const { app } = await open('calls', { clock });
      const { ends, trap, nothing, sleeper } = app.exports;
      const calls = await Promise.allSettled([sleeper(1000), ends(0), nothing(), ends(2), ends(0), trap(), ends(0), sleeper(1)]);
      const states = calls.map(({ status }) => (status === 'fulfilled' ? 'well' : 'failed'));
      assert.deepEqual(states, ['failed', 'well', 'well', 'failed', 'well', 'failed', 'well', 'failed']);
      await rejected(nothing(), 'EFAULT');
    });
  });
}

test('a call that was made before close() is cancelled by it, though its task has not begun', async () => {
  const { app } = await open('calls');
  const call = rejected(app.exports.sleeper(100), 'ECANCELED');
  await Promise.all([app.close(), call]);
});
