/** The virtual clock by itself, and as a simulated server and a user who slows it down see it. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';

import { virtualClock } from '../../src/host/virtual-clock.js';

/** All that can happen without time happens. */
async function turns() {
  for (let i = 0; i < 20; i++) await turn();
}

/** @param {(callback: () => void) => void} later */
const poster = (later) => (/** @type {() => void} */ callback) => ({ post: () => later(callback), close() {} });

/** A clock with what it did: [time of each tick]. @param {{ pending?: () => number, options?: import('../../src/host/virtual-clock.js').VirtualClockOptions }} [with_] */
function clockOf({ pending = () => 0, options = {} } = {}) {
  /** @type {number[]} */
  const ticks = [];
  const clock = virtualClock(() => void ticks.push(clock.now()), poster((callback) => setImmediate(callback)), pending, options);
  const after = /** @type {NonNullable<typeof clock.after>} */ (clock.after);
  return { clock, ticks, after };
}

test('jumps to the deadline when all wait', async () => {
  const { clock, ticks } = clockOf();
  clock.arm(5);
  clock.settle();
  await turns();
  assert.deepEqual(ticks, [5]);
});

test('stands still while an operation is under way, unless that waits for the clock', async () => {
  let pending = 2;
  const { clock, ticks, after } = clockOf({ pending: () => pending });
  clock.arm(5);
  const first = after(3);
  clock.settle();
  await turns();
  assert.equal(clock.now(), 0, 'one of two is under way');
  const second = after(1);
  await second;
  assert.equal(clock.now(), 1);
  pending = 1; // it is over
  clock.settle();
  await first;
  assert.deepEqual([clock.now(), ticks.length], [3, 0]);
  pending = 0;
  clock.settle();
  await turns();
  assert.deepEqual(ticks, [5]);
});

test('waits of the host end in the order of their times; an aborted one is none', async () => {
  let pending = 4;
  const { clock, after } = clockOf({ pending: () => pending });
  /** @type {string[]} */
  const ended = [];
  const controller = new AbortController();
  const over = (/** @type {string} */ name) => () => void (ended.push(`${name} ${clock.now()}`), pending--, clock.settle());
  const all = [after(2).then(over('b')), after(1).then(over('a')), after(2).then(over('c'))];
  const aborted = after(0.5, controller.signal).catch((error) => void ended.push(error.name));
  pending--; // as the operations do
  controller.abort();
  await Promise.all([...all, aborted]);
  assert.deepEqual(ended, ['AbortError', 'a 1', 'b 2', 'c 2']);
  await assert.rejects(after(1, AbortSignal.abort()), { name: 'AbortError' });
});

test('a wait for ever holds nothing up but itself', async () => {
  const { clock, ticks, after } = clockOf({ pending: () => 1 });
  const controller = new AbortController();
  const never = after(Infinity, controller.signal);
  clock.arm(2);
  clock.settle();
  await turns();
  assert.deepEqual(ticks, [2]);
  controller.abort();
  await assert.rejects(never);
});

test('jump is asked, and may hold time back or move it a little', async () => {
  /** @type {[number, number][]} */
  const asked = [];
  /** @type {((to?: number) => void)[]} */
  const answers = [];
  const { clock, ticks } = clockOf({ options: { jump: (from, to) => new Promise((resolve) => void (asked.push([from, to]), answers.push(/** @type {any} */ (resolve)))) } });
  clock.arm(10);
  clock.settle();
  clock.settle(); // the same question
  await turns();
  assert.deepEqual([asked, ticks], [[[0, 10]], []]);
  answers[0](4);
  await turns();
  assert.deepEqual([clock.now(), ticks, asked], [4, [], [[0, 10], [4, 10]]]);
  clock.arm(6); // something else came first
  clock.settle();
  await turns();
  assert.deepEqual(asked.at(-1), [4, 6]);
  answers[1](); // an old answer
  await turns();
  assert.equal(clock.now(), 4);
  answers[2]();
  await turns();
  assert.deepEqual(ticks, [6]);
});
