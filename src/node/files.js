import { Fd, Inode, wasi } from '@bjorn3/browser_wasi_shim';
import fs from 'node:fs';
import { basename, dirname, join, sep } from 'node:path';
import { FileStat } from '../host/filestat.js';

/**
 * Directories of this machine that a program was granted, for @bjorn3/browser_wasi_shim. node:wasi would do it too, but it
 * warns at each start that it is experimental, and there is none in Deno. Nothing outside the directory can be reached: every path
 * is followed to where it really leads.
 */

/** WASI's number of an error of Node's: the names are the same. @param {any} error */
const errnoOf = (error) => /** @type {Record<string, any>} */ (wasi)[`ERRNO_${String(error?.code ?? 'EIO').slice(1)}`] ?? wasi.ERRNO_IO;

const OUTSIDE = Object.assign(new Error('outside the granted directory'), { code: 'ENOTCAPABLE' });

/** @param {fs.Stats | fs.BigIntStats | fs.Dirent} of */
function typeOf(of) {
  if (of.isDirectory()) return wasi.FILETYPE_DIRECTORY;
  if (of.isFile()) return wasi.FILETYPE_REGULAR_FILE;
  if (of.isSymbolicLink()) return wasi.FILETYPE_SYMBOLIC_LINK;
  return of.isCharacterDevice() ? wasi.FILETYPE_CHARACTER_DEVICE : wasi.FILETYPE_UNKNOWN;
}

/** @param {fs.BigIntStats} stats */
const filestat = (stats) =>
  Object.assign(new FileStat(stats.ino, typeOf(stats), stats.size, stats.mtimeNs, stats.atimeNs, stats.ctimeNs), { dev: stats.dev, nlink: stats.nlink });

/** Runs it, and gives what an error means instead. @template T @param {() => T} run @param {(ret: number) => T} failed @returns {T} */
function attempt(run, failed) {
  try {
    return run();
  } catch (error) {
    return failed(errnoOf(error));
  }
}

/** @param {() => void} run @returns {number} */
const plain = (run) => attempt(() => (run(), 0), (ret) => ret);

class HostFile extends Fd {
  #fd;
  #append;
  #position = 0n;

  /** @param {number} fd @param {boolean} append */
  constructor(fd, append) {
    super();
    this.#fd = fd;
    this.#append = append;
  }

