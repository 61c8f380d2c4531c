/** The playground as a place to work: first visit, editing, sharing, embedding, offline and the keyboard. */
import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync, deflateRawSync } from 'node:zlib';
import { root as ROOT } from '../../examples/needs.js';
import { execute } from '../lib/process.js';
import { FOLDER, host, open, prepare, press, pressRun, printed, text, typeAt, untilEnded, untilPrinted } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */

/** As share/link.js does it. @param {unknown} shared */
const fragment = (shared) => `v1.${deflateRawSync(JSON.stringify(shared)).toString('base64url')}`;

/** @param {Visit} visit @param {string} hash */
async function openLink(visit, hash) {
  const { page, origin } = visit;
  await page.setViewport({ width: 1440, height: 900 });
  await page.goto('about:blank');
  await page.goto(`${origin}/${FOLDER}/#${hash}`);
  await page.waitForFunction(() => document.querySelectorAll('#editor .cm-line').length > 1);
}

const SHARED = { 'main.c': '#include <wasyncio.h>\n\n/* </textarea><script>globalThis.hacked = 1</script><img src=x onerror="globalThis.hacked=1"> */\nint main(void) { return 0; }\n' };

/** What was run, by what it was made of: the browsers' downloads are the same, byte for byte, or both run. @type {Map<string, Promise<string>>} */
const ran = new Map();

/** @param {Record<string, Uint8Array>} files */
function runOnce(files) {
  const key = JSON.stringify(Object.entries(files).map(([name, bytes]) => [name, Buffer.from(bytes).toString('base64')]));
  const known = ran.get(key) ?? unpackAndRun(files);
  ran.set(key, known);
  return known;
}

/** `npm start` as the README says, with the packages that `npm install` would bring. @param {Record<string, Uint8Array>} files */
async function unpackAndRun(files) {
  const folder = mkdtempSync(path.join(tmpdir(), 'wasyncio-project-'));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      writeFileSync(path.join(folder, name), bytes);
    }
    const project = path.join(folder, Object.keys(files)[0].split('/')[0]);
    const { dependencies, devDependencies } = JSON.parse(readFileSync(path.join(project, 'package.json'), 'utf8'));
    const ours = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
    assert.deepEqual(dependencies, { wasyncio: ours.version });
    for (const [name, version] of Object.entries(devDependencies)) {
      assert.equal(version, ours.devDependencies[name]);
      mkdirSync(path.dirname(path.join(project, 'node_modules', name)), { recursive: true });
      symlinkSync(path.join(ROOT, 'node_modules', name), path.join(project, 'node_modules', name));
    }
    symlinkSync(ROOT, path.join(project, 'node_modules/wasyncio'));
    mkdirSync(path.join(project, 'node_modules/.bin'));
    symlinkSync(path.join(ROOT, 'src/js/cli/main.js'), path.join(project, 'node_modules/.bin/wasyncio'));
    const { code, stdout, stderr } = await execute('npm', ['start', '--silent'], { cwd: project, timeout: 120_000 });
    assert.equal(code, 0, stderr);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the page fetches at first is there, and has been drawn. @param {import('puppeteer-core').Page} page */
