/**
 * In a page: window.measure(URL of a module of wasyncio or null for JavaScript, [WORKLOAD, SHAPE, NUMBERS…]) resolves with `each`, and
 * with what a module's tasks have taken of its memory (`used`; `memory` by which that has grown). window.fallAsleep(TASKS) resolves when so many of JavaScript's sleep.
 */
import { load } from '../../src/js/web.js';
import { asleep, measure } from './js-workloads.js';

/** @param {string} url @param {string[]} args */
async function ours(url, args) {
  let text = '';
  const app = await load(url, { args, stdout: (/** @type {string} */ more) => void (text += more) });
  const code = await app.run();
  if (code !== 0) throw new Error(`exit code ${code}`);
  const said = (/** @type {string} */ word) => [...text.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].map(([, value]) => Number(value));
  return { each: said('each'), memory: said('memory').at(0), used: said('used').at(0) };
}

Object.assign(globalThis, {
  measure: async (/** @type {string | null} */ url, /** @type {string[]} */ [workload, shape, ...numbers]) =>
    url === null ? { each: await measure(workload, shape, numbers.map(Number)) } : ours(url, [workload, shape, ...numbers]),
  fallAsleep: async (/** @type {number} */ tasks) => void Object.assign(globalThis, { kept: await asleep(tasks) }),
});
