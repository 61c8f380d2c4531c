/** Measures in a page of a browser: each measurement in a page of its own. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { openBrowsers } from '../tests/lib/browsers.js';
import { root } from './build.js';

/** @typedef {import('./hosts.js').Host} Host */

/** What JavaScript's objects take in a page, and what the browser keeps for them (timers), after a collection. @param {import('puppeteer-core').Page} page */
async function heap(page) {
  const session = await page.createCDPSession();
  for (let i = 0; i < 2; i++) await session.send('HeapProfiler.collectGarbage');
  const { usedSize, embedderHeapUsedSize = 0 } = /** @type {{ usedSize: number, embedderHeapUsedSize?: number }} */ (await session.send('Runtime.getHeapUsage'));
  await session.detach();
  return usedSize + embedderHeapUsedSize;
}

/** Tasks of JavaScript that sleep. Only Chromium says what they take. @param {import('puppeteer-core').Page} page @param {string} browser @param {number} tasks */
async function memory(page, browser, tasks) {
  if (browser !== 'chromium') return undefined;
  const before = await heap(page);
  await page.evaluate((tasks) => /** @type {any} */ (window).fallAsleep(tasks), tasks);
  return (await heap(page)) - before;
}

const folder = join(root, 'build/bench/page');

/** @param {Host[]} hosts @param {number} timeout milliseconds a measurement */
export async function openPages(hosts, timeout) {
  const { build } = await import('esbuild');
  mkdirSync(folder, { recursive: true });
  await build({ entryPoints: [join(root, 'bench/peers/page.js')], bundle: true, format: 'esm', outfile: join(folder, 'page.js'), logLevel: 'silent' });
  writeFileSync(join(folder, 'index.html'), '<!doctype html><meta charset="utf-8"><title>bench</title><script type="module" src="page.js"></script>');
  const opened = await openBrowsers(hosts.map(({ browser = 'chromium' }) => browser));
  const at = (/** @type {string} */ file) => `${opened.origin}/${relative(root, file)}`;

  return {
    close: () => opened.close(),
    /** @param {Host} host @param {string | undefined} module of wasyncio; else JavaScript is measured @param {string[]} args @returns {Promise<import('./workloads.js').Values>} */
    measure: ({ browser = 'chromium' }, module, args) =>
      opened.visit(browser, timeout, async (page) => {
        await page.goto(at(join(folder, 'index.html')));
        await page.waitForFunction('window.measure');
        if (!module && args[0] === 'memory') return { each: [], memory: await memory(page, browser, Number(args[2])) };
        return page.evaluate((url, args) => /** @type {any} */ (window).measure(url, args), module ? at(module) : null, args);
      }),
  };
}
