/** Runs one program, in a worker, so that the page can end it at any time. */
import { load } from 'wasyncio';
import { Output } from './output.js';
import { ORIGIN, seen, simulatedFetch } from './simulated-server.js';

/**
 * @typedef {{ kind: 'output', records: import('./output.js').Record[], dropped: number, seen: typeof seen }
 *   | { kind: 'ended', code: number, time: number, bytes: number }
 *   | { kind: 'failed', name: string, message: string, time: number }} Message
 */

/** @param {Message} message */
const send = (message) => postMessage(message);

let began = performance.now();
const time = () => performance.now() - began;
const output = new Output(time, (records, dropped) => send({ kind: 'output', records, dropped, seen: { ...seen } }));

/** @param {string} url */
async function run(url) {
  try {
    const response = await fetch(url);
    const bytes = response.ok ? await response.clone().arrayBuffer() : new ArrayBuffer(0);
    const app = await load(response, {
      args: [ORIGIN],
      fetch: simulatedFetch,
      stdout: (text) => output.write('stdout', text),
      stderr: (text) => output.write('stderr', text),
    });
    began = performance.now();
    const code = await app.run();
    output.flush();
    send({ kind: 'ended', code, time: time(), bytes: bytes.byteLength });
  } catch (error) {
    output.flush();
    const { name, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    send({ kind: 'failed', name, message, time: time() });
  }
}

onmessage = ({ data }) => void run(data.url);
// Requests in flight are worth seeing also while the program prints nothing.
setInterval(() => seen.total && output.flush(), 100);
