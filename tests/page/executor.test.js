/** Executors in a page, by the package as it is shipped: where the workers' script comes from, and what is said when it does not. */
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { buildDist } from '../../scripts/dist.js';
import { program, root } from '../js/programs/build.js';

/** @typedef {{ page: import('puppeteer-core').Page, server: import('../server/server.js').TestServer, origin: string, errors: string[] }} Context */

const FOLDER = 'build/tests/page/dist';
const ALONE = 'build/tests/page/alone'; // without the workers' script
const BLANK = '/tests/page/blank.html';
let url = '';

export async function prepare() {
  await Promise.all([buildDist(path.join(root, FOLDER)), buildDist(path.join(root, ALONE))]);
  mkdirSync(path.join(root, ALONE, 'moved'), { recursive: true });
  copyFileSync(path.join(root, ALONE, 'executor-worker.js'), path.join(root, ALONE, 'moved/jobs.js'));
  copyFileSync(path.join(root, 'tests/page/blank.html'), path.join(root, ALONE, 'executor-worker.js')); // no script
  url = `/${path.relative(root, await program('jobs')).split(path.sep).join('/')}`;
}

/**
 * @param {Context} context @param {string} body of an async function (app, settled) @param {string} [options] of load(), as code
 * @param {string} [folder] of the package
 * @returns {Promise<any>}
 */
async function inPage({ page, origin }, body, options = '{}', folder = FOLDER) {
  await page.goto(origin + BLANK);
  return page.evaluate(`(async () => {
    const { load } = await import('/${folder}/web.js');
    let said = '';
    const imports = { ask: async () => 42, tell: () => 1 };
    const app = await load(${JSON.stringify(url)}, { imports, stdout: (text) => void (said += text), ...${options} });
    const settled = (promise) => promise.then((value) => ({ value }), (error) => ({ name: error.name, message: error.message, task: error.task }));
    await app.exports.open_pool(2);
    ${body}
  })()`);
}

/** @type {Record<string, (context: Context) => Promise<void>>} */
export const tests = {
  async 'jobs run, print, crash and are stopped, under the strict policy'(context) {
    const outcome = await inPage(
      context,
      `const length = await app.exports.say('words');
       const crash = await settled(app.exports.run('crashes'));
       const failure = await settled(app.exports.run('fails'));
       const controller = new AbortController();
       const calls = Array.from({ length: 4 }, () => settled(app.exports.run('endless', { signal: controller.signal })));
       setTimeout(() => controller.abort(), 200);
       const stopped = (await Promise.all(calls)).map(({ name }) => name);
       const again = await app.exports.say('more');
       await app.close();
       return { length, crash, failure, stopped, again, said };`,
    );
    assert.equal(outcome.length, 5);
    assert.equal(outcome.crash.name, 'EFAULT');
    assert.equal(outcome.failure.message, 'out of this world');
    assert.match(outcome.failure.task, /^Worker-\d+$/);
    assert.deepEqual(outcome.stopped, Array(4).fill('ECANCELED'));
    assert.equal(outcome.again, 4);
    assert.equal(outcome.said, 'before\njob: words\nafter\nbefore\njob: more\nafter\n');
    assert.deepEqual(context.errors, []);
  },

  async 'the page goes on while jobs compute'(context) {
    const frames = await inPage(
      context,
      `await Promise.all([app.exports.compute(0), app.exports.compute(0)]); // warm
       let count = 0, on = true;
       const frame = () => { count++; if (on) requestAnimationFrame(frame); };
       requestAnimationFrame(frame);
       await app.exports.compute(1);
       on = false;
       return count;`,
    );
    assert.ok(frames >= 3, `${frames} frames in a second`); // were the jobs its own work, there would be none
  },

  async "option 'worker': where the script is, or what makes the worker"(context) {
    for (const given of [`'/${ALONE}/moved/jobs.js'`, `new URL('/${ALONE}/moved/jobs.js', location.href)`, `() => new Worker('/${ALONE}/moved/jobs.js')`]) {
      assert.equal(await inPage(context, `return app.exports.say('abc');`, `{ worker: ${given} }`, ALONE), 3, given);
    }
    assert.deepEqual(context.errors, []);
  },

  async 'a script that is not there or is none is named, with the fix'(context) {
    for (const options of ['{}', `{ worker: '/no/such/script.js' }`]) {
      const { name, message } = await inPage(context, `return settled(app.exports.say('abc'));`, options, ALONE);
      assert.equal(name, 'EIO', message);
      assert.match(message, /the worker's script did not load \(http.*(executor-worker|such\/script)\.js\).*option 'worker'/);
    }
  },

  async 'a script of another origin is not allowed by the strict policy, and that is said'(context) {
    const other = context.origin.replace('127.0.0.1', 'localhost');
    const { name } = await inPage(context, `return settled(app.exports.say('abc'));`, `{ worker: '${other}/${ALONE}/moved/jobs.js' }`, ALONE);
    assert.equal(name, 'EIO');
  },

  async 'a script of another origin, such as a CDN, where the policy is not strict'(context) {
    const types = /** @type {Record<string, string>} */ ({ '.js': 'text/javascript', '.html': 'text/html', '.wasm': 'application/wasm' });
    const server = http.createServer((request, response) => {
      const name = path.normalize(new URL(request.url ?? '/', 'http://x').pathname);
      response.setHeader('Access-Control-Allow-Origin', '*');
      response.setHeader('Content-Type', types[path.extname(name)] ?? 'text/plain');
      try {
        response.end(readFileSync(path.join(root, name)));
      } catch {
        response.writeHead(404).end();
      }
    });
    await new Promise((resolve) => server.listen(0, () => resolve(undefined)));
    const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    try {
      const worker = `'http://localhost:${port}/${FOLDER}/executor-worker.js'`;
      assert.equal(await inPage({ ...context, origin: `http://127.0.0.1:${port}` }, `return app.exports.say('abc');`, `{ worker: ${worker} }`), 3);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  },

  async 'in a worker that has no workers'(context) {
    const { message } = await inPage(
      context,
      `globalThis.Worker = undefined;
       const { load: again } = await import('/${FOLDER}/web.js?again');
       const other = await load(${JSON.stringify(url)}, { imports });
       return settled(other.exports.open_pool(1));`,
    );
    assert.match(message, /there are no workers on this host/);
  },
};
