#!/usr/bin/env node
/**
 * `make test-hosts`, or `node tests/runtimes/run.js [deno] [bun] [workerd]`: the same app.wasm behind fetch(request) in Deno, Bun and
 * Cloudflare's workerd. Installs their binaries (350 MB) at first, by npm and without install scripts; so this is not among the tests of
 * `make test`. Linux on x64 alone.
 */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import http from 'node:http';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'esbuild';
import { program, root } from '../js/programs/build.js';

const here = dirname(fileURLToPath(import.meta.url));
const binary = (/** @type {string} */ path) => join(here, 'node_modules', path);

/** What the binaries of npm's packages need to be run. @type {Record<string, (module: string) => Promise<{ command: string, args: string[], cwd?: string }>>} */
const RUNTIMES = {
  deno: async (module) => ({ command: binary('@deno/linux-x64-glibc/deno'), args: ['run', '--allow-all', '--no-lock', join(here, 'serve.mjs'), module] }),
  bun: async (module) => ({ command: binary('@oven/bun-linux-x64/bin/bun'), args: ['run', join(here, 'serve.mjs'), module] }),
  workerd: async (module) => {
    const folder = join(root, 'build/tests/workerd');
    mkdirSync(folder, { recursive: true });
    await build({ entryPoints: [join(here, 'worker.mjs')], outfile: join(folder, 'worker.js'), bundle: true, format: 'esm', target: 'es2022', external: ['./app.wasm'], logLevel: 'warning' });
    copyFileSync(module, join(folder, 'app.wasm'));
    copyFileSync(join(here, 'workerd.capnp'), join(folder, 'workerd.capnp'));
    return { command: binary('@cloudflare/workerd-linux-64/bin/workerd'), args: ['serve', 'workerd.capnp', '--control-fd=1'], cwd: folder };
  },
};

/** Asks, and leaves when so many bytes have come. @param {string} url @param {number} bytes */
const leave = (url, bytes) =>
  new Promise((/** @type {(value?: unknown) => void} */ resolve, reject) => {
    let got = 0;
    const request = http.get(url, { agent: false }, (response) => {
      response.on('data', (part) => {
        if ((got += part.length) >= bytes) request.destroy();
      });
      response.on('error', () => {}).on('close', resolve);
    });
    request.on('error', (error) => (bytes ? reject(error) : resolve()));
    if (!bytes) setTimeout(() => request.socket?.resetAndDestroy(), 200); // a mere end, before an answer, workerd takes for a half-closed connection
  });

/** @type {Record<string, (url: string) => Promise<void>>} */
const CHECKS = {
  async 'a whole answer'(url) {
    const response = await fetch(`${url}/ok`);
    assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [200, 'text/plain; charset=utf-8', 'ok']);
  },
  async 'method, headers and query'(url) {
    const response = await fetch(`${url}/describe?q=a%20b`, { method: 'PUT', headers: { 'x-token': 'secret' } });
    assert.deepEqual([response.status, await response.text()], [201, 'PUT /describe token=secret q=a b none=absent']);
  },
  async 'a megabyte there and back, streamed'(url) {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
    const response = await fetch(`${url}/echo`, { method: 'POST', body: bytes });
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  },
  async 'fifty requests that sleep, at once'(url) {
    const answers = await Promise.all(Array.from({ length: 50 }, async () => (await fetch(`${url}/delay`)).text()));
    assert.deepEqual([...new Set(answers)], ['later']);
  },
  async 'a handler that fails'(url) {
    const response = await fetch(`${url}/fails`);
    assert.deepEqual([response.status, await response.text()], [500, 'Internal Server Error\n']);
  },
  async 'a client that leaves in the middle of an answer'(url) {
    await leave(`${url}/endless`, 300_000);
    await settled(url);
  },
  async 'a client that leaves before the answer'(url) {
    await leave(`${url}/waits`, 0);
    await settled(url);
  },
};

/** No task is left: they have been cancelled. @param {string} url */
async function settled(url) {
  let left = '';
  for (let i = 0; i < 100 && left !== '0'; i++) {
    await wait(50);
    left = await (await fetch(`${url}/tasks`)).text();
  }
  assert.equal(left, '0', 'tasks are left');
}

/** @param {string} name @param {string} module */
async function tryOn(name, module) {
  const { command, args, cwd } = await RUNTIMES[name](module);
  const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise((_, reject) => child.on('error', reject).on('exit', (code) => reject(new Error(`${name} has ended with code ${code}`))));
  let failed = 0;
  try {
    const port = new Promise((resolve) => createInterface({ input: child.stdout }).on('line', (line) => (line.startsWith('{') ? resolve(JSON.parse(line).port) : console.log(line))));
    const url = `http://127.0.0.1:${await Promise.race([port, ended])}`;
    for (const [what, check] of Object.entries(CHECKS)) {
      const late = wait(20_000).then(() => assert.fail('nothing for 20 s'));
      const error = await Promise.race([check(url), ended, late]).then(() => undefined, (error) => error);
      console.log(`${error ? 'not ok' : 'ok'} - ${name}: ${what}${error ? `\n  ${error.message}` : ''}`);
      if (error) failed++;
    }
  } finally {
    child.removeAllListeners('exit');
    ended.catch(() => {});
    child.kill('SIGKILL');
  }
  return failed;
}

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !(name in RUNTIMES));
if (unknown || process.platform !== 'linux' || process.arch !== 'x64') {
  console.error(unknown ? `'${unknown}' is none of ${Object.keys(RUNTIMES).join(', ')}` : 'only for Linux on x64');
  process.exit(2);
}
if (!existsSync(join(here, 'node_modules/.package-lock.json'))) {
  const { status } = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: here, stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
const module = await program('serve');
let failed = 0;
for (const name of asked.length ? asked : Object.keys(RUNTIMES)) failed += await tryOn(name, module).catch((error) => (console.log(`not ok - ${name}: ${error.message}`), 1));
process.exit(failed ? 1 : 0);
