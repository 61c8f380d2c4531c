/** The script of an executor's workers in the page: started by runner.js, its jobs come from the program's worker by a port. */
import { createReceiver } from '../../src/js/jobs.js';

/** @typedef {{ setup: import('../../src/js/jobs.js').Setup, port: MessagePort }} First */

onmessage = (/** @type {MessageEvent<First>} */ { data: { setup, port } }) => {
  const receive = createReceiver((message, transfer = []) => port.postMessage(message, transfer));
  receive(setup);
  port.onmessage = ({ data }) => receive(data);
};
