/**
 * `node --expose-gc tests/soak/serve.js [requests]`: a server in C under 100 connections, a tenth of whose clients leave in the
 * middle. Says what memory it has meanwhile, and after each quarter at rest; fails if an answer is wrong, a task is left, or the memory grows. By hand: 100,000
 * requests take a minute or two.
 */
import { fork } from 'node:child_process';
import http from 'node:http';
import { fileURLToPath } from 'node:url';
import { listen } from '../../src/js/cli/serve.js';
import { load } from '../../src/js/node.js';
import { program } from '../js/programs/build.js';

const CONNECTIONS = 100;
const ROUNDS = 4;
const GROWTH = 1 << 20; // bytes from the first half to the second

/** In a process of its own: its memory is of no interest. @param {string} url @param {number} total */
async function client(url, total) {
  const agent = new http.Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  let next = 0;
  let wrong = 0;
  const get = (/** @type {string} */ path, /** @type {boolean} */ leave) =>
    new Promise((/** @type {(text: string) => void} */ resolve) => {
      const request = http.get(`${url}${path}`, { agent }, (response) => {
        let text = '';
        response.on('data', (part) => (leave ? request.destroy() : void (text += part)));
        response.on('error', () => {}).on('close', () => resolve(text));
      });
      request.on('error', (error) => resolve(leave ? '' : String(error)));
      if (leave) setTimeout(() => request.destroy(), 20);
    });
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      for (let i; (i = next++) < total; ) {
        if (i % 10 === 0) await get(i % 20 ? '/waits' : '/endless', true);
        else if ((await get(i % 3 ? '/ok' : '/delay', false)) !== (i % 3 ? 'ok' : 'later')) wrong++;
        if (i && i % (total / 2) === 0) process.send?.({ done: i });
      }
    }),
  );
  agent.destroy();
  process.send?.({ wrong });
}

const used = () => {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

/**
 * What is used when nothing is under way: the least of a few looks, since code is compiled and weak references are dropped
 * between them. Each collects everything (gc() with options would look at the young alone in Node 20), and twice: what the
 * first has found dead is counted until the second.
 */
async function atRest() {
  let least = Infinity;
  for (let i = 0; i < 10; i++) {
    for (let k = 0; k < 2; k++) /** @type {any} */ (globalThis).gc();
    await new Promise((resolve) => setTimeout(resolve, 50));
    least = Math.min(least, used());
  }
  return least;
}

/** @param {number} total */
async function server(total) {
  const app = await load(await program('serve'));
  const { url, close } = await listen(app.exports.fetch, { port: 0, host: '127.0.0.1' });
  const start = performance.now();
  /** @type {number[]} */
  const rests = [];
  let wrong = 0;
  let left = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const child = fork(fileURLToPath(import.meta.url), ['client', url, String(total / ROUNDS)]);
    wrong += await new Promise((resolve) =>
      child.on('message', (/** @type {any} */ { done, wrong }) => {
        if (wrong !== undefined) return resolve(wrong);
        console.log(`${(total / ROUNDS) * round + done} requests: ${(used() / 1e6).toFixed(1)} MB used, ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident, ${app.tasks().length} tasks`);
      }),
    );
    for (let i = 0; i < 100 && app.tasks().length; i++) await new Promise((resolve) => setTimeout(resolve, 20));
    left += app.tasks().length;
    rests.push(await atRest());
    console.log(`at rest: ${(/** @type {number} */ (rests.at(-1)) / 1e6).toFixed(1)} MB used`);
  }
  const growth = Math.min(...rests.slice(ROUNDS / 2)) - Math.min(...rests.slice(0, ROUNDS / 2));
  console.log(`${total} requests in ${((performance.now() - start) / 1000).toFixed(1)} s, ${wrong} wrong, ${left} tasks left, ${(growth / 1e6).toFixed(1)} MB more in the second half`);
  await app.close();
  await close();
  process.exitCode = wrong || left || growth > GROWTH ? 1 : 0;
}

const [mode, url, total] = process.argv.slice(2);
if (mode === 'client') await client(url, Number(total));
else await server(Number(mode ?? 100_000));
