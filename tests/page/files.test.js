/** Files in pages: in memory, and in the browser's own storage. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { program, root } from '../js/programs/build.js';

/** @typedef {{ page: import('puppeteer-core').Page, origin: string }} Visit */

/** @type {string} */
let url;
export const prepare = async () => (url = `/${path.relative(root, await program('files')).split(path.sep).join('/')}`);

/** Runs programs/files.c, one run for each list of arguments. @param {Visit} visit @param {string[][]} runs @param {'opfs' | 'none' | 'path' | 'stdin'} what */
async function run({ page, origin }, runs, what) {
  await page.goto(`${origin}/__tests__/page-host.html`);
  await page.waitForFunction('globalThis.load');
  return page.evaluate(
    async (url, runs, what) => {
      const { load } = /** @type {any} */ (globalThis);
      const storage = what === 'opfs' ? await (await navigator.storage.getDirectory()).getDirectoryHandle('wasyncio', { create: true }) : undefined;
      const said = [];
      for (const args of runs) {
        let text = '';
        try {
          const files = storage ? { '/stored': storage } : what === 'path' ? { '/stored': './folder' } : undefined;
          const app = await load(url, { args, files, stdout: (/** @type {string} */ part) => void (text += part) });
          await app.run();
        } catch (error) {
          text += error;
        }
        said.push(text);
      }
      if (storage) await (await navigator.storage.getDirectory()).removeEntry('wasyncio', { recursive: true });
      return said;
    },
    url,
    runs,
    what,
  );
}

/** @type {Record<string, (visit: Visit) => Promise<void>>} */
export const tests = {
  async 'in memory, gone with the program'(visit) {
    assert.deepEqual(await run(visit, [['write', '/x', 'read', 'x'], ['read', '/x']], 'none'), ['ok\nwritten\n', 'ENOENT\n']);
  },

  async "in the browser's storage, there for the next program"(visit) {
    const said = await run(
      visit,
      [
        ['read', '/stored/a', 'write', '/stored/a', 'write', '/stored/b', 'write', '/elsewhere'],
        ['read', '/stored/a', 'rename', '/stored/a', '/stored/c'],
        ['read', '/stored/a', 'read', '/stored/b', 'read', '/stored/c'],
      ],
      'opfs',
    );
    assert.deepEqual(said, ['ENOENT\nok\nok\nENOENT\n', 'written\nok\n', 'ENOENT\nwritten\nwritten\n']);
  },

  async 'a path is refused, with what to give instead'(visit) {
    const [said] = await run(visit, [['read', 'x']], 'path');
    assert.match(said, /^ENOTSUP: load\(\): files: '\/stored' is '\.\/folder', but a page has no directories: give \{\} \(in memory\)/);
  },
};
