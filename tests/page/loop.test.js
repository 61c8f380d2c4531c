/** The runtime on a page's event loop: what it takes, what it leaves, and that errors are named there, too. */
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { program, root } from '../js/programs/build.js';

/** @typedef {{ page: import('puppeteer-core').Page, server: import('../server/server.js').TestServer, origin: string, errors: string[] }} Context */

/** @type {Record<string, string>} */
const urls = {};

/** Bundled, since a page resolves no bare imports. */
const PACKAGE = 'build/tests/page/wasyncio.js';

export async function prepare() {
  mkdirSync(path.join(root, path.dirname(PACKAGE)), { recursive: true });
  await build({ entryPoints: [path.join(root, 'src/js/web.js')], outfile: path.join(root, PACKAGE), bundle: true, format: 'esm', target: 'es2022', logLevel: 'silent' });
  for (const name of ['timers', 'calls', 'overflow', 'imports']) urls[name] = `/${path.relative(root, await program(name)).split(path.sep).join('/')}`;
}

const BLANK = '/tests/page/blank.html';

/**
 * Runs a function in a page that has loaded the program; it gets the app, load(), and its argument.
 * @param {Context} context @param {string} name @param {string} body of an async function (app, argument, load) @param {unknown} [argument]
 * @returns {Promise<any>}
 */
async function inPage({ page, origin }, name, body, argument) {
  await page.goto(origin + BLANK);
  await page.bringToFront();
  return page.evaluate(
    `(async () => {
      const { load, WasyncioError } = await import('/${PACKAGE}');
      const app = await load(${JSON.stringify(urls[name])}, { imports: globalThis.imports });
      const argument = ${JSON.stringify(argument ?? null)};
      const settled = (promise) => promise.then((value) => ({ value }), (error) => ({ name: error.name, message: error.message, ours: error instanceof WasyncioError }));
      ${body}
    })()`,
  );
}

