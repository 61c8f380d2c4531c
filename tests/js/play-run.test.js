/** The playground's run model: made-up events, recorded runs (tests/js/lessons.test.js has more of them), and a million events. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { adviceOn } from '../../web/run/advice.js';
import { Encoder } from '../../web/run/events.js';
import { explainDeadlock } from '../../web/run/deadlock.js';
import { eventsOf } from '../../web/run/export.js';
import { Moment, positionAt } from '../../web/run/moment.js';
import { countersIn, labelOf, objectName, setSources } from '../../web/run/names.js';
import { narrate, say, summary } from '../../web/run/narrate.js';
import { requestsAt } from '../../web/run/requests.js';
import { describe } from '../../web/run/words.js';
import { partOf } from '../../web/timeline/segments.js';
import { Recording } from '../../web/run/recording.js';
import { CANCELLING, DONE, HOST, JOIN, NONE, READY, RUNNING, SLEEP, STOPPED, SWEPT, SYNC, base, stateOf } from '../../web/run/states.js';
import { treeOf } from '../../web/run/tree.js';
import { View } from '../../web/run/view.js';

/** @typedef {import('../../src/js/debug/trace-events.js').TraceEvent} TraceEvent */

const SOURCE = 'static wio_semaphore limit;\nint f(void *a) {\n    wio_semaphore_acquire(&limit);\n    return wio_sleep(1);\n}\nWIO_TASK_GROUP(g) {\n';

/** @type {(time: number, event: object) => TraceEvent} */
const at = (time, event) => /** @type {any} */ ({ time, where: null, ...event });

/** main opens a group with two tasks; both want the one place of a semaphore; the first sleeps, prints and gives it back. @type {TraceEvent[]} */
const EVENTS = [
  at(0, { type: 'created', task: 1, by: 0, name: 'Task-1', coroutine: 'top', group: null }),
  at(0, { type: 'run', task: 1 }),
  at(0, { type: 'enter', task: 1, what: 'group', scope: 1, until: null, where: 'main.c:6' }),
  at(0, { type: 'created', task: 2, by: 1, name: 'Task-2', coroutine: 'f', group: 1 }),
  at(0, { type: 'created', task: 3, by: 1, name: 'Task-3', coroutine: 'f', group: 1 }),
  at(0, { type: 'wait', task: 1, what: 'group', object: 1, name: null, until: null, awaits: [2, 3], where: 'main.c:6' }),
  at(0, { type: 'pause', task: 1, where: 'main.c:6' }),
  at(0, { type: 'run', task: 2 }),
  at(0, { type: 'changed', task: 2, what: 'semaphore', object: 2, value: 0, limit: 0, waiting: 0, where: 'main.c:3' }),
  at(0, { type: 'wait', task: 2, what: 'sleep', object: null, name: null, until: 0.05, awaits: [], where: 'main.c:4' }),
  at(0, { type: 'pause', task: 2, where: 'main.c:4' }),
  at(0, { type: 'run', task: 3 }),
  at(0, { type: 'changed', task: 3, what: 'semaphore', object: 2, value: 0, limit: 0, waiting: 1, where: 'main.c:3' }),
  at(0, { type: 'wait', task: 3, what: 'semaphore', object: 2, name: null, until: null, awaits: [], where: 'main.c:3' }),
  at(0, { type: 'pause', task: 3, where: 'main.c:3' }),
  at(0.05, { type: 'wake', task: 2, by: 0, status: 0 }),
  at(0.05, { type: 'run', task: 2 }),
  at(0.05, { type: 'print', stream: 'stdout', text: 'hello\n' }),
  at(0.05, { type: 'wake', task: 3, by: 2, status: 0 }),
  at(0.05, { type: 'end', task: 2, status: 0, error: null, message: null }),
  at(0.05, { type: 'run', task: 3 }),
  at(0.05, { type: 'end', task: 3, status: -65, error: 'EPROTO', message: 'bad' }),
  at(0.05, { type: 'wake', task: 1, by: 3, status: 0 }),
  at(0.05, { type: 'run', task: 1 }),
  at(0.05, { type: 'leave', task: 1, what: 'group', scope: 1, until: null }),
  at(0.05, { type: 'end', task: 1, status: -65, error: 'EPROTO', message: 'bad' }),
];

