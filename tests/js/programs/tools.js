/** What the JavaScript tests share. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { WasyncioError, load } from '../../../src/js/node.js';
import { program, root } from './build.js';

export { program, root };

/** Numbers that look random and are the same in every run. @param {number} seed */
export function randomizer(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** @param {number} ms */
export const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A loaded program whose output is kept.
 * @param {string} name @param {Parameters<typeof load>[1]} [options]
 */
export async function open(name, options = {}) {
  const said = { stdout: '', stderr: '' };
  const app = await load(await program(name), {
    stdout: (/** @type {string} */ text) => void (said.stdout += text),
    stderr: (/** @type {string} */ text) => void (said.stderr += text),
    ...options,
  });
  return { app, said };
}

/**
 * The promise is rejected with a WasyncioError of that name and those words; returns it.
 * @param {unknown} promise @param {string | RegExp} name @param {RegExp} [words] @returns {Promise<WasyncioError>}
 */
export async function rejected(promise, name, words) {
  const error = await Promise.resolve(promise).then(
    (value) => assert.fail(`expected ${name}, but the promise was resolved with ${String(value)}`),
    (/** @type {any} */ error) => error,
  );
  assert.ok(error instanceof WasyncioError, `a WasyncioError, not ${error?.stack ?? error}`);
  if (typeof name === 'string') assert.equal(error.name, name, `${error.name}: ${error.message}`);
  else assert.match(error.name, name);
  if (words) assert.match(error.message, words);
  return error;
}

/** Waits until it is true. @param {() => unknown} condition @param {string} what */
export async function until(condition, what) {
  for (const end = performance.now() + 10_000; !condition(); await wait(2)) if (performance.now() > end) assert.fail(`${what}: not within 10 s`);
}

/**
 * The promise is settled soon; a test that waits for ever says less.
 * @template T @param {Promise<T>} promise @param {string} what @param {number} [ms] @returns {Promise<T>}
 */
export async function soon(promise, what, ms = 10_000) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const late = new Promise((_, reject) => (timer = setTimeout(() => reject(new Error(`${what}: nothing happened for ${ms} ms`)), ms)));
  try {
    return /** @type {T} */ (await Promise.race([promise, late]));
  } finally {
    clearTimeout(timer);
  }
}

/**
 * A child process; killed after `timeout` ms, which then fails the test.
 * @param {string[]} args of Node
 * @param {{ env?: Record<string, string | undefined>, cwd?: string, timeout?: number, stdin?: import('node:child_process').StdioNull | 'pipe' | number, started?: (child: import('node:child_process').ChildProcess, said: { stdout: string, stderr: string }) => void }} [options]
 * @returns {Promise<{ code: number | null, signal: string | null, stdout: string, stderr: string, seconds: number }>}
 */
export function node(args, { env = {}, cwd = root, timeout = 30_000, stdin = 'ignore', started } = {}) {
  const began = performance.now();
  const child = spawn(process.execPath, args, { cwd, env: { ...process.env, NODE_TEST_CONTEXT: undefined, WASYNCIODEBUG: undefined, ...env }, stdio: [stdin, 'pipe', 'pipe'] });
  const said = { stdout: '', stderr: '' };
  child.stdout?.setEncoding('utf8').on('data', (text) => void (said.stdout += text));
  child.stderr?.setEncoding('utf8').on('data', (text) => void (said.stderr += text));
  started?.(child, said);
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      reject(new Error(`still running after ${timeout} ms: ${JSON.stringify(said)}`));
    }, timeout);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      resolve({ code, signal, ...said, seconds: (performance.now() - began) / 1000 });
    });
  });
}

/** The bytes of a module. @param {string} name */
export const bytesOf = async (name) => new Uint8Array(readFileSync(await program(name)));
