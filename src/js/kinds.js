/**
 * What carries out each kind of operations, by the name that WIO__OP_NEEDS (src/io/op.h) leaves in the module.
 * @type {Record<string, () => Promise<import('../host/ops.js').KindModule>>}
 */
export const KINDS = {
  fetch: () => import('../host/fetch.js'),
  executor: () => /** @type {Promise<any>} */ (import('./workers/executor.js')),
  thread: () => /** @type {Promise<any>} */ (import('./workers/threads.js')),
  stream: () => import('../host/stream.js'),
  serve: () => import('../host/serve.js'),
  stdin: () => import('../host/stdin.js'),
  websocket: () => import('../host/web-socket.js'),
  tcp: () => import('../host/unsupported.js'),
  process: () => import('../host/unsupported.js'),
};
