/** Cookies of sessions, in memory, as RFC 6265 has them: one jar a session. */

/**
 * Domains in which anybody can register ("co.uk"), and which no cookie may be for: the public suffix list, from `tldts`. Loaded
 * when a server first sends a cookie with a Domain. @type {((domain: string) => boolean) | undefined}
 */
let isPublic;

/** @type {Promise<void> | undefined} */
let loading;

const loadSuffixes = () =>
  (loading ??= import('tldts').then(
    ({ getPublicSuffix }) => void (isPublic = (domain) => getPublicSuffix(domain, { allowPrivateDomains: true }) === domain),
    () => void (isPublic = () => true), // bundled without it: such cookies are for their own host at most
  ));

/** @typedef {{ name: string, value: string, domain: string, hostOnly: boolean, path: string, secure: boolean, expires: number, created: number }} Cookie */

const MOST = 3000; // cookies in one jar; the oldest goes first

/** @param {string} host @param {string} domain */
const isWithin = (host, domain) => host === domain || (host.endsWith(`.${domain}`) && !/^[\d.]+$|:/.test(host));

/** @param {string} path of a request @param {string} prefix a cookie's */
const isBelow = (path, prefix) => path === prefix || (path.startsWith(prefix) && (prefix.endsWith('/') || path[prefix.length] === '/'));

/** @param {URL} url */
const isTrustworthy = ({ protocol, hostname }) => protocol === 'https:' || hostname === 'localhost' || hostname.startsWith('127.');

/** @param {string} line of a Set-Cookie header @param {URL} url @returns {Cookie | undefined} */
function parse(line, url) {
  const [pair, ...rest] = line.split(';');
  const equals = pair.indexOf('=');
  if (equals < 1) return undefined;
  /** @type {Map<string, string>} */
  const attributes = new Map(rest.map((part) => {
    const [name, ...value] = part.split('=');
    return [name.trim().toLowerCase(), value.join('=').trim()];
  }));
  const domain = attributes.get('domain')?.replace(/^\./, '').toLowerCase();
  if (domain && !isWithin(url.hostname, domain)) return undefined;
  const secure = attributes.has('secure');
  if (secure && !isTrustworthy(url)) return undefined;
  const path = attributes.get('path');
  const age = attributes.get('max-age');
  const until = attributes.get('expires');
  const expires = age !== undefined && /^-?\d+$/.test(age) ? Date.now() + Number(age) * 1000 : until === undefined ? Infinity : Date.parse(until);
  return {
    name: pair.slice(0, equals).trim(),
    value: pair.slice(equals + 1).trim(),
    domain: domain || url.hostname,
    hostOnly: !domain,
    path: path?.startsWith('/') ? path : url.pathname.slice(0, Math.max(1, url.pathname.lastIndexOf('/'))),
    secure,
    expires: Number.isNaN(expires) ? Infinity : expires,
    created: Date.now(),
  };
}

export class CookieJars {
  /** @type {Map<number, Map<string, Cookie>>} */
  #jars = new Map();

  /**
   * Takes a Set-Cookie header. If it returns a promise, the cookie is in the jar when that is resolved: send nothing before.
   * @param {number} jar @param {URL} url @param {string} line @returns {Promise<void> | undefined}
   */
  set(jar, url, line) {
    const cookie = parse(line, url);
    if (!cookie) return undefined;
    if (!this.#jars.has(jar)) this.#jars.set(jar, new Map());
    if (cookie.hostOnly || isPublic) return this.#put(jar, url, cookie);
    return loadSuffixes().then(() => this.#put(jar, url, cookie));
  }

  /** @param {number} jar @param {URL} url @param {Cookie} cookie @returns {undefined} */
  #put(jar, url, cookie) {
    if (!cookie.hostOnly && isPublic?.(cookie.domain)) {
      if (cookie.domain !== url.hostname) return;
      cookie.hostOnly = true;
    }
    const cookies = this.#jars.get(jar);
    if (!cookies) return; // the session has been closed
    const key = `${cookie.domain}\t${cookie.path}\t${cookie.name}`;
    cookies.delete(key);
    if (cookie.expires <= Date.now()) return;
    cookies.set(key, cookie);
    if (cookies.size > MOST) cookies.delete(/** @type {string} */ (cookies.keys().next().value));
  }

  /** @param {number} jar */
  forget(jar) {
    this.#jars.delete(jar);
  }

  /** What to send to that URL; '' for none. The longest path comes first. @param {number} jar @param {URL} url */
  header(jar, url) {
    const cookies = this.#jars.get(jar);
    if (!cookies) return '';
    const now = Date.now();
    const fitting = [...cookies].flatMap(([key, cookie]) => {
      if (cookie.expires <= now) cookies.delete(key);
      const fits = cookie.expires > now && (cookie.hostOnly ? url.hostname === cookie.domain : isWithin(url.hostname, cookie.domain)) && isBelow(url.pathname, cookie.path);
      return fits && (!cookie.secure || isTrustworthy(url)) ? [cookie] : [];
    });
    return fitting.sort((a, b) => b.path.length - a.path.length || a.created - b.created).map(({ name, value }) => `${name}=${value}`).join('; ');
  }
}
