import { Fd, WASI, WASIProcExit, wasi } from '@bjorn3/browser_wasi_shim';

/**
 * libc's system calls, from @bjorn3/browser_wasi_shim. Loaded only for modules that make any.
 * @typedef {(bytes: Uint8Array) => void} Sink
 */

/** @param {import('../app.js').Setup} setup @param {import('../app.js').Inside['error']} error */
export async function createWasi([module, args, env, stdout, stderr, { files, stdin }, platform], error) {
  const imports = WebAssembly.Module.imports(module).map(({ name }) => name);
  const system = imports.includes('path_open') && (await import('./files.js'));
  const granted = system && (await system.openFiles(files, platform.hostDirectory).catch((cause) => Promise.reject(error(cause.code ?? 'EIO', `load(): ${cause.message}`, { cause }))));

  class Output extends Fd {
    /** @param {Sink} sink */
    constructor(sink) {
      super();
      this.sink = sink;
    }
    fd_fdstat_get() {
      const fdstat = new wasi.Fdstat(wasi.FILETYPE_CHARACTER_DEVICE, 0);
      fdstat.fs_rights_base = BigInt(wasi.RIGHTS_FD_WRITE);
      return { ret: 0, fdstat };
    }
    fd_filestat_get() {
      return { ret: 0, filestat: new wasi.Filestat(0n, wasi.FILETYPE_CHARACTER_DEVICE, 0n) };
    }
    /** @param {Uint8Array} data */
    fd_write(data) {
      this.sink(data.slice());
      return { ret: 0, nwritten: data.byteLength };
    }
  }

  class NoInput extends Fd {}

  const say = (/** @type {string} */ text) => stderr(new TextEncoder().encode(text));
  const input = imports.includes('fd_read') ? await (await import('./libc-stdin.js')).createInput({ Fd, wasi }, stdin, platform, say) : new NoInput();
  const pairs = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  const shim = new WASI(args, pairs, [input, new Output(stdout), new Output(stderr), ...(granted ? granted.grants : [])], { debug: false });
  return {
    imports: system ? system.fileCalls(shim) : shim.wasiImport,
    /** Brings files to where they stay. */
    save: granted ? granted.save : async () => {},
    /** @param {any} instance @param {WebAssembly.Memory} [memory] if it is imported: the shim looks for it among the exports */
    setInstance: (instance, memory) => void (shim.inst = memory ? { exports: { ...instance.exports, memory } } : instance),
    exitCode: (/** @type {unknown} */ error) => (error instanceof WASIProcExit ? error.code : undefined),
  };
}