async function settled(page) {
  await page.waitForFunction(() => document.readyState === 'complete' && !document.body.classList.contains('opening') && document.getElementById('compiler'));
  await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(resolve, 300)))));
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'the first example runs soon after opening, and the first load is small'(visit) {
    const { page } = visit;
    const site = await host('/');
    try {
      const started = Date.now();
      await page.goto(site.url);
      await page.waitForSelector('#editor .cm-line');
      await page.click('#run');
      await untilPrinted(page, 'exit code 0');
      const took = Date.now() - started;
      assert.ok(took < 60_000, `${took} ms`); // how fast is measured, not asserted: the machine may be busy
      const loaded = [...new Set(site.sent)].filter((file) => !/^programs\/(?!coroutine)|^toolchain|^sw\.js|^api\.json|^wasyncio\.h|^compiler|^formatter/.test(file));
      const bytes = loaded.reduce((sum, file) => sum + gzipSync(readFileSync(path.join(ROOT, FOLDER, file))).length, 0);
      assert.ok(bytes < 400_000, `${bytes} bytes: ${loaded}`);
      assert.ok(!site.sent.some((file) => file.startsWith('toolchain')), 'no toolchain before an edit');
    } finally {
      await site.close();
    }
  },

  async 'works below a path, and offline after the first visit'(visit) {
    const { page, browser } = visit;
    const site = await host('/some/where/');
    await page.goto(site.url);
    await page.waitForSelector('#editor .cm-line');
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    await page.click('#run');
    await untilPrinted(page, 'exit code 0');
    await site.close(); // there is no network any more
    if (browser === 'firefox') await page.goto('about:blank');
    await page.goto(`${site.url}#06_group_failure`);
    await page.reload();
    await page.waitForSelector('#editor .cm-line');
    await page.click('#run');
    await untilPrinted(page, 'exit code 0');
    assert.match(await text(page, 'status'), /works offline/);
  },

  async 'a shared program is shown, and does not run by itself'(visit) {
    const { page, errors } = visit;
    await openLink(visit, fragment({ files: SHARED, seed: 7, speed: 10 }));
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('globalThis.hacked'));
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.equal(await page.evaluate(() => 'hacked' in globalThis), false);
    assert.equal(await text(page, 'run-note'), '', 'nothing has run');
    assert.match(await text(page, 'first'), /A shared program\s+Read it, then run it/);
    assert.equal(await page.$eval('#seed', (input) => /** @type {HTMLInputElement} */ (input).value), '7');
    assert.equal(await page.$eval('#speed [aria-checked=true]', (choice) => choice.textContent), '10×');
    assert.deepEqual(errors, []);
  },

  async 'hostile links are refused in words'(visit) {
    const { page, errors } = visit;
    const cases = /** @type {[string, RegExp][]} */ ([
      ['v1.%%%', /damaged/],
      [`v1.${Buffer.from('not deflate').toString('base64url')}`, /damaged/],
      [fragment({ files: SHARED }).slice(0, -20), /damaged/],
      [`v1.${'A'.repeat(500_000)}`, /too long/],
      [fragment({ files: { 'main.c': 'x'.repeat(3_000_000) } }), /too large/],
      [fragment({ files: { '../../evil.c': '' } }), /damaged/],
      [fragment({ files: { 'main.c': { toString: 1 } } }), /damaged/],
      [fragment([1, 2, 3]), /damaged/],
      [fragment({ program: 'no_such_lesson' }), /does not have/],
      ['v9.abc', /newer version/],
    ]);
    for (const [hash, words] of cases) {
      await openLink(visit, hash);
      await page.waitForFunction(() => document.querySelector('#lesson .text')?.textContent);
      assert.match(await text(page, 'lesson'), words, hash.slice(0, 60));
    }
    assert.deepEqual(errors, []);
  },

  async 'Share makes a link that brings back what is in the editor'(visit) {
    const { page } = visit;
    await open(visit, 'await', { compiles: false });
    await typeAt(page, 1, '// changed by a test');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#files .dot');
    await page.type('#seed', '11');
    await page.click('#share');
    await page.waitForFunction(() => /#v1\./.test(/** @type {HTMLInputElement | null} */ (document.querySelector('#sharebox input'))?.value ?? ''));
    assert.match(await text(page, 'sharebox'), /nothing runs by itself/);
    assert.match(await text(page, 'sharebox'), /every run with this seed is the same/);
    assert.equal(await page.$eval('#seed', (field) => /** @type {HTMLInputElement} */ (field).placeholder), 'default');
    const link = await page.$eval('#sharebox input', (input) => /** @type {HTMLInputElement} */ (input).value);
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'share');
    await openLink(visit, new URL(link).hash.slice(1));
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('// changed by a test'));
    assert.equal(await page.$eval('#seed', (input) => /** @type {HTMLInputElement} */ (input).value), '11');
  },

  async 'an edit is marked, several files have tabs, and the header is a click away'(visit) {
    const { page } = visit;
    await open(visit, '', { compiles: false });
    assert.equal((await page.$$('#files .dot')).length, 0);
    await typeAt(page, 1, '\n');
    await page.waitForSelector('#files .dot');
    await page.click('#add-file');
    await page.keyboard.type('util.h');
    await page.keyboard.press('Enter');
    await page.waitForSelector('#files [data-file="util.h"][aria-selected=true]');
    assert.match(await text(page, 'editor'), /#pragma once/);
    await page.click('#files [data-file="wasyncio.h"]');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('Asynchronous'), {}).catch(() => {});
    await page.focus('#editor .cm-content');
    await page.keyboard.type('zzqq');
    assert.doesNotMatch(await text(page, 'editor'), /zzqq/, 'read only');
  },

  async 'the API is completed, with its documentation'(visit) {
    const { page } = visit;
    await open(visit, 'await', { compiles: false });
    await typeAt(page, 5, 'wio_sleep');
    await page.waitForSelector('.cm-tooltip-autocomplete');
    assert.match(await page.$eval('.cm-tooltip-autocomplete', (box) => box.textContent ?? ''), /wio_sleep/);
    await page.waitForSelector('.doc');
    assert.match(await page.$eval('.doc', (box) => box.textContent ?? ''), /asyncio\.sleep/);
    await page.keyboard.press('Escape');
  },

  async 'the first link of the tab order is not the last: the keyboard reaches everything'(visit) {
    const { page } = visit;
    await open(visit);
    const reached = new Set();
    await page.focus('.brand');
    for (let i = 0; i < 34; i++) {
      await page.keyboard.press('Tab');
      reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className));
      if (await page.evaluate(() => document.activeElement?.classList.contains('cm-content'))) await page.keyboard.press('Escape'); // Tab indents, but after Escape
    }
    for (const id of ['programs', 'next', 'run', 'seed', 'share', 'theme', 'more', 'twin-switch', 'file-main.c', 'run-first', 'tab-tasks']) assert.ok(reached.has(id), `Tab reaches #${id}: ${[...reached].join(', ')}`);
  },

  async 'the menu, the panes and the tabs answer the keyboard'(visit) {
    const { page } = visit;
    await open(visit);
    await page.focus('#more');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('#menu'));
    await page.keyboard.press('ArrowDown');
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Format this fileAlt Shift F');
    await page.keyboard.press('Escape');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'more');
    await page.focus('#editor .cm-content');
    await press(page, 'F6');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'timeline');
    await press(page, 'Alt', '2');
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'panel-tasks');
    await page.focus('#speed [aria-checked=true]');
    await page.keyboard.press('ArrowLeft');
    assert.equal(await page.$eval('#speed [aria-checked=true]', (choice) => choice.textContent), '10×');
  },

  async 'other orders are tried, and those that end otherwise are listed'(visit) {
    const { page } = visit;
    await open(visit, '09_run_in_run');
    await press(page, 'Alt', 'Enter');
    await page.waitForFunction(() => /30 other orders of the ready tasks end the same way|end differently/.test(document.getElementById('panel-problems')?.textContent ?? ''), { timeout: 90_000 });
  },

  async 'embedded: editor and timeline, and Run'(visit) {
    const { page } = visit;
    await open(visit, 'gather', { query: '?embed', width: 1000, height: 480, compiles: false });
    for (const id of ['lesson', 'dock', 'status']) assert.equal(await page.$eval(`#${id}`, (part) => /** @type {HTMLElement} */ (part).offsetParent), null, id);
    await page.click('#run');
    await untilEnded(page);
    assert.ok(await page.$eval('#timeline', (timeline) => /** @type {HTMLElement} */ (timeline).offsetHeight > 300));
    const link = () => page.$eval('.brand', (brand) => [/** @type {HTMLAnchorElement} */ (brand).href, /** @type {HTMLAnchorElement} */ (brand).target]);
    assert.match((await link())[0], /\/#gather$/);
    assert.equal((await link())[1], '_blank', 'the whole page is a click away, beside this one');
    await typeAt(page, 1, '// mine\n');
    await page.waitForFunction(() => /#v1\./.test(document.querySelector('.brand')?.getAttribute('href') ?? ''));
    await openLink(visit, new URL((await link())[0]).hash.slice(1));
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('// mine'));
  },

  async 'embedded in a narrow frame: two views, with room for what switches between them'(visit) {
    const { page } = visit;
    await open(visit, 'gather', { query: '?embed', width: 700, height: 480 });
    await page.click('#run');
    await untilEnded(page);
    const buttons = await page.$$eval('.nav button', (all) => all.map((each) => ({ words: each.textContent, height: /** @type {HTMLElement} */ (each).offsetHeight, bottom: each.getBoundingClientRect().bottom })).filter(({ height }) => height));
    assert.deepEqual(buttons.map(({ words }) => words), ['Code', 'Timeline']);
    for (const { height, bottom } of buttons) assert.ok(height >= 40 && bottom <= 480, `${height} px high, down to ${bottom}`);
    await page.click('.nav [data-view=code]');
    await page.waitForSelector('#editor .cm-line', { visible: true });
  },

  async 'a download holds the program, package.json and a README'(visit) {
    const { page } = visit;
    await open(visit, 'await');
    await page.evaluate(() => {
      const create = URL.createObjectURL;
      URL.createObjectURL = (/** @type {any} */ blob) => (blob.arrayBuffer().then((/** @type {ArrayBuffer} */ bytes) => (/** @type {any} */ (globalThis).zip = [...new Uint8Array(bytes)])), create(blob));
      HTMLAnchorElement.prototype.click = () => {};
    });
    await page.click('#more');
    await page.$$eval('#menu [role=menuitem]', (items) => /** @type {HTMLElement | undefined} */ (items.find((item) => item.textContent === 'Download as a project'))?.click());
    await page.waitForFunction(() => 'zip' in globalThis);
    const { unzipSync, strFromU8 } = await import('fflate');
    const files = unzipSync(Uint8Array.from(/** @type {any} */ (await page.evaluate(() => /** @type {any} */ (globalThis).zip))));
    assert.deepEqual(Object.keys(files).sort(), ['await/README.md', 'await/main.c', 'await/package.json']);
    assert.equal(JSON.parse(strFromU8(files['await/package.json'])).scripts.start, 'wasyncio run main.c --toolchain npm');
    assert.match(strFromU8(files['await/README.md']), /npm install\n\s*npm start/);
    assert.equal(await runOnce(files), 'tea ...\ntea is ready\ntoast ...\ntoast is ready\n');
  },

  async 'nothing moves when the page opens and while a run goes on: no layout shift'(visit) {
    const { page, browser } = visit;
    if (browser !== 'chromium') return; // only it measures that
    await page.evaluateOnNewDocument(() => {
      const seen = /** @type {any} */ (globalThis);
      seen.shifts = [];
      new PerformanceObserver((list) => list.getEntries().forEach((entry) => seen.shifts.push(entry))).observe({ type: 'layout-shift', buffered: true });
    });
    const worst = () => page.evaluate(() => Math.max(0, .../** @type {any} */ (globalThis).shifts.map((/** @type {any} */ shift) => shift.value)));
    for (const [name, width] of /** @type {const} */ ([['semaphore', 1440], ['semaphore', 1024], ['20_scraper', 1024], ['20_scraper', 360]])) {
      await open(visit, name, { width });
      await settled(page);
      const opened = await worst();
      assert.ok(opened < 0.005, `${name}, ${width} px: a shift of ${opened} while it opens`);
      await page.evaluate(() => {
        /** @type {HTMLElement | null} */ (document.querySelector('#speed [data-speed="10"]'))?.click(); // so that it goes on while it is drawn
        document.getElementById('run')?.click();
      });
      await untilEnded(page);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const run = await worst();
      assert.ok(run < 0.025, `${name}, ${width} px: a shift of ${run}`);
    }
  },

  async 'on a phone the last line of the console is in sight, also a long one'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore', { width: 360, height: 780 });
    await page.click('#run');
    await untilEnded(page);
    await page.waitForFunction(() => {
      const [panel, last] = [document.querySelector('#peek .panel'), document.querySelector('#peek .l:last-child')];
      return last?.textContent?.includes('exit code 1') && panel && last.getBoundingClientRect().bottom <= panel.getBoundingClientRect().bottom;
    });
  },

  async 'pictures of the main states'(visit) {
    const { page, browser } = visit;
    const folder = path.join(ROOT, 'build/tests/shots');
    mkdirSync(folder, { recursive: true });
    for (const [name, theme, width, height] of /** @type {const} */ ([['desk', 'light', 1440, 900], ['desk', 'dark', 1440, 900], ['phone', 'light', 360, 780], ['phone', 'dark', 360, 780]])) {
      await open(visit, 'semaphore', { query: `?theme=${theme}`, width, height });
      await page.click('#run');
      await untilEnded(page);
      const file = /** @type {`${string}.png`} */ (path.join(folder, `${name}-${theme}-${browser}.png`));
      await page.screenshot({ path: file });
      assert.ok(statSync(file).size > 10_000);
    }
  },
};
