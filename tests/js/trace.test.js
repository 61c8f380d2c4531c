/** Traces, seeds and what is told about tasks: by load() and by `wasyncio run`. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ChromeTrace } from '../../src/js/debug/chrome-trace.js';
import { load } from '../../src/js/node.js';
import { node, open, program, rejected, root, until } from './programs/tools.js';

/** @typedef {import('../../src/js/node.js').TraceEvent} TraceEvent */

const COMMAND = join(root, 'src/js/cli/main.js');
const wasyncio = (/** @type {string[]} */ args, /** @type {Parameters<typeof node>[1]} */ options = {}) => node([COMMAND, ...args], { timeout: 60_000, ...options });

/** Whether it would survive the signal; where that cannot be known, it has had time enough to be ready. @param {import('node:child_process').ChildProcess} child @param {number} signal */
function catches(child, signal) {
  const file = `/proc/${child.pid}/status`;
  if (!existsSync('/proc/self/status')) return true;
  const mask = existsSync(file) ? /^SigCgt:\s*(\w+)/m.exec(readFileSync(file, 'utf8'))?.[1] : undefined;
  return Boolean(mask && (BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n);
}

/** @param {Parameters<typeof load>[1]} [options] @param {string} [name] */
async function traced(options, name = 'traced') {
  /** @type {TraceEvent[]} */
  const events = [];
  const { app, said } = await open(name, { clock: 'virtual', trace: (more) => void events.push(...more), ...options });
  const code = await app.run().catch((error) => error);
  return { events, code, said };
}

describe('load(…, { trace })', () => {
  test('tells the whole life of each task, in order', async () => {
    const { events, code } = await traced();
    assert.equal(code, 0);
    for (let i = 1; i < events.length; i++) assert.ok(events[i].time >= events[i - 1].time);
    /** @type {Map<number, string>} */
    const states = new Map();
    /** @type {number[]} */
    const running = [];
    for (const event of events) {
      if (!('task' in event) || !event.task) continue;
      const { task, type } = event;
      const state = states.get(task);
      const become = (/** @type {string[]} */ from, /** @type {string} */ to) => {
        assert.ok(from.includes(state ?? 'none'), `${JSON.stringify(event)} while ${state}`);
        states.set(task, to);
      };
      if (type === 'created') become(['none'], 'ready');
      if (type === 'run') become(['ready'], 'running'), running.push(task);
      if (type === 'wait') become(['running'], 'waits');
      if (type === 'wake') become(['waits'], 'ready');
      if (type === 'pause') {
        assert.equal(running.pop(), task);
        if (state === 'running') states.set(task, 'ready'); // a yield
      }
      if (type === 'end') become(['running', 'ready'], 'ended'), state === 'running' && assert.equal(running.pop(), task);
    }
    assert.deepEqual([...new Set(states.values())], ['ended']);
  });

  test('names and places, groups, causes, errors', async () => {
    const { events } = await traced();
    const all = (/** @type {string} */ type) => /** @type {any[]} */ (events.filter((event) => event.type === type));
    const created = all('created');
    const failing = created.find(({ coroutine }) => coroutine === 'fails');
    const sibling = created.find(({ coroutine }) => coroutine === 'sleeps_long');
    assert.ok(failing.group && failing.group === sibling.group);
    assert.match(failing.where, /^traced\.c:\d+$/);
    assert.equal(failing.by, created[0].task);
    assert.ok(created.some(({ name }) => name === 'collector'));
    const end = all('end').find(({ task }) => task === failing.task);
    assert.deepEqual([end.error, end.message], ['EPROTO', 'too "bad"\n']);
    const cancel = all('cancel').find(({ task }) => task === sibling.task);
    assert.equal(cancel.by, failing.task);
    const gather = all('wait').find(({ what }) => what === 'gather');
    assert.equal(gather.awaits.length, 4);
    const sleep = all('wait').find(({ what }) => what === 'sleep');
    assert.ok(sleep.until > sleep.time);
    assert.deepEqual(new Set(all('enter').map(({ what }) => what)), new Set(['timeout', 'shield', 'group']));
    assert.equal(all('enter').length, all('leave').length);
    assert.equal(all('expired').length, 1);
    assert.deepEqual(new Set(all('changed').map(({ what }) => what)), new Set(['semaphore', 'lock', 'queue']));
    assert.ok(all('changed').every(({ what, value }) => what !== 'semaphore' || (value >= 0 && value <= 2)));
    assert.deepEqual(all('print').map(({ text }) => text), ['sum 110\n']);
  });

  test('the same seed gives the same trace, another seed another order', async () => {
    const run = async (/** @type {number | undefined} */ seed) => JSON.stringify((await traced({ seed })).events);
    assert.equal(await run(undefined), await run(undefined));
    assert.equal(await run(7), await run(7));
    assert.notEqual(await run(7), await run(8));
  });

  test('does not depend on what else is in memory', async () => {
    const env = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`VARIABLE_${i}`, 'x'.repeat(i * 7)]));
    const [a, b] = [await traced(), await traced({ env, args: ['a', 'longer argument'] })];
    assert.equal(JSON.stringify(a.events), JSON.stringify(b.events));
  });

  test('up to a crash', async () => {
    const { events, code } = await traced({ args: ['crash'] });
    assert.equal(code.name, 'EFAULT');
    assert.equal(events.at(-1)?.type, 'print');
  });

  test('requests with their phases', async () => {
    const answer = async () => new Response('body', { status: 203 });
    const { events } = await traced({ clock: 'real', fetch: answer }, 'fetches');
    const started = /** @type {any} */ (events.find(({ type }) => type === 'started'));
    assert.deepEqual([started.what, started.name], ['fetch', 'http://there.test/path']);
    const phases = /** @type {any[]} */ (events).filter(({ type, operation }) => type === 'phase' && operation === started.operation);
    assert.deepEqual(phases.map(({ phase, value }) => [phase, value]), [['answered', 203], ['body', 4], ['end', 0], ['closed', 0]].slice(0, phases.length));
    assert.ok(phases.length >= 3);
  });

  test('a request that waits for a permit of its session is queued until it is sent', async () => {
    /** @type {any} */
    const fetch = async (/** @type {string} */ _url, /** @type {any} */ _init, /** @type {any} */ clock) => {
      await clock.after(0.1);
      return new Response('body');
    };
    const { events, code } = await traced({ fetch }, 'queued');
    assert.equal(code, 0);
    const started = /** @type {any[]} */ (events.filter(({ type }) => type === 'started'));
    assert.deepEqual(started.map(({ what, name, queued, time }) => [what, name, queued, time - started[0].time]), [['fetch', '/first', false, 0], ['fetch', '/second', true, 0]]);
    const phases = /** @type {any[]} */ (events).filter(({ type, operation }) => type === 'phase' && operation === started[1].operation);
    assert.deepEqual(phases.map(({ phase }) => phase).slice(0, 4), ['sent', 'answered', 'body', 'end']);
    const round = (/** @type {number} */ time) => Math.round((time - started[0].time) * 1000);
    assert.deepEqual(phases.map(({ time }) => round(time)).slice(0, 2), [100, 200]);
    // In Perfetto the same are spans inside the request's.
    /** @type {any[]} */
    const spans = [];
    const trace = new ChromeTrace((event) => void spans.push(event));
    for (const event of events) trace.add(event);
    trace.end();
    validate(spans, true);
    const own = spans.filter(({ cat, id, ph }) => cat === 'operation' && id === started[1].operation && ph !== 'n');
    assert.deepEqual(own.map(({ ph, name }) => `${ph} ${name}`), ['b fetch /second', 'b queued', 'e queued', 'b waits for the answer', 'e waits for the answer', 'b body', 'e body', 'e fetch /second']);
    assert.ok(own[2].ts - own[1].ts > 99_000, 'microseconds');
  });

  test('a function that throws is reported, and the program goes on', async () => {
    const module = JSON.stringify(await program('traced'));
    const script = `import { load } from '${root}/src/js/node.js'; process.on('uncaughtException', (e) => console.log('seen', e.message)); const app = await load(${module}, { clock: 'virtual', trace() { throw new Error('mine'); } }); console.log(await app.run());`;
    const { stdout } = await node(['--input-type=module', '-e', script]);
    assert.match(stdout, /seen mine[^]*sum 110[^]*\n0\n/);
  });

  test('refused: what is no function, no seed; a module built for size', async () => {
    const module = await program('traced');
    await rejected(load(module, /** @type {any} */ ({ trace: 1 })), 'EINVAL', /trace is 1, not a function/);
    for (const seed of [-1, 1.5, 2 ** 32, '1']) await rejected(load(module, /** @type {any} */ ({ seed })), 'EINVAL', /seed is .*, not an integer from 0 to 4294967295/);
    const small = await program('traced', '-Oz');
    await rejected(load(small, { seed: 1 }), 'EINVAL', /seed needs a module that was not built for size: build it with -O2/);
    const app = await load(small, { clock: 'virtual', stdout() {} });
    assert.equal(await app.run(), 0);
  });
});

