/** A browser that is offline says so, and that alone is told of why a request failed. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { program, root } from '../js/programs/build.js';

const BLANK = '/tests/page/blank.html';
let url = '';

export async function prepare() {
  url = `/${path.relative(root, await program('http')).split(path.sep).join('/')}`;
}

/** @type {Record<string, (context: { page: import('puppeteer-core').Page, origin: string, server: import('../server/server.js').TestServer }) => Promise<void>>} */
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
};
