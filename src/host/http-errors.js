/** Which of C's errors a failed request is, by what hosts say. Browsers tell nothing apart: there it is EIO. */

/** Names of network errors by what Node says (undici, libuv). */
const NETWORK = {
  ECONNREFUSED: 'ECONNREFUSED',
  ECONNRESET: 'ECONNRESET',
  EPIPE: 'ECONNRESET',
  ECONNABORTED: 'ECONNRESET',
  UND_ERR_SOCKET: 'ECONNRESET',
  ENOTFOUND: 'EHOSTUNREACH',
  EAI_AGAIN: 'EHOSTUNREACH',
  EHOSTUNREACH: 'EHOSTUNREACH',
  ENETUNREACH: 'EHOSTUNREACH',
  ETIMEDOUT: 'ETIMEDOUT',
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  ERR_INVALID_URL: 'EINVAL',
  UND_ERR_INVALID_ARG: 'EINVAL',
  UND_ERR_NOT_SUPPORTED: 'EINVAL',
  UND_ERR_REQ_CONTENT_LENGTH_MISMATCH: 'EINVAL',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'EBADMSG',
  UND_ERR_HEADERS_OVERFLOW: 'EMSGSIZE',
  HPE_HEADER_OVERFLOW: 'EMSGSIZE',
  Z_DATA_ERROR: 'EBADMSG',
  Z_BUF_ERROR: 'EBADMSG',
};

/** The innermost cause, which has the code and the better words. @param {any} error */
export function rootCause(error) {
  while (error?.cause instanceof Error) error = error.cause;
  return error?.errors?.[0] ?? error; // an AggregateError: one for each address tried
}

/** What errors say that are the host's own, or made by AbortSignal. */
const NAMES = { AbortError: 'ECANCELED', TimeoutError: 'ETIMEDOUT' };

/** @param {any} cause @param {boolean} inBody @returns {string | undefined} */
function codeOf(cause, inBody) {
  const code = String(cause?.code ?? '');
  if (inBody && code === 'UND_ERR_SOCKET') return 'EBADMSG'; // closed in good order, but too early
  if (code in NETWORK) return NETWORK[/** @type {keyof typeof NETWORK} */ (code)];
  if (/^HPE_/.test(code) || cause?.name === 'HTTPParserError') return 'EBADMSG'; // not HTTP
  if (/^(ERR_TLS|ERR_SSL|EPROTO$|CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO|HOSTNAME_MISMATCH)/.test(code)) return 'EPROTO';
  if (/redirect count exceeded/.test(cause?.message)) return 'ELOOP';
}

/** @param {any} error @param {boolean} [inBody] the headers have come @returns {{ name: string, message: string }} */
export function explain(error, inBody = false) {
  const cause = rootCause(error);
  const name = error?.wasyncio ?? codeOf(cause, inBody) ?? NAMES[/** @type {keyof typeof NAMES} */ (error?.name)] ?? 'EIO';
  const own = String(error?.message ?? error);
  const message = cause && cause !== error && cause.message ? `${own}: ${cause.message}` : own;
  return { name, message };
}

/** An error that says itself which one it is in C. @param {string} name @param {string} message */
export const named = (name, message) => Object.assign(new Error(message), { wasyncio: name });
