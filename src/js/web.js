/** The package in web pages, workers and everything else that has fetch and WebAssembly. */
import { createLoad } from './load.js';

export { WasyncioError } from './errors.js';
export { App } from './app.js';

/**
 * @typedef {import('./options.js').LoadOptions} LoadOptions
 * @typedef {import('./tasks.js').TaskInfo} TaskInfo
 * @typedef {import('./debug/trace-events.js').TraceEvent} TraceEvent
 * @typedef {import('./load.js').Source} Source
 */

/** @type {(callback: () => void) => void} */
const later = (callback) => {
  const { scheduler } = /** @type {any} */ (globalThis);
  if (scheduler?.postTask) scheduler.postTask(callback, { delay: 1 });
  else setTimeout(callback, 1);
};

const LONG = 4; // milliseconds: a tick that was not short; the module breaks off after 8

/**
 * After a long tick, every second message goes round by a timer: Firefox paints hardly ever between messages that follow
 * one another closely (15 frames a second against 59).
 * @type {import('../host/clock.js').Poster}
 */
function poster(callback) {
  const { port1, port2 } = new MessageChannel();
  let began = 0;
  let direct = false;
  port1.onmessage = () => {
    began = performance.now();
    callback();
  };
  const send = () => port2.postMessage(0);
  return {
    post() {
      direct = !direct || performance.now() - began < LONG;
      if (direct) send();
      else later(send);
    },
    close: () => port1.close(),
  };
}

export const load = createLoad({ read: (source, signal) => fetch(source, { signal }), output: async (which) => (await import('./console.js')).consoleOutput(which), poster });
