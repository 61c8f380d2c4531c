/** Which of C's errors a failed request is, by what hosts say. Browsers tell nothing apart: there it is EIO. */
import { explain as explainAny } from './errnos.js';

/** Where HTTP means something else than a socket does, and what undici alone says. @type {Record<string, string>} */
const NAMES = {
  EPIPE: 'ECONNRESET',
  ECONNABORTED: 'ECONNRESET',
  UND_ERR_SOCKET: 'ECONNRESET',
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

/** @param {any} error @param {any} cause @param {boolean} inBody @returns {string} */
function nameOf(error, cause, inBody) {
  const code = String(cause?.code ?? '');
  if (error?.wasyncio) return error.wasyncio;
  if (inBody && code === 'UND_ERR_SOCKET') return 'EBADMSG'; // closed in good order, but too early
  if (NAMES[code]) return NAMES[code];
  if (/^HPE_/.test(code) || cause?.name === 'HTTPParserError') return 'EBADMSG'; // not HTTP
  if (/redirect count exceeded|unexpected redirect/.test(cause?.message)) return 'ELOOP';
  if (error?.name === 'AbortError') return 'ECANCELED';
  if (error?.name === 'TimeoutError') return 'ETIMEDOUT';
  return explainAny(cause).name;
}

/** @param {any} error @param {boolean} [inBody] the headers have come @returns {{ name: string, message: string }} */
export function explain(error, inBody = false) {
  const cause = rootCause(error);
  const own = String(error?.message ?? error);
  const message = cause && cause !== error && cause.message ? `${own}: ${cause.message}` : own;
  return { name: nameOf(error, cause, inBody), message };
}
