/** A process of its own: host.mjs module.wasm '{"…"}' [name of an export, its arguments…]. What it needs beyond that is in `mode`. */
import { load } from '../../../src/js/node.js';

const [file, json = '{}', name, ...args] = process.argv.slice(2);
const { mode, ...options } = JSON.parse(json);
const listeners = () => process.eventNames().map((each) => `${String(each)}:${process.listenerCount(each)}`).sort().join(' ');
const before = listeners();

const imports = {
  /** @returns {any} */
  work() {
    if (mode === 'timer') return new Promise((resolve) => setTimeout(() => resolve(7), 300));
    if (mode === 'never') return new Promise(() => {});
    if (mode === 'unref') return new Promise((resolve) => setTimeout(() => resolve(7), 300).unref());
    return 7;
  },
};
const app = await load(file, { imports, ...options });
if (mode === 'own SIGINT') process.on('SIGINT', () => console.log('own listener'));
if (name) {
  try {
    console.log('resolved', await app.exports[name](...args.map(Number)));
  } catch (error) {
    console.log('rejected', /** @type {any} */ (error).name, /** @type {any} */ (error).message);
  }
} else process.exitCode = await app.run();
if (mode === 'listeners') {
  await new Promise((resolve) => void setImmediate(resolve)); // they stay while calls follow one another
  console.log(before === listeners() ? 'as before' : `before ${before} after ${listeners()}`);
}
