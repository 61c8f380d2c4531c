/**
 * tests/page/*.test.js: what only a browser can show. A file exports
 *   export const prepare = async () => { … }; // if it has something to build
 *   export const tests = { 'name of the test': async ({ page, server, origin, browser, errors }) => { … } };
 * with a fresh puppeteer page for each; `origin` serves the repository under the strict policy, `server` is the test server,
 * `browser` the name, `errors` what the page's console and uncaught errors said. A failure tells what the page showed.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { stateOf } from '../page/state.js';
import { BROWSERS, ROOT } from './hosts.js';
import { steps, stepsOf } from './steps.js';
import { directives, explain, filesIn, hostsOf } from './suite.js';

/** @typedef {import('./suite.js').Unit} Unit */

const TIMEOUT = 180_000; // of a whole test, on a machine that has other work too
const AFTER = 30_000; // to ask a page what it shows

/** @returns {Promise<Unit[]>} */
export async function units() {
  return Promise.all((await filesIn('tests/page', ['.test.js'])).map(unit));
}

/** @param {string} name @returns {Promise<Unit>} */
async function unit(name) {
  const file = path.join(ROOT, 'tests/page', name);
  const found = await directives(file);
  const load = () => import(pathToFileURL(file).href);
  const showsPage = /from '\.\/playground\.js'/.test(await readFile(file, 'utf8'));
  return {
    id: `page/${name.replace(/\.test\.js$/, '')}`,
    places: hostsOf(found, BROWSERS),
    needs: [...stepsOf(found), ...(showsPage ? [steps.sysroot, steps.playground] : [])],
    prepare: async () => void (await (await load()).prepare?.()),
    async run(place, context) {
      const host = /** @type {import('./hosts.js').Host} */ (place);
      const browsers = await context.browsers();
      const { tests } = await load();
      /** @type {import('./suite.js').Result[]} */
      const results = [];
      for (const [test, run] of Object.entries(tests)) {
        if (!test.includes(context.filter)) continue;
        /** @type {string[]} */
        let seen = [];
        let shown = '';
        try {
          await browsers.visit(host, TIMEOUT + AFTER, async (page, errors) => {
            seen = errors;
            try {
              await inTime(run({ page, server: context.server, origin: browsers.origin, browser: host, errors }));
            } catch (error) {
              shown = `\n${await stateOf(page)}`; // while it is still open
              throw error;
            }
          });
          results.push({ name: test, ok: true });
        } catch (error) {
          const said = seen.length ? `\nin the page: ${seen.join('\n')}` : '';
          results.push({ name: test, ok: false, detail: explain(error) + said + shown });
        }
      }
      return results;
    },
  };
}

/** @param {Promise<void>} test */
async function inTime(test) {
  const over = new AbortController();
  const late = wait(TIMEOUT, undefined, { signal: over.signal }).then(() => {
    throw new Error(`timed out after ${TIMEOUT / 1000} s`);
  });
  late.catch(() => {});
  try {
    await Promise.race([test, late]);
  } finally {
    over.abort();
  }
}
