/** The trace in ui.perfetto.dev, a window of its own: it answers a PING with PONG when it is ready for the file. */
import { ChromeTrace } from 'wasyncio/chrome-trace';
import { eventsOf } from '../run/export.js';

const UI = 'https://ui.perfetto.dev';
const PATIENCE = 30_000; // ms

/** @param {import('../run/recording.js').Recording} run */
export function chromeJson(run) {
  /** @type {string[]} */
  const parts = [];
  const trace = new ChromeTrace((event) => void parts.push(JSON.stringify(event)));
  for (const event of eventsOf(run)) trace.add(event);
  trace.end();
  return `{"traceEvents":[\n${parts.join(',\n')}\n]}`;
}

/** @param {import('../run/recording.js').Recording} run @param {string} title @param {string} [ui] @returns {Promise<string>} what to say */
export function openInPerfetto(run, title, ui = UI) {
  const target = window.open(ui);
  if (!target) return Promise.resolve('The browser did not open the window. Allow pop-ups for this page, then try again.');
  const buffer = new TextEncoder().encode(chromeJson(run)).buffer;
  return new Promise((resolve) => {
    const end = (/** @type {string} */ said) => {
      clearInterval(ping);
      clearTimeout(timer);
      removeEventListener('message', listen);
      resolve(said);
    };
    const listen = (/** @type {MessageEvent} */ event) => {
      if (event.source !== target || event.data !== 'PONG') return;
      target.postMessage({ perfetto: { buffer, title, fileName: `${title}.json` } }, ui);
      end('The trace is open in Perfetto.');
    };
    const ping = setInterval(() => (target.closed ? end('The window was closed.') : target.postMessage('PING', ui)), 50);
    const timer = setTimeout(() => end('Perfetto did not answer.'), PATIENCE);
    addEventListener('message', listen);
  });
}
