/** The host's event loop: how much of it the runtime takes, and that it leaves the rest to others. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startServer } from '../server/server.js';
import { open, rejected, soon } from './programs/tools.js';

/** Counts the timers that are armed while `body` runs. @param {() => Promise<void>} body */
async function countTimers(body) {
  const original = { setTimeout: globalThis.setTimeout, clearTimeout: globalThis.clearTimeout, setInterval: globalThis.setInterval };
  /** @type {Set<unknown>} */
  const armed = new Set();
  let most = 0;
  let total = 0;
  let intervals = 0;
  /** @type {any} */ (globalThis).setTimeout = (/** @type {any} */ callback, /** @type {any} */ ms, /** @type {any[]} */ ...rest) => {
    const timer = original.setTimeout(() => {
      armed.delete(timer);
      callback(...rest);
    }, ms);
    armed.add(timer);
    total++;
    most = Math.max(most, armed.size);
    return timer;
  };
  /** @type {any} */ (globalThis).clearTimeout = (/** @type {any} */ timer) => {
    armed.delete(timer);
    original.clearTimeout(timer);
  };
  /** @type {any} */ (globalThis).setInterval = (/** @type {any[]} */ ...args) => (intervals++, /** @type {any} */ (original.setInterval)(...args));
  try {
    await body();
  } finally {
    Object.assign(globalThis, original);
  }
  return { most, total, left: armed.size, intervals };
}

describe('timers', () => {
  test('10,000 sleeping tasks arm at most one', async () => {
    const { app } = await open('timers');
    const { most, total, left, intervals } = await countTimers(async () => assert.equal(await app.run(), 0));
    assert.equal(most, 1);
    assert.ok(total >= 1 && total < 5000, `${total} timers for 30,000 sleeps`); // 600 different deadlines, each armed a few times
    assert.equal(left, 0);
    assert.equal(intervals, 0);
    await app.close();
  });

  test('1,000 exports that sleep: the same', async () => {
    const { app } = await open('timers');
    const { most, left } = await countTimers(async () => {
      await Promise.all(Array.from({ length: 1000 }, (_, i) => app.exports.nap(((i * 7919) % 300) / 1000)));
    });
    assert.equal(most, 1);
    assert.equal(left, 0);
    await app.close();
  });

  test('a timeout that was not needed leaves none armed', async () => {
    const { app } = await open('timers');
    const { most, left } = await countTimers(async () => {
      assert.equal(await app.exports.nap_with_limit(0.01, 1000), 0);
      await new Promise((resolve) => setImmediate(resolve));
    });
    assert.ok(most >= 1);
    assert.equal(left, 0);
    await app.close();
  });

  test('nor does a cancelled sleep, or close()', async () => {
    const { app } = await open('timers');
    const controller = new AbortController();
    const { left } = await countTimers(async () => {
      const calls = [app.exports.nap(1000, { signal: controller.signal }), app.exports.nap(1000)];
      calls.push(rejected(calls[0], 'ECANCELED'), rejected(calls[1], 'ECANCELED'));
      await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
      controller.abort();
      await calls[2];
      await app.close();
      await calls[3];
    });
    assert.equal(left, 0);
  });

  test('the virtual clock arms none at all', async () => {
    const { app } = await open('timers', { clock: 'virtual' });
    const { total } = await countTimers(async () => assert.equal(await app.run(), 0));
    assert.equal(total, 0);
  });

  test('a sleep longer than a timer can hold does not fire at once', async () => {
    const { app } = await open('timers');
    assert.ok((await rejected(app.exports.nap_with_limit(1e9, 0.05), 'ETIMEDOUT')).code < 0);
    await app.close();
  });

  test('sleeps are never short', async () => {
    const { app } = await open('timers');
    for (const ms of [1, 3, 7, 10, 20]) {
      const began = performance.now();
      await app.exports.nap(ms / 1000);
      assert.ok(performance.now() - began >= ms, `${performance.now() - began} of ${ms} ms`);
    }
    await app.close();
  });
});

describe('a wio_yield() loop', () => {
  test('does not stop a pending fetch', async () => {
    const server = await startServer();
    const { app } = await open('timers');
    const turns = await soon(app.exports.yield_while_fetching(`${server.url}/delay/100`, 8), 'the fetch', 20_000);
    assert.ok(turns > 100, `${turns} turns`);
    await Promise.all([app.close(), server.close()]);
  });

  test('leaves their turn to timers, promises and I/O', async () => {
    const { app } = await open('timers');
    let ticks = 0;
    let immediates = 0;
    const timer = setInterval(() => ticks++, 5);
    const count = () => void (immediates++, again && setImmediate(count));
    let again = true;
    setImmediate(count);
    const turns = await app.exports.yield_for(0.5);
    again = false;
    clearInterval(timer);
    assert.ok(turns > 1000, `${turns} turns`);
    // Ten times less than an idle machine has: without a turn there would be none.
    assert.ok(ticks >= 5, `${ticks} ticks of 5 ms in 500 ms`);
    assert.ok(immediates >= 5, `${immediates} immediates`);
    await app.close();
  });

  test('does not stop other exports', async () => {
    const { app } = await open('timers');
    const began = performance.now();
    const spinning = app.exports.yield_for(0.4);
    await app.exports.nap(0.05);
    assert.ok(performance.now() - began < 300);
    await spinning;
    await app.close();
  });
});
