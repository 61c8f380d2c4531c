/** A browser that is offline says so, and that alone is told of why a request failed. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { networkInterfaces } from 'node:os';
import path from 'node:path';
import { program, root } from '../js/programs/build.js';

const BLANK = '/tests/page/blank.html';
let url = '';

export async function prepare() {
  url = `/${path.relative(root, await program('http')).split(path.sep).join('/')}`;
}

/** Neither browser's switch ends a body that is on its way: the server does, as a network that is gone would in the end. */
async function startBreaking() {
  const server = http.createServer((_, response) => {
    response.writeHead(200, { 'access-control-allow-origin': '*', 'content-length': 1_000_000 });
    response.write('x'.repeat(1000));
  });
  await new Promise((resolve) => void server.listen(0, '0.0.0.0', () => resolve(undefined)));
  // where this machine is not the browser's own to it; without any network there is no such address
  const outside = Object.values(networkInterfaces()).flat().find((one) => one && !one.internal && one.family === 'IPv4');
  const begun = new Promise((resolve) => server.once('request', resolve));
  return {
    url: `http://${outside?.address ?? '127.0.0.1'}:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`,
    words: outside ? /^EHOSTUNREACH: the browser is offline: http:/ : /^EIO: /,
    begun,
    breakOff: () => server.closeAllConnections(),
    close: () => new Promise((resolve) => server.close(resolve)),
  };
}

/** `ask(name, ...values)` calls an export of a program in a worker. */
const IN_WORKER = `
  const worker = new Worker('/tests/page/worker.js', { type: 'module' });
  const asked = [];
  worker.onmessage = ({ data: [id, value] }) => asked[id](value);
  globalThis.ask = (...message) => new Promise((resolve) => worker.postMessage([asked.push(resolve) - 1, ...message]));`;

/** @type {Record<string, (context: { page: import('puppeteer-core').Page, origin: string, server: import('../server/server.js').TestServer, browser: string }) => Promise<void>>} */
export const tests = {
  async 'offline, requests and WebSockets fail with EHOSTUNREACH and words, those to the own machine as ever'({ page, origin, server }) {
    await page.goto(origin + BLANK);
    await page.evaluate(`(async () => {
      const { load } = await import('/src/js/web.js');
      globalThis.app = await load(${JSON.stringify(url)});
      await app.exports.begin(5);
    })()`);
    const ask = async () =>
      /** @type {[boolean, string, string, string]} */ (
        await page.evaluate(`Promise.all([navigator.onLine, app.exports.get('http://wasyncio.invalid/'), app.exports.socket('ws://wasyncio.invalid/'), app.exports.get('${server.refusedUrl}')])`)
      );
    const [online, before, socket] = await ask();
    if (online) assert.match(`${before}\n${socket}`, /^EIO: .*\nEIO: no WebSocket at/);
    await page.setOfflineMode(true);
    const [still, ...words] = await ask();
    assert.equal(still, false);
    assert.match(words[0], /^EHOSTUNREACH: the browser is offline: http:\/\/wasyncio\.invalid\/$/);
    assert.match(words[1], /^EHOSTUNREACH: the browser is offline: ws:\/\/wasyncio\.invalid\/$/);
    assert.match(words[2], /^EIO: /);
    await page.setOfflineMode(false);
    assert.equal(await page.evaluate(`app.exports.get('${server.url}/ok')`), 'ok');
  },

  async 'a body that breaks off while the browser is offline is EHOSTUNREACH'({ page, origin }) {
    const breaking = await startBreaking();
    try {
      await page.goto(origin + BLANK);
      await page.evaluate(`(async () => {
        const { load } = await import('/src/js/web.js');
        globalThis.app = await load(${JSON.stringify(url)});
        await app.exports.begin(5);
        globalThis.body = app.exports.get('${breaking.url}');
      })()`);
      await breaking.begun;
      await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 200))`); // the answer has begun
      await page.setOfflineMode(true);
      breaking.breakOff();
      assert.match(/** @type {string} */ (await page.evaluate('body')), breaking.words);
      await page.setOfflineMode(false);
    } finally {
      breaking.breakOff();
      await breaking.close();
    }
  },

  async 'in a worker, too'({ page, origin, browser, server }) {
    const breaking = await startBreaking();
    try {
      await page.goto(origin + BLANK);
      await page.evaluate(`(async () => { ${IN_WORKER}
        worker.postMessage(${JSON.stringify(url)});
        await ask('begin', 5);
        globalThis.body = ask('get', '${breaking.url}');
      })()`);
      await breaking.begun;
      await page.evaluate(`new Promise((resolve) => setTimeout(resolve, 200))`);
      await page.setOfflineMode(true);
      breaking.breakOff();
      const [online, body, get, socket] = /** @type {[boolean, string, string, string]} */ (
        await page.evaluate(`Promise.all([ask('onLine'), body, ask('get', 'http://wasyncio.invalid/'), ask('socket', 'ws://wasyncio.invalid/')])`)
      );
      // Firefox's switch cuts its workers off, but does not tell them.
      assert.equal(online, browser === 'firefox');
      assert.match(body, online ? /^EIO: / : breaking.words);
      assert.match(get, online ? /^EIO: / : /^EHOSTUNREACH: the browser is offline: http:/);
      assert.match(socket, online ? /^EIO: / : /^EHOSTUNREACH: the browser is offline: ws:/);
      await page.setOfflineMode(false);
      assert.equal(await page.evaluate(`ask('get', '${server.url}/ok')`), 'ok');
    } finally {
      breaking.breakOff();
      await breaking.close();
    }
  },
};
