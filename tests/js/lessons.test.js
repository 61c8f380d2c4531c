/** Every lesson's program runs, and its timeline shows what the text says: asserted on the trace, by the page's own model. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { root } from '../../examples/needs.js';
import { load } from '../../src/js/node.js';
import { lessons } from '../../web/lessons/list.js';
import { SimulatedApi } from '../../web/program/simulated-api.js';
import { Encoder, RUN } from '../../web/run/events.js';
import { Moment, positionAt } from '../../web/run/moment.js';
import { labelOf, objectName, setSources } from '../../web/run/names.js';
import { Recording } from '../../web/run/recording.js';
import { requestsAt } from '../../web/run/requests.js';
import { HOST, READY, SHIELDED, SLEEP, SYNC, base } from '../../web/run/states.js';

/** As the page runs it. @param {string} name */
async function record(name) {
  const folder = join(root, 'build/tests/lessons', name);
  mkdirSync(folder, { recursive: true });
  const source = join(folder, 'main.c'); // places are called by it
  copyFileSync(join(root, 'web/lessons', `${name}.c`), source);
  const output = join(folder, 'program.wasm');
  await buildProgram({ sources: [source], output, extra: ['-Wall', '-Wextra', '-Werror'] });
  const run = new Recording();
  const encoder = new Encoder();
  let printed = '';
  const app = await load(output, {
    clock: lessons.find((lesson) => lesson.name === name)?.realTime ? 'real' : 'virtual',
    fetch: new SimulatedApi({ latency: 140, failures: 0, seed: 42 }).fetch,
    trace: (events) => run.append(encoder.encode(events)),
    stdout: (text) => (printed += text),
    stderr: (text) => (printed += text),
  });
  const code = await app.run();
  setSources(run, { 'main.c': readFileSync(source, 'utf8') });
  const tasks = run.order.map((id) => run.tasks[id]);
  return { run, code, printed, tasks, label: (/** @type {number} */ id) => labelOf(run, id), end: new Moment(run, { event: run.count - 1, time: run.duration }), at: (/** @type {number} */ ms) => new Moment(run, positionAt(run, ms)) };
}

/** The answer that the page calls right. @param {string} name */
function right(name) {
  const question = lessons.find((lesson) => lesson.name === name)?.question;
  return question?.options[question.right];
}

/** @param {import('../../web/run/recording.js').Recording} run @param {'ECANCELED' | 'EIO' | ''} error */
const endedWith = (run, error) => run.order.filter((id) => run.tasks[id].ended >= 0 && run.texts[run.text[run.tasks[id].ended]] === error).length;

