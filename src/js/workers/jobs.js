import { transferred } from '../../host/executor.js';
import { Memory } from '../../host/memory.js';
import { codeOf } from '../words/codes.js';

/**
 * The inside of an executor's worker: an instance of the program's module, in which jobs run. The first message makes it,
 * each further one is a job (see src/host/executor.js). A thread is the same on the program's memory (thread-jobs.js).
 * @typedef {{ module: WebAssembly.Module, args: string[], env: Record<string, string | undefined>, name: string, stackSize: number, origin: number,
 *   shared?: WebAssembly.Memory, thread?: number[] }} Setup
 * @typedef {(message: unknown, transfer?: ArrayBuffer[]) => void} Post
 */

/** @param {any} error */
const words = (error) => String(error?.message ?? error);

/** @param {WebAssembly.Module} module @returns {string[][]} */
const declarations = (module) =>
  WebAssembly.Module.customSections(module, 'wasyncio').flatMap((section) => new TextDecoder().decode(section).split('\n').map((line) => line.split('\t')));

/**
 * JavaScript functions are not here; C that calls one gets an error.
 * @param {WebAssembly.Module} module @param {any} inside
 */
async function createImports(module, inside) {
  const names = WebAssembly.Module.imports(module).flatMap((entry) => (entry.module === 'wasyncio_import' ? [entry.name] : []));
  if (!names.length) return {};
  const [{ importFunctions }, { readSignatures }] = await Promise.all([import('../interop/imports.js'), import('../interop/signatures.js')]);
  const lines = declarations(module);
  const refuse = (/** @type {string} */ name) => () => {
    const message = `${name}(): a job of an executor cannot call JavaScript; let the coroutine that calls wio_run_in_executor() do it`;
    throw Object.assign(new Error(message), { code: codeOf('EPERM') });
  };
  return importFunctions(module, readSignatures(lines, inside).imports, Object.fromEntries(names.map((name) => [name, refuse(name)])), inside);
}

/** What this worker's instance gives to the parts of the package that are used here too. @param {Record<string, Function>} exports */
const createInside = (exports) => {
  const inside = {
    exports,
    memory: /** @type {Memory} */ (/** @type {unknown} */ (undefined)),
    code: codeOf,
    check() {},
    error: (/** @type {string} */ _, /** @type {string} */ message) => new Error(message),
  };
  return inside;
};

/** @param {Setup} setup @param {Post} post */
export async function instantiate({ module, args, env, origin, shared }, post) {
  const output = (/** @type {'stdout' | 'stderr'} */ stream) => (/** @type {Uint8Array} */ bytes) => post({ stream, bytes });
  const [stdout, stderr] = [output('stdout'), output('stderr')];
  const inside = createInside({});
  const platform = /** @type {any} */ ({}); // no directory is granted to a job
  const needsSystem = WebAssembly.Module.imports(module).some((entry) => entry.module === 'wasi_snapshot_preview1');
  const system = needsSystem ? await (await import('../system/wasi.js')).createWasi([module, args, env, stdout, stderr, { files: {} }, platform], /** @type {any} */ (inside.error)) : undefined;
  const nothing = WebAssembly.Module.imports(module).flatMap((entry) => (entry.module === 'wasyncio' ? [[entry.name, () => 0]] : [])); // for the loop, which does not run here
  const later = performance.timeOrigin - origin;
  const lines = declarations(module);
  const sharing = lines.some(([kind]) => kind === 'memory') && (await import('./shared.js'));
  const own = sharing ? (shared ?? sharing.createMemory(lines)) : undefined;
  const { exports } = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: system ? system.imports : {},
    env: { emscripten_notify_memory_growth() {}, memory: /** @type {any} */ (own) },
    wasyncio: {
      ...Object.fromEntries(nothing),
      ...(sharing && { refused: sharing.createRefused(lines, (text) => stderr(inside.memory.encode(text))) }),
      now: () => (later + performance.now()) / 1000, // the app's clock
      log: (/** @type {number} */ at, /** @type {number} */ size) => stderr(inside.memory.copy(at, size)),
      fault: (/** @type {number} */ at, /** @type {number} */ size) => {
        throw new Error(inside.memory.textOf(at, size));
      },
    },
    wasyncio_import: await createImports(module, inside),
  });
  inside.exports = /** @type {any} */ (exports);
  inside.memory = new Memory(own ?? /** @type {any} */ (exports.memory));
  system?.setInstance({ exports }, own);
  if (!shared) inside.exports._initialize?.(); // else it has run
  return { ...inside, exitCode: system?.exitCode };
}

