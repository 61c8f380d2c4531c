/** Runs one program, in a worker, so that the page can end it at any time. */
import { load } from 'wasyncio';
import { Encoder } from '../run/events.js';
import { JobWorkers } from './job-workers.js';
import { Output } from './output.js';
import { Pace } from './pace.js';
import { ORIGIN, SimulatedApi } from './simulated-api.js';

/**
 * @typedef {object} Start
 * @property {'run'} kind
 * @property {string | ArrayBuffer} source URL or bytes of the module
 * @property {'virtual' | 'real'} clock
 * @property {number} speed
 * @property {number | null} seed
 * @property {{ latency: number, failures: number }} api
 * @property {boolean} [quiet] no trace, only how it ends
 *
 * @typedef {Start | { kind: 'speed', speed: number } | { kind: 'api', latency: number, failures: number } | { kind: 'cancel', task: number }
 *   | { kind: 'job-worker-failed', id: number, message: string }} Order
 *
 * @typedef {{ kind: 'batch', traces: import('../run/events.js').Batch[], records: import('./output.js').Record[], dropped: number }
 *   | { kind: 'rides', from: number, to: number, speed: number }
 *   | { kind: 'full', events: number }
 *   | { kind: 'ended', code: number, time: number, took: number, bytes: number, memory: number, hash?: string }
 *   | { kind: 'failed', name: string, message: string, where: string | null, task: string, time: number, took: number }} Message
 */

/** More events than this are not recorded; the program goes on. */
const MOST_EVENTS = 1_500_000;
const EVERY = 50; // ms between batches
const ENOUGH = 8_000; // events for a batch: the page does not stop for one

/** @param {Message | import('./job-workers.js').Wish} message @param {Transferable[]} [transfer] */
const send = (message, transfer = []) => postMessage(message, { transfer });

/** @type {import('wasyncio').TraceEvent[]} */
let events = [];
let recorded = 0;
let now = 0; // ms of the program's clock, as far as is known
let began = performance.now();
let sent = -Infinity;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;
let real = false;
/** @type {number | undefined} */
let zero;
const encoder = new Encoder();

const time = () => (real ? performance.now() - began : now);
const output = new Output(time, (records, dropped) => flush(records, dropped));

/** @param {import('./output.js').Record[]} records @param {number} dropped */
function flush(records, dropped) {
  clearTimeout(timer);
  timer = undefined;
  sent = performance.now();
  const traces = events.length ? [encoder.encode(events)] : [];
  events = [];
  if (!traces.length && !records.length && !dropped) return;
  send({ kind: 'batch', traces, records, dropped }, traces.flatMap(({ kinds, times, numbers }) => [kinds.buffer, times.buffer, numbers.buffer]));
}

/** @param {import('wasyncio').TraceEvent[]} batch */
function trace(batch) {
  zero ??= batch[0].time;
  now = Math.max(now, (batch[batch.length - 1].time - zero) * 1000);
  if (recorded > MOST_EVENTS) return;
  recorded += batch.length;
  for (const event of batch) events.push(event);
  if (recorded > MOST_EVENTS) send({ kind: 'full', events: recorded });
  if (events.length >= ENOUGH || performance.now() - sent >= EVERY) output.flush();
  else timer ??= setTimeout(() => output.flush(), EVERY);
}

const pace = new Pace(Infinity, (from, to, speed) => {
  output.flush();
  send({ kind: 'rides', from, to, speed });
});
const jobWorkers = new JobWorkers(send);
/** @type {SimulatedApi} */
let api;
/** @type {import('wasyncio').App | undefined} */
let app;

/** @param {string} text @param {number} hash FNV-1a */
function hashed(text, hash) {
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash;
}

/** @param {Start} start */
async function run({ source, clock, speed, seed, api: network, quiet }) {
  real = clock === 'real';
  api = new SimulatedApi({ ...network, seed: seed ?? 42 });
  pace.change(speed);
  let hash = 0x811c9dc5;
  /** @type {(stream: 'stdout' | 'stderr') => (text: string) => void} */
  const sink = (stream) => (quiet ? (text) => void (hash = hashed(text, hash)) : (text) => output.write(stream, text));
  try {
    const bytes = typeof source === 'string' ? await fetched(source) : source;
    app = await load(bytes, {
      args: [ORIGIN],
      fetch: api.fetch,
      clock: real ? 'real' : { jump: pace.jump },
      stdout: sink('stdout'),
      stderr: sink('stderr'),
      worker: jobWorkers.create,
      ...(seed === null ? {} : { seed }),
      ...(quiet ? {} : { trace }),
    });
    began = performance.now();
    const code = await app.run();
    output.flush();
    send({ kind: 'ended', code, time: time(), took: performance.now() - began, bytes: bytes.byteLength, memory: 0, hash: (hash >>> 0).toString(16) });
  } catch (error) {
    output.flush();
    const { name, message, where = null, task = '' } = error instanceof Error ? /** @type {any} */ (error) : { name: 'Error', message: String(error) };
    send({ kind: 'failed', name, message, where, task: task ?? '', time: time(), took: performance.now() - began });
  }
}

/** @param {string} url */
async function fetched(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${url}: the server answered ${response.status}`);
  return response.arrayBuffer();
}

onmessage = async (/** @type {MessageEvent<Order>} */ { data }) => {
  if (data.kind === 'run') return void run(data);
  if (data.kind === 'speed') return pace.change(data.speed);
  if (data.kind === 'api') return void (api && Object.assign(api, { latency: data.latency, failures: data.failures }));
  if (data.kind === 'job-worker-failed') return jobWorkers.failed(data.id, data.message);
  await pace.interrupt();
  app?.cancel(data.task);
};
