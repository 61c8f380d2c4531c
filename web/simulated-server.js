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

/** As tests/server does it. @type {Record<string, (rest: string, query: URLSearchParams) => { after?: number, status?: number, body: string }>} */
const routes = {
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