/** A failure as C wants it: who, what, and where in the program. @param {Memory} memory @param {string} name @param {string} message @param {number} [where] */
function told(memory, name, message, where = 0) {
  const bytes = memory.encode(`${name}\0${message}\0\0\0\0\0`);
  new DataView(bytes.buffer, bytes.byteOffset).setUint32(bytes.length - 4, where, true);
  return bytes;
}

/** Why the module has thrown. @param {any} error @param {Awaited<ReturnType<typeof instantiate>>} instance @returns {[name: string, message: string]} */
function crash(error, { exports, exitCode }) {
  const code = exitCode?.(error);
  if (code !== undefined) return ['EFAULT', `the job has called exit(${code})`];
  const size = exports.wio__job_overflowed(/unreachable/.test(error?.message));
  if (size) return ['EOVERFLOW', `the job overflowed its stack of ${size} bytes: raise .stack_size of its executor`];
  if (error instanceof RangeError || /recursion/.test(error?.message)) return ['EOVERFLOW', `the job recursed deeper than the JavaScript engine allows (${words(error)}): recurse less deeply, with a loop or a list of what is still to do`];
  return ['EFAULT', exports.wio__has_aborted?.() ? 'the job has called abort()' : `the job crashed: ${words(error)}`];
}

/** @param {number} size @param {number} to */
const aligned = (size, to) => Math.ceil(size / to) * to;

/** @param {Setup} setup @param {Post} post @returns {Promise<(job: import('../../host/executor.js').Job) => void>} what runs a job */
async function createRunner(setup, post) {
  const instance = await instantiate(setup, post);
  const { memory, exports } = instance;
  const { wio__job_room, wio__job_run, wio__job_error } = exports;
  const tell = (/** @type {string} */ message, where = 0) => told(memory, setup.name, message, where);

  return ([id, fn, inSize, outSize, count, each, bytes]) => {
    try {
      const [inTotal, outTotal] = [inSize * count, outSize * count];
      const at = wio__job_room(inTotal, outTotal, each ? count : 0, setup.stackSize) >>> 0;
      if (!at) return post([id, 'ENOMEM', tell(`no memory in the worker for ${inTotal} bytes of input and ${outTotal} of output`)]);
      if (bytes) memory.write(at, bytes);
      const status = wio__job_run(fn, inSize, outSize, count, each);
      if (status < 0) {
        const error = wio__job_error(status);
        const [message, where, damaged] = [0, 4, 8].map((offset) => memory.u32(error + offset));
        return post([id, status, tell(memory.text(message) ?? '', where), damaged !== 0]);
      }
      const size = each ? aligned(outTotal, 4) + 4 * count : outTotal;
      if (!size) return post([id, status]);
      const out = memory.copy(at + aligned(inTotal, 16), size);
      post([id, status, out], transferred(out));
    } catch (error) {
      const [code, message] = crash(error, instance);
      post([id, code, tell(message), true]);
    }
  };
}

/**
 * What a worker's script does with its messages.
 * @param {Post} post
 * @returns {(message: any) => void}
 */
export function createReceiver(post) {
  /** @type {any[]} */
  const waiting = [];
  /** @type {(job: any) => unknown} */
  let run = (job) => waiting.push(job);
  return (message) => {
    if (Array.isArray(message)) return void run(message);
    const runner = message.thread ? import('./thread-jobs.js').then(({ createThread }) => createThread(message, post)) : createRunner(message, post);
    runner.then(
      (ready) => {
        run = ready;
        waiting.splice(0).forEach(run);
      },
      (error) => post({ failed: `the module could not be started in a worker: ${words(error)}` }),
    );
  };
}