/** @param {TraceEvent[]} [events] @param {number} [size] of a batch */
function record(events = EVENTS, size = events.length) {
  const run = new Recording();
  const encoder = new Encoder();
  for (let i = 0; i < events.length; i += size) run.append(encoder.encode(events.slice(i, i + size)));
  setSources(run, { 'main.c': SOURCE });
  return run;
}

/** @param {Recording} run @param {number} event */
const momentAt = (run, event) => new Moment(run, { event, time: run.time[event] ?? 0 });

test('states of tasks follow from the events', () => {
  const run = record();
  const states = (/** @type {number} */ event) => [1, 2, 3].map((task) => base(momentAt(run, event).state(task)));
  assert.deepEqual(states(0), [READY, NONE, NONE]);
  assert.deepEqual(states(5), [RUNNING, READY, READY], 'it waits once its step is over');
  assert.deepEqual(states(6), [JOIN, READY, READY]);
  assert.deepEqual(states(14), [JOIN, SLEEP, SYNC]);
  assert.deepEqual(states(18), [JOIN, RUNNING, READY]);
  assert.deepEqual(states(19), [JOIN, DONE, READY]);
  assert.deepEqual([run.switches, run.instants.length, run.alive[14], run.alive[25]], [6, 2, 3, 0]);
});

test('every kind of wait has a state, also those to come', () => {
  assert.deepEqual(['sleep', 'semaphore', 'queue get', 'lock', 'future', 'fetch', 'executor', 'import', 'group', 'task', 'gather', 'next value', 'next value wanted'].map(stateOf), [SLEEP, SYNC, SYNC, SYNC, SYNC, HOST, HOST, HOST, JOIN, JOIN, JOIN, JOIN, SYNC]);
});

test('batches of any size give the same recording', () => {
  const whole = record();
  for (const size of [1, 2, 7]) {
    const run = record(EVENTS, size);
    assert.deepEqual([...run.after.subarray(0, run.count)], [...whole.after.subarray(0, whole.count)]);
    assert.deepEqual([...eventsOf(run)].map(({ type }) => type), EVENTS.map(({ type }) => type));
  }
});

test('names are the source\'s: tasks, semaphores and groups', () => {
  const run = record();
  assert.deepEqual([1, 2, 3].map((task) => labelOf(run, task)), ['main', 'f #0', 'f #1']);
  assert.equal(objectName(run, 2), 'limit');
  assert.equal(objectName(run, 1), 'group g');
});

test('what is passed on, is a member or one of many has the name of where it is made', () => {
  const source = 'void work(wio_queue *in, wio_semaphore *permits) {\nwio_queue_init(&shop.line, sizeof(int), 3);\nwio_semaphore_init(&forks[i], 1);\nwio_semaphore_acquire(permits);\nwio_queue_get(in, &item);\nwio_session_open(&site, &(wio_session_options){.limit = 2});\nwio_session_get_text(&site, path, &text);\nwio_semaphore_init(\n    &job->permits, 4);\nwio_lock_acquire(door);\n';
  const made = (/** @type {number} */ object, /** @type {string} */ what, /** @type {number} */ line, value = 1) => at(0, { type: 'made', task: 0, what, object, value, limit: 0, waiting: 0, where: `main.c:${line}` });
  const run = record([
    made(1, 'queue', 2, 0),
    made(2, 'semaphore', 3),
    made(3, 'semaphore', 3),
    at(0, { type: 'created', task: 1, by: 0, name: 'Task-1', coroutine: 'top', group: null }),
    made(4, 'semaphore', 6, 2),
    made(5, 'semaphore', 7, 9),
    made(6, 'semaphore', 8, 4),
    at(0, { type: 'changed', task: 1, what: 'semaphore', object: 2, value: 0, limit: 0, waiting: 0, where: 'main.c:4' }),
    at(0, { type: 'changed', task: 1, what: 'lock', object: 7, value: 0, limit: 1, waiting: 0, where: 'main.c:10' }),
    at(0, { type: 'changed', task: 1, what: 'queue', object: 1, value: 2, limit: 0, waiting: 0, where: 'main.c:5' }),
  ]);
  setSources(run, { 'main.c': source });
  assert.deepEqual([1, 2, 3, 4, 5, 6, 7].map((object) => objectName(run, object)), ['shop.line', 'forks #0', 'forks #1', 'site', 'site, a host', 'job->permits', 'door']);
  assert.equal(labelOf(run, 1), 'main', 'although things were made before it');
  assert.deepEqual([momentAt(run, 3).counter(2), momentAt(run, 7).counter(2)], [{ value: 1, limit: 1, waiting: 0 }, { value: 0, limit: 1, waiting: 0 }]);
  assert.equal(momentAt(run, 3).counter(1).value, 0, 'a queue begins empty');
  assert.equal(narrate(run, 1), 'The program makes forks #0');
  assert.deepEqual([...eventsOf(run)].slice(0, 2).map(({ type }) => type), ['made', 'made']);
});

