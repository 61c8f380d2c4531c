/**
 * One headless Chromium and one headless Firefox for the whole run. Each shows one page at a time: a page in the
 * background gets slow timers and no animation frames.
 *
 * @typedef {import('./hosts.js').Host} Host
 * @typedef {import('./page-host.js').Program} Program
 * @typedef {{run: (host: Host, program: Program, timeout: number) => Promise<import('./page-host.js').PageOutcome & {timedOut?: boolean}>,
 *   visit: <T>(host: Host, timeout: number, visit: (page: import('puppeteer-core').Page, errors: string[]) => Promise<T>) => Promise<T>,
 *   origin: string, warm: () => Promise<void>, close: () => Promise<void>}} Browsers
 */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { ROOT } from './hosts.js';
import { alive, end } from './process.js';
import { ISOLATED, serveStatic } from './static.js';

const LAUNCH_TIMEOUT = 60_000;
const [PAGE, SCRIPT, WORKER] = ['page-host.html', 'page-host.js', 'executor-worker.js'];
const PLAIN = '/__tests__/';

const CHROMIUM_ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-background-timer-throttling',
];

const FIREFOX_PREFERENCES = {
  'dom.min_background_timeout_value': 4,
  'dom.timeout.enable_budget_timer_throttling': false,
  'app.update.enabled': false,
  'toolkit.telemetry.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
};

/** @param {Host} host @param {string} home @param {Record<string, number>} [preferences] of Firefox */
async function launch(host, home, preferences) {
  const browser = await start(host, home, preferences);
  const pid = browser.process()?.pid;
  if (pid) alive.add(pid);
  return browser;
}

/** A Firefox with preferences of its own, for what cannot be changed in one that runs. @param {Record<string, number>} preferences */
export async function firefoxWith(preferences) {
  const home = await mkdtemp(path.join(os.tmpdir(), 'wasyncio-firefox-'));
  const browser = await launch('firefox', home, preferences);
  return {
    browser,
    async close() {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

/** @param {Host} host @param {string} home @param {Record<string, number>} [preferences] */
async function start(host, home, preferences) {
  const { default: puppeteer } = await import('puppeteer-core');
  const signals = { handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false }; // process.js does that
  const common = { ...signals, headless: true, timeout: LAUNCH_TIMEOUT, protocolTimeout: 300_000, userDataDir: path.join(home, 'profile') };
  if (host === 'chromium') return puppeteer.launch({ ...common, executablePath: '/usr/bin/chromium', args: CHROMIUM_ARGUMENTS });
  return puppeteer.launch({
    ...common,
    browser: 'firefox',
    executablePath: '/usr/bin/firefox-esr',
    extraPrefsFirefox: { ...FIREFOX_PREFERENCES, ...preferences },
    // Firefox refuses to run as root in a home that belongs to somebody else.
    env: { ...process.env, HOME: home },
  });
}

/** A script with everything it imports. @param {string} entry */
async function bundle(entry) {
  const { build } = await import('esbuild');
  const result = await build({
    entryPoints: [path.join(ROOT, entry)],
    bundle: true,
    format: 'esm',
    target: 'es2022',
    write: false,
    logLevel: 'silent',
  });
  return result.outputFiles[0].text;
}

/** @param {Host[]} hosts @returns {Promise<Browsers>} */
export async function openBrowsers(hosts) {
  /** @type {Promise<string> | undefined} */
  let bundled;
  const hostScript = () => (bundled ??= bundle('tests/lib/page-host.js'));
  /** @type {(folder: string) => Record<string, () => Promise<string>>} */
  const files = (folder) => ({
    [folder + PAGE]: async () => `<!doctype html><meta charset="utf-8"><title>tests</title><script type="module" src="${SCRIPT}"></script>`,
    [folder + SCRIPT]: hostScript,
    [folder + WORKER]: () => bundle('src/js/workers/executor-worker.js'),
  });
  const server = await serveStatic(ROOT, { ...files(PLAIN), ...files(ISOLATED) });
  const home = await mkdtemp(path.join(os.tmpdir(), 'wasyncio-browsers-'));
  process.on('exit', () => rmSync(home, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }));
  /** @type {Map<Host, Promise<import('puppeteer-core').Browser>>} */
  const open = new Map();
  const browser = (/** @type {Host} */ host) => {
    let started = open.get(host);
    if (!started) open.set(host, (started = mkdtemp(path.join(home, host)).then((folder) => launch(host, folder))));
    return started;
  };

  /** Ends a browser whose page crashed or hangs in a loop, as it may take later pages with it. @param {Host} host */
  async function discard(host) {
    const started = open.get(host);
    open.delete(host);
    const old = await started?.catch(() => null);
    if (old) await Promise.race([old.close().catch(() => {}), wait(2000, undefined, { ref: false })]);
    const pid = old?.process()?.pid;
    if (pid) end(pid);
  }

  /** @type {Browsers['visit']} */
  async function visit(host, timeout, doVisit) {
    const page = await (await browser(host)).newPage();
    page.setDefaultTimeout(90_000); // the machine has other work too
    /** @type {string[]} */
    const errors = [];
    page.on('pageerror', (error) => errors.push(String(/** @type {Error} */ (error).stack ?? error)));
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()));
    const crashed = new Promise((_, reject) => {
      page.on('error', (error) => reject(new Error(`the page crashed: ${error.message}`)));
      page.on('close', () => reject(new Error('the page was closed')));
    });
    crashed.catch(() => {});
    const late = new AbortController();
    const timedOut = wait(timeout, undefined, { signal: late.signal }).then(() => {
      throw Object.assign(new Error(`timed out after ${timeout / 1000} s`), { timedOut: true });
    });
    timedOut.catch(() => {});
    try {
      return /** @type {any} */ (await Promise.race([doVisit(page, errors), crashed, timedOut]));
    } finally {
      late.abort();
      const closed = await Promise.race([page.close().then(() => true, () => false), wait(3000, false, { ref: false })]);
      if (!closed) await discard(host);
    }
  }

  return {
    origin: server.origin,
    visit,
    async warm() {
      await Promise.all(hosts.map(browser));
    },
    async run(host, program, timeout) {
      await hostScript(); // here, for its error
      const empty = { code: null, stdout: '', stderr: '' };
      let outcome = empty;
      try {
        return await visit(host, timeout, async (page, errors) => {
          await page.goto(server.origin + (program.isolated ? ISOLATED : PLAIN) + PAGE);
          const ready = await page.waitForFunction('globalThis.runProgram', { timeout: 30_000 }).catch(() => null);
          if (!ready) return { ...empty, crash: `the host page did not load: ${errors.join('\n')}` };
          // Kept up to date, for what was printed before a crash or a timeout.
          const peek = setInterval(() => {
            page.evaluate('globalThis.outcome').then((value) => (outcome = /** @type {any} */ (value)), () => {});
          }, 1000);
          try {
            return await page.evaluate((p) => /** @type {any} */ (globalThis).runProgram(p), /** @type {any} */ (program));
          } finally {
            clearInterval(peek);
          }
        });
      } catch (error) {
        return { ...outcome, crash: `${host}: ${/** @type {Error} */ (error).message}` };
      }
    },
    async close() {
      await Promise.all([...open.keys()].map(discard));
      await server.close();
    },
  };
}
