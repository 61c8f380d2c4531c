/** The package in Node.js, Deno and Bun. */
import { readFile } from 'node:fs/promises';
import { createLoad } from './load.js';
import { WasyncioError } from './errors.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

const LONG = 2 ** 31 - 1;

/** @param {string | URL} source */
async function read(source) {
  const text = String(source);
  if (/^(https?|data|blob):/i.test(text)) return await fetch(text);
  try {
    return /** @type {Uint8Array<ArrayBuffer>} */ (await readFile(text.startsWith('file:') ? new URL(text) : text));
  } catch (error) {
    const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new WasyncioError(code ?? 'EIO', `cannot read ${text}: ${code === 'ENOENT' ? 'there is no such file' : message}`, { cause: error });
  }
}

/**
 * Ctrl-C while main() runs: the first cancels it, so that it can clean up; the second kills, as if nobody listened.
 * A program that listens for SIGINT itself keeps it for itself, as with asyncio's Runner.
 * @param {() => boolean} cancel
 */
function onInterrupt(cancel) {
  if (process.listenerCount('SIGINT') > 0) return () => {};
  const listener = () => {
    if (cancel()) return;
    process.off('SIGINT', listener);
    process.kill(process.pid, 'SIGINT');
  };
  process.on('SIGINT', listener);
  return () => void process.off('SIGINT', listener);
}

export const load = createLoad({
  read,
  output: (which) => (bytes) => void process[which].write(bytes),
  programName: 'app.wasm',
  onInterrupt,
  onIdle(idle) {
    process.on('beforeExit', idle);
    return () => void process.off('beforeExit', idle);
  },
  keepAlive() {
    const timer = setInterval(() => {}, LONG);
    return () => clearInterval(timer);
  },
});
