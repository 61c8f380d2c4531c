/** Cookies of a session with a Domain, on hosts of several levels: the names are looked up here, all servers are one. */
import assert from 'node:assert/strict';
import dns from 'node:dns';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
import { CookieJars } from '../../src/node/cookies.js';
import { open } from './programs/tools.js';

// First, so that the list is not there yet.
describe('in a session', () => {
  const { lookup } = dns;
  /** @type {http.Server} */
  let server;
  let port = 0;
  before(async () => {
    dns.lookup = /** @type {any} */ ((/** @type {string} */ _, /** @type {any} */ options, /** @type {Function} */ done = options) => (options.all ? done(null, [{ address: '127.0.0.1', family: 4 }]) : done(null, '127.0.0.1', 4)));
    server = http.createServer((request, response) => {
      const { searchParams } = new URL(/** @type {string} */ (request.url), 'http://x');
      const [set, to] = [searchParams.get('set'), searchParams.get('to')];
      if (set) response.setHeader('set-cookie', set);
      if (to) response.writeHead(302, { location: to });
      response.end(request.headers.cookie ?? 'none');
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    port = /** @type {import('node:net').AddressInfo} */ (server.address()).port;
  });
  after(() => {
    dns.lookup = lookup;
    server.closeAllConnections();
    server.close();
  });

  /** @param {string} host @param {Record<string, string>} [query] */
  const at = (host, query = {}) => `http://${host}:${port}/?${new URLSearchParams(query)}`;

  test('the answer comes when its cookies are kept, also over a redirect', async () => {
    const { app } = await open('http');
    await app.exports.begin(5);
    assert.equal(await app.exports.get(at('a.shop.co.uk', { set: 'bad=1; Domain=co.uk' })), 'none');
    assert.equal(await app.exports.get(at('b.bank.co.uk')), 'none');
    assert.equal(await app.exports.get(at('a.shop.co.uk', { set: 'good=2; Domain=shop.co.uk', to: at('b.shop.co.uk') })), 'good=2');
    assert.equal(await app.exports.get(at('c.shop.co.uk')), 'good=2');
    assert.equal(await app.exports.get(at('b.bank.co.uk')), 'none');
    await app.exports.end();
    await app.close();
  });
});

describe('who may set a cookie for which domain', () => {
  /** @param {string} host that sets it @param {string} line @param {string} other host @returns {Promise<[own: string, other: string]>} what each is sent */
  async function sent(host, line, other) {
    const jars = new CookieJars();
    await jars.set(1, new URL(`http://${host}/`), line);
    return [jars.header(1, new URL(`http://${host}/`)), jars.header(1, new URL(`http://${other}/`))];
  }
  /** @type {[what: string, host: string, domain: string, other: string, own: boolean, theirs: boolean][]} */
  const cases = [
    ['its own domain: its neighbours too', 'www.shop.co.uk', 'shop.co.uk', 'api.shop.co.uk', true, true],
    ['with a dot in front', 'www.shop.co.uk', '.shop.co.uk', 'shop.co.uk', true, true],
    ['a domain in which anybody registers', 'www.shop.co.uk', 'co.uk', 'other.co.uk', false, false],
    ['in capitals', 'www.shop.co.uk', 'CO.UK', 'other.co.uk', false, false],
    ['a top-level domain', 'www.example.com', 'com', 'other.com', false, false],
    ['a private one', 'me.github.io', 'github.io', 'you.github.io', false, false],
    ['one that is public itself: for itself', 'github.io', 'github.io', 'you.github.io', true, false],
    ['another domain', 'www.example.com', 'example.org', 'example.org', false, false],
    ['an end that is no domain', 'notexample.com', 'example.com', 'example.com', false, false],
    ['an address', '127.0.0.1', '127.0.0.1', '127.0.0.2', true, false],
    ['a part of an address', '127.0.0.1', '0.0.1', '1.0.0.1', false, false],
    ['a name without dots', 'localhost', 'localhost', 'a.localhost', true, false],
  ];
  for (const [what, host, domain, other, own, theirs] of cases)
    test(`${what}: Domain=${domain} from ${host}`, async () => {
      assert.deepEqual(await sent(host, `a=1; Domain=${domain}`, other), [own ? 'a=1' : '', theirs ? 'a=1' : '']);
    });

  test('a session that is closed meanwhile keeps nothing', async () => {
    const jars = new CookieJars();
    const url = new URL('http://www.example.com/');
    const kept = jars.set(1, url, 'a=1; Domain=example.com');
    jars.forget(1);
    await kept;
    assert.equal(jars.header(1, url), '');
  });
});