/** @type {Record<string, (context: Context) => Promise<void>>} */
export const tests = {
  async 'a wio_yield() loop leaves the page its animation frames'(context) {
    const { idle, busy, turns } = await inPage(
      context,
      'timers',
      `const frames = async (during) => {
         let count = 0, on = true;
         const frame = () => { count++; if (on) requestAnimationFrame(frame); };
         requestAnimationFrame(frame);
         const result = await during;
         on = false;
         return [count, result];
       };
       const [idle] = await frames(new Promise((resolve) => setTimeout(resolve, 1000)));
       const [busy, turns] = await frames(app.exports.yield_for(1));
       return { idle, busy, turns };`,
    );
    assert.ok(turns > 1000, `${turns} turns`);
    // Chromium paints 58, Firefox 18 to 59 however the loop leaves it time; a busy machine takes from both.
    assert.ok(busy >= 2 && busy >= idle / 6, `${busy} frames, ${idle} when idle`);
  },

  async 'a wio_yield() loop leaves their turn to timers and clicks'(context) {
    const { page } = context;
    const outcome = inPage(
      context,
      'timers',
      `let ticks = 0, clicks = 0;
       document.body.addEventListener('click', () => clicks++);
       const timer = setInterval(() => ticks++, 10);
       globalThis.spinning = true;
       const end = performance.now() + 60_000;
       while ((!clicks || ticks < 10) && performance.now() < end) await app.exports.yield_for(0.5);
       clearInterval(timer);
       return { ticks, clicks };`,
    );
    await page.waitForFunction('globalThis.spinning');
    await page.mouse.click(50, 50);
    const { ticks, clicks } = await outcome;
    assert.ok(ticks >= 10, `${ticks} ticks`);
    assert.equal(clicks, 1);
  },

  async 'a wio_yield() loop does not stop a pending fetch'(context) {
    const turns = await inPage(context, 'timers', 'return app.exports.yield_while_fetching(argument, 8);', `${context.server.url}/delay/100`);
    assert.ok(turns > 100, `${turns} turns`);
  },

  async '10,000 sleeping tasks arm at most one timer'(context) {
    const { most, total, code } = await inPage(
      context,
      'timers',
      `const armed = new Set();
       const original = { setTimeout: window.setTimeout.bind(window), clearTimeout: window.clearTimeout.bind(window) };
       let most = 0, total = 0;
       window.setTimeout = (callback, ms) => {
         const timer = original.setTimeout(() => { armed.delete(timer); callback(); }, ms);
         armed.add(timer);
         total++;
         most = Math.max(most, armed.size);
         return timer;
       };
       window.clearTimeout = (timer) => { armed.delete(timer); original.clearTimeout(timer); };
       const code = await app.run();
       Object.assign(window, original);
       return { most, total, code };`,
    );
    assert.equal(code, 0);
    assert.equal(most, 1);
    assert.ok(total >= 1);
  },

  async '1,000 overlapping calls, with plain ones between them'(context) {
    const wrong = await inPage(
      context,
      'calls',
      `const wrong = [], order = [];
       await Promise.all(Array.from({ length: 1000 }, async (_, id) => {
         const size = (id * 37) % 2048;
         const value = await app.exports.mix(id, ((id * 7919) % 400) / 1000, 'x', size);
         if (value !== id + size + 120 || app.exports.add(id, 3) !== id + 3) wrong.push(id);
         order.push(id);
       }));
       if (order.every((id, i) => id === i)) wrong.push('all in order');
       await app.close();
       return wrong;`,
    );
    assert.deepEqual(wrong, []);
  },

  async 'stack overflows are named'(context) {
    for (const [call, task] of [['eat(70, 65536)', 'eater'], ['saved(5000, 65536)', 'saver']]) {
      const outcome = await inPage(context, 'overflow', `return settled(app.exports.${call});`);
      assert.equal(outcome.name, 'EOVERFLOW', JSON.stringify(outcome));
      assert.ok(outcome.ours);
      assert.match(outcome.message, new RegExp(`task '${task}' overflowed its stack of \\d+ bytes.*stack_size`));
    }
  },

  async "a recursion deeper than the engine's stack is named"(context) {
    const outcome = await inPage(context, 'overflow', 'return settled(app.exports.deep(3000000, 200 << 20));');
    assert.equal(outcome.name, 'EOVERFLOW', JSON.stringify(outcome));
    assert.match(outcome.message, /task 'diver' recursed deeper/);
  },

  async 'imports: answers, failures, and their words'(context) {
    await context.page.evaluateOnNewDocument(() => {
      const wait = (/** @type {number} */ ms) => new Promise((resolve) => setTimeout(resolve, ms));
      /** @type {any} */ (globalThis).imports = {
        async work(/** @type {string} */ what) {
          await wait(5);
          if (what === 'fail') throw new DOMException('stopped by the user', 'AbortError');
          return what.length;
        },
        ask: async (/** @type {string} */ text) => `${text} €`,
        measure: () => 0,
        big: () => 0n,
      };
    });
    const outcome = await inPage(
      context,
      'imports',
      `return { work: await app.exports.do_work('four'), ask: await app.exports.grow_while_asking('grün', 30), fail: await settled(app.exports.do_work('fail')) };`,
    );
    assert.equal(outcome.work, 4);
    assert.equal(outcome.ask, 'grün €');
    assert.equal(outcome.fail.name, 'ECANCELED');
    assert.equal(outcome.fail.message, 'stopped by the user');
  },

  async 'bad sources are named'(context) {
    const outcome = await inPage(
      context,
      'calls',
      `return {
         missing: await settled(load('/no/such.wasm')),
         page: await settled(load(location.href)),
         refused: await settled(load(argument)),
       };`,
      `${context.server.refusedUrl}/app.wasm`,
    );
    assert.match(outcome.missing.message, /no\/such\.wasm: the server answered 404/);
    assert.match(outcome.page.message, /is not WebAssembly but HTML/);
    assert.ok(outcome.refused.ours, `a WasyncioError, not ${outcome.refused.name}: ${outcome.refused.message}`);
  },

  async 'nothing is said in the console'(context) {
    await inPage(context, 'calls', 'await app.exports.sleeper(0.01); await app.close();');
    assert.deepEqual(context.errors, []);
  },
};
