/** The package in web pages, workers and everything else that has fetch and WebAssembly. */
import { createLoad } from './load.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

/** The console writes lines, so a line waits until it is complete. @param {'stdout' | 'stderr'} which */
function consoleOutput(which) {
  const decoder = new TextDecoder();
  let rest = '';
  return (/** @type {Uint8Array} */ bytes) => {
    const lines = (rest + decoder.decode(bytes, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) (which === 'stderr' ? console.error : console.log)(line);
  };
}

export const load = createLoad({
  read: (source) => fetch(source),
  output: consoleOutput,
  programName: 'app.wasm',
  onInterrupt: () => () => {},
  onIdle: () => () => {},
  keepAlive: () => () => {},
});
