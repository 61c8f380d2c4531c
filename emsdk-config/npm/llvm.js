import { ConsoleStdout, Directory, File, OpenFile, PreopenDirectory, WASI } from '@bjorn3/browser_wasi_shim';

/**
 * clang and wasm-ld, both in the one WebAssembly module of @yowasp/clang, run on files in memory. Nothing here needs
 * Node: a page builds programs in the same way.
 * @typedef {Record<string, Uint8Array>} Files by absolute path
 * @typedef {{ status: number, output: string, written: (path: string) => Uint8Array | undefined }} Outcome
 */

/** @param {Directory} root @param {string} path @returns {Directory} the directory of a path, made */
function directoryOf(root, path) {
  let at = root;
  for (const name of path.split('/').slice(1, -1)) {
    const known = at.contents.get(name);
    const next = known instanceof Directory ? known : new Directory(new Map());
    at.contents.set(name, next);
    at = next;
  }
  return at;
}

/** @param {Directory} root @param {Files} files */
function add(root, files) {
  for (const [path, bytes] of Object.entries(files)) directoryOf(root, path).contents.set(path.slice(path.lastIndexOf('/') + 1), new File(bytes, { readonly: true }));
}

export class Llvm {
  #module;
  #files;

  /** @param {WebAssembly.Module} module llvm.core.wasm @param {Files} files that every run finds: headers and libraries */
  constructor(module, files) {
    this.#module = module;
    this.#files = files;
  }

  /**
   * Runs one tool to its end. What it writes is kept apart: the next run does not see it.
   * @param {string[]} args with the tool's name in front @param {Files} [files] besides those of the constructor
   * @returns {Promise<Outcome>}
   */
  async run(args, files = {}) {
    const root = new Directory(new Map([['tmp', new Directory(new Map())]]));
    add(root, this.#files);
    add(root, files);
    let output = '';
    const sink = ConsoleStdout.lineBuffered((line) => void (output += `${line}\n`));
    const shim = new WASI(args, [], [new OpenFile(new File([])), sink, sink, new PreopenDirectory('/', root.contents)], { debug: false });
    const instance = await WebAssembly.instantiate(this.#module, { wasi_snapshot_preview1: shim.wasiImport });
    let status;
    try {
      status = shim.start(/** @type {any} */ (instance));
    } catch (error) {
      // a compiler that crashes has run out of stack, as a rule: the program nests too deeply
      status = 70;
      output += `${args[0]} crashed: ${/** @type {Error} */ (error).message}\n`;
    }
    const written = (/** @type {string} */ path) => {
      const file = directoryOf(root, path).contents.get(path.slice(path.lastIndexOf('/') + 1));
      return file instanceof File ? file.data : undefined;
    };
    return { status, output, written };
  }
}
