import { Directory, Fd, File, OpenDirectory, OpenFile, wasi } from '@bjorn3/browser_wasi_shim';
import { FileStat } from '../../host/filestat.js';

/**
 * Files in memory, for @bjorn3/browser_wasi_shim. Its own grow by copying everything at each write, know no times, and let
 * mkdir() succeed on what is there.
 */

const now = () => BigInt(Date.now()) * 1_000_000n;

export class MemoryFile extends File {
  /** @type {Uint8Array} */
  #room;
  #size;
  /** When it was last changed. */
  changed = now();
  /** Grows with each change: for what keeps a copy elsewhere. */
  version = 1;

  /** @param {Uint8Array} data */
  constructor(data) {
    super([]);
    this.#room = data;
    this.#size = data.length;
    delete (/** @type {any} */ (this).data); // the parent's field would hide this class's property
    Object.defineProperty(this, 'data', { get: () => this.#room.subarray(0, this.#size), set: (/** @type {Uint8Array} */ value) => this.resize(value.length, value) });
  }

  /** @param {number} size @param {Uint8Array} [data] new contents */
  resize(size, data) {
    if (data || size > this.#room.length) {
      const room = new Uint8Array(data ? size : Math.max(size, 2 * this.#room.length, 1024));
      room.set(data ?? this.#room.subarray(0, this.#size));
      this.#room = room;
    } else if (size < this.#size) this.#room.fill(0, size, this.#size);
    this.#size = size;
    this.touch();
  }

  /** @param {Uint8Array} bytes @param {number} at */
  write(bytes, at) {
    if (at + bytes.length > this.#size) this.resize(at + bytes.length);
    this.#room.set(bytes, at);
    this.touch();
  }

  touch() {
    this.changed = now();
    this.version++;
  }

  get size() {
    return BigInt(this.#size);
  }

  stat() {
    return new FileStat(this.ino, wasi.FILETYPE_REGULAR_FILE, this.size, this.changed);
  }

  /** @param {number} oflags @param {bigint} rights @param {number} flags */
  path_open(oflags, rights, flags) {
    if (oflags & wasi.OFLAGS_TRUNC) this.resize(0);
    return { ret: 0, fd_obj: new OpenMemoryFile(this, rights, (flags & wasi.FDFLAGS_APPEND) !== 0) };
  }
}

class OpenMemoryFile extends OpenFile {
  #file;
  #reads;
  #writes;
  #appends;

  /** @param {MemoryFile} file @param {bigint} rights @param {boolean} appends */
  constructor(file, rights, appends) {
    super(file);
    this.#file = file;
    this.#reads = (rights & BigInt(wasi.RIGHTS_FD_READ)) !== 0n;
    this.#writes = (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n;
    this.#appends = appends;
  }

  /** @param {number} size */
  fd_read(size) {
    return this.#reads ? super.fd_read(size) : { ret: wasi.ERRNO_BADF, data: new Uint8Array() };
  }

  /** @param {Uint8Array} data */
  fd_write(data) {
    if (!this.#writes) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
    if (this.#appends) this.file_pos = this.#file.size;
    this.#file.write(data, Number(this.file_pos));
    this.file_pos += BigInt(data.length);
    return { ret: 0, nwritten: data.length };
  }

  /** @param {Uint8Array} data @param {bigint} offset */
  fd_pwrite(data, offset) {
    if (!this.#writes) return { ret: wasi.ERRNO_BADF, nwritten: 0 };
    this.#file.write(data, Number(offset));
    return { ret: 0, nwritten: data.length };
  }

  /** @param {bigint} size */
  fd_filestat_set_size(size) {
    if (!this.#writes) return wasi.ERRNO_BADF;
    this.#file.resize(Number(size));
    return 0;
  }
}

export class MemoryDirectory extends Directory {
  #made = now();

  stat() {
    return new FileStat(this.ino, wasi.FILETYPE_DIRECTORY, 0n, this.#made);
  }

  path_open() {
    return { ret: 0, fd_obj: new OpenMemoryDirectory(this) };
  }

  /** The shim makes files and directories of its own kinds. @param {string} path @param {boolean} isDirectory */
  create_entry_for_path(path, isDirectory) {
    const made = super.create_entry_for_path(path, isDirectory);
    if (!made.entry) return made;
    const parts = path.split('/').filter((part) => part && part !== '.');
    const name = /** @type {string} */ (parts.pop());
    /** @type {MemoryDirectory} */
    let parent = this;
    for (const part of parts) parent = /** @type {MemoryDirectory} */ (parent.contents.get(part));
    const entry = isDirectory ? new MemoryDirectory([]) : new MemoryFile(new Uint8Array());
    if (entry instanceof MemoryDirectory) /** @type {any} */ (entry).parent = parent;
    parent.contents.set(name, entry);
    return { ret: 0, entry };
  }
}

class OpenMemoryDirectory extends OpenDirectory {
  /** @param {number} dirflags @param {string} path @param {number} oflags @param {bigint} rights @param {bigint} inheriting @param {number} flags */
  path_open(dirflags, path, oflags, rights, inheriting, flags) {
    const opened = super.path_open(dirflags, path, oflags, rights, inheriting, flags);
    const forWriting = (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n && !(oflags & wasi.OFLAGS_DIRECTORY);
    return opened.fd_obj instanceof OpenDirectory && forWriting ? { ret: wasi.ERRNO_ISDIR, fd_obj: null } : opened;
  }

  /** @param {string} path */
  path_create_directory(path) {
    return this.path_lookup(path, 0).inode_obj ? wasi.ERRNO_EXIST : super.path_create_directory(path);
  }

  path_readlink() {
    return { ret: wasi.ERRNO_INVAL, data: null }; // there are no links
  }
}

/** A granted directory in memory. */
class MemoryGrant extends OpenMemoryDirectory {
  #name;
  /** @param {string} name @param {MemoryDirectory} directory */
  constructor(name, directory) {
    super(directory);
    this.#name = name;
  }
  fd_prestat_get() {
    return { ret: 0, prestat: wasi.Prestat.dir(this.#name) };
  }
}

/** @param {any} contents names and texts, bytes, or the same again @returns {MemoryDirectory} */
function directoryOf(contents) {
  const encoder = new TextEncoder();
  return new MemoryDirectory(
    Object.entries(contents).map(([name, value]) => {
      if (typeof value === 'string') return [name, new MemoryFile(encoder.encode(value))];
      return [name, value instanceof Uint8Array ? new MemoryFile(value.slice()) : directoryOf(value)];
    }),
  );
}

/** @param {any} value @returns {value is FileSystemDirectoryHandle} */
const isHandle = (value) => value?.kind === 'directory' && typeof value.getFileHandle === 'function';

/**
 * The directories that the program may use, and how to bring what was written to where it stays.
 * @param {import('../options.js').LoadOptions['files']} files
 * @param {((name: string, path: string) => Promise<Fd>) | undefined} hostDirectory
 * @returns {Promise<{ grants: Fd[], save: () => Promise<void> }>}
 */
export async function openFiles(files, hostDirectory) {
  /** @type {(() => Promise<void>)[]} */
  const saves = [];
  const grants = await Promise.all(
    Object.entries(files ?? (hostDirectory ? {} : { '/': {} })).map(async ([name, what]) => {
      if (typeof what === 'string') {
        if (hostDirectory) return hostDirectory(name, what);
        throw Object.assign(new Error(`files: '${name}' is '${what}', but a page has no directories: give {} (in memory) or a FileSystemDirectoryHandle (navigator.storage.getDirectory())`), { code: 'ENOTSUP' });
      }
      if (!isHandle(what)) return new MemoryGrant(name, directoryOf(what));
      const { directory, save } = await (await import('./mirror.js')).mirror(what);
      saves.push(save);
      return new MemoryGrant(name, directory);
    }),
  );
  return { grants, save: async () => void (await Promise.all(saves.map((save) => save()))) };
}

/**
 * What the shim's calls lack: the lowest free descriptor, a position in directories, and renaming between two kinds of
 * directories as an error.
 * @param {import('@bjorn3/browser_wasi_shim').WASI} shim @returns {WebAssembly.ModuleImports}
 */
export function fileCalls(shim) {
  const { path_open, path_rename, fd_seek, fd_tell, ...rest } = /** @type {Record<string, (...args: any[]) => number>} */ (shim.wasiImport);
  /** @type {WeakMap<Fd, bigint>} */
  const positions = new WeakMap();
  const view = () => new DataView(/** @type {any} */ (shim).inst.exports.memory.buffer);
  const isDirectory = (/** @type {Fd | undefined} */ fd) => fd?.fd_fdstat_get().fdstat?.fs_filetype === wasi.FILETYPE_DIRECTORY;
  return {
    ...rest,
    path_open(/** @type {any[]} */ ...args) {
      const result = path_open(...args);
      if (result !== 0) return result;
      const { fds } = shim;
      const at = args[8] >>> 0;
      const free = fds.findIndex((fd) => fd === undefined);
      if (free >= 0) {
        fds[free] = /** @type {Fd} */ (fds.pop());
        view().setUint32(at, free, true);
      }
      return 0;
    },
    path_rename(/** @type {any[]} */ ...args) {
      const [from, to] = [args[0], args[3]].map((fd) => shim.fds[fd] instanceof OpenDirectory);
      return from === to ? path_rename(...args) : wasi.ERRNO_XDEV;
    },
    fd_seek(/** @type {number} */ fd, /** @type {bigint} */ offset, /** @type {number} */ whence, /** @type {number} */ at) {
      const directory = shim.fds[fd];
      if (!directory || !isDirectory(directory)) return fd_seek(fd, offset, whence, at);
      if (whence !== wasi.WHENCE_SET || offset < 0n) return wasi.ERRNO_INVAL;
      positions.set(directory, offset);
      view().setBigUint64(at >>> 0, offset, true);
      return 0;
    },
    fd_tell(/** @type {number} */ fd, /** @type {number} */ at) {
      const directory = shim.fds[fd];
      if (!directory || !isDirectory(directory)) return fd_tell(fd, at);
      view().setBigUint64(at >>> 0, positions.get(directory) ?? 0n, true);
      return 0;
    },
  };
}
