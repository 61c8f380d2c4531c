/** What load() is given: every kind that works, and a named error for everything else. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { after, before, describe, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { WasyncioError, load } from '../../src/js/node.js';
import { bytesOf, program, rejected, soon } from './programs/tools.js';

/** @type {string} */
let file;
/** @type {Uint8Array} */
let bytes;
/** @type {http.Server} */
let server;
/** @type {string} */
let origin;

before(async () => {
  file = await program('calls');
  bytes = await bytesOf('calls');
  server = http.createServer((request, response) => {
    if (request.url === '/app.wasm') response.writeHead(200, { 'Content-Type': 'application/wasm' }).end(bytes);
    else if (request.url === '/untyped') response.writeHead(200, { 'Content-Type': 'text/plain' }).end(bytes);
    else if (request.url === '/page') response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>moved</title>');
    else if (request.url === '/empty') response.writeHead(200).end();
    else if (request.url === '/cut') {
      response.writeHead(200, { 'Content-Length': String(bytes.length) }).write(bytes.subarray(0, 1000));
      setTimeout(() => response.destroy(), 20);
    } else response.writeHead(404, { 'Content-Type': 'text/html' }).end('<html>not here</html>');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
  origin = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/** @param {any} app */
async function works(app) {
  assert.equal(app.exports.add(1, 2), 3);
  assert.equal(await app.exports.sleeper(0), 0);
  await app.close();
}

/** A module's sections. @param {Uint8Array} module @returns {{ id: number, start: number, end: number, name: string, body: number }[]} */
function sections(module) {
  const found = [];
  for (let at = 8; at < module.length; ) {
    const start = at;
    const id = module[at++];
    const number = () => {
      let value = 0;
      for (let shift = 0; ; shift += 7) {
        const byte = module[at++];
        value |= (byte & 127) << shift;
        if (byte < 128) return value;
      }
    };
    const size = number();
    const end = at + size;
    let name = '';
    if (id === 0) {
      const length = number();
      name = new TextDecoder().decode(module.subarray(at, at + length));
      at += length;
    }
    found.push({ id, start, end, name, body: at });
    at = end;
  }
  return found;
}

/** The module with its "wasyncio" sections changed or left out. @param {(text: string) => string | undefined} change of the same length */
function patched(change) {
  const copy = bytes.slice();
  const parts = [copy.subarray(0, 8)];
  for (const { start, end, name, body } of sections(copy)) {
    if (name === 'wasyncio') {
      const text = change(new TextDecoder().decode(copy.subarray(body, end)));
      if (text === undefined) continue;
      copy.set(new TextEncoder().encode(text), body);
    }
    parts.push(copy.subarray(start, end));
  }
  return new Uint8Array(Buffer.concat(parts));
}

describe('works', () => {
  const sources = /** @type {[string, () => any][]} */ ([
    ['a path', () => file],
    ['a relative path', () => file.replace(process.cwd(), '.')],
    ['a file: URL', () => pathToFileURL(file)],
    ['a file: URL as text', () => pathToFileURL(file).href],
    ['an http: URL', () => `${origin}/app.wasm`],
    ['a URL object', () => new URL('/app.wasm', origin)],
    ['whatever content type', () => `${origin}/untyped`],
    ['a Response', () => fetch(`${origin}/app.wasm`)],
    ['a Response made by hand', () => new Response(/** @type {any} */ (bytes))],
    ['a Uint8Array', () => bytes],
    ['a Buffer', () => Buffer.from(bytes)],
    ['a part of a buffer', () => { const whole = new Uint8Array(bytes.length + 100); whole.set(bytes, 50); return whole.subarray(50, 50 + bytes.length); }],
    ['an ArrayBuffer', () => bytes.slice().buffer],
    ['a WebAssembly.Module', () => WebAssembly.compile(/** @type {any} */ (bytes))],
    ['a data: URL', () => `data:application/wasm;base64,${Buffer.from(bytes).toString('base64')}`],
  ]);
  for (const [what, source] of sources) test(what, async () => works(await load(source())));

  test('the sections are found as this test takes the module apart', async () => works(await load(patched((text) => text))));
});

describe('refused by name', () => {
  const cases = /** @type {[string, () => any, string, RegExp][]} */ ([
    ['a file that is not there', () => '/no/such/app.wasm', 'ENOENT', /cannot read \/no\/such\/app\.wasm: there is no such file/],
    ['a directory', () => tmpdir(), 'EISDIR', /cannot read/],
    ['404', () => `${origin}/nothing.wasm`, 'ENOENT', /nothing\.wasm: the server answered 404/],
    ['a Response with 404', () => fetch(`${origin}/nothing.wasm`), 'ENOENT', /nothing\.wasm: the server answered 404/],
    ['a page instead of a module', () => `${origin}/page`, 'EINVAL', /page is not WebAssembly but HTML \(a 404 page\?\): it begins with "<!doctype html>/],
    ['HTML bytes', () => new TextEncoder().encode('\n  <HTML><body>'), 'EINVAL', /but HTML/],
    ['an empty answer', () => `${origin}/empty`, 'EINVAL', /is empty|is not WebAssembly/],
    ['no bytes', () => new Uint8Array(0), 'EINVAL', /is empty|is not WebAssembly/],
    ['C source', () => new TextEncoder().encode('int main(void) {}'), 'EINVAL', /is not WebAssembly: it begins with "int main/],
    ['a truncated module', () => bytes.slice(0, 1000), 'EINVAL', /does not compile/],
    ['a header only, of another version', () => new Uint8Array([0, 0x61, 0x73, 0x6d, 9, 0, 0, 0]), 'EINVAL', /does not compile/],
    ['a module of somebody else', () => new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]), 'EINVAL', /was not built with wasyncio.*wasyncio build app\.c -o app\.wasm/],
    ['a module without the section', () => patched(() => undefined), 'EINVAL', /was not built with wasyncio/],
    ['the next ABI', () => patched((text) => text.replace(/abi\t\d+/, 'abi\t9')), 'EPROTO', /speaks wasyncio ABI 9, this package \d+: rebuild it with the wasyncio that you load it with/],
    ['the next ABI, with lines that this one does not know', () => patched((text) => text.replace(/abi\t\d+/, 'abi\t9').replace(/^export\t/m, 'EXPORTS')), 'EPROTO', /speaks wasyncio ABI 9/],
    ['the ABI before fetch_request had a base URL', () => patched((text) => text.replace(/abi\t\d+/, 'abi\t1')), 'EPROTO', /speaks wasyncio ABI 1, this package \d+: rebuild it/],
    ['no ABI', () => patched((text) => text.replace(/abi\t\d+/, 'xyz\t1')), 'EPROTO', /ABI \(none\)/],
    ['undefined', () => undefined, 'EINVAL', /the source is no URL, path, Response, bytes or WebAssembly\.Module/],
    ['null', () => null, 'EINVAL', /the source is no URL/],
    ['a number', () => 7, 'EINVAL', /the source is no URL/],
    ['an object', () => ({}), 'EINVAL', /the source is no URL/],
  ]);
  for (const [what, source, name, words] of cases) {
    test(what, async () => {
      const error = await rejected(soon(load(source()), 'load()'), name, words);
      assert.doesNotMatch(error.message, /undefined|\[object/);
    });
  }

  test('a server that is not there', async () => {
    const error = await soon(load('http://127.0.0.1:1/app.wasm').catch((error) => error), 'load()');
    assert.ok(error instanceof WasyncioError, `a WasyncioError, not ${error}`);
    assert.match(error.message, /127\.0\.0\.1:1/);
  });

  test('an answer that breaks off', async () => {
    const error = await soon(load(`${origin}/cut`).catch((error) => error), 'load()');
    assert.ok(error instanceof WasyncioError, `a WasyncioError, not ${error}`);
  });

  test('a URL that does not parse', async () => {
    const error = await soon(load('http://[::bad').catch((error) => error), 'load()');
    assert.ok(error instanceof WasyncioError, `a WasyncioError, not ${error}`);
  });

  test('a Response that was read already', async () => {
    const response = new Response(/** @type {any} */ (bytes));
    await response.arrayBuffer();
    const error = await load(response).catch((error) => error);
    assert.ok(error instanceof WasyncioError, `a WasyncioError, not ${error}`);
  });

  test('a rejected promise passes', async () => {
    await assert.rejects(load(Promise.reject(new Error('own'))), /^Error: own$/);
  });
});

describe('options', () => {
  for (const [what, options, words] of /** @type {[string, any, RegExp][]} */ ([
    ['an unknown one', { improts: {} }, /unknown option 'improts'; there are .*imports/],
    ['clock', { clock: 'fast' }, /clock is 'fast', not 'real', 'virtual' or an object with a function 'jump'/],
    ['args that are text', { args: '--flag' }, /args is .*array/],
    ['args that are an object', { args: {} }, /args is .*array/],
    ['args null', { args: null }, /args/],
    ['env', { env: 'A=1' }, /env is .*object/],
    ['env null', { env: null }, /env/],
    ['imports', { imports: () => 1 }, /imports is .*object/],
    ['imports null', { imports: null }, /imports/],
    ['fetch', { fetch: true }, /fetch is .*function/],
    ['stdout', { stdout: 7 }, /stdout/],
    ['stderr', { stderr: 'file' }, /stderr/],
    ['stdout without write', { stdout: {} }, /stdout/],
    ['signal', { signal: true }, /signal/],
    ['no object', 7, /options/],
    ['null', null, /options/],
  ])) {
    test(what, async () => void (await rejected(load(bytes, options), 'EINVAL', words)));
  }

  test('undefined ones are not there', async () => {
    await works(await load(bytes, { args: undefined, env: undefined, stdout: undefined, stderr: undefined, imports: undefined, fetch: undefined, signal: undefined, clock: undefined }));
  });

  test('args and env reach the program, output reaches a stream', async () => {
    const { PassThrough } = await import('node:stream');
    const stdout = new PassThrough();
    const app = await load(await program('echo'), { args: ['a b', '', 'grün', '--'], env: { NAME: 'välue', EMPTY: '', GONE: undefined }, stdout });
    assert.equal(await app.run(), 4);
    stdout.end();
    let text = '';
    for await (const part of stdout) text += part;
    assert.equal(text, '[a b][][grün][--]\nNAME=välue EMPTY= GONE=(null)\n');
  });

  test('text that is cut inside a character arrives whole', async () => {
    let text = '';
    let pieces = 0;
    const app = await load(await program('echo'), { args: ['write', 'ä€😀'], stdout: (part) => { text += part; pieces++; } });
    assert.equal(await app.run(), 2);
    assert.ok(text.startsWith('ä€😀\n'), text);
    assert.ok(pieces > 1);
  });
});

test('importing the package adds no listeners, and neither does an app that has ended', async () => {
  const names = /** @type {any[]} */ (['SIGINT', 'SIGTERM', 'unhandledRejection', 'uncaughtException', 'beforeExit', 'exit', 'warning', 'rejectionHandled']);
  const count = () => names.map((name) => process.listenerCount(name));
  const before = count();
  const turn = () => new Promise((resolve) => void setImmediate(resolve)); // they stay while calls follow one another
  const app = await load(await program('echo'), { stdout() {} });
  assert.deepEqual(count(), before);
  await app.run();
  await turn();
  assert.deepEqual(count(), before);
  await app.close();
  const second = await load(bytes);
  await second.exports.sleeper(0.001);
  await turn();
  assert.deepEqual(count(), before);
  await second.close();
  assert.deepEqual(count(), before);
  assert.ok(readFileSync(file).length > 1000);
});
