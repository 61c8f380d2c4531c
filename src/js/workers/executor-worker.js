/**
 * The script of an executor's workers in web pages; dist/executor-worker.js is the one to serve. If a port comes with the
 * first message, jobs and answers take that way: then somebody else than the program's own thread has started the worker.
 */
import { createReceiver } from './jobs.js';

const scope = /** @type {any} */ (globalThis); // a DedicatedWorkerGlobalScope
let way = scope;
const receive = createReceiver((message, transfer) => way.postMessage(message, transfer));
scope.onmessage = (/** @type {MessageEvent} */ { data, ports: [port] }) => {
  if (port) {
    way = port;
    port.onmessage = ({ data }) => receive(data);
  }
  receive(data);
};
