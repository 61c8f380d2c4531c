import { transferred } from '../host/executor.js';
import { Memory } from '../host/memory.js';

/**
 * The inside of an executor's worker: an instance of the program's module, in which jobs run. The first message makes it,
 * each further one is a job (see src/host/executor.js).
 * @typedef {{ module: WebAssembly.Module, args: string[], env: Record<string, string | undefined>, name: string, stackSize: number, origin: number }} Setup
 * @typedef {(message: unknown, transfer?: ArrayBuffer[]) => void} Post
 */

/** @param {any} error */
const words = (error) => String(error?.message ?? error);

/** Negative code by name. @param {Record<string, Function>} exports @param {Memory} memory @param {string} name */
function codeOf(exports, memory, name) {
  for (let n = 1; n < 256; n++) if (memory.text(exports.wio__error_name(n)) === name) return -n;
  return 0;
}

/**
 * JavaScript functions are not here; C that calls one gets an error.
 * @param {WebAssembly.Module} module @param {any} inside
 */
async function createImports(module, inside) {
  const names = WebAssembly.Module.imports(module).flatMap((entry) => (entry.module === 'wasyncio_import' ? [entry.name] : []));
  if (!names.length) return {};
  const [{ importFunctions }, { readSignatures }] = await Promise.all([import('./imports.js'), import('./signatures.js')]);
  const lines = WebAssembly.Module.customSections(module, 'wasyncio').flatMap((section) => new TextDecoder().decode(section).split('\n').map((line) => line.split('\t')));
  const refuse = (/** @type {string} */ name) => () => {
    const message = `${name}(): a job of an executor cannot call JavaScript; let the coroutine that calls wio_run_in_executor() do it`;
    throw Object.assign(new Error(message), { code: codeOf(inside.exports, inside.memory, 'EPERM') });
  };
  return importFunctions(module, readSignatures(lines, inside).imports, Object.fromEntries(names.map((name) => [name, refuse(name)])), inside);
}

/** @param {Setup} setup @param {Post} post @returns {Promise<(job: import('../host/executor.js').Job) => void>} what runs a job */
async function instantiate({ module, args, env, name, stackSize, origin }, post) {
  const output = (/** @type {'stdout' | 'stderr'} */ stream) => (/** @type {Uint8Array} */ bytes) => post({ stream, bytes });
  const [stdout, stderr] = [output('stdout'), output('stderr')];
  const needed = new Set(WebAssembly.Module.imports(module).map((entry) => entry.module));
  const system = needed.has('wasi_snapshot_preview1') ? (await import('./wasi.js')).createWasi({ args, env, stdout, stderr }) : undefined;
  const inside = { exports: /** @type {any} */ ({}), memory: /** @type {any} */ (undefined), code: (/** @type {string} */ of) => codeOf(inside.exports, inside.memory, of), check() {}, error: (/** @type {string} */ _, /** @type {string} */ message) => new Error(message) };
  const nothing = () => 0;
  const later = performance.timeOrigin - origin;
  const { exports } = await WebAssembly.instantiate(module, {
    wasi_snapshot_preview1: system ? system.imports : {},
    env: { emscripten_notify_memory_growth() {} },
    wasyncio: {
      now: () => (later + performance.now()) / 1000, // the app's clock
      log: (/** @type {number} */ at, /** @type {number} */ size) => stderr(inside.memory.copy(at, size)),
      fault: (/** @type {number} */ at, /** @type {number} */ size) => {
        throw new Error(inside.memory.textOf(at, size));
      },
      // For the loop, which does not run here.
      ...{ arm: nothing, post: nothing, settle: nothing, invoke: nothing, args: nothing, op_start: nothing, op_cancel: nothing },
    },
    wasyncio_import: await createImports(module, inside),
  });
  inside.exports = exports;
  const memory = (inside.memory = new Memory(/** @type {any} */ (exports.memory)));
  system?.setInstance({ exports });
  const { _initialize, wio__job_room, wio__job_run, wio__job_error, wio__job_overflowed } = /** @type {Record<string, Function>} */ (exports);
  _initialize?.();

  /** A failure as C wants it: who, what, and where in the program. @param {string} message @param {number} [where] */
  function told(message, where = 0) {
    const bytes = memory.encode(`${name}\0${message}\0\0\0\0\0`);
    new DataView(bytes.buffer).setUint32(bytes.length - 4, where, true);
    return bytes;
  }

  /** Why the module has thrown. @param {any} error @returns {[name: string, message: string]} */
  function crash(error) {
    const code = system?.exitCode(error);
    if (code !== undefined) return ['EFAULT', `the job has called exit(${code})`];
    const size = wio__job_overflowed(/unreachable/.test(error?.message));
    if (size) return ['EOVERFLOW', `the job overflowed its stack of ${size} bytes: raise .stack_size of its executor`];
    if (error instanceof RangeError || /recursion/.test(error?.message)) return ['EOVERFLOW', `the job recursed deeper than the JavaScript engine allows (${words(error)})`];
    return ['EFAULT', `the job crashed: ${words(error)}`];
  }

  return ([id, fn, inSize, outSize, count, each, bytes]) => {
    try {
      const inTotal = inSize * count;
      const outTotal = outSize * count;
      const at = wio__job_room(inTotal, outTotal, each ? count : 0, stackSize) >>> 0;
      if (!at) return post([id, 'ENOMEM', told(`no memory in the worker for ${inTotal} bytes of input and ${outTotal} of output`)]);
      if (bytes) memory.write(at, bytes);
      const status = wio__job_run(fn, inSize, outSize, count, each);
      if (status < 0) {
        const error = wio__job_error(status);
        const damaged = memory.u32(error + 8) !== 0;
        return post([id, status, told(memory.text(memory.u32(error)) ?? '', memory.u32(error + 4)), damaged]);
      }
      const size = each ? ((outTotal + 3) & ~3) + 4 * count : outTotal;
      if (!size) return post([id, status]);
      const out = memory.copy(at + ((inTotal + 15) & ~15), size);
      post([id, status, out], transferred(out));
    } catch (error) {
      const [code, message] = crash(error);
      post([id, code, told(message), true]);
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
    instantiate(message, post).then(
      (ready) => {
        run = ready;
        waiting.splice(0).forEach(run);
      },
      (error) => post({ failed: `the module could not be started in a worker: ${words(error)}` }),
    );
  };
}
