/** Child processes whose output is kept. */
import { spawn } from 'node:child_process';

/**
 * @typedef {{code: number | null, signal: string | null, stdout: string, stderr: string, timedOut: boolean}} Outcome
 */

/** Leaders of process groups that must not outlive the runner. @type {Set<number>} */
export const alive = new Set();

/** Ends a child with all that it has started. @param {number} pid */
export function end(pid) {
  alive.delete(pid);
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended just now.
  }
}

// Groups of their own do not get the terminal's Ctrl-C.
process.on('exit', () => alive.forEach(end));
process.once('SIGINT', () => process.exit(130));
process.once('SIGTERM', () => process.exit(143));

/**
 * Runs to the end and never rejects for a failure of the child: what it printed is needed to say what happened.
 * @param {string} command @param {string[]} args
 * @param {{cwd?: string, env?: Record<string, string | undefined>, timeout?: number}} [options]
 * @returns {Promise<Outcome>}
 */
export function execute(command, args, { cwd, env, timeout = 60_000 } = {}) {
  return new Promise((resolve) => {
    // A group of its own, so that a timeout ends what the child has started too.
    const child = spawn(command, args, { cwd, env: { ...process.env, ...env }, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
    if (child.pid) alive.add(child.pid);
    let stdout = '';
    let stderr = '';
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      if (child.pid) end(child.pid);
    }, timeout);
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text));
    child.on('error', (error) => {
      clearTimeout(timer);
      resolve({ code: null, signal: null, stdout, stderr: `${stderr}${command}: ${error.message}`, timedOut });
    });
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      if (child.pid) alive.delete(child.pid);
      resolve({ code, signal, stdout, stderr, timedOut });
    });
  });
}
