/** What the timeline computes before it draws: the axis, and the tables of fields. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Encoder } from '../../web/run/events.js';
import { Recording } from '../../web/run/recording.js';
import { SLEEP } from '../../web/run/states.js';
import { COUNTED, Pyramid } from '../../web/timeline/pyramid.js';
import { Scale } from '../../web/timeline/scale.js';
import { randomizer } from './programs/tools.js';

/** @typedef {import('../../src/js/debug/trace-events.js').TraceEvent} TraceEvent */

/** @type {(time: number, event: object) => TraceEvent} */
const at = (time, event) => /** @type {any} */ ({ time, where: null, ...event });

/** Tasks that are created at once, sleep from their first step on for a second, and end. @param {number} tasks */
function sleepers(tasks) {
  const run = new Recording();
  const encoder = new Encoder();
  for (const make of /** @type {((task: number) => TraceEvent[])[]} */ ([
    (task) => [at(0, { type: 'created', task, by: task > 1 ? 1 : 0, name: `Task-${task}`, coroutine: 'worker', group: null })],
    (task) => [at(0, { type: 'run', task }), at(0, { type: 'wait', task, what: 'sleep', object: null, name: null, until: 1, awaits: [] }), at(0, { type: 'pause', task })],
    (task) => [at(1, { type: 'wake', task, by: 0, status: 0 }), at(1, { type: 'run', task }), at(1, { type: 'end', task, status: 0, error: null, message: null })],
  ])) {
    for (let first = 1; first <= tasks; first += 10_000) run.append(encoder.encode(Array.from({ length: Math.min(10_000, tasks + 1 - first) }, (_, i) => make(first + i)).flat()));
  }
  return run;
}

/** @param {Recording} run @param {number} rows @param {number} [zoom] */
function shares(run, rows, zoom = 1) {
  const scale = new Scale();
  scale.build(run, 800, run.duration);
  scale.zoomBy(zoom, 400);
  const pyramid = new Pyramid(run, run.order, rows);
  let frames = 0;
  while (!pyramid.prepare(scale, performance.now() + 5)) frames++;
  /** Of those asleep, and of all, in the middle of the run. */
  const found = [0, 0];
  let most = 0;
  pyramid.eachPixel(scale, 800, (row, x, table, from, whole) => {
    let sum = 0;
    for (let k = 0; k < COUNTED.length; k++) sum += table[from + k] / whole;
    most = Math.max(most, sum);
    if (row === 0 && x === 400) [found[0], found[1]] = [table[from + COUNTED.indexOf(SLEEP)] / whole, sum];
  });
  return { found, most, frames };
}

test('a row of pixels may be more tasks than 16 bits count', () => {
  const { found, most } = shares(sleepers(100_000), 2);
  assert.deepEqual(found, [1, 1]);
  assert.ok(most <= 1.0001, `${most} of a pixel`);
});

test('a table is made in pieces, and every fineness says the same', () => {
  const run = sleepers(20_000);
  const zooms = [1, 2, 4, 8, 20].map((zoom) => shares(run, 200, zoom));
  for (const { found, most } of zooms) {
    assert.deepEqual(found, [1, 1]);
    assert.ok(most <= 1.0001);
  }
  const scale = new Scale();
  scale.build(run, 800, run.duration);
  const pyramid = new Pyramid(run, run.order, 200);
  let pieces = 1;
  while (!pyramid.prepare(scale, -1)) pieces++;
  assert.equal(pieces, 201, 'one row at a time, if there is no time at all');
});

test('an axis that grows with its run is that of the whole run', () => {
  const random = randomizer(7);
  const encoder = new Encoder();
  const run = new Recording();
  const growing = new Scale();
  let time = 0;
  let tasks = 0;
  for (let batch = 0; batch < 60; batch++) {
    /** @type {TraceEvent[]} */
    const events = [];
    for (let i = 0; i < 40; i++) {
      if (random() < 0.2) time += 0.01;
      const dice = random();
      const task = 1 + Math.floor(random() * Math.max(1, tasks));
      if (dice < 0.2 || !tasks) events.push(at(time, { type: 'created', task: ++tasks, by: 0, name: `Task-${tasks}`, coroutine: 'f', group: null }));
      else if (dice < 0.5) events.push(at(time, { type: 'run', task }), at(time, { type: 'pause', task }));
      else events.push(at(time, { type: dice < 0.8 ? 'wake' : 'cancel', task, by: 0, status: 0 })); // outside of tasks
    }
    run.append(encoder.encode(events));
    growing.build(run, 700, run.duration);
    const whole = new Scale();
    whole.build(run, 700, run.duration);
    assert.deepEqual(growing.right.subarray(0, run.count), whole.right.subarray(0, run.count), `batch ${batch}`);
    assert.equal(growing.step, whole.step);
  }
});
