/** What the tests of the page share: how it is opened, run and read. */
import assert from 'node:assert/strict';
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { root as ROOT } from '../../examples/needs.js';
import { buildPage } from '../../web/build.js';
import { execute } from '../lib/process.js';

export const FOLDER = 'build/tests/web';

/** @typedef {{ page: import('puppeteer-core').Page, origin: string, browser: string, errors: string[] }} Visit */

/** Programs that only tests need; the real clock, where something never waits. */
const MORE = { endless: false, yields: true, chatty: false, crash: false, overflow: false, flood: false, jobs: true, swarm: false, patient: false, lined: false };

/** Builds the page. */
const build = () =>
  buildPage({
    output: path.join(ROOT, FOLDER),
    more: Object.entries(MORE).map(([name, realTime]) => ({ name, title: name, hook: name, text: name, realTime, source: path.join(ROOT, `tests/page/web/${name}.c`) })),
  });

/** @type {Promise<void> | undefined} */
let built;

/** The browsers, and the test files, share it. In a process of its own: it would hold up the runner, which serves all tests, for seconds. */
export const prepare = () => (built ??= buildElsewhere());

async function buildElsewhere() {
  const { code, stdout, stderr } = await execute(process.execPath, [fileURLToPath(import.meta.url)], { cwd: ROOT, timeout: 900_000 });
  if (code !== 0) throw new Error(`the page is not built: ${stdout}${stderr}`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await build();

/** @type {WeakSet<import('puppeteer-core').Page>} */
const withoutCompiler = new WeakSet();

/**
 * From the next opening on the compiler is on its way for ever: half of it is there. An edit makes the page fetch it, and a
 * browser is busy for seconds with its 80 MB of code; whoever tests only the editor need not wait for that.
 * @param {import('puppeteer-core').Page} page
 */
export async function holdCompiler(page) {
  if (withoutCompiler.has(page)) return;
  withoutCompiler.add(page);
  await page.evaluateOnNewDocument(() => {
    globalThis.Worker = class extends Worker {
      #held;
      /** @param {string | URL} url @param {WorkerOptions} [options] */
      constructor(url, options) {
        super(url, options);
        this.#held = /compiler\.js$/.test(String(url));
      }
      /** @param {any[]} message */
      postMessage(...message) {
        if (!this.#held) return super.postMessage(.../** @type {[any]} */ (message));
        setTimeout(() => this.dispatchEvent(new MessageEvent('message', { data: { kind: 'progress', loaded: 14e6, total: 28e6 } })));
      }
    };
  });
}

/** @param {Visit} visit @param {string} [name] of a program @param {{ width?: number, height?: number, query?: string, compiles?: boolean }} [how] `compiles`: false for holdCompiler() */
export async function open({ page, origin }, name = '', { width = 1440, height = 900, query = '', compiles = true } = {}) {
  if (!compiles) await holdCompiler(page);
  await page.setViewport({ width, height });
  await page.goto(`${origin}/tests/page/blank.html`); // another fragment alone would load nothing
  await page.evaluate(() => localStorage.clear()); // somebody new, without drafts
  await page.goto(`${origin}/${FOLDER}/${query}${name && `#${name}`}`);
  await page.waitForFunction(() => document.querySelectorAll('#editor .cm-line').length > 3);
}

/** @param {import('puppeteer-core').Page} page @param {string} id */
export const text = (page, id) => page.$eval(`#${id}`, (element) => element.textContent ?? '');

/** Of the program's own lines, by stream. @param {import('puppeteer-core').Page} page @param {'out' | 'err'} stream */
export const printed = (page, stream) => page.$$eval(`#panel-console .l > .${stream}:not(.sys)`, (rows) => rows.map((row) => `${row.textContent}\n`).join(''));

/** @param {import('puppeteer-core').Page} page @param {RegExp} pattern of what stands beside the console's tab */
export const untilRun = (page, pattern) =>
  page.waitForFunction((source) => new RegExp(source).test(document.getElementById('run-note')?.textContent ?? ''), { timeout: 90_000 }, pattern.source);

/** @param {import('puppeteer-core').Page} page */
export const untilEnded = (page) => untilRun(page, /^run \d+, /);

/** @param {import('puppeteer-core').Page} page @param {string} line */
export const untilPrinted = (page, line) =>
  page.waitForFunction((wanted) => document.getElementById('panel-console')?.textContent?.includes(wanted), { timeout: 90_000 }, line);

/** @param {import('puppeteer-core').Page} page @param {...string} keys the last one is pressed while the others are down */
export async function press(page, ...keys) {
  const last = /** @type {any} */ (keys.pop());
  for (const key of /** @type {any[]} */ (keys)) await page.keyboard.down(key);
  await page.keyboard.press(last);
  for (const key of /** @type {any[]} */ (keys)) await page.keyboard.up(key);
}

/** @param {import('puppeteer-core').Page} page */
export const pressRun = (page) => press(page, 'Control', 'Enter');

/** Six frames, however busy the machine is: the page is alive. @param {import('puppeteer-core').Page} page */
export async function assertAlive(page) {
  const frames = await page.evaluate(
    () => new Promise((resolve) => {
      let count = 0;
      const end = performance.now() + 60_000;
      const frame = () => (count < 6 && performance.now() < end ? (count++, requestAnimationFrame(frame)) : resolve(count));
      requestAnimationFrame(frame);
    }),
  );
  assert.ok(Number(frames) > 5, `${frames} frames in a minute`);
}

/** Types at the start of a line of the open file. @param {import('puppeteer-core').Page} page @param {number} line @param {string} words */
export async function typeAt(page, line, words) {
  const lines = await page.$$('#editor .cm-line');
  await lines[line - 1].click();
  await page.keyboard.press('Home');
  await page.keyboard.type(words);
}

const TYPES = /** @type {Record<string, string>} */ ({ '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.wasm': 'application/wasm', '.json': 'application/json' });

/** What the page asks for itself, for its workers, too: they have only what comes as a header. */
const policy = () => /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(readFileSync(path.join(ROOT, 'web/index.html'), 'utf8'))?.[1] ?? '';

/** A plain static host that serves the page below a path, and counts what it sends. @param {string} prefix @param {number} [port] */
export async function host(prefix, port = 0) {
  /** @type {string[]} */
  const sent = [];
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://x').pathname;
    const file = path.join(ROOT, FOLDER, url.slice(prefix.length) || 'index.html');
    if (!url.startsWith(prefix) || !existsSync(file) || !statSync(file).isFile()) return void response.writeHead(404).end();
    sent.push(url.slice(prefix.length) || 'index.html');
    response.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'text/plain', 'Content-Security-Policy': policy() });
    createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(port, 'localhost', () => resolve(undefined)));
  const { port: at } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://localhost:${at}${prefix}`, sent, close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())) };
}
