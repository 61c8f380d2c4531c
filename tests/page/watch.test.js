/** Watching a run: what the timeline, the lists and the words tell of it at one position. */
import assert from 'node:assert/strict';
import { open, prepare, pressRun, text, untilEnded } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */

/** A finished run at once. @param {Visit} visit @param {string} name @param {Parameters<typeof open>[2]} [how] */
async function ran(visit, name, how) {
  await open(visit, name, how);
  await pressRun(visit.page);
  await untilEnded(visit.page);
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'a request that its session holds back is queued: in the list, on the lane, in the tip and in words'(visit) {
    const { page, errors } = visit;
    await ran(visit, 'lined');
    await page.click('#tab-network');
    await page.waitForSelector('.req');
    assert.match(await text(page, 'panel-network'), /most at once 2queued 0sent 6 of 6/);
    await page.waitForFunction(() => [...document.querySelectorAll('.req .wf .queued')].filter((part) => part.getBoundingClientRect().width > 2).length === 4);
    await page.focus('.tl-lanes');
    await page.keyboard.press('Home');
    for (let i = 0; i < 200 && !/queued [1-9]/.test(await text(page, 'panel-network')); i++) await page.keyboard.press('.');
    while (!/queued 4/.test(await text(page, 'panel-network'))) await page.keyboard.press('.');
    assert.match(await text(page, 'panel-network'), /in flight now 2most at once 2queued 4sent 2 of 6/);
    assert.match(await page.$eval('.tl-chart', (chart) => chart.textContent ?? ''), /session 2 of 24 in line/, 'one counter, by the name of the source');
    assert.doesNotMatch(await text(page, 'panel-problems'), /never given back/);
    await page.click('#tab-tasks');
    await page.waitForFunction(() => /get_item #4 GET \/pages\/4, queued for/.test(document.getElementById('panel-tasks')?.textContent ?? ''));
    // The last task waits for its turn from the start to where its request is sent.
    const at = await page.$eval('.tl-scroll', (element) => {
      const { left, top } = element.getBoundingClientRect();
      return { left, top };
    });
    const row = await page.$$eval('.tl-lanes [role=option]', (rows) => rows[rows.length - 1].getBoundingClientRect().top + 10);
    const gutter = await page.$eval('.tl-lanes', (list) => list.getBoundingClientRect().width);
    await page.mouse.move(at.left + gutter + 120, row);
    await page.waitForFunction(() => /queued \d+first byte \d+body \d+/.test(document.querySelector('.tl-tip')?.textContent ?? ''));
    const tip = await page.$eval('.tl-tip', (element) => element.textContent ?? '');
    assert.match(tip, /^GET \/pages\/5200 in /);
    assert.ok(Number(/queued (\d+)/.exec(tip)?.[1]) > 100, tip);
    assert.deepEqual(errors, []);
  },
};
