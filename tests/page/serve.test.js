/** fetch(request) in a page, as a service worker would use it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { program, root } from '../js/programs/build.js';

/** @type {string} */
let url;
export const prepare = async () => (url = `/${path.relative(root, await program('serve')).split(path.sep).join('/')}`);

/** @type {Record<string, (visit: { page: import('puppeteer-core').Page, origin: string }) => Promise<void>>} */
export const tests = {
  async 'requests and bodies in both directions'({ page, origin }) {
    await page.goto(`${origin}/__tests__/page-host.html`);
    await page.waitForFunction('globalThis.load');
    const said = await page.evaluate(async (url) => {
      const app = await /** @type {any} */ (globalThis).load(url);
      const ask = async (/** @type {string} */ path, /** @type {RequestInit} */ init = {}) => {
        const response = await app.exports.fetch(new Request(`http://example.org${path}`, init));
        return `${response.status} ${await response.text()}`;
      };
      const answers = [await ask('/ok'), await ask('/describe?q=x', { headers: { 'x-token': 't' } }), await ask('/echo', { method: 'POST', body: 'y'.repeat(100000) }), await ask('/echo', { method: 'POST' }), await ask('/fails')];
      const response = await app.exports.fetch(new Request('http://example.org/endless'));
      const reader = response.body.getReader();
      await reader.read();
      await reader.cancel();
      await app.close();
      return answers;
    }, url);
    assert.deepEqual(said, ['200 ok', '201 GET /describe token=t q=x none=absent', `200 ${'y'.repeat(100000)}`, '200 ', '500 Internal Server Error\n']);
  },
};
