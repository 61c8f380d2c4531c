/** Runs a program inside a worker: each message is [id, name of an export, arguments], or first the module's URL. */
import { load } from '../../src/js/web.js';

/** @type {Promise<import('../../src/js/web.js').App> | undefined} */
let app;
const scope = /** @type {any} */ (globalThis); // a DedicatedWorkerGlobalScope
scope.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  if (typeof data === 'string') return void (app = load(data));
  const [id, name, ...values] = data;
  try {
    scope.postMessage([id, name === 'onLine' ? scope.navigator.onLine : await (await app)?.exports[name](...values)]);
  } catch (error) {
    scope.postMessage([id, String(error)]);
  }
};
