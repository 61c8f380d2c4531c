import { spawn } from 'node:child_process';

/**
 * @typedef {object} Outcome
 * @property {number} status 127: could not be started
 * @property {string} stdout
 * @property {string} stderr
 */

/**
 * Runs a tool to its end and keeps what it said, so that the words of tools that run side by side do not mix.
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Outcome>}
 */
export function run(command, args, { cwd, env } = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env: env ?? process.env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = { stdout: '', stderr: '' };
    for (const stream of /** @type {const} */ (['stdout', 'stderr'])) {
      child[stream].setEncoding('utf8').on('data', (text) => (said[stream] += text));
    }
    child.on('error', (error) => resolve({ status: 127, stdout: said.stdout, stderr: `${error.message}\n` }));
    child.on('close', (status, signal) => resolve({ status: status ?? (signal ? 128 : 1), ...said }));
  });
}
