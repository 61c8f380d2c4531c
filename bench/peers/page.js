/** In a page: window.measure(URL of a module of wasyncio or null for JavaScript, [WORKLOAD, SHAPE, NUMBERS…]) resolves with `each`. */
import { load } from '../../src/js/web.js';
import { measure } from './js-workloads.js';

/** @param {string} url @param {string[]} args */
async function ours(url, args) {
  let text = '';
  const app = await load(url, { args, stdout: (/** @type {string} */ more) => void (text += more) });
  const code = await app.run();
  if (code !== 0) throw new Error(`exit code ${code}`);
  return [...text.matchAll(/^each (.*)$/gm)].map(([, value]) => Number(value));
}

Object.assign(globalThis, {
  measure: (/** @type {string | null} */ url, /** @type {string[]} */ [workload, shape, ...numbers]) =>
    url === null ? measure(workload, shape, numbers.map(Number)) : ours(url, [workload, shape, ...numbers]),
});