describe('app.tasks()', () => {
  test('age, wait, object, whom it awaits, who cancelled it', async () => {
    const traced = await open('traced', { clock: 'real', args: ['long'] });
    void traced.app.run();
    await until(() => traced.app.tasks().some(({ waitsFor }) => waitsFor === 'gather'), 'gather');
    const tasks = traced.app.tasks();
    const main = tasks[0];
    assert.equal(main.awaits?.length, 4);
    assert.deepEqual(main.awaits, tasks.filter(({ parent, name }) => parent === main.id && name !== 'collector').map(({ id }) => id));
    const inLine = tasks.filter(({ waitsFor }) => waitsFor === 'semaphore');
    assert.equal(inLine.length, 2);
    assert.equal(inLine[0].object, '0 of 2 free, 2 in line');
    for (const { age, waiting } of tasks) assert.ok(typeof age === 'number' && age >= 0 && typeof waiting === 'number' && waiting >= 0 && waiting <= age + 0.01);
    const closed = traced.app.close();
    const collector = traced.app.tasks().find(({ name }) => name === 'collector');
    if (collector) assert.equal(collector.cancelledBy, 'the host');
    await closed;
  });
});

/* ------------------------------------------------------------------------------------------------ The command --- */

/** @type {string} */
let folder;
before(() => void (folder = mkdtempSync(join(tmpdir(), 'wasyncio-trace-'))));
after(() => rmSync(folder, { recursive: true, force: true }));