test('counters, places, waits and output at the playhead', () => {
  const run = record();
  const moment = momentAt(run, 14);
  assert.deepEqual(moment.counter(2), { value: 0, limit: 1, waiting: 1 });
  assert.deepEqual([...moment.lines], [['main.c:6', [1]], ['main.c:4', [2]], ['main.c:3', [3]]]);
  assert.equal(moment.wait(2)?.until, 50);
  assert.deepEqual(moment.chain(3), [3, 1]);
  assert.deepEqual([moment.printed, momentAt(run, 17).printed], [[0, 0], [6, 0]]);
  assert.deepEqual(treeOf(moment).map(({ kind }) => kind), ['task', 'group', 'task', 'task']);
});

/** A request that waits for a permit of its session from 0 to 20 ms, for its answer to 50, for its body to 60. @type {TraceEvent[]} */
const QUEUED = [
  at(0, { type: 'created', task: 1, by: 0, name: 'Task-1', coroutine: 'top', group: null }),
  at(0, { type: 'run', task: 1 }),
  at(0, { type: 'started', task: 1, what: 'fetch', operation: 1, name: '/a', queued: true }),
  at(0, { type: 'wait', task: 1, what: 'semaphore', object: 2, name: null, until: null, awaits: [], where: 'main.c:3' }),
  at(0, { type: 'pause', task: 1, where: 'main.c:3' }),
  at(0.02, { type: 'wake', task: 1, by: 0, status: 0 }),
  at(0.02, { type: 'run', task: 1 }),
  at(0.02, { type: 'phase', operation: 1, phase: 'sent', value: 0 }),
  at(0.02, { type: 'wait', task: 1, what: 'fetch', object: null, name: '/a', until: null, awaits: [], where: 'main.c:3' }),
  at(0.02, { type: 'pause', task: 1, where: 'main.c:3' }),
  at(0.05, { type: 'phase', operation: 1, phase: 'answered', value: 200 }),
  at(0.05, { type: 'wake', task: 1, by: 0, status: 200 }),
  at(0.05, { type: 'run', task: 1 }),
  at(0.05, { type: 'wait', task: 1, what: 'response body', object: null, name: '/a', until: null, awaits: [], where: 'main.c:3' }),
  at(0.05, { type: 'pause', task: 1, where: 'main.c:3' }),
  at(0.06, { type: 'phase', operation: 1, phase: 'body', value: 5 }),
  at(0.06, { type: 'phase', operation: 1, phase: 'end', value: 0 }),
];

test('a request is queued, waiting, body, over: for the lane, the list and the words alike', () => {
  const run = record(QUEUED);
  const on = (/** @type {number} */ time) => new Moment(run, positionAt(run, time));
  const states = [10, 30, 55].map((time) => [base(on(time).state(1)), requestsAt(on(time)).requests[0].state, describe(on(time), 1)]);
  assert.deepEqual(states, [[HOST, 'queued', 'GET /a, queued for 10 ms'], [HOST, 'waiting', 'GET /a, 10 ms'], [HOST, 'body', 'response body of /a, 5 ms']]);
  assert.deepEqual([3, 8, 13].map((wait) => partOf(run, wait)), ['queued', 'head', 'body']);
  const { requests, sent, queued, flying } = requestsAt(on(10));
  assert.deepEqual([sent, queued, flying], [0, 1, 0], 'what is queued is not in flight');
  assert.deepEqual([requests[0].from, requests[0].sent], [0, NaN]);
  const over = requestsAt(on(60));
  assert.deepEqual([over.requests[0].state, over.requests[0].from, over.requests[0].sent, over.requests[0].head, over.requests[0].to, over.most], ['over', 0, 20, 50, 60, 1]);
  assert.deepEqual([2, 3, 7].map((event) => narrate(run, event)), ['main asks for /a', 'main has to queue with GET /a', 'main sends GET /a']);
  assert.deepEqual([...eventsOf(run)].filter(({ type }) => type === 'started').map((event) => /** @type {any} */ (event).queued), [true]);
});

