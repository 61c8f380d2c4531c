/**
 * What load()'s options mean; loaded when there are any.
 * @typedef {object} LoadOptions
 * @property {string[]} [args] main's arguments behind the program's name
 * @property {Record<string, string | undefined>} [env]
 * @property {((text: string) => void) | { write(data: any): unknown }} [stdout] default: the process's, or the console
 * @property {((text: string) => void) | { write(data: any): unknown }} [stderr]
 * @property {Record<string, (...args: any[]) => unknown>} [imports] what WIO_IMPORT declares
 * @property {Fetch} [fetch] default: the global one
 * @property {AbortSignal} [signal] aborting it cancels every task
 * @property {'real' | 'virtual' | import('../host/virtual-clock.js').VirtualClockOptions} [clock] virtual: time jumps when every task waits
 * @property {string | Uint8Array | ReadableStream<Uint8Array | string> | AsyncIterable<Uint8Array | string>} [stdin] what wio_stdin() and, if it is text or bytes, libc read; default: the process's, or nothing
 * @property {boolean | string[]} [allowRun] programs that wio_process_start() may start, by name, or true: any. Node only
 * @property {Record<string, string | FileSystemDirectoryHandle | Files>} [files] directories that the program may use, by the name it sees: a path (Node), a handle (pages), or contents in memory
 * @property {string | URL | (() => unknown)} [worker] the script of executors' workers, or what makes such a Worker; default: the package's own
 * @property {number} [seed] shuffles the order of ready tasks: an integer, 0 to 2^32 - 1; the same seed gives the same order
 * @property {(why: import('./errors.js').WasyncioError | number) => void} [over] told at once, and once, when the program can go on no more: its crash, or the code given to exit(); without it a crash that no promise is rejected with is told on stderr
 * @property {(events: import('./debug/trace-events.js').TraceEvent[]) => void} [trace] is given all that happens, in batches
 * @property {number | boolean} [debug] debug mode, with its limit in seconds (true: 0.1; default: what WASYNCIODEBUG in `env` says)
 *
 * @typedef {(input: string, init: RequestInit, clock: LoopClock) => Promise<Response>} Fetch
 * @typedef {object} LoopClock the clock of the program
 * @property {() => number} now seconds
 * @property {(seconds: number, signal?: AbortSignal | null) => Promise<void>} after so much later; rejects with the signal's reason
 * @typedef {{ [name: string]: string | Uint8Array | Files }} Files texts, bytes, and directories of these
 */

/** @param {any} value */
const isObject = (value) => value !== null && typeof value === 'object';
/** @param {any} value */
const isFunction = (value) => typeof value === 'function';
/** @param {any} value */
const isSink = (value) => isFunction(value) || isFunction(value?.write);

/** @type {Record<string, (value: any) => boolean>} */
const CHECKS = {
  __proto__: /** @type {any} */ (null),
  args: Array.isArray,
  env: isObject,
  stdout: isSink,
  stderr: isSink,
  imports: isObject,
  fetch: isFunction,
  stdin: (value) => typeof value === 'string' || value instanceof Uint8Array || isFunction(value?.getReader) || isFunction(value?.[Symbol.asyncIterator]),
  files: (value) => isObject(value) && Object.values(value).every((each) => typeof each === 'string' || isObject(each)),
  allowRun: (value) => typeof value === 'boolean' || (Array.isArray(value) && value.every((each) => typeof each === 'string')),
  signal: (value) => value instanceof AbortSignal,
  clock: (value) => value === 'real' || value === 'virtual' || (isObject(value) && Object.keys(value).every((key) => key === 'jump') && isFunction(value.jump ?? isFunction)),
  worker: (value) => typeof value === 'string' || value instanceof URL || isFunction(value),
  seed: (value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32,
  over: isFunction,
  trace: isFunction,
  debug: (value) => typeof value === 'boolean' || value >= 0,
};

/** These need the parts for development. */
const WATCHING = ['seed', 'trace', 'debug'];

/**
 * The first thing that load() cannot take: an option's name and value.
 * @param {any} options
 * @param {WebAssembly.Module | undefined} module once that is there
 * @param {import('./platform.js').Platform} platform
 * @returns {[name: string, value: unknown] | undefined}
 */
export function checkOptions(options, module, platform) {
  if (!isObject(options)) return ['the second argument', options];
  if (module) {
    const needs = WATCHING.find((name) => options[name] !== undefined);
    const asked = given(options.env?.WASYNCIODEBUG);
    if ((!needs && !asked) || WebAssembly.Module.exports(module).some(({ name }) => name === 'wio__trace_start')) return undefined;
    if (needs) return [needs, module];
    void unheard(options, platform);
    return undefined;
  }
  return Object.entries(options).find(([name, value]) => !CHECKS[name] || (value !== undefined && !CHECKS[name](value)));
}

/** @param {string | undefined} variable as of PYTHONASYNCIODEBUG: not empty */
export const given = (variable) => !!variable && variable !== '0';

/** The environment asks for debug mode; a program has no part in that, so it runs all the same. @param {LoadOptions} options @param {import('./platform.js').Platform} platform */
async function unheard({ stderr }, platform) {
  const say = createSink(stderr, (error) => /** @type {Error} */ (error)) ?? (await platform.output('stderr'));
  say(new TextEncoder().encode('wasyncio: WASYNCIODEBUG needs a module that was not built for size: build it with -O2 (the default of `wasyncio build`), not -Os or -Oz\n'));
}

/**
 * Where output goes. What the given function throws goes to `failed`, whose result is thrown through C.
 * @param {LoadOptions['stdout']} given @param {(cause: unknown) => Error} failed @returns {((bytes: Uint8Array) => void) | undefined}
 */
export function createSink(given, failed) {
  if (!given) return undefined;
  const decoder = new TextDecoder();
  const write = typeof given === 'function' ? given : given.write.bind(given);
  const binary = 'writableHighWaterMark' in given; // a Node stream takes the bytes as they are
  return (bytes) => {
    try {
      write(binary ? /** @type {any} */ (bytes) : decoder.decode(bytes, { stream: true }));
    } catch (cause) {
      throw failed(cause);
    }
  };
}
