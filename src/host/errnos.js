/** Which of C's errors a host's error is: the one table for streams, processes and WebSockets. */

/** By what Node says; what is here under its own name is known to C (src/core/errors.h). @type {Record<string, string>} */
const NAMES = {
  ...Object.fromEntries(['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'EIO', 'ENOMEM', 'EBUSY', 'EPIPE', 'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED'].map((name) => [name, name])),
  ...Object.fromEntries(['EADDRINUSE', 'EHOSTUNREACH', 'ETIMEDOUT', 'EPROTO', 'EMSGSIZE', 'ENOTSUP', 'ENOBUFS'].map((name) => [name, name])),
  ENOTFOUND: 'EHOSTUNREACH',
  EAI_AGAIN: 'EHOSTUNREACH',
  EAI_FAIL: 'EHOSTUNREACH',
  ENETUNREACH: 'EHOSTUNREACH',
  ENETDOWN: 'EHOSTUNREACH',
  EHOSTDOWN: 'EHOSTUNREACH',
  EADDRNOTAVAIL: 'EHOSTUNREACH',
  ENOTDIR: 'ENOENT',
  EISDIR: 'EACCES',
  E2BIG: 'EMSGSIZE',
  ERR_STREAM_DESTROYED: 'EPIPE',
  ERR_STREAM_WRITE_AFTER_END: 'EPIPE',
  ERR_STREAM_PREMATURE_CLOSE: 'ECONNRESET',
  ERR_SOCKET_CLOSED: 'ECONNRESET',
  ERR_SOCKET_BAD_PORT: 'EINVAL',
  ERR_UNKNOWN_SIGNAL: 'EINVAL',
  ERR_INVALID_ARG_VALUE: 'EINVAL',
  ERR_INVALID_ARG_TYPE: 'EINVAL',
};

/** A handshake that failed, or a certificate that nobody trusts. */
const TLS = /^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/;

/** An error that says itself which one it is in C. @param {string} name @param {string} message */
export const named = (name, message) => Object.assign(new Error(message), { wasyncio: name });

/** @param {any} error @returns {{ name: string, message: string }} */
export function explain(error) {
  const cause = error?.errors?.[0] ?? error; // an AggregateError: one for each address tried
  const code = String(cause?.code ?? '');
  const name = cause?.wasyncio ?? NAMES[code] ?? (TLS.test(code) ? 'EPROTO' : 'EIO');
  return { name, message: String(cause?.message || error?.message || error) };
}
