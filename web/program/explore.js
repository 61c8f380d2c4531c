/** Many orders of the same program: which seeds end differently? */
import { Runner } from './runner.js';

const LIMIT = 5000; // ms for one run

/**
 * @typedef {{ seed: number | null, code: number | null, hash: string, how: string }} Outcome `code` null: it did not end
 * @param {Omit<import('./worker.js').Start, 'kind' | 'seed' | 'quiet'>} start
 * @param {number} seeds
 * @param {(done: number) => void} progress
 * @returns {Promise<Outcome[]>} that of no seed first
 */
export async function explore(start, seeds, progress) {
  /** @type {Outcome[]} */
  const outcomes = [];
  for (let i = 0; i <= seeds; i++) {
    outcomes.push(await once(start, i === 0 ? null : i));
    progress(i);
  }
  return outcomes;
}

/** @param {Omit<import('./worker.js').Start, 'kind' | 'seed' | 'quiet'>} start @param {number | null} seed @returns {Promise<Outcome>} */
function once(start, seed) {
  return new Promise((resolve) => {
    const runner = new Runner();
    const end = (/** @type {Outcome} */ outcome) => {
      clearTimeout(timer);
      runner.stop();
      resolve(outcome);
    };
    const timer = setTimeout(() => end({ seed, code: null, hash: '', how: 'does not end' }), LIMIT);
    runner.start({ ...start, kind: 'run', seed, speed: Infinity, quiet: true }, (message) => {
      if (message.kind === 'ended') end({ seed, code: message.code, hash: message.hash ?? '', how: `exit code ${message.code}` });
      if (message.kind === 'failed') end({ seed, code: -1, hash: message.name, how: `${message.name}: ${message.message.split('\n')[0]}` });
    });
  });
}
