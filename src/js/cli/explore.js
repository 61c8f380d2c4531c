import { readFile } from 'node:fs/promises';
import { WasyncioError, load } from '../node.js';
import { Progress } from './progress.js';

/**
 * Looks for an order of the ready tasks in which the program goes wrong: runs it once in the usual order, then with one seed
 * after the other, in one process, each time as a new instance and on the virtual clock.
 * @typedef {{ failure: string | undefined, stdout: string, stderr: string, seconds: number, endless?: boolean }} Outcome
 */

/** @param {number} seconds @param {AbortSignal} signal */
const late = (seconds, signal) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(seconds * 1000, 2 ** 31 - 1), 'late');
    signal.addEventListener('abort', () => clearTimeout(timer));
  });

/** What holds it up, as far as tasks tell. @param {import('../node.js').App} app */
function holder(app) {
  const task = app.tasks().find(({ state }) => state === 'ready' || state === 'not started');
  return task ? `; ${task.name}${task.coroutine ? ` ${task.coroutine}` : ''} is ${task.state}` : '';
}

/** @param {WebAssembly.Module} module @param {import('../node.js').LoadOptions} options @param {number} [limit] seconds @param {number} [usual] @returns {Promise<Outcome>} */
async function attempt(module, options, limit = Infinity, usual = 0) {
  const said = { stdout: '', stderr: '' };
  const sinks = { stdout: (/** @type {string} */ text) => void (said.stdout += text), stderr: (/** @type {string} */ text) => void (said.stderr += text) };
  const began = performance.now();
  const ended = new AbortController();
  const seconds = () => (performance.now() - began) / 1000;
  let failure;
  try {
    const app = await load(module, { ...options, ...sinks, clock: 'virtual' });
    const code = await Promise.race([app.run(), late(limit, ended.signal)]);
    if (code === 'late') {
      const failure = `it has not ended after ${limit} s (without a seed it takes ${usual.toFixed(1)} s)${holder(app)}`;
      return { failure, ...said, seconds: seconds(), endless: true };
    }
    if (code !== 0) failure = `exit code ${code}`;
    await app.close();
  } catch (error) {
    if (!(error instanceof WasyncioError)) throw error;
    failure = `${error.name}: ${error.message}`;
  } finally {
    ended.abort();
  }
  if (/^wasyncio: deadlock: /m.test(said.stderr)) failure = failure ? `deadlock, ${failure}` : 'deadlock';
  return { failure, ...said, seconds: seconds() };
}

/** The first line that is another. @param {string} usual @param {string} text */
function difference(usual, text) {
  if (usual === text) return undefined;
  const [a, b] = [usual.split('\n'), text.split('\n')];
  const at = a.findIndex((line, i) => line !== b[i]);
  return `line ${(at < 0 ? a.length : at) + 1} of the output is ${JSON.stringify(b[at] ?? '')}, and ${JSON.stringify(a[at] ?? '')} without a seed`;
}

/** @param {string} text */
const indented = (text) => text.replace(/\n+$/, '').replace(/^/gm, '  ');

/**
 * @param {string} path of the module @param {number} count @param {import('../node.js').LoadOptions} options
 * @param {{ anyOutput: boolean, timeLimit: number | undefined }} judged another output is no failure; seconds after which a run has failed
 * @param {(seed: number | undefined) => string} command that does the same run again
 * @returns {Promise<number>} the exit code
 */
export async function explore(path, count, options, { anyOutput, timeLimit }, command) {
  const module = await WebAssembly.compile(await readFile(path));
  const usual = await attempt(module, options);
  const report = (/** @type {string} */ who, /** @type {string} */ why, /** @type {Outcome} */ { stdout, stderr }, /** @type {number | undefined} */ seed) => {
    process.stdout.write(`${who} fails: ${why}\n`);
    if (stdout) process.stdout.write(`its output:\n${indented(stdout)}\n`);
    if (stderr) process.stdout.write(`on stderr:\n${indented(stderr)}\n`);
    process.stdout.write(`again: ${command(seed)}\n`);
    return 1;
  };
  if (usual.failure) return report('the run without a seed', usual.failure, usual, undefined);
  const limit = timeLimit ?? Math.max(10, Math.ceil(10 * usual.seconds));
  const progress = new Progress('exploring …');
  try {
    for (let seed = 1; seed <= count; seed++) {
      progress.show(`seed ${seed} of ${count} …`);
      const outcome = await attempt(module, { ...options, seed }, limit, usual.seconds);
      const why = outcome.failure ?? (anyOutput ? undefined : difference(usual.stdout, outcome.stdout));
      if (!why) continue;
      progress.end();
      report(`seed ${seed} of ${count}`, why, outcome, seed);
      // What never ends cannot be ended: it may not look at its cancel.
      if (outcome.endless) await new Promise(() => process.stdout.write('', () => process.exit(1)));
      return 1;
    }
  } finally {
    progress.end();
  }
  process.stdout.write(`${count} seeds: all end as the run without a seed\n`);
  return 0;
}
