/** The page as a user meets it: lessons and examples that run, output, Stop, what goes wrong, and its sizes. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { examples } from '../../examples/list.js';
import { root as ROOT } from '../../examples/needs.js';
import { lessons } from '../../web/lessons/list.js';
import { assertAlive, open, prepare, press, pressRun, printed, text, untilEnded, untilPrinted, untilRun } from './playground.js';

export { prepare };

/** @typedef {import('./playground.js').Visit} Visit */

const shown = examples.filter(({ driver, nodeOnly }) => !driver && !nodeOnly);

/** @param {string} name */
const golden = (name) => readFileSync(path.join(ROOT, 'examples', `${name}.out`), 'utf8');

/** Without tenths of seconds, which latency and a busy machine change. @param {string} output */
const stable = (output) => output.replace(/(\d)\.\d s$/gm, '$1 s');

/** How a task ended, in the timeline's list of lanes and in the tree. @param {import('puppeteer-core').Page} page @param {RegExp} lane @param {RegExp} row */
const untilSaid = (page, lane, row) =>
  page.waitForFunction(
    (wanted, also) => {
      const [lanes, tree] = [[...document.querySelectorAll('.tl-row')], document.getElementById('panel-tasks')];
      return lanes.some((each) => new RegExp(wanted).test(each.getAttribute('aria-label') ?? '')) && new RegExp(also).test(tree?.textContent ?? '');
    },
    {},
    lane.source,
    row.source,
  );

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'loads under its policy, without errors'(visit) {
    const { page, errors } = visit;
    await open(visit);
    const policy = await page.$eval('meta[http-equiv]', (meta) => meta.getAttribute('content') ?? '');
    for (const part of ["default-src 'self'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'"]) assert.ok(policy.includes(part), part);
    assert.equal(await page.$$eval('style, script:not([src])', (found) => found.length), 0, 'nothing inline');
    assert.match(await text(page, 'lesson'), new RegExp(lessons[0].heading));
    assert.ok((await page.$$('#editor .sus')).length >= 2, 'what waits is underlined');
    assert.equal(await page.$eval('#editor .sus', (word) => getComputedStyle(word).textDecorationLine), 'underline');
    assert.equal(await page.$$eval('#programs option', (options) => options.length >= 20), true);
    assert.match(await text(page, 'status'), /No run yet/);
    assert.deepEqual(errors, []);
  },

  ...Object.fromEntries(
    shown.map(({ name }) => [
      `runs ${name}`,
      async (/** @type {Visit} */ visit) => {
        const { page, errors } = visit;
        await open(visit, name);
        await page.click('#run');
        await untilPrinted(page, 'exit code 0');
        await untilEnded(page);
        assert.equal(stable(await printed(page, 'out')), stable(golden(name)));
        assert.deepEqual(errors, []);
      },
    ]),
  ),

  async 'every lesson runs, and its question is answered by the run'(visit) {
    const { page, errors } = visit;
    await open(visit);
    for (const { name, question } of lessons) {
      await page.select('#programs', name);
      await page.waitForFunction((heading) => document.querySelector('#lesson h2')?.textContent === heading, {}, lessons.find((lesson) => lesson.name === name)?.heading);
      await page.waitForFunction((wanted) => location.hash === wanted, {}, name === lessons[0].name ? '' : `#${name}`);
      await page.click(`#lesson [data-option="${question?.right}"]`);
      await pressRun(page);
      await untilEnded(page);
      assert.match(await text(page, 'lesson'), /Right\. /, name);
    }
    assert.deepEqual(errors, []);
  },

  async 'the simulated API is the same every time, and has sliders'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore');
    await page.click('#run-first');
    await untilEnded(page);
    await page.click('#tab-network');
    await page.waitForSelector('.req');
    assert.match(await text(page, 'panel-network'), /most at once 4sent 11 of 11/);
    const before = await printed(page, 'out');
    await page.$eval('#network-latency', (slider) => {
      /** @type {HTMLInputElement} */ (slider).value = '700';
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await pressRun(page);
    await untilRun(page, /^run 2, /);
    assert.notEqual(await printed(page, 'out'), before, 'more ticks in more time');
    await page.$eval('#network-failures', (slider) => {
      /** @type {HTMLInputElement} */ (slider).value = '100';
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    });
    await pressRun(page);
    await untilRun(page, /^run 3, /);
    await page.waitForFunction(() => /503/.test(document.getElementById('panel-network')?.textContent ?? ''));
    await page.evaluate(() => localStorage.clear());
  },

  async 'a deadlock is reported as a tree, with cause, remedy and links into the source'(visit) {
    const { page } = visit;
    await open(visit, '12_deadlock');
    await pressRun(page);
    await untilEnded(page);
    const report = await page.$eval('.dead', (found) => found.textContent ?? '');
    assert.match(report, /^Deadlock at 0 ms: no task can ever wake/);
    assert.match(report, /main waits for group pupils12_deadlock\.c:20/);
    assert.match(report, /ben waits for bell12_deadlock\.c:14/);
    assert.match(report, /bell has 0 of 1 places free\. Taken at 12_deadlock\.c:9 by ann, which is done and never gave it back\./);
    assert.match(report, /WIO_WITH_SEMAPHORE\(&bell\)/);
    await page.$$eval('.dead .dt .lk', (links) => /** @type {HTMLElement} */ (links[links.length - 1]).click());
    await page.waitForFunction(() => document.querySelector('#editor .cm-activeLine')?.textContent?.includes('wio_semaphore_acquire'));
  },

  async 'the debug report is on stderr, in its own colour'(visit) {
    const { page } = visit;
    await open(visit, '08_blocking');
    await pressRun(page);
    await untilEnded(page);
    assert.match(await printed(page, 'err'), /\(blocking\) held the loop for (999|1\d{3}) ms/);
    const colour = (/** @type {string} */ stream) => page.$eval(`#panel-console .l > .${stream}`, (row) => getComputedStyle(row).color);
    assert.notEqual(await colour('err'), await colour('out'));
    await page.click('#tab-problems');
    assert.match(await text(page, 'panel-problems'), /held the loop for 1.*s|held the loop for 1\d{3} ms/, 'and the run itself says it');
  },

  async 'Stop ends a program that never waits, and the page never froze'(visit) {
    const { page, errors } = visit;
    await open(visit, 'endless');
    await pressRun(page);
    await untilPrinted(page, 'spinning');
    assert.equal(await page.$eval('#stop', (button) => /** @type {HTMLButtonElement} */ (button).disabled), false);
    await assertAlive(page);
    await page.click('#stop');
    await untilRun(page, /stopped at/);
    await untilSaid(page, /^main: stopped$/, /main stopped/);
    assert.equal(await page.$eval('#stop', (button) => /** @type {HTMLButtonElement} */ (button).disabled), true);
    assert.equal(await page.evaluate(() => document.activeElement?.id), 'run', 'the focus is not lost');
    await page.select('#programs', '09_run_in_run');
    await page.waitForFunction(() => location.hash === '#09_run_in_run');
    await pressRun(page);
    await untilPrinted(page, 'exit code 0'); // and another runs
    assert.deepEqual(errors, []);
  },

  async 'jobs of an executor print, crash, are stopped, and Stop leaves no worker'(visit) {
    const { page, errors } = visit;
    await page.evaluateOnNewDocument(() => {
      const started = (/** @type {any} */ (window).started = /** @type {Worker[]} */ ([]));
      window.Worker = class extends Worker {
        /** @param {string} url */
        constructor(url) {
          super(url);
          started.push(this);
        }
        terminate() {
          super.terminate();
          started.splice(started.indexOf(this), 1);
        }
      };
    });
    const workers = () => page.evaluate(() => /** @type {any} */ (window).started.length);
    await open(visit, 'jobs');
    const before = await workers();
    await pressRun(page);
    await untilPrinted(page, 'again: 0, 0xf0');
    assert.equal(await printed(page, 'out'), 'inverted in a worker\ninverted: 0, 0xf0\ncrash: EFAULT\nspin: ETIMEDOUT\ninverted in a worker\nagain: 0, 0xf0\n');
    assert.ok((await workers()) > before + 1, 'the program has its worker, its jobs have theirs');
    await assertAlive(page);
    await page.click('#stop');
    await untilRun(page, /stopped at/);
    assert.equal(await workers(), before);
    assert.deepEqual(errors, []);
  },

  async "an executor's worker that does not load is said by name"(visit) {
    const { page } = visit;
    await page.evaluateOnNewDocument(() => {
      window.Worker = class extends Worker {
        /** @param {string} url */
        constructor(url) {
          super(url === 'executor-worker.js' ? 'gone.js' : url);
        }
      };
    });
    await open(visit, '13_executor');
    await pressRun(page);
    await untilPrinted(page, "broken: the script of the executor's workers did not load");
  },

  async 'a wio_yield loop lets timers go off, and the page animates'(visit) {
    const { page } = visit;
    await open(visit, 'yields');
    await pressRun(page);
    await untilPrinted(page, 'tick 3');
    await assertAlive(page);
    await pressRun(page); // restarts
    await untilPrinted(page, 'tick 2');
    await press(page, 'Control', '.');
    await untilRun(page, /stopped at/);
  },

  async 'output is text, and there may be too much of it'(visit) {
    const { page, errors } = visit;
    await open(visit, 'chatty');
    await pressRun(page);
    await untilPrinted(page, 'exit code 3');
    assert.equal((await page.$$('#panel-console img')).length, 0);
    const lines = await page.$$eval('#panel-console .out', (rows) => rows.map((row) => row.textContent));
    assert.equal(lines[0], '<img src=x onerror=alert(1)>␛[31m');
    assert.equal(lines[1], 'line 1');
    assert.equal(lines.at(-1), 'no end of line');
    assert.ok(lines.includes('line 60000'));
    assert.ok(lines.length <= 10_001, `${lines.length} lines are kept`);
    assert.match(await text(page, 'panel-console'), /\d+,\d+ lines left out/);
    assert.equal(await printed(page, 'err'), 'on stderr\n');
    assert.deepEqual(errors, []);
  },

  async '100 MB of output: the first and the last lines stay, and the next run works'(visit) {
    const { page, errors } = visit;
    await open(visit, 'flood');
    await pressRun(page);
    await assertAlive(page);
    await untilEnded(page);
    const lines = await page.$$eval('#panel-console .out', (rows) => rows.map((row) => row.textContent ?? ''));
    assert.match(lines[0], /^0000001 /);
    assert.match(lines.at(-1) ?? '', /^1000000 /);
    assert.ok(lines.length <= 10_001, `${lines.length} lines are kept`);
    await page.select('#programs', '09_run_in_run');
    await page.waitForFunction(() => location.hash === '#09_run_in_run');
    await pressRun(page);
    await untilPrinted(page, 'exit code 0');
    assert.deepEqual(errors, []);
  },

  async 'a crash and an overflow are named, in words, and the next run works'(visit) {
    const { page } = visit;
    await open(visit, 'crash');
    await pressRun(page);
    await untilRun(page, /failed after/);
    await untilSaid(page, /^main: crashed$/, /main crashed/);
    assert.match(await page.$eval('.dead', (report) => report.textContent ?? ''), /EFAULT at \d+ ms.* crashed: .*unreachable/);
    await page.select('#programs', 'overflow');
    await page.waitForFunction(() => location.hash === '#overflow');
    await pressRun(page);
    await untilRun(page, /failed after/);
    assert.match(await page.$eval('.dead', (report) => report.textContent ?? ''), /EOVERFLOW at \d+ ms.*stack.*stack_size/);
    await page.select('#programs', '02_call_or_task');
    await page.waitForFunction(() => location.hash === '#02_call_or_task');
    await pressRun(page);
    await untilPrinted(page, 'exit code 0');
  },

  async 'choosing a program ends the one that runs'(visit) {
    const { page } = visit;
    await open(visit, 'yields');
    await pressRun(page);
    await untilPrinted(page, 'tick 1');
    await page.select('#programs', '02_call_or_task');
    await page.waitForFunction(() => document.getElementById('editor')?.textContent?.includes('boil'));
    assert.equal(await printed(page, 'out'), '');
    assert.equal(await page.$eval('#first', (first) => /** @type {HTMLElement} */ (first).hidden), false);
    assert.match(await page.evaluate(() => location.hash), /02_call_or_task/);
  },

  async 'a task is cancelled with a click while the program runs'(visit) {
    const { page, errors } = visit;
    await open(visit, 'patient');
    await page.click('#speed [data-speed="1"]');
    await pressRun(page);
    await page.waitForSelector('#panel-tasks [aria-label="Cancel waits"]');
    await page.$eval('#panel-tasks [aria-label="Cancel waits"]', (button) => /** @type {HTMLElement} */ (button).click());
    await untilPrinted(page, 'exit code 0');
    assert.equal(await printed(page, 'out'), 'waits: ECANCELED\npatient: ECANCELED\n');
    assert.deepEqual(errors, []);
  },

  async 'the speed changes while a program runs, and output has its virtual times'(visit) {
    const { page } = visit;
    await open(visit, 'patient');
    await page.click('#speed [data-speed="10"]');
    await pressRun(page);
    await page.waitForFunction(() => /sleeps, [1-9]/.test(document.getElementById('panel-tasks')?.textContent ?? ''));
    await page.click('#speed [data-speed="Infinity"]');
    await untilPrinted(page, 'exit code 0');
    assert.match(await text(page, 'panel-console'), /1000\.0 swaits: /);
  },

  async 'the playhead cuts the console, marks the source and moves through the tree'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore');
    await pressRun(page);
    await untilEnded(page);
    await page.focus('#timeline');
    await page.keyboard.press('Home');
    await page.waitForFunction(() => /event 1 of/.test(document.getElementById('readout')?.textContent ?? ''));
    for (let i = 0; i < 3; i++) await page.keyboard.press(']');
    await page.waitForSelector('#panel-console .cut');
    await page.waitForSelector('#editor .cm-line.at'); // lines that tasks stand on are marked
    assert.ok((await page.$$('#panel-tasks .r')).length > 5);
    await page.keyboard.press('End');
    await page.waitForFunction(() => !document.querySelector('#panel-console .cut'));
  },

  async 'nothing is cut off, from a phone to a desk'(visit) {
    const { page } = visit;
    await open(visit, 'semaphore');
    for (const [width, height] of [[320, 600], [360, 780], [768, 1024], [780, 360], [960, 700], [1024, 768], [1400, 900], [1920, 1080]]) {
      await page.setViewport({ width, height });
      const sideways = await page.evaluate(() => [document.documentElement, document.body, ...document.querySelectorAll('.top, .work, .left, .right, .editor, .first, .lesson')].filter((box) => box.scrollWidth > box.clientWidth + 1).map((box) => box.className || box.tagName));
      assert.deepEqual(sideways, [], `at ${width} px`);
    }
    await page.setViewport({ width: 360, height: 780 });
    await page.click('#run');
    await page.waitForFunction(() => document.body.dataset.view === 'timeline', {}); // Run shows the timeline
    await page.click('.nav [data-view=output]');
    await untilPrinted(page, 'exit code');
    await page.click('.nav [data-view=code]');
    assert.ok(await page.$eval('#editor', (editor) => /** @type {HTMLElement} */ (editor).offsetHeight > 300));
  },

  async '`make web` serves it without any headers, on the next free port'(visit) {
    const { page, browser, errors } = visit;
    if (browser !== 'chromium') return; // it is built into one place
    const taken = net.createServer().listen(0, 'localhost');
    await new Promise((resolve) => taken.on('listening', resolve));
    const { port } = /** @type {net.AddressInfo} */ (taken.address());
    const child = spawn(process.execPath, [path.join(ROOT, 'web/serve.js'), '--port', String(port)], { stdio: ['ignore', 'pipe', 'ignore'] });
    try {
      const said = await new Promise((resolve, reject) => {
        child.stdout.once('data', (data) => resolve(String(data)));
        child.once('exit', (code) => reject(new Error(`web/serve.js ended with ${code}`)));
      });
      const url = said.split('\n')[0];
      assert.match(url, /^http:\/\/localhost:\d+$/);
      assert.ok(Number(new URL(url).port) > port);
      await page.goto(`${url}/#09_run_in_run`);
      await page.waitForSelector('#editor .cm-line');
      await page.click('#run');
      await untilPrinted(page, 'exit code 0');
      assert.equal((await fetch(`${url}/%2e%2e/%2e%2e/package.json`)).status, 404);
      assert.deepEqual(errors, []);
    } finally {
      child.kill();
      taken.close();
    }
  },

  async 'light and dark, remembered'(visit) {
    const { page } = visit;
    await open(visit);
    const paper = () => page.$eval('.left', (left) => getComputedStyle(left).backgroundColor);
    const before = await paper();
    await page.click('#theme');
    const after = await paper();
    assert.notEqual(after, before);
    await page.reload();
    await page.waitForSelector('#editor .cm-line');
    assert.equal(await paper(), after);
    await page.evaluate(() => localStorage.clear());
  },
};
