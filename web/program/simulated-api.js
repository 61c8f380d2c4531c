/**
 * The API that programs talk to, inside the page: it has latencies and failures like a network's, the same ones in each run
 * of a seed, and both can be changed while a program runs. Any other address is a real request.
 */

/** What programs get as their server; the others are names that examples may use for it. */
export const ORIGIN = 'https://server.example';
const ORIGINS = new Set([ORIGIN, 'https://api.example']);

/** How long the pages of the lessons take, as a part of the latency: not all the same, but known. */
const PAGES = [0.9, 1.3, 0.64, 1.1, 1, 0.77, 0.9, 1.41, 1.13, 0.9, 1.2, 0.7];

/** How often each page of the site was asked for. @type {Map<number, number>} */
const asked = new Map();

/** A site with bad days: of a hundred first answers one is none, one a 503, and two are slow. @param {number} page */
function siteAnswer(page) {
  const times = (asked.get(page) ?? 0) + 1;
  asked.set(page, times);
  const fate = times > 1 ? -1 : page % 100;
  if (fate === 13) throw new TypeError('the connection was reset');
  if (fate === 57) return { status: 503, body: 'busy' };
  const links = [2 * page + 1, 2 * page + 2].map((to) => `<a href="/page/${to}">to ${to}</a>`).join('\n');
  return { after: fate % 50 === 31 ? 1500 : 0, body: `<!doctype html>\n<title>Page ${page}</title>\n${links}\n<!-- end of ${page} -->\n` };
}

/** As tests/server does it; `part` of the latency instead of chance. @type {Record<string, (rest: string, query: URLSearchParams) => { after?: number, part?: number, status?: number, body: string }>} */
const ROUTES = {
  page: (rest) => siteAnswer(Number(rest)),
  delay: (rest, query) => ({ after: Number(rest), body: query.toString() }),
  item: (rest, query) => ({ after: Number(query.get('delay') ?? 0), body: JSON.stringify({ id: Number(rest), name: `item ${rest}`, square: Number(rest) ** 2 }) }),
  pages: (rest) => ({ part: PAGES[Number(rest) % PAGES.length], ...(rest === '6' ? { status: 500, body: 'page 6 is broken' } : { body: `page ${Number(rest)}` }) }),
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
    const chance = 0.5 + this.#random();
    const fails = this.#random() < this.failures;
    const [, name, ...rest] = url.pathname.split('/');
    const route = Object.hasOwn(ROUTES, name) ? ROUTES[name](rest.join('/'), url.searchParams) : { status: 404, body: `no such path: ${url.pathname}` };
    const { after = 0, part = chance, status = 200, body } = fails ? { status: 503, body: 'a simulated failure' } : route;
    const all = this.latency * part;
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
