/**
 * What libc reads as standard input (scanf, fgets, getchar). Its calls return at once or block; they never suspend. So it
 * is the process's, which Node can read while it blocks, or a text or bytes that load() was given. Loaded only for modules
 * that read anything through libc.
 * @typedef {{ read: (size: number) => Uint8Array, type: 'terminal' | 'pipe' | 'file' }} Source throws { errno } of WASI
 */

/** Emscripten's number: that of WASI has no name in its libc. */
const ENOTSUP = 138;

/** @param {Uint8Array} bytes @returns {Source} */
function bytesSource(bytes) {
  let at = 0;
  return { type: 'file', read: (size) => bytes.subarray(at, (at += Math.min(size, bytes.length - at))) };
}

/** Others can only be waited for. @param {(text: string) => void} say @returns {Source} */
function unreadable(say) {
  let said = false;
  return {
    type: 'pipe',
    read() {
      if (!said) say("libc cannot wait for the 'stdin' that load() was given, a stream: read it with wio_stdin(), or give load() a string or a Uint8Array\n");
      said = true;
      throw { errno: ENOTSUP };
    },
  };
}

/**
 * @param {Pick<typeof import('@bjorn3/browser_wasi_shim'), 'Fd' | 'wasi'>} shim given and not imported, so that pages load it once
 * @param {unknown} given load()'s option @param {import('../platform.js').Platform} platform @param {(text: string) => void} say on stderr
 * @returns {Promise<import('@bjorn3/browser_wasi_shim').Fd>}
 */
export async function createInput({ Fd, wasi }, given, { standardInput }, say) {
  if (typeof given === 'string') given = new TextEncoder().encode(given);
  const source =
    given instanceof Uint8Array ? bytesSource(given)
    : given !== undefined ? unreadable(say)
    : standardInput ? await standardInput()
    : bytesSource(new Uint8Array());
  const type = { terminal: wasi.FILETYPE_CHARACTER_DEVICE, pipe: wasi.FILETYPE_SOCKET_STREAM, file: wasi.FILETYPE_REGULAR_FILE }[source.type];

  return new (class extends Fd {
    /** @param {number} size */
    fd_read(size) {
      try {
        return { ret: 0, data: size ? source.read(size) : new Uint8Array() };
      } catch (/** @type {any} */ error) {
        return { ret: error?.errno ?? wasi.ERRNO_IO, data: new Uint8Array() };
      }
    }

    fd_fdstat_get() {
      const fdstat = new wasi.Fdstat(type, 0);
      fdstat.fs_rights_base = BigInt(wasi.RIGHTS_FD_READ); // not to seek: libc's isatty() looks at that
      return { ret: 0, fdstat };
    }

    fd_filestat_get() {
      return { ret: 0, filestat: new wasi.Filestat(0n, type, 0n) };
    }
  })();
}