/** @type {Record<string, () => Promise<void>>} */
const checks = {
  async coroutine() {
    const { run, tasks, printed, at, label } = await record('coroutine');
    assert.equal(String(tasks.length), right('coroutine'));
    assert.deepEqual(tasks.map(({ id }) => label(id)), ['main', 'ticker']);
    assert.deepEqual([base(at(50).state(1)), base(at(50).state(2))], [SLEEP, SLEEP]);
    assert.match(printed, /tick\n.*tick\ncounting 1\n/);
    assert.equal(run.duration, 300);
  },
  async await() {
    const { run, tasks, at } = await record('await');
    assert.equal(`${run.duration} ms`, right('await'));
    assert.equal(tasks.length, 1);
    assert.deepEqual([at(100).wait(1)?.until, at(250).wait(1)?.until], [200, 300]);
  },
  async gather() {
    const { run, at, tasks } = await record('gather');
    assert.equal(`${run.duration} ms`, right('gather'));
    assert.equal(tasks.filter(({ id }) => base(at(50).state(id)) === SLEEP).length, 3, 'three sleep at once');
    assert.equal(at(180).alive, 2);
  },
  async create_task() {
    const { printed, run, tasks } = await record('create_task');
    assert.match(printed, /^the task is created\nthe letter is on its way\nother work is done\n/);
    assert.match(printed.split('\n')[0], new RegExp(/** @type {string} */ (right('create_task'))));
    assert.equal(base(run.after[tasks[1].created]), READY, 'ready at once');
    assert.ok(run.kind[tasks[1].events.data[1]] === RUN && tasks[1].events.data[1] > tasks[1].created + 1, 'and it runs later');
  },
  async group() {
    const { run, tasks } = await record('group');
    assert.equal(String(endedWith(run, 'ECANCELED')), right('group'));
    assert.equal(endedWith(run, 'EIO'), 2);
    const [post, bank, shop] = tasks.slice(1, 4).map(({ ended }) => run.time[ended]);
    assert.deepEqual([post, bank, shop], [100, 50, 200], 'those of gather go on');
    assert.deepEqual(tasks.slice(4).map(({ ended }) => run.time[ended]), [250, 250, 250], 'those of the group end together');
  },
  async semaphore() {
    const { run, end, at, label, tasks } = await record('semaphore');
    const { sent, most } = requestsAt(end);
    assert.equal(String(sent), right('semaphore'));
    assert.equal(most, 4);
    const pages = tasks.filter(({ coroutine }) => coroutine === 'fetch_page');
    assert.equal(pages.length, 12);
    const states = pages.map(({ id }) => base(at(20).state(id)));
    assert.deepEqual(states, [...Array(4).fill(HOST), ...Array(8).fill(SYNC)]);
    const limit = at(20).wait(pages[5].id)?.object ?? 0;
    assert.equal(objectName(run, limit), 'limit');
    assert.deepEqual(at(20).counter(limit), { value: 0, limit: 4, waiting: 8 });
    assert.equal(label(pages[6].id), 'fetch_page #6');
    assert.equal(run.texts[run.text[pages[6].ended]], 'EPROTO');
    assert.equal(pages.filter(({ ended }) => run.texts[run.text[ended]] === 'ECANCELED').length, 5);
    const ticker = tasks.find(({ coroutine }) => coroutine === 'ticker');
    assert.ok(end.state(/** @type {any} */ (ticker).id) !== 0 && at(run.duration - 10).state(/** @type {any} */ (ticker).id) & SHIELDED, 'its clean-up is shielded');
  },
  async timeouts() {
    const { run, printed, at } = await record('timeouts');
    assert.equal(`${Math.round(run.duration)} ms`, right('timeouts'));
    assert.match(printed, /page 3: ETIMEDOUT\nthe letter is in its envelope\ntoo late\n/);
    assert.ok(at(115).state(1) & SHIELDED);
  },
  async blocking() {
    let { run, printed } = await record('blocking');
    // A machine that stops for those 0.2 s sees no tick: once, not again and again.
    for (let tries = 0; tries < 4 && printed.includes('none while'); tries++) ({ run, printed } = await record('blocking'));
    assert.match(printed, new RegExp(`^${right('blocking')} ticks while it computed\nmany while it yielded\n`));
    let longest = 0;
    for (let i = 1; i < run.count; i++) longest = Math.max(longest, run.time[i] - run.time[i - 1]);
    assert.ok(longest >= 180, `a step of ${longest} ms`);
  },
  async executor() {
    const { printed, at, run, tasks } = await record('executor');
    assert.match(printed, /^41538 primes below 500000; the ticker went on\n$/);
    assert.equal(base(at(run.duration / 2).state(1)), HOST, 'main waits for the executor');
    assert.ok(tasks[1].events.length > 6, 'the ticker goes on');
  },
};

for (const { name } of lessons) test(`lesson ${name}`, () => checks[name]());

test('every lesson has its Python twin, a question, and a text of three lines at most', () => {
  for (const { name, text, question } of lessons) {
    assert.ok(readFileSync(join(root, 'web/lessons', `${name}.py`), 'utf8').includes('asyncio.run('), name);
    assert.ok(text.length <= 230, `${name}: ${text.length} characters`);
    assert.ok(question && question.right < question.options.length, name);
  }
});
