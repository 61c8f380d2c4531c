import { fstatSync, readSync } from 'node:fs';
import { isatty } from 'node:tty';

/** The process's standard input, read while everything else waits: what libc expects. */

const AGAIN = 10; // ms
const WASI_EIO = 29;
const WASI_EISDIR = 31;

/** Until when an input that does not block has something. */
const pause = () => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, AGAIN);

/** @param {number} size @returns {Uint8Array} empty at the end */
function read(size) {
  const bytes = new Uint8Array(size);
  for (;;) {
    try {
      return bytes.subarray(0, readSync(0, bytes, 0, size, null));
    } catch (/** @type {any} */ error) {
      if (error.code === 'EAGAIN') pause();
      else if (error.code === 'EOF') return bytes.subarray(0, 0); // Windows
      else throw { errno: error.code === 'EISDIR' ? WASI_EISDIR : WASI_EIO };
    }
  }
}

function type() {
  if (isatty(0)) return 'terminal';
  try {
    return fstatSync(0).isFile() ? 'file' : 'pipe';
  } catch {
    return 'pipe'; // closed: reading says so
  }
}

/** @param {<T>(run: () => T) => T} killable runs it so that Ctrl-C ends the process, as it ends a C program that reads: nobody here could answer @returns {import('../js/system/libc-stdin.js').Source} */
export const standardInput = (killable) => ({ type: type(), read: (size) => killable(() => read(size)) });
