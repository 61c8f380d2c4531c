/** Threads in a page that is not cross-origin isolated: the refusal says what to do. (In one that is: tests/c/threads.c.) */
import assert from 'node:assert/strict';
import path from 'node:path';
import { program, root } from '../js/programs/build.js';

/** @type {string} */
let url;
export const prepare = async () => (url = `/${path.relative(root, await program('threads', '-O2', true)).split(path.sep).join('/')}`);

/** @type {Record<string, (visit: { page: import('puppeteer-core').Page, origin: string }) => Promise<void>>} */
export const tests = {
  async 'refused with the headers that are missing'({ page, origin }) {
    await page.goto(`${origin}/__tests__/page-host.html`);
    await page.waitForFunction('globalThis.load');
    const said = await page.evaluate((url) => /** @type {any} */ (globalThis).load(url).then(() => 'loaded', (/** @type {any} */ error) => `${error.name}: ${error.message}`), url);
    assert.match(said, /^ENOTSUP: .*--threads.*not cross-origin isolated.*Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp/);
  },
};