/** What Perfetto needs. @param {any[]} events @param {boolean} complete */
function validate(events, complete) {
  let last = 0;
  /** @type {Map<string, string[]>} */
  const open = new Map();
  /** @type {Map<number, any>} */
  const flows = new Map();
  let depth = 0;
  for (const event of events) {
    assert.ok(typeof event.ts === 'number' && event.ts >= last, JSON.stringify(event));
    last = event.ts;
    assert.equal(event.pid, 1);
    if (event.ph === 'b') {
      assert.ok(event.cat && event.id && event.name);
      const key = `${event.cat} ${event.id}`;
      open.set(key, [...(open.get(key) ?? []), event.name]);
    } else if (event.ph === 'e') {
      assert.equal(open.get(`${event.cat} ${event.id}`)?.pop(), event.name, JSON.stringify(event));
    } else if (event.ph === 's') {
      assert.ok(!flows.has(event.id) && depth > 0, 'an arrow begins in a step');
      flows.set(event.id, event);
    } else if (event.ph === 'f') {
      assert.ok(flows.delete(event.id), JSON.stringify(event));
    } else if (event.ph === 'B') depth++;
    else if (event.ph === 'E') assert.ok(--depth >= 0);
    else assert.match(event.ph, /^[MiCn]$/);
  }
  if (!complete) return;
  for (const [key, names] of open) assert.deepEqual(names, [], key);
  assert.equal(flows.size, 0);
  assert.equal(depth, 0);
}

const readTrace = (/** @type {string} */ file) => JSON.parse(readFileSync(join(folder, file), 'utf8'));

describe('wasyncio run --trace', () => {
  test('is complete and nested, with arrows and counters', async () => {
    const { code, stderr } = await wasyncio(['run', await program('traced'), '--virtual-time', '--trace', join(folder, 'a.json')]);
    assert.deepEqual([code, stderr], [0, '']);
    const events = readTrace('a.json');
    validate(events, true);
    const tasks = events.filter((/** @type {any} */ { ph, cat, args }) => ph === 'b' && cat === 'task' && args?.id);
    assert.equal(tasks.length, 9);
    for (const name of ['spawn', 'wake', 'cancel']) assert.ok(events.some((/** @type {any} */ event) => event.ph === 's' && event.name === name), name);
    const counters = new Set(events.filter((/** @type {any} */ { ph }) => ph === 'C').map((/** @type {any} */ { name }) => name.replace(/ .*/, '')));
    assert.deepEqual([...counters].sort(), ['lock', 'queue', 'semaphore']);
    assert.ok(events.some((/** @type {any} */ { name, args }) => name === 'stdout' && args.text === 'sum 110\n'));
  });

  test('after a crash', async () => {
    const { code } = await wasyncio(['run', await program('traced'), '--virtual-time', '--trace', join(folder, 'crash.json'), '--', 'crash']);
    assert.equal(code, 70);
    const events = readTrace('crash.json');
    validate(events, true);
    assert.ok(events.some((/** @type {any} */ { name }) => name === 'stdout'));
  });

  test('after Ctrl-C, and after a second one', async () => {
    const module = await program('interrupted');
    for (const [mode, complete] of /** @type {[string, boolean][]} */ ([['obedient', true], ['stubborn', false]])) {
      const file = join(folder, `${mode}.json`);
      const outcome = await node([COMMAND, 'run', module, '--trace', file, '--', mode], {
        started(child, said) {
          let times = 0;
          const timer = setInterval(() => {
            if (!said.stdout && !said.stderr) return;
            if (++times <= (complete ? 1 : 3)) child.kill('SIGINT');
          }, 300);
          child.on('exit', () => clearInterval(timer));
        },
      });
      const events = readTrace(`${mode}.json`);
      assert.ok(events.length > 3, JSON.stringify(outcome));
      validate(events, complete);
    }
  });

  test('where it cannot be written', async () => {
    const { code, stderr } = await wasyncio(['run', await program('traced'), '--trace', join(folder, 'none/a.json')]);
    assert.equal(code, 2);
    assert.match(stderr, /cannot write .*none\/a\.json/);
  });
});

