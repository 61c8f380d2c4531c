/** HTTP operations in Node: over undici's connections, unless somebody has configured fetch, which then is to be asked. */
import { operations as fetchOperations } from '../host/fetch.js';
import { decoder } from './decoder.js';

/** Node's own dispatchers; newer versions wrap theirs for older users. */
const DISPATCHERS = ['Agent', 'Dispatcher1Wrapper'];

/** A dispatcher of the program's own, a proxy, or a fetch of its own. @param {typeof fetch} nodeFetch */
function isConfigured(nodeFetch) {
  const dispatchers = [1, 2].map((version) => /** @type {any} */ (globalThis)[Symbol.for(`undici.globalDispatcher.${version}`)]);
  const foreign = dispatchers.some((dispatcher) => dispatcher && !DISPATCHERS.includes(dispatcher.constructor.name));
  return foreign || process.env.NODE_USE_ENV_PROXY === '1' || fetch !== nodeFetch;
}

/** @param {typeof fetch} nodeFetch the one that was there at the start @returns {import('../host/ops.js').KindModule} */
export const httpKind = (nodeFetch) => ({
  operations(host, complete) {
    const foreign = 'Bun' in globalThis || 'Deno' in globalThis; // their fetch is the fast road
    const fast = !foreign && !host.granted.fetch && !isConfigured(nodeFetch);
    return fetchOperations(host, complete, fast ? async () => (await import('./undici.js')).createTransport() : undefined, decoder);
  },
});
