/** The script of an executor's workers in Node.js, Deno and Bun. */
import { parentPort } from 'node:worker_threads';
import { createReceiver } from './jobs.js';

const port = /** @type {import('node:worker_threads').MessagePort} */ (parentPort);
port.on('message', createReceiver((message, transfer) => port.postMessage(message, transfer)));