describe('wasyncio run --explore', () => {
  for (const [name, why, seedless] of /** @type {[string, RegExp, string][]} */ ([
    ['race', /exit code 3/, 'fine\n'],
    ['philosophers', /deadlock/, 'first eats\nsecond eats\n'],
  ]))
    test(`finds the planted ${name}, and the seed reproduces it`, async () => {
      const module = await program(name);
      const usual = await wasyncio(['run', module, '--virtual-time']);
      assert.deepEqual([usual.code, usual.stdout], [0, seedless]);
      const { code, stdout } = await wasyncio(['run', module, '--explore', '1000']);
      assert.equal(code, 1, stdout);
      const found = /^seed (\d+) of 1000 fails: (.*)$/m.exec(stdout);
      assert.match(found?.[2] ?? '', why);
      const [, again] = /^again: wasyncio (.*)$/m.exec(stdout) ?? [];
      const outcome = await wasyncio(again.split(' '));
      if (name === 'race') assert.deepEqual([outcome.code, outcome.stdout], [3, 'read before it was written\n']);
      else assert.match(outcome.stderr, /deadlock[^]*a cycle of waits, which can never end: Task-2 → Task-3 → Task-2/);
    });

  test('another output is a failure, unless it does not matter', async () => {
    const module = await program('orders');
    const { code, stdout } = await wasyncio(['run', module, '--explore', '20']);
    assert.equal(code, 1);
    assert.match(stdout, /line 1 of the output is "b", and "a" without a seed/);
    const any = await wasyncio(['run', module, '--explore', '20', '--any-output']);
    assert.deepEqual([any.code, any.stdout], [0, '20 seeds: all end as the run without a seed\n']);
  });

  test('a run that never ends is one that fails', async () => {
    const { code, stdout } = await wasyncio(['run', await program('spins'), '--explore', '100', '--time-limit', '1']);
    assert.equal(code, 1);
    assert.match(stdout, /^seed \d+ of 100 fails: it has not ended after 1 s \(without a seed it takes 0\.\d+ s\); Task-3 gather is ready\nagain: wasyncio run --virtual-time --seed \d+ \S*spins\S*\.wasm\n$/);
  });
});

describe('a loop that only yields, on the virtual clock', () => {
  test('can be cancelled from outside: the host has its turns', async () => {
    for (const trace of [undefined, () => {}]) {
      const { app, said } = await open('spins', { clock: 'virtual', args: ['for ever'], trace });
      const ended = app.run();
      await until(() => said.stdout === 'spins\n', 'the loop'); // timers of the host's come
      assert.deepEqual(app.tasks().map(({ name }) => name), ['Task-1', 'Task-3']);
      app.cancel(1);
      assert.equal(await ended, 1);
      assert.equal(said.stdout, 'spins\nECANCELED\n');
    }
  });

  test('and by Ctrl-C', { skip: process.platform === 'win32' }, async () => {
    const { code, stdout } = await node([COMMAND, 'run', await program('spins'), '--virtual-time', '--', 'for ever'], {
      started: (child, said) => void until(() => said.stdout === 'spins\n', 'the loop').then(() => child.kill('SIGINT'), () => child.kill('SIGKILL')),
    });
    assert.deepEqual([code, stdout], [130, 'spins\nECANCELED\n']);
  });

  test('its steps come in the same order wherever the host breaks in', async () => {
    const run = async (/** @type {boolean} */ disturbed) => {
      const { app, said } = await open('breaks', { clock: 'virtual' });
      const timer = disturbed ? setInterval(() => app.tasks(), 0) : undefined;
      assert.equal(await app.run(), 0);
      clearInterval(timer);
      return said.stdout + said.stderr; // a checksum of the order
    };
    const quiet = await run(false);
    assert.match(quiet, /^\d+ yields, 20000 callbacks, 4 s\n\d+\n$/);
    assert.equal(await run(true), quiet);
  });
});

