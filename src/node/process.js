import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { named } from '../host/errnos.js';
import { Answers, Stream, streamsOf } from '../host/stream.js';
import { nodeEnd } from './end.js';

/**
 * Processes by node:child_process, without a shell: the operations of src/io/process.h. None is started unless load() was told
 * that it may be.
 * @typedef {{ child: import('node:child_process').ChildProcess, pipes: (Stream | undefined)[], status?: number, waits: Set<number> }} Started
 */

const STDIO = /** @type {const} */ (['pipe', 'inherit', 'ignore']); // by wio_stdio
const KILLED_BY = 1000;

/** The host's signals by number. @type {Map<number, NodeJS.Signals>} */
const SIGNALS = new Map(Object.entries(constants.signals).map(([name, number]) => [number, /** @type {NodeJS.Signals} */ (name)]));

/** @type {import('../host/ops.js').KindModule['operations']} */
export function operations(host, complete) {
  const answers = new Answers(host, complete);
  /** @type {Map<number, Started>} */
  const processes = new Map();

  /** @param {number} at of an array of strings that ends with NULL @returns {string[]} */
  function strings(at) {
    const { memory } = host;
    const found = [];
    for (let pointer; (pointer = memory.u32(at)); at += 4) found.push(memory.text(pointer) ?? '');
    return found;
  }

  /** @param {number} at @returns {{ argv: string[], options: import('node:child_process').SpawnOptions }} */
  function request(at) {
    const { memory } = host;
    const [argv, env, cwd] = [0, 4, 8].map((offset) => memory.u32(at + offset));
    const pairs = env ? Object.fromEntries(strings(env).map((pair) => pair.split(/=(.*)/s).slice(0, 2))) : process.env;
    const stdio = [12, 16, 20].map((offset) => STDIO[memory.u32(at + offset)]);
    return { argv: strings(argv), options: { cwd: memory.text(cwd) ?? undefined, env: pairs, stdio, windowsHide: true } };
  }

  /** @param {string} program */
  function check(program) {
    const { allowRun = false } = host.granted;
    if (allowRun === true || (Array.isArray(allowRun) && allowRun.includes(program))) return;
    throw named('EPERM', `wio_process_start(): '${program}' is not allowed: load(…, { allowRun: ['${program}'] }), or wasyncio run --allow-run=${program}`);
  }

  /** @param {number} id @param {ReturnType<typeof request>} request */
  function start(id, { argv: [program, ...args], options }) {
    check(program);
    const child = spawn(program, args, options);
    /** @type {Started} */
    const started = { child, pipes: child.stdio.slice(0, 3).map(pipe), waits: new Set() };
    processes.set(id, started);
    child.on('error', (error) => {
      if (child.pid === undefined && processes.delete(id)) answers.fail(id, error);
    });
    child.once('spawn', () => {
      child.unref();
      complete(id, child.pid ?? 0);
    });
    child.once('exit', (code, signal) => {
      started.status = code ?? KILLED_BY + constants.signals[signal ?? 'SIGKILL'];
      for (const wait of started.waits) complete(wait, started.status);
      started.waits.clear();
    });
  }

  /** Made at once: what a process that ends early has said would be lost if nobody listened. @param {any} part @param {number} which */
  function pipe(part, which) {
    if (!part) return undefined;
    const stream = new Stream(answers);
    part.unref?.();
    stream.end = nodeEnd(stream, which === 0 ? { output: part } : { input: part });
    return stream;
  }

  /** @param {Started | undefined} started @param {number} number @returns {number} */
  function signal(started, number) {
    const name = SIGNALS.get(number);
    if (!name) return host.code('EINVAL');
    if (!started || started.status !== undefined) return 0;
    try {
      started.child.kill(name);
      return 0;
    } catch (error) {
      return answers.code(error);
    }
  }

  /** Its process is of no interest any more. @param {Started} started */
  function end({ child, status, waits }) {
    if (status === undefined) child.kill('SIGKILL');
    for (const wait of waits) answers.fail(wait, named('ECONNABORTED', 'the process was closed'));
    for (const part of child.stdio) if (part && !('destroyed' in part && part.destroyed)) part.on('error', () => {}).destroy();
  }

  return {
    starts: {
      48(id, at) {
        try {
          start(id, request(at));
        } catch (error) {
          answers.fail(id, error);
        }
      },
      49(id, at) {
        const started = processes.get(host.memory.u32(at));
        if (!started) answers.fail(id, named('ECONNABORTED', 'the process was closed'));
        else if (started.status !== undefined) complete(id, started.status);
        else started.waits.add(id);
      },
      50(_, at) {
        const { memory } = host;
        memory.setU32(at + 8, signal(processes.get(memory.u32(at)), memory.u32(at + 4) | 0));
      },
      51(id, at) {
        const { memory } = host;
        const stream = processes.get(memory.u32(at))?.pipes[memory.u32(at + 4)];
        if (stream) streamsOf(host).add(id, stream);
        complete(id, 0);
      },
    },

    cancel(id) {
      for (const { waits } of processes.values()) waits.delete(id);
      const started = processes.get(id);
      processes.delete(id);
      if (started) end(started);
    },

    stop() {
      processes.forEach(end);
      processes.clear();
    },
  };
}
