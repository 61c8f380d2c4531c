/** Which of C's errors a host's error is: the one table, for streams, processes, WebSockets and requests. */

/** What C knows under the name that Node says (src/report/errors.h). */
const SAME = ['ENOENT', 'EACCES', 'EPERM', 'EINVAL', 'EIO', 'ENOMEM', 'EBUSY', 'EPIPE', 'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EADDRINUSE', 'EHOSTUNREACH', 'ETIMEDOUT', 'EPROTO', 'EMSGSIZE', 'ENOTSUP', 'ENOBUFS'];

/** The other codes of Node, undici and zlib, by the name in C. */
const OTHERS = {
  EHOSTUNREACH: ['ENOTFOUND', 'EAI_AGAIN', 'EAI_FAIL', 'ENETUNREACH', 'ENETDOWN', 'EHOSTDOWN', 'EADDRNOTAVAIL'],
  ENOENT: ['ENOTDIR'],
  EACCES: ['EISDIR'],
  EMSGSIZE: ['E2BIG', 'UND_ERR_HEADERS_OVERFLOW', 'HPE_HEADER_OVERFLOW'],
  EPIPE: ['ERR_STREAM_DESTROYED', 'ERR_STREAM_WRITE_AFTER_END'],
  ECONNRESET: ['ERR_STREAM_PREMATURE_CLOSE', 'ERR_SOCKET_CLOSED', 'UND_ERR_SOCKET'],
  ETIMEDOUT: ['UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT'],
  EINVAL: [
    ...['ERR_SOCKET_BAD_PORT', 'ERR_UNKNOWN_SIGNAL', 'ERR_INVALID_ARG_VALUE', 'ERR_INVALID_ARG_TYPE', 'ERR_INVALID_URL'],
    ...['UND_ERR_INVALID_ARG', 'UND_ERR_NOT_SUPPORTED', 'UND_ERR_REQ_CONTENT_LENGTH_MISMATCH'],
  ],
  EBADMSG: ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'Z_DATA_ERROR', 'Z_BUF_ERROR'],
};

/** By code. @type {Map<string, string>} */
const NAMES = new Map([...SAME.map((name) => /** @type {const} */ ([name, name])), ...Object.entries(OTHERS).flatMap(([name, codes]) => codes.map((code) => /** @type {const} */ ([code, name])))]);

/** And by what codes look like: a handshake that failed, or a certificate that nobody trusts; what is no HTTP. @type {[pattern: RegExp, name: string][]} */
const FAMILIES = [
  [/^(ERR_TLS|ERR_SSL|ERR_OSSL|CERT_|CRL_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH|INVALID_CA)/, 'EPROTO'],
  [/^HPE_/, 'EBADMSG'],
];

/** Errors without a code. @type {[what: 'name' | 'message', pattern: RegExp, name: string][]} */
const WORDS = [
  ['name', /^HTTPParserError$/, 'EBADMSG'],
  ['message', /redirect count exceeded|unexpected redirect/, 'ELOOP'],
  ['name', /^AbortError$/, 'ECANCELED'],
  ['name', /^TimeoutError$/, 'ETIMEDOUT'],
];

/** A request has no streams of ours: that its connection cannot be written is the server's doing. @type {Record<string, string>} */
const IN_REQUEST = { EPIPE: 'ECONNRESET', ECONNABORTED: 'ECONNRESET' };

/** An error that says itself which one it is in C. @param {string} name @param {string} message */
export const named = (name, message) => Object.assign(new Error(message), { wasyncio: name });

/** A browser's own machine, which is there also when the browser is offline. */
const OWN_MACHINE = /^(|(.+\.)?localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * What to say of a request that has failed in a browser that is offline: the one reason that browsers tell. Undefined if it
 * is not, or that cannot be why. @param {string} url maybe relative to the page
 */
export function offline(url) {
  const { navigator, location } = /** @type {{ navigator?: Navigator, location?: Location }} */ (globalThis);
  if (navigator?.onLine !== false || OWN_MACHINE.test(new URL(url, location?.href).hostname)) return undefined;
  return named('EHOSTUNREACH', `the browser is offline: ${url}`);
}

/** The innermost cause, which has the code and the better words. @param {any} error */
export function rootCause(error) {
  while (error?.cause instanceof Error) error = error.cause;
  return error?.errors?.[0] ?? error; // an AggregateError: one for each address tried
}

/** @param {string} code */
const ofFamily = (code) => FAMILIES.find(([pattern]) => pattern.test(code))?.[1];

/** @param {any} error @param {any} cause @param {'request' | 'body' | undefined} of */
function nameOf(error, cause, of) {
  const code = String(cause?.code ?? '');
  const own = error?.wasyncio ?? cause?.wasyncio;
  if (own) return own;
  if (of === 'body' && code === 'UND_ERR_SOCKET') return 'EBADMSG'; // closed in good order, but too early
  const name = NAMES.get(code) ?? ofFamily(code) ?? WORDS.find(([what, pattern]) => pattern.test(cause?.[what]) || pattern.test(error?.[what]))?.[2] ?? 'EIO';
  return of ? (IN_REQUEST[name] ?? name) : name;
}

/**
 * @param {any} error
 * @param {'request' | 'body'} [of] of an HTTP request, or of its answer's body, where some errors mean something else
 * @returns {{ name: string, message: string }}
 */
export function explain(error, of) {
  const cause = rootCause(error);
  const own = String(error?.message ?? error);
  // OpenSSL's own words are an address, a number and a line of its source
  const why = cause?.library && cause.reason ? `TLS failed: ${cause.reason} (${cause.library})` : cause?.message;
  const words = cause !== error && why ? [own, why] : [(cause?.library && why) || own || String(cause)];
  return { name: nameOf(error, cause, of), message: words.filter(Boolean).join(': ') };
}
