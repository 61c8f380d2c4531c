/** `node bench/peers/http.js fetch|same|agent|wasyncio|wasyncio-fetch URL REQUESTS LIMIT [MODULE]`: GETs of one small document, so many at a time. */
import http from 'node:http';
import { load } from '../../src/js/node.js';
import { Report } from './report.js';

const [who, url, ...rest] = process.argv.slice(2);
const [requests, limit] = rest.map(Number);
const report = new Report();

const agent = new http.Agent({ keepAlive: true, maxSockets: limit });

/** @returns {Promise<string>} */
const byAgent = () =>
  new Promise((resolve, reject) => {
    const request = http.get(url, { agent }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part) => (text += part)).on('end', () => resolve(text));
    });
    request.on('error', reject);
  });

const byFetch = async () => (await fetch(url)).text();

/** What C gets as well: a request that can be cancelled, status, URL and headers, as text. */
async function byFetchTheSame() {
  const controller = new AbortController();
  const response = await fetch(url, { signal: controller.signal });
  let head = `${response.status} ${response.url}`;
  for (const [name, value] of response.headers) head += `${name}: ${value}\n`;
  return head + (await response.text());
}

/** @param {() => Promise<string>} get @param {number} count */
async function many(get, count) {
  let left = count;
  const worker = async () => {
    while (left-- > 0) await get();
  };
  await Promise.all(Array.from({ length: limit }, worker));
}

if (who.startsWith('wasyncio')) {
  // A function given as fetch is taken instead of the faster road: what a page does.
  const road = who === 'wasyncio-fetch' ? { fetch: (/** @type {any} */ what, /** @type {any} */ how) => fetch(what, how) } : {};
  const app = await load(rest[2], { ...road, args: [url, ...rest.slice(0, 2)], stdout: (text) => report.read(text) });
  report.end(await app.run());
} else {
  const get = { fetch: byFetch, same: byFetchTheSame }[who] ?? byAgent;
  await many(get, requests / 10);
  report.mark('before');
  const start = performance.now();
  await many(get, requests);
  report.mark('after');
  report.values.each.push(((performance.now() - start) / requests) * 1e6);
  report.end();
}