test('a request that is given up in the queue was never sent', () => {
  const run = record([...QUEUED.slice(0, 5), at(0.01, { type: 'phase', operation: 1, phase: 'aborted', value: 0 }), at(0.01, { type: 'wake', task: 1, by: 0, status: -11 })]);
  const { requests, sent, queued, flying, most } = requestsAt(momentAt(run, 6));
  assert.deepEqual([requests[0].state, requests[0].to, sent, queued, flying, most], ['aborted', 10, 0, 0, 0, 0]);
});

test('positions are found by time, and nothing runs between two events', () => {
  const run = record();
  assert.deepEqual(positionAt(run, 20), { event: 14, time: 20 });
  assert.deepEqual(positionAt(run, 50), { event: 25, time: 50 });
  const gap = new Moment(run, positionAt(run, 20));
  assert.deepEqual([gap.inGap, gap.current, momentAt(run, 16).current], [true, 0, 2]);
  assert.equal(say(gap), 'Nothing runs. In 30 ms: f #0 is ready: its wait is over');
});

test('events are told in sentences', () => {
  const run = record();
  assert.deepEqual([3, 6, 14, 17, 18, 21].map((event) => narrate(run, event)), [
    'main starts f #0 in group g',
    'main waits for group g',
    'f #1 waits for limit',
    'f #0 prints “hello”',
    'f #0 wakes f #1',
    'f #1 fails with -EPROTO, “bad”',
  ]);
  assert.equal(summary(run), 'Run ended at 50 ms: 1 done, 2 failed');
});

test('a cancel makes a ready task one that is being cancelled', () => {
  const run = record([...EVENTS.slice(0, 5), at(0, { type: 'cancel', task: 2, by: 1 }), at(0, { type: 'wake', task: 2, by: 1, status: -11 })]);
  assert.equal(base(momentAt(run, 5).state(2)), CANCELLING);
});

test('a deadlock names the holders and folds equal tasks', () => {
  const events = [...EVENTS.slice(0, 15)];
  for (let task = 4; task < 10; task++) {
    events.splice(5, 0, at(0, { type: 'created', task, by: 1, name: `Task-${task}`, coroutine: 'f', group: 1 }));
    events.push(at(0, { type: 'run', task }), at(0, { type: 'wait', task, what: 'semaphore', object: 2, name: null, until: null, awaits: [], where: 'main.c:3' }), at(0, { type: 'pause', task, where: 'main.c:3' }));
  }
  const { rows, causes } = explainDeadlock(record(events), events.length - 1);
  assert.equal(rows.filter((row) => 'tasks' in row).length, 1);
  assert.equal(/** @type {any} */ (rows.at(-1)).tasks.length, 5);
  assert.equal(causes[0].name, 'limit');
  assert.deepEqual(causes[0].holders.map(({ label }) => label), ['f #0']);
  assert.match(causes[0].remedy, /WIO_WITH_SEMAPHORE\(&limit\)/);
});

test('the view steps by what can be seen, by instants, and by the selected task', () => {
  const view = new View();
  const run = record();
  view.open(run);
  view.start();
  view.stepInstant(1);
  assert.equal(view.position.event, run.count - 1, 'the end of the second instant');
  view.stepInstant(-1);
  assert.equal(view.position.event, 14, 'the end of the first');
  view.step(1);
  assert.equal(view.position.event, 15);
  view.select(3);
  view.stepTask(1);
  assert.equal(view.position.event, 18);
  view.moveToTime(20);
  view.step(-1);
  assert.deepEqual(view.position, { event: 14, time: 0 });
});