  /** @param {number} size @param {bigint} at */
  #read(size, at) {
    const data = new Uint8Array(size);
    return { ret: 0, data: data.subarray(0, fs.readSync(this.#fd, data, 0, size, Number(at))) };
  }

  /** @param {number} size */
  fd_read(size) {
    return attempt(
      () => {
        const result = this.#read(size, this.#position);
        this.#position += BigInt(result.data.length);
        return result;
      },
      (ret) => ({ ret, data: new Uint8Array() }),
    );
  }

  /** @param {number} size @param {bigint} offset */
  fd_pread(size, offset) {
    return attempt(() => this.#read(size, offset), (ret) => ({ ret, data: new Uint8Array() }));
  }

  /** @param {Uint8Array} data */
  fd_write(data) {
    return attempt(
      () => {
        const nwritten = fs.writeSync(this.#fd, data, 0, data.length, this.#append ? null : Number(this.#position));
        this.#position = this.#append ? fs.fstatSync(this.#fd, { bigint: true }).size : this.#position + BigInt(nwritten);
        return { ret: 0, nwritten };
      },
      (ret) => ({ ret, nwritten: 0 }),
    );
  }

  /** @param {Uint8Array} data @param {bigint} offset */
  fd_pwrite(data, offset) {
    return attempt(() => ({ ret: 0, nwritten: fs.writeSync(this.#fd, data, 0, data.length, Number(offset)) }), (ret) => ({ ret, nwritten: 0 }));
  }

  /** @param {bigint} offset @param {number} whence */
  fd_seek(offset, whence) {
    return attempt(
      () => {
        const base = whence === wasi.WHENCE_SET ? 0n : whence === wasi.WHENCE_CUR ? this.#position : fs.fstatSync(this.#fd, { bigint: true }).size;
        if (base + offset < 0n) return { ret: wasi.ERRNO_INVAL, offset: 0n };
        this.#position = base + offset;
        return { ret: 0, offset: this.#position };
      },
      (ret) => ({ ret, offset: 0n }),
    );
  }

  fd_tell() {
    return { ret: 0, offset: this.#position };
  }
  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(wasi.FILETYPE_REGULAR_FILE, this.#append ? wasi.FDFLAGS_APPEND : 0) };
  }
  fd_filestat_get() {
    return attempt(() => ({ ret: 0, filestat: filestat(fs.fstatSync(this.#fd, { bigint: true })) }), (ret) => ({ ret, filestat: /** @type {any} */ (null) }));
  }
  /** @param {bigint} size */
  fd_filestat_set_size(size) {
    return plain(() => fs.ftruncateSync(this.#fd, Number(size)));
  }
  fd_sync() {
    return plain(() => fs.fsyncSync(this.#fd));
  }
  fd_close() {
    return plain(() => fs.closeSync(this.#fd));
  }
}

/** What rename() takes out of one directory and puts into another: in between it stays where it is. */
class Moving extends Inode {
  /** @param {string} path */
  constructor(path) {
    super();
    this.path = path;
  }
  path_open() {
    return { ret: wasi.ERRNO_NOTSUP, fd_obj: null };
  }
  stat() {
    return new FileStat(this.ino, wasi.FILETYPE_UNKNOWN, 0n, 0n);
  }
}

class HostDirectory extends Fd {
  #root;
  #path;
  #name;
  /** @type {fs.Dirent[]} */
  #entries = [];

  /** @param {string} root what was granted, without symbolic links @param {string} path the same or below @param {string} [name] under which it was granted */
  constructor(root, path, name) {
    super();
    this.#root = root;
    this.#path = path;
    this.#name = name;
  }

  /** @param {string} path a real one */
  #inside(path) {
    if (path !== this.#root && !path.startsWith(this.#root.endsWith(sep) ? this.#root : this.#root + sep)) throw OUTSIDE;
    return path;
  }

  /** Where a path really leads; its last part need not be there. @param {string} path @param {boolean} [follow] a link at its end */
  #resolve(path, follow = false) {
    if (path.startsWith('/') || path.includes('\0')) throw OUTSIDE;
    const clean = path.replace(/\/+$/, '');
    const last = basename(clean);
    if (last === '' || last === '.' || last === '..') return this.#inside(fs.realpathSync(join(this.#path, clean)));
    const found = join(this.#inside(fs.realpathSync(join(this.#path, dirname(clean)))), last);
    const stats = fs.lstatSync(found, { throwIfNoEntry: false });
    if (follow && stats?.isSymbolicLink()) return this.#inside(fs.realpathSync(found));
    if (path.endsWith('/') && stats && !stats.isDirectory()) throw Object.assign(new Error(), { code: 'ENOTDIR' });
    return found;
  }

  fd_prestat_get() {
    return this.#name === undefined ? { ret: wasi.ERRNO_BADF, prestat: null } : { ret: 0, prestat: wasi.Prestat.dir(this.#name) };
  }
  fd_fdstat_get() {
    return { ret: 0, fdstat: new wasi.Fdstat(wasi.FILETYPE_DIRECTORY, 0) };
  }
  fd_filestat_get() {
    return this.path_filestat_get(0, '.');
  }

  /** @param {bigint} cookie */
  fd_readdir_single(cookie) {
    return attempt(
      () => {
        if (cookie === 0n) this.#entries = fs.readdirSync(this.#path, { withFileTypes: true });
        const at = Number(cookie);
        if (at < 2) return { ret: 0, dirent: new wasi.Dirent(cookie + 1n, 0n, at ? '..' : '.', wasi.FILETYPE_DIRECTORY) };
        const entry = this.#entries[at - 2];
        return { ret: 0, dirent: entry ? new wasi.Dirent(cookie + 1n, 0n, entry.name, typeOf(entry)) : null };
      },
      (ret) => ({ ret, dirent: null }),
    );
  }

  /** @param {number} flags @param {string} path @returns {{ ret: number, filestat: FileStat | null }} */
  path_filestat_get(flags, path) {
    return attempt(() => ({ ret: 0, filestat: filestat(fs.lstatSync(this.#resolve(path, (flags & 1) !== 0), { bigint: true })) }), (ret) => ({ ret, filestat: /** @type {any} */ (null) }));
  }

  /** @param {number} dirflags @param {string} path @param {number} oflags @param {bigint} rights @param {bigint} _ @param {number} flags @returns {{ ret: number, fd_obj: Fd | null }} */
  path_open(dirflags, path, oflags, rights, _, flags) {
    return attempt(
      () => {
        const found = this.#resolve(path, (dirflags & 1) !== 0);
        const writes = (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n;
        const stats = fs.lstatSync(found, { throwIfNoEntry: false });
        if (stats?.isDirectory()) {
          if (oflags & wasi.OFLAGS_EXCL) return { ret: wasi.ERRNO_EXIST, fd_obj: null };
          return writes ? { ret: wasi.ERRNO_ISDIR, fd_obj: null } : { ret: 0, fd_obj: new HostDirectory(this.#root, found) };
        }
        if (stats && oflags & wasi.OFLAGS_DIRECTORY) return { ret: wasi.ERRNO_NOTDIR, fd_obj: null };
        if (stats && !stats.isFile()) return { ret: stats.isSymbolicLink() ? wasi.ERRNO_LOOP : wasi.ERRNO_NOTSUP, fd_obj: null };
        const { O_RDONLY, O_RDWR, O_CREAT, O_EXCL, O_TRUNC, O_APPEND, O_NOFOLLOW } = fs.constants;
        const append = (flags & wasi.FDFLAGS_APPEND) !== 0;
        let how = (writes ? (rights & BigInt(wasi.RIGHTS_FD_READ)) !== 0n ? O_RDWR : fs.constants.O_WRONLY : O_RDONLY) | (O_NOFOLLOW ?? 0);
        if (oflags & wasi.OFLAGS_CREAT) how |= O_CREAT;
        if (oflags & wasi.OFLAGS_EXCL) how |= O_EXCL;
        if (oflags & wasi.OFLAGS_TRUNC) how |= O_TRUNC;
        if (append) how |= O_APPEND;
        return { ret: 0, fd_obj: new HostFile(fs.openSync(found, how, 0o666), append) };
      },
      (ret) => ({ ret, fd_obj: /** @type {any} */ (null) }),
    );
  }

  /** @param {string} path */
  path_create_directory(path) {
    return plain(() => fs.mkdirSync(this.#resolve(path)));
  }

  /** @param {string} path */
  path_unlink_file(path) {
    return plain(() => {
      const found = this.#resolve(path);
      if (fs.lstatSync(found).isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
      fs.unlinkSync(found);
    });
  }

  /** @param {string} path */
  path_remove_directory(path) {
    return plain(() => fs.rmdirSync(this.#resolve(path)));
  }

  /** @param {string} path */
  path_readlink(path) {
    return attempt(() => ({ ret: 0, data: fs.readlinkSync(this.#resolve(path)) }), (ret) => ({ ret, data: /** @type {any} */ (null) }));
  }

  /** @param {string} path @returns {{ ret: number, inode_obj: Inode | null }} */
  path_unlink(path) {
    return attempt(
      () => {
        const found = this.#resolve(path);
        fs.lstatSync(found);
        return { ret: 0, inode_obj: new Moving(found) };
      },
      (ret) => ({ ret, inode_obj: /** @type {any} */ (null) }),
    );
  }

  /** @param {string} path @param {Inode} inode */
  path_link(path, inode) {
    return inode instanceof Moving ? plain(() => fs.renameSync(inode.path, this.#resolve(path))) : wasi.ERRNO_XDEV;
  }
}

/** @param {string} name @param {string} path */
export function hostDirectory(name, path) {
  const root = fs.realpathSync(path);
  if (!fs.statSync(root).isDirectory()) throw Object.assign(new Error(`files: '${path}' is not a directory`), { code: 'ENOTDIR' });
  return new HostDirectory(root, root, name);
}
