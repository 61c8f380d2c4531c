/** Every example is built, run, and compared with its golden output; the server says what it saw. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, describe, test } from 'node:test';
import { buildExample } from '../../examples/build.js';
import { examples, findExample } from '../../examples/list.js';
import { root } from '../../examples/needs.js';
import { load } from '../../src/js/node.js';
import { startServer } from '../server/server.js';

/** @param {string} name @param {string} ending */
const beside = (name, ending) => join(root, 'examples', name + ending);

/** @param {string} name */
const golden = (name) => readFileSync(beside(name, '.out'), 'utf8');

/** @type {Map<string, string>} the modules, by name of the example */
const modules = new Map();

before(async () => {
  for (const { name } of examples) modules.set(name, await buildExample(name));
});

/** @param {string} name @param {Partial<Parameters<typeof load>[1]>} options */
async function run(name, options) {
  const said = { stdout: '', stderr: '' };
  const app = await load(/** @type {string} */ (modules.get(name)), {
    stdout: (text) => void (said.stdout += text),
    stderr: (text) => void (said.stderr += text),
    ...options,
  });
  return { code: await app.run(), ...said };
}

/** @param {string} name */
async function runWithServer(name) {
  const server = await startServer();
  try {
    const first = server.reached('', 'total', 1, 10_000).then(() => performance.now());
    const outcome = await run(name, { args: [server.url] });
    const seconds = (performance.now() - (await first)) / 1000;
    return { ...outcome, seconds, aborted: (/** @type {number} */ least) => server.reached('', 'aborted', least), seen: server.stats() };
  } finally {
    setTimeout(() => server.close(), 1000); // what `aborted` waits for comes first
  }
}

/** @param {string[]} args @param {(child: import('node:child_process').ChildProcess) => void} [started] */
function runNode(args, started) {
  const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => (said.stdout += data));
  child.stderr.on('data', (data) => (said.stderr += data));
  started?.(child);
  return new Promise((/** @type {(outcome: { code: number | null, stdout: string, stderr: string }) => void} */ resolve) =>
    child.on('close', (code) => resolve({ code, ...said })),
  );
}

describe('golden output', () => {
  for (const { name, server, realTime, driver, stdin } of examples) {
    test(name, async () => {
      assert.ok(existsSync(beside(name, '.py')), 'it has a Python twin');
      const outcome = server
        ? await runWithServer(name)
        : driver
          ? await runNode([beside('', driver), /** @type {string} */ (modules.get(name))])
          : await run(name, { clock: realTime ? 'real' : 'virtual', stdin });
      assert.equal(outcome.stdout, golden(name));
      assert.equal(outcome.code, 0);
      if (name === '12_deadlock') assert.match(outcome.stderr, /^wasyncio: deadlock: [^\n]+\n  Task-1 school: [^\n]+\n    Task-\d+ ben: waits for semaphore at 12_deadlock\.c:\d+ \(0 free, 1 in line\)\n$/);
      else if (name === '09_run_in_run') assert.match(outcome.stderr, /09_run_in_run\.c:\d+: .*fn\(arg\)/);
      else if (name === '23_lines') assert.match(outcome.stderr, /^\d half seconds went by\n$/);
      else if (name !== '08_blocking') assert.equal(outcome.stderr, '');
    });
  }
});

describe('what they show', () => {
  test('three gathered fetches of a second take one second', async () => {
    const { seconds, seen } = await runWithServer('01_three_fetches');
    assert.equal(seen.total, 3);
    assert.equal(seen.most, 3);
    assert.ok(seconds >= 0.99 && seconds < 1.9, `it took ${seconds.toFixed(2)} s`);
  });

  test('fetch_limited: the server saw ten at most, and 500 in all', async () => {
    const { seen } = await runWithServer('07_fetch_limited');
    assert.equal(seen.most, 10);
    assert.equal(seen.total, 500);
    assert.equal(seen.aborted, 0);
  });

  test('a failing group: the server sees both other sockets close', async () => {
    const { aborted, seen } = await runWithServer('06_group_failure');
    assert.equal(await aborted(2), 2);
    assert.equal(seen.paths['/hang'].aborted, 2);
    assert.equal(seen.paths['/delay'].aborted, 0);
  });

  test('blocking: the debug report names who did it, and nobody else', async () => {
    const { stderr } = await run('08_blocking', {});
    assert.match(stderr, /^wasyncio: task 'Task-\d+' \(blocking\) held the loop for (999|1\d{3}) ms; created at 08_blocking\.c:\d+\n$/);
  });
});

describe('examples/run.js', () => {
  const script = join(root, 'examples/run.js');

  test('ends with the numbers', async () => {
    const { code, stdout } = await runNode([script, 'fetch_limited', '--urls', '200', '--limit', '7']);
    assert.equal(code, 0);
    assert.match(stdout, /^100 of 200\n200 of 200\n200 fetched, at most 7 at a time\n\n200 requests, at most 7 in flight \(as the server saw\), \d+\.\d\d s, \d+\.\d\d ms per request\n$/);
  });

  test('Ctrl-C cancels, and the numbers come still', async () => {
    const { code, stdout } = await runNode([script, '7', '--urls', '1000'], (child) => {
      child.stdout?.once('data', () => child.kill('SIGINT'));
    });
    assert.equal(code, 130);
    const requests = Number(/\n(\d+) requests(?:, \d+ given up)?, at most 10 in flight/.exec(stdout)?.[1]);
    assert.ok(requests >= 100 && requests < 1000, stdout);
  });

  test('an example without requests says only what it says', async () => {
    const { code, stdout } = await runNode([script, 'examples/09_run_in_run.c']);
    assert.equal(code, 0);
    assert.equal(stdout, golden('09_run_in_run'));
  });

  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [[], /which example\?/],
    [['nothing'], /there is no example 'nothing'; there are 01_/],
    [['fetch_limited', '--limit', '0'], /--limit needs a whole number from 1 to 100000, not '0'/],
    [['10', '--urls', '3'], /are for fetch_limited, not for 10_timeouts/],
    [['fetch_limited', '--foo'], /--foo/],
  ])) {
    test(`refuses: ${args.join(' ') || '(nothing)'}`, async () => {
      const { code, stderr } = await runNode([script, ...args]);
      assert.equal(code, 2);
      assert.match(stderr, words);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }

  test('names of examples', () => {
    for (const word of ['7', '07', 'fetch_limited', '07_fetch_limited', 'examples/07_fetch_limited.c']) assert.equal(findExample(word)?.name, '07_fetch_limited');
  });
});
