/** The script of an executor's workers in web pages; dist/executor-worker.js is the one to serve. */
import { createReceiver } from './jobs.js';

const scope = /** @type {any} */ (globalThis); // a DedicatedWorkerGlobalScope
const receive = createReceiver((message, transfer) => scope.postMessage(message, transfer));
scope.onmessage = (/** @type {MessageEvent} */ { data }) => receive(data);