describe('wasyncio run', () => {
  test('--ps shows the tasks while they run, as text where there is no terminal', async () => {
    const { stderr } = await wasyncio(['run', await program('traced'), '--ps']);
    assert.match(stderr, /^id +name +coroutine +state +at +since +age +awaits\n1 +Task-1 +top +gather +traced\.c:\d+ +\d+\.\d s +\d+\.\d s +\d/m);
    assert.match(stderr, /semaphore \(0 of 2 free, \d in line\)/);
  });

  test('SIGQUIT prints the tree, and nothing else happens', { skip: process.platform === 'win32' }, async () => {
    const { code, stdout, stderr } = await node([COMMAND, 'run', await program('traced')], {
      started(child, said) {
        const timer = setInterval(() => {
          if (/Task-1/.test(said.stderr)) clearInterval(timer);
          else if (catches(child, constants.signals.SIGQUIT)) child.kill('SIGQUIT');
        }, 200);
        child.once('exit', () => clearInterval(timer));
      },
    });
    assert.deepEqual([code, stdout], [0, 'sum 110\n']);
    assert.match(stderr, /^Task-1 top: waits for \w+ at traced\.c:\d+, for \d/m);
  });

  test('WASYNCIODEBUG turns debug mode on', async () => {
    const module = await program('leaks');
    assert.equal((await wasyncio(['run', module])).stderr, '');
    const { stderr } = await wasyncio(['run', module], { env: { WASYNCIODEBUG: '1' } });
    assert.match(stderr, /^wasyncio: task 'forgotten' was neither awaited nor detached; made at leaks\.c:\d+$/m);
    assert.match(stderr, /^wasyncio: queue was never given back; made at leaks\.c:\d+$/m);
    assert.match(stderr, /^wasyncio: generator 'Task-\d+' was not closed; made at leaks\.c:\d+$/m);
  });

  test('WASYNCIODEBUG and --ps say what a module built for size has not', async () => {
    const small = await program('traced', '-Oz');
    const words = /^wasyncio: WASYNCIODEBUG needs a module that was not built for size: build it with -O2 .*\n$/;
    for (const [value, expected] of /** @type {[string, RegExp][]} */ ([['1', words], ['0', /^$/], ['', /^$/]])) {
      let said = '';
      const app = await load(small, { clock: 'virtual', env: { WASYNCIODEBUG: value }, stdout() {}, stderr: (text) => void (said += text) });
      assert.equal(await app.run(), 0);
      assert.match(said, expected);
    }
    const { code, stdout, stderr } = await wasyncio(['run', small, '--ps'], { env: { WASYNCIODEBUG: '1' } });
    assert.deepEqual([code, stdout], [0, 'sum 110\n']);
    assert.match(stderr, /^wasyncio: WASYNCIODEBUG needs [^\n]*\nwasyncio: since when tasks wait, .* -O2 /m);
  });

  test('debug mode: a call beats the option, and that the environment', async () => {
    const found = async (/** @type {Parameters<typeof load>[1]} */ options) => {
      const { app, said } = await open('leaks', options);
      await app.run();
      return said.stderr.split('\n').length - 1;
    };
    assert.equal(await found({}), 0);
    assert.equal(await found({ env: { WASYNCIODEBUG: '' } }), 0);
    assert.equal(await found({ env: { WASYNCIODEBUG: '1' } }), 3);
    assert.equal(await found({ debug: true }), 3);
    assert.equal(await found({ debug: 0.5 }), 3);
    assert.equal(await found({ env: { WASYNCIODEBUG: '1' }, debug: false }), 0);
    assert.equal(await found({ env: { WASYNCIODEBUG: '1' }, args: ['off'] }), 0);
    assert.equal(await found({ debug: false, args: ['on'] }), 3);
  });

  test('refuses what does not go together', async () => {
    for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
      [['--explore', '5', '--seed', '1'], /not with '--seed'/],
      [['--explore', '0'], /'--explore' takes a number from 1/],
      [['--seed', 'x'], /'--seed' takes a number from 0/],
      [['--trace'], /'--trace' needs a value/],
      [['--sede', '1'], /Did you mean '--seed'/],
    ])) {
      const { code, stderr } = await wasyncio(['run', await program('race'), ...args]);
      assert.equal(code, 2);
      assert.match(stderr, words);
    }
  });
});
