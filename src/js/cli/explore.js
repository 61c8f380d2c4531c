import { readFile } from 'node:fs/promises';
import { WasyncioError, load } from '../node.js';
import { Progress } from './progress.js';

/**
 * Looks for an order of the ready tasks in which the program goes wrong: runs it once in the usual order, then with one seed
 * after the other, in one process, each time as a new instance and on the virtual clock.
 * @typedef {{ failure: string | undefined, stdout: string, stderr: string }} Outcome
 */

/** @param {WebAssembly.Module} module @param {import('../node.js').LoadOptions} options @returns {Promise<Outcome>} */
async function attempt(module, options) {
  const said = { stdout: '', stderr: '' };
  const sinks = { stdout: (/** @type {string} */ text) => void (said.stdout += text), stderr: (/** @type {string} */ text) => void (said.stderr += text) };
  let failure;
  try {
    const app = await load(module, { ...options, ...sinks, clock: 'virtual' });
    const code = await app.run();
    if (code !== 0) failure = `exit code ${code}`;
    await app.close();
  } catch (error) {
    if (!(error instanceof WasyncioError)) throw error;
    failure = `${error.name}: ${error.message}`;
  }
  if (/^wasyncio: deadlock: /m.test(said.stderr)) failure = failure ? `deadlock, ${failure}` : 'deadlock';
  return { failure, ...said };
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
 * @param {boolean} anyOutput another output is no failure
 * @param {(seed: number | undefined) => string} command that does the same run again
 * @returns {Promise<number>} the exit code
 */
export async function explore(path, count, options, anyOutput, command) {
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
  const progress = new Progress('exploring …');
  try {
    for (let seed = 1; seed <= count; seed++) {
      progress.show(`seed ${seed} of ${count} …`);
      const outcome = await attempt(module, { ...options, seed });
      const why = outcome.failure ?? (anyOutput ? undefined : difference(usual.stdout, outcome.stdout));
      if (!why) continue;
      progress.end();
      return report(`seed ${seed} of ${count}`, why, outcome, seed);
    }
  } finally {
    progress.end();
  }
  process.stdout.write(`${count} seeds: all end as the run without a seed\n`);
  return 0;
}