test('a million events of 10,000 tasks fit, and every position is found', () => {
  const tasks = 10_000;
  const run = new Recording();
  const encoder = new Encoder();
  /** @type {TraceEvent[]} */
  let events = [];
  const flush = () => {
    run.append(encoder.encode(events));
    events = [];
  };
  for (let task = 1; task <= tasks; task++) events.push(at(0, { type: 'created', task, by: task > 1 ? 1 : 0, name: `Task-${task}`, coroutine: 'worker', group: null }));
  flush();
  for (let round = 0; run.count < 1_000_000; round++) {
    for (let task = 1; task <= tasks; task++) {
      const time = round / 100;
      events.push(at(time, { type: 'run', task }), at(time, { type: 'wait', task, what: 'sleep', object: null, name: null, until: time + 0.01, awaits: [], where: 'main.c:4' }), at(time, { type: 'pause', task, where: 'main.c:4' }), at(time + 0.01, { type: 'wake', task, by: 0, status: 0 }));
      if (events.length >= 20_000) flush();
    }
    flush();
  }
  assert.ok(run.count >= 1_000_000);
  const bytes = [run.kind, run.after, run.time, run.until, run.task, run.by, run.object, run.value, run.limit, run.waiting, run.text, run.more, run.place, run.current, run.alive].reduce((sum, column) => sum + column.byteLength, 0);
  assert.ok(bytes < 200e6, `${bytes} bytes of columns`);
  const moment = new Moment(run, positionAt(run, 105));
  assert.equal(moment.living.length, tasks);
  assert.equal(moment.counts[SLEEP] + moment.counts[READY] + moment.counts[RUNNING], tasks);
  assert.ok(treeOf(moment).length < 10, 'equal tasks are one row');
});

test('what is alive when the program crashes, or is stopped, says how it ended, and stays where it stood', () => {
  for (const [state, crashed, words] of /** @type {const} */ ([[SWEPT, 3, ['ended by the crash', 'ended by the crash', 'crashed']], [STOPPED, 0, ['stopped', 'stopped', 'stopped']]])) {
    const run = record(EVENTS.slice(0, 13)); // task 3 runs, the others wait
    run.cut(state, 20, crashed);
    const end = momentAt(run, run.count - 1);
    assert.equal(run.duration, 20);
    assert.deepEqual([1, 2, 3].map((task) => describe(end, task)), words);
    assert.deepEqual([end.alive, end.current], [0, 0]);
    assert.deepEqual(treeOf(end).map((row) => (row.kind === 'task' ? row.task : row.kind)), [1, 'group', 2, 3]);
    assert.deepEqual([...end.lines.keys()], ['main.c:6', 'main.c:4']);
    assert.equal(base(momentAt(run, 12).state(3)), RUNNING, 'before that it ran');
    assert.equal(summary(run), crashed ? 'Run ended at 20 ms: 1 crashed, 2 ended by the crash' : 'Run ended at 20 ms: 3 stopped');
    assert.match(say(momentAt(run, 13)), crashed ? /^f #1 crashes$/ : /^top is stopped$|^main is stopped$/);
    assert.equal([...eventsOf(run)].filter(({ type }) => type === 'end').length, 3, 'the Chrome trace closes them');
    assert.deepEqual(adviceOn(run, false), [], 'nobody was given the time to give anything back');
    const over = record();
    over.cut(state, 60, crashed);
    assert.equal(over.count, EVENTS.length, 'who has ended has ended');
  }
});

test('the source tells how many counters are coming', () => {
  const run = new Recording();
  const count = (/** @type {string} */ text) => (setSources(run, { 'main.c': text }), countersIn(run));
  assert.equal(count('static wio_semaphore limit;\nwio_queue a, b;\n'), 3);
  assert.equal(count('wio_semaphore forks[5] = {0};\nvoid f(wio_semaphore *s, wio_lock *l);\nwio_lock lock;\n'), 5);
  assert.equal(count('static wio_session s;\nwio_session_open(&s, NULL);\n'), 1);
  assert.equal(count('int main(void) { return 0; }'), 0);
});
