/**
 * Stands for the server that the examples talk to, since a plain static host has no slow answers. It lives where the
 * program runs, takes its time as a network would, and gives up a request whose signal is aborted.
 */

/** What the examples get as their server. */
export const ORIGIN = 'https://server.example';

/** What the server has seen. */
export const seen = { total: 0, active: 0, most: 0, aborted: 0 };

/** There and back: something between a near and a far server. */
const latency = () => 20 + Math.random() * 50;

/** @param {number} ms Infinity: for ever @param {AbortSignal | null | undefined} signal */
function wait(ms, signal) {
  return new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timer = ms === Infinity ? undefined : setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

/** How often each page was asked for. @type {Map<number, number>} */
const asked = new Map();

/** A site with bad days: of a hundred first answers one is none, one a 503, and two are slow. @param {number} page */
function pageAnswer(page) {
  const times = (asked.get(page) ?? 0) + 1;
  asked.set(page, times);
  const fate = times > 1 ? -1 : page % 100;
  if (fate === 13) throw new TypeError('the connection was reset');
  if (fate === 57) return { status: 503, body: 'busy' };
  const links = [2 * page + 1, 2 * page + 2].map((to) => `<a href="/page/${to}">to ${to}</a>`).join('\n');
  return { after: fate % 50 === 31 ? 1500 : 0, body: `<!doctype html>\n<title>Page ${page}</title>\n${links}\n<!-- end of ${page} -->\n` };
}

/** As tests/server does it. @type {Record<string, (rest: string, query: URLSearchParams) => { after?: number, status?: number, body: string }>} */
const routes = {
  page: (rest) => pageAnswer(Number(rest)),
  delay: (rest, query) => ({ after: Number(rest), body: query.toString() }),
  item: (rest, query) => ({ after: Number(query.get('delay') ?? 0), body: JSON.stringify({ id: Number(rest), name: `item ${rest}`, square: Number(rest) ** 2 }) }),
  status: (rest) => ({ status: Number(rest), body: `status ${rest}` }),
  hang: () => ({ after: Infinity, body: '' }),
};

/** @type {typeof fetch} */
export const simulatedFetch = async (input, init) => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.origin !== ORIGIN) return await fetch(input, init);
  const signal = init?.signal;
  seen.total++;
  seen.active++;
  seen.most = Math.max(seen.most, seen.active);
  try {
    const [, name, ...rest] = url.pathname.split('/');
    const { after = 0, status = 200, body } = Object.hasOwn(routes, name) ? routes[name](rest.join('/'), url.searchParams) : { status: 404, body: `no such path: ${url.pathname}` };
    await wait(after + latency(), signal);
    return Object.defineProperty(new Response(body, { status }), 'url', { value: url.href });
  } catch (error) {
    seen.aborted++;
    throw error;
  } finally {
    seen.active--;
  }
};
