/** The two sides: child processes that run programs and answer with traces. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { ROOT, nodeBinary } from '../../lib/hosts.js';
import { build } from '../c/build.js';
import { encode } from './ops.js';

/** @typedef {import('./ops.js').Program} Program */
/** @typedef {{trace: number[], left: number, said: string}} Result */

const FOLDER = path.join(ROOT, 'tests/conformance');
const TIMEOUT = 60_000;

/** A child process with a line of JSON for each question, asked one after another. */
class Child {
  /** @type {((line: string | undefined) => void)[]} */
  #waiting = [];
  #said = '';

  /** @param {string} command @param {string[]} args */
  constructor(command, args) {
    this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.child.stderr.setEncoding('utf8').on('data', (text) => (this.#said = (this.#said + text).slice(-8000)));
    this.child.stdin.on('error', () => {});
    createInterface({ input: this.child.stdout }).on('line', (line) => this.#waiting.shift()?.(line));
    this.child.on('close', () => this.#waiting.splice(0).forEach((answer) => answer(undefined)));
  }

  /** @param {unknown} question @returns {Promise<any>} */
  async ask(question) {
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const line = await new Promise((/** @type {(line: string | undefined) => void} */ resolve) => {
      this.#waiting.push(resolve);
      timer = setTimeout(() => this.child.kill('SIGKILL'), TIMEOUT);
      this.child.stdin.write(`${JSON.stringify(question)}\n`);
    });
    clearTimeout(timer);
    if (line === undefined) throw new Error(`the process ended or took more than ${TIMEOUT / 1000} s\n${this.#said.slice(-1500)}`);
    return JSON.parse(line);
  }

  end() {
    this.child.kill('SIGKILL');
  }
}

/** @returns {Promise<{run(programs: Program[]): Promise<{trace: number[] | null, rules: string[]}[]>, end(): void}>} */
export async function pythonSide() {
  const child = new Child(process.execPath, [path.join(FOLDER, 'python/host.js')]);
  return { run: (programs) => child.ask(programs), end: () => child.end() };
}

/** @param {unknown} error @returns {Result} */
const failed = (error) => ({ trace: [], left: 0, said: String(error) });

/**
 * @param {import('../../lib/hosts.js').Host} [host]
 * @returns {Promise<{run(programs: Program[]): Promise<Result[]>, end(): void}>}
 */
export async function cSide(host = 'node20') {
  const wasm = await build();
  const start = () => new Child(nodeBinary(host), [path.join(FOLDER, 'c/host.js'), wasm]);
  let child = start();
  /** One that hangs is looked for by halves. @param {string[]} programs @returns {Promise<Result[]>} */
  async function run(programs) {
    try {
      return await child.ask(programs);
    } catch (error) {
      child = start();
      if (programs.length === 1) return [failed(error)];
      const half = programs.length >> 1;
      return [...(await run(programs.slice(0, half))), ...(await run(programs.slice(half)))];
    }
  }
  return { run: (programs) => run(programs.map((program) => Buffer.from(encode(program)).toString('hex'))), end: () => child.end() };
}
