/**
 * The API that programs talk to, inside the page: it has latencies and failures like a network's, the same ones in each run
 * of a seed, and both can be changed while a program runs. Any other address is a real request.
 */

/** What programs get as their server; the others are names that examples may use for it. */
export const ORIGIN = 'https://server.example';
const ORIGINS = new Set([ORIGIN, 'https://api.example']);

/** As tests/server does it. @type {Record<string, (rest: string, query: URLSearchParams) => { after?: number, status?: number, body: string }>} */
const ROUTES = {
  delay: (rest, query) => ({ after: Number(rest), body: query.toString() }),
  item: (rest, query) => ({ after: Number(query.get('delay') ?? 0), body: JSON.stringify({ id: Number(rest), name: `item ${rest}`, square: Number(rest) ** 2 }) }),
  pages: (rest) => (rest === '6' ? { status: 500, body: 'page 6 is broken' } : { body: `<h1>page ${Number(rest)}</h1>` }),
  status: (rest) => ({ status: Number(rest), body: `status ${rest}` }),
  hang: () => ({ after: Infinity, body: '' }),
};

/** Mulberry32: small, and the same everywhere. @param {number} seed */
function random(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

const FIRST_BYTE = 0.8; // of the latency; the rest is the body's

export class SimulatedApi {
  latency; // ms, on average
  failures; // 0 to 1
  #random;

  /** @param {{ latency: number, failures: number, seed: number }} options */
  constructor({ latency, failures, seed }) {
    this.latency = latency;
    this.failures = failures;
    this.#random = random(seed);
  }

  /** @type {import('../../src/js/options.js').Fetch} */
  fetch = async (input, init, clock) => {
    const url = new URL(input);
    if (!ORIGINS.has(url.origin)) return await fetch(input, init);
    const { signal } = init;
    const all = this.latency * (0.5 + this.#random());
    const fails = this.#random() < this.failures;
    const [, name, ...rest] = url.pathname.split('/');
    const route = Object.hasOwn(ROUTES, name) ? ROUTES[name](rest.join('/'), url.searchParams) : { status: 404, body: `no such path: ${url.pathname}` };
    const { after = 0, status = 200, body } = fails ? { status: 503, body: 'a simulated failure' } : route;
    await clock.after((after + all * FIRST_BYTE) / 1000, signal);
    const bytes = new TextEncoder().encode(body);
    const stream = new ReadableStream(
      {
        async pull(controller) {
          try {
            await clock.after((all * (1 - FIRST_BYTE)) / 1000, signal);
            if (bytes.length) controller.enqueue(bytes);
            controller.close();
          } catch (error) {
            controller.error(error);
          }
        },
      },
      { highWaterMark: 0 },
    );
    const response = new Response([101, 204, 205, 304].includes(status) ? null : stream, { status, headers: { 'Content-Type': 'text/plain' } });
    return Object.defineProperty(response, 'url', { value: url.href });
  };
}
