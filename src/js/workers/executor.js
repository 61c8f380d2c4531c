import { operations as pools } from '../../host/executor.js';

/**
 * What src/host/executor.js needs of this package: how a worker is started. Loaded only for programs that have executors.
 *
 * Starts a worker of this host: `given` is load()'s option `worker`.
 * @typedef {string | URL | (() => unknown)} GivenWorker
 * @typedef {(given: GivenWorker | undefined, receive: (data: any) => void, failed: (words: string) => void) => import('../../host/executor.js').JobWorker} Spawn
 */

/** Web Workers. @type {Spawn} */
function spawnWeb(given, receive, failed) {
  const url = typeof given === 'function' ? undefined : new URL(given ?? new URL('./executor-worker.js', import.meta.url), location.href);
  const worker = /** @type {Worker} */ (typeof given === 'function' ? given() : fromUrl(/** @type {URL} */ (url)));
  if (typeof worker?.postMessage !== 'function') throw new Error("the function given to load() as 'worker' did not return a Worker");
  worker.onmessage = ({ data }) => receive(data);
  worker.onmessageerror = () => failed('what the worker has posted cannot be read');
  worker.onerror = (event) => {
    event.preventDefault();
    failed(event.message || `the worker's script did not load${url ? ` (${url})` : ''}: serve executor-worker.js of the package beside the script that imports it, or say with load()'s option 'worker' where it is`);
  };
  return { post: (message, transfer) => worker.postMessage(message, /** @type {any} */ (transfer)), end: () => worker.terminate() };
}

/** @type {Record<string, string>} URLs of one line each, by what they import */
const importing = {};

/** A worker's script must be of the page's own origin, but may import from others. @param {URL} url */
function fromUrl(url) {
  if (url.origin === location.origin || !/^https?:/.test(url.protocol)) return new Worker(url, { type: 'module' });
  importing[url.href] ??= URL.createObjectURL(new Blob([`import ${JSON.stringify(url.href)};`], { type: 'text/javascript' }));
  return new Worker(importing[url.href], { type: 'module' });
}

/** How workers with an instance of this module are started. @param {import('../app.js').Inside} inside */
export function starter(inside) {
  const [module, args, env, stdout, stderr, options, platform] = inside.setup;
  const spawn = platform.spawn ?? spawnWeb;
  const missing = platform.spawn || typeof Worker === 'function' || typeof options.worker === 'function' ? undefined : 'there are no workers on this host';
  return {
    cores: platform.cores ?? globalThis.navigator?.hardwareConcurrency,
    missing,
    /**
     * `more`: what the worker is told besides; `crashed`: what it has done ends the app
     * @param {string} name @param {number} stackSize @param {(answer: any) => void} receive @param {(words: string) => void} failed
     * @param {object} [more] @param {(words: string) => void} [crashed]
     */
    start(name, stackSize, receive, failed, more, crashed = failed) {
      const worker = spawn(
        options.worker,
        (data) => {
          if (Array.isArray(data)) receive(data);
          else if (data?.bytes instanceof Uint8Array) inside.enter(() => (data.stream === 'stderr' ? stderr : stdout)(data.bytes));
          else if (data?.crashed) crashed(data.crashed);
          else failed(data?.failed ?? "the worker's script is not that of this package: it has posted something else");
        },
        failed,
      );
      worker.post({ module, args, env, name, stackSize, origin: performance.timeOrigin, ...more });
      return worker;
    },
  };
}

/** @param {import('../app.js').Inside} inside @param {import('../../host/ops.js').Complete} complete */
export const operations = (inside, complete) => pools(inside, complete, starter(inside));
