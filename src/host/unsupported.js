/**
 * What this host does not have. Each operation fails at once, and says what to do instead.
 * @type {Record<number, string>}
 */
const WORDS = {
  40: 'wio_connect(): a browser has no TCP sockets; use wio_websocket_connect() or wio_fetch()',
  41: 'wio_listen(): a browser has no TCP sockets; run the program in Node.js to listen',
  48: 'wio_process_start(): a browser starts no processes; run the program in Node.js with --allow-run',
};

/** @type {import('./ops.js').KindModule['operations']} */
export const operations = (host, complete) => ({
  starts: Object.fromEntries(
    Object.entries(WORDS).map(([kind, words]) => [kind, (/** @type {number} */ id) => complete(id, host.code('ENOTSUP'), host.memory.encode(words))]),
  ),
  cancel() {},
  stop() {},
});
