/**
 * HTTP in Node, seen from outside: streams in constant memory, connections that are kept and closed, and the road by an
 * injected fetch. WIO_STREAM_MB=256 makes the streams as long as that.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import diagnostics from 'node:diagnostics_channel';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildExample } from '../../examples/build.js';
import { load } from '../../src/js/node.js';
import { startServer } from '../server/server.js';
import { mostAnswered } from '../server/stats.js';
import { node, open, root, soon, until, wait } from './programs/tools.js';

const MB = 1024 * 1024;
const STREAM = Number(process.env.WIO_STREAM_MB ?? 24) * MB;
const MOST = 4 * MB;

/** @type {import('../server/server.js').TestServer} */
let server;
before(async () => void (server = await startServer()));
after(() => server.close());

/** A server that ends with its test, also with one that fails: the file would wait for it. @param {import('node:test').TestContext} t */
async function ownServer(t) {
  const own = await startServer();
  t.after(() => own.close());
  return own;
}

/** The server in a process of its own, whose memory does not count. */
async function elsewhere() {
  const script = `import { startServer } from '${join(root, 'tests/server/server.js')}'; console.log((await startServer()).url);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const url = String((await once(child.stdout, 'data'))[0]).trim();
  const count = async (/** @type {string} */ scope, /** @type {string} */ field) => Number(await (await fetch(`${url}/stats?scope=${scope}&get=${field}`)).text());
  return { url, count, close: () => void child.kill() };
}

/**
 * The most live memory that a call holds beyond what was held before. What a collection has found dead is still counted
 * while a thread of V8's frees it; the next collection waits for that, so a look is two.
 * @param {() => Promise<unknown>} run
 */
async function growth(run) {
  const gc = /** @type {any} */ (globalThis.gc);
  const now = () => {
    for (let i = 0; i < 2; i++) gc(); // of everything; with options, Node 20 looks at the young alone
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const start = now();
  /** @type {number[]} */
  const looks = [];
  let over = false;
  const running = run().finally(() => void (over = true));
  running.catch(() => {}); // told below
  // a look costs a busy machine much: the stream has its time between
  for (; !over; await wait(60)) looks.push(now() - start);
  await running;
  assert.ok(looks.length > 3, 'there was time to look');
  return Math.max(...looks);
}

describe('streams', () => {
  /** @type {Awaited<ReturnType<typeof open>>['app']} */
  let app;
  /** @type {Awaited<ReturnType<typeof elsewhere>>} */
  let other;
  before(async () => {
    other = await elsewhere();
    (await import('node:v8')).setFlagsFromString('--expose-gc');
    globalThis.gc ??= (await import('node:vm')).runInNewContext('gc');
    ({ app } = await open('http'));
    await app.exports.begin(10);
    // once, so that what is loaded and compiled at first does not count
    await app.exports.download(`${server.url}/bytes/1000000`, 1e6, 0, 0);
    await app.exports.upload(`${server.url}/sink`, 1e6);
  });
  after(() => (other.close(), app.close()));

  test('a download in constant memory', async (t) => {
    const before = await app.exports.memory_size();
    const most = await growth(async () => assert.equal(await app.exports.download(`${other.url}/bytes/${STREAM}?scope=down`, STREAM, STREAM / 12, 0.06), 0));
    assert.equal(await app.exports.memory_size(), before);
    t.diagnostic(`at most ${(most / MB).toFixed(2)} MB more`);
    assert.ok(most < MOST, `${(most / MB).toFixed(1)} MB more`);
    assert.equal(await other.count('down', 'sentBytes'), STREAM);
  });

  test('an upload in constant memory', async (t) => {
    const before = await app.exports.memory_size();
    const most = await growth(async () => assert.equal(await app.exports.upload(`${other.url}/sink?scope=up&each=${STREAM / 12}&pause=60`, STREAM), `${STREAM} 0`));
    assert.equal(await app.exports.memory_size(), before);
    t.diagnostic(`at most ${(most / MB).toFixed(2)} MB more`);
    assert.ok(most < MOST, `${(most / MB).toFixed(1)} MB more`);
    assert.equal(await other.count('up', 'receivedBytes'), STREAM);
  });

  test('the server is held back by a slow reader', async () => {
    const { sentBytes } = server.stats('slow');
    assert.equal(sentBytes, 0);
    const reading = app.exports.download(`${server.url}/bytes/${STREAM}?scope=slow`, STREAM, 256 * 1024, 0.3);
    await wait(1000);
    // some megabytes are in the sockets of both
    assert.ok(server.stats('slow').sentBytes < 0.75 * STREAM, `${server.stats('slow').sentBytes / MB} MB sent`);
    await app.exports.end();
    await assert.rejects(reading);
    await app.exports.begin(10);
  });

  test('the producer is held back by a slow server', async () => {
    const url = `${server.url}/sink?each=65536&pause=300&scope=slow-up`;
    const sending = app.exports.upload(url, STREAM);
    await wait(1000);
    const ahead = (await app.exports.sent()) - server.stats('slow-up').receivedBytes;
    assert.ok(ahead < 0.75 * STREAM, `${ahead / MB} MB ahead`);
    await app.exports.end();
    await sending;
    await app.exports.begin(10);
  });
});

/**
 * The most requests at a time as the client's sockets have it: whenever one is written, those before it count whose answers
 * are not complete and whose sockets stand.
 */
function watchClient() {
  /** @type {Map<object, import('node:net').Socket>} */
  const open = new Map();
  const seen = { total: 0, most: 0 };
  const sent = (/** @type {any} */ { request, socket }) => {
    for (const [each, { destroyed }] of open) if (destroyed) open.delete(each);
    open.set(request, socket);
    seen.total++;
    seen.most = Math.max(seen.most, open.size);
  };
  const complete = (/** @type {any} */ { request }) => void open.delete(request);
  diagnostics.subscribe('undici:client:sendHeaders', sent);
  diagnostics.subscribe('undici:request:trailers', complete);
  return {
    seen,
    stop() {
      diagnostics.unsubscribe('undici:client:sendHeaders', sent);
      diagnostics.unsubscribe('undici:request:trailers', complete);
    },
  };
}

describe('a permit', () => {
  test('goes on when the host has closed the connection of a request that was given up', async (t) => {
    const own = await ownServer(t);
    const { app } = await open('http');
    await app.exports.begin(2); // two connections: the next request need not wait for one
    await Promise.all([1, 2].map(() => app.exports.get(`${own.url}/delay/20`)));
    await app.exports.end();
    await app.exports.begin(1);
    const { seen, stop } = watchClient();
    for (let i = 0; i < 10; i++) assert.equal(await app.exports.give_up(`${own.url}/hang`, 0.02, `${own.url}/ok`), 0);
    stop();
    assert.deepEqual(seen, { total: 20, most: 1 });
    await app.close();
  });
});

describe('connections', () => {
  /** A server that counts its sockets. @param {import('node:test').TestContext} t */
  async function counting(t) {
    const sockets = new Set();
    let opened = 0;
    const server = http.createServer((request, response) => void setTimeout(() => response.end(request.headers['user-agent']), 2));
    server.on('connection', (socket) => {
      opened++;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(undefined)));
    const url = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}/`;
    t.after(() => (server.closeAllConnections(), server.close()));
    return { url, open: () => sockets.size, opened: () => opened };
  }

  test('are kept: a hundred requests, five at a time, over five', async (t) => {
    const site = await counting(t);
    const { app } = await open('http');
    await app.exports.begin(5);
    const agents = await Promise.all(Array.from({ length: 100 }, () => app.exports.get(site.url)));
    assert.deepEqual([...new Set(agents)], ['wasyncio']);
    assert.ok(site.opened() <= 8, `${site.opened()} connections`);
    await app.close();
    await until(() => site.open() === 0, 'every connection closed by app.close()');
  });

  test('by the injected fetch where there is one', async (t) => {
    const site = await counting(t);
    let calls = 0;
    const { app } = await open('http', { fetch: (...args) => (calls++, fetch(...args)) });
    await app.exports.begin(5);
    assert.equal(await app.exports.get(site.url), 'node');
    assert.equal(calls, 1);
    await app.close();
  });

  for (const [what, code] of [
    ['a dispatcher of its own', `for (const n of [1, 2]) globalThis[Symbol.for('undici.globalDispatcher.' + n)] = new (class MyAgent { dispatch() { throw new Error('mine'); } })();`],
    ['a fetch of its own', `globalThis.fetch = async () => new Response('mine');`],
  ])
    test(`by fetch where the program has ${what}`, async () => {
      const { app } = await open('http');
      const script = `
        import { load } from '${join(root, 'src/js/node.js')}';
        ${code}
        const app = await load(process.argv[1]);
        await app.exports.begin(1);
        console.log(await app.exports.get('${server.url}/echo'));`;
      const { program } = await import('./programs/build.js');
      const { stdout } = await node(['--input-type=module', '-e', script, await program('http')]);
      assert.match(stdout, /mine/);
      await app.close();
    });

  test('that do not stand yet are given up with their requests', async (t) => {
    const silent = net.createServer(); // takes the connection, and never answers TLS
    let came = 0;
    let gone = 0;
    silent.on('connection', (socket) => {
      came++;
      socket.resume().on('error', () => {}).on('close', () => gone++);
    });
    await new Promise((resolve) => void silent.listen(0, '127.0.0.1', () => resolve(undefined)));
    const { app } = await open('http');
    t.after(() => (silent.close(), app.close()));
    await app.exports.begin(10);
    const url = `https://127.0.0.1:${/** @type {net.AddressInfo} */ (silent.address()).port}/`;
    const controller = new AbortController();
    const asked = Array.from({ length: 5 }, () => app.exports.get(url, { signal: controller.signal }));
    await until(() => came === 5, 'the connections');
    controller.abort();
    for (const each of await Promise.all(asked)) assert.match(each, /^ECANCELED/);
    await until(() => gone === 5, 'their ends');
    assert.equal(await app.exports.get(`${server.url}/ok`), 'ok');
  });

  test('leave the process alone: it ends at once, with connections kept', async (t) => {
    const site = await counting(t);
    const script = `
      import { load } from '${join(root, 'src/js/node.js')}';
      const app = await load(process.argv[1]);
      await app.exports.begin(1);
      console.log(await app.exports.get('${site.url}'));`;
    const { program } = await import('./programs/build.js');
    const { stdout, seconds } = await node(['--input-type=module', '-e', script, await program('http')]);
    assert.equal(stdout, 'wasyncio\n');
    assert.ok(seconds < 3.5, `${seconds} s`);
  });

  test('a proxy by NODE_USE_ENV_PROXY is left to fetch', async () => {
    const script = `
      import { load } from '${join(root, 'src/js/node.js')}';
      const app = await load(process.argv[1]);
      await app.exports.begin(1);
      console.log(await app.exports.get('${server.url}/echo'));`;
    const { program } = await import('./programs/build.js');
    const { stdout } = await node(['--input-type=module', '-e', script, await program('http')], { env: { NODE_USE_ENV_PROXY: '1', NO_PROXY: '*' } });
    assert.match(stdout, /"user-agent":"node"/);
  });
});

/** What the same programs that every host runs do where fetch was given to load(): errors have the same codes. */
describe('by an injected fetch', () => {
  for (const name of ['http_matrix', 'fetch', 'fetch_faults', 'http_events'])
    test(`tests/c/${name}.c`, async () => {
      const wasm = await buildExample(`c_${name}`, undefined, join(root, `tests/c/${name}.c`));
      let said = '';
      const app = await load(wasm, {
        fetch: (...args) => fetch(...args),
        stdout: (text) => void (said += text),
        stderr: () => {},
        env: { WIO_TEST_URL: server.url, WIO_TEST_URL2: server.url2, WIO_TEST_REFUSED_URL: server.refusedUrl, WIO_TEST_HOST: 'node', WIO_TEST_SCOPE: `injected-${name}` },
      });
      const code = await soon(app.run(), name, 60_000);
      assert.deepEqual(said.split('\n').filter((line) => /^not ok|^#   and/.test(line)), []);
      assert.equal(code, 0);
    });
});

describe('the scraper', () => {
  test('every page correct, the limit never exceeded', async (t) => {
    const own = await ownServer(t);
    let said = '';
    const app = await load(await buildExample('20_scraper'), { args: [own.url], stdout: (text) => void (said += text) });
    const { seen, stop } = watchClient();
    assert.equal(await soon(app.run(), 'the scraper', 60_000), 0);
    stop();
    assert.match(said, /2000 pages correct, 0 wrong/);
    const { paths, total, requests } = own.stats();
    assert.deepEqual(seen, { total, most: 20 });
    assert.equal(requests.length, total);
    assert.ok(mostAnswered(requests) <= 20, `${mostAnswered(requests)} at a time`);
    assert.ok(paths['/page'].total >= 2070 && paths['/page'].total <= 2100, `${paths['/page'].total} requests`);
  });

  test('in 2,000 pages its memory is flat', async (t) => {
    const own = await ownServer(t);
    /** @type {number[]} */
    const sizes = [];
    const resident = (/** @type {number | undefined} */ pid) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1000;
    const { code, stdout, stderr } = await node(['--max-semi-space-size=1', join(root, 'src/js/cli/main.js'), 'run', join(root, 'examples/20_scraper.c'), '--', own.url], {
      timeout: 60_000,
      async started(child) {
        for (const after of [500, 1000, 1500, 1990]) {
          await own.reached('', 'total', after, 30_000);
          sizes.push(resident(child.pid));
        }
      },
    });
    assert.equal(code, 0, stderr);
    assert.match(stdout, /2000 pages correct, 0 wrong/);
    assert.equal(sizes.length, 4);
    assert.ok(sizes[3] < sizes[0] + 24, `resident memory, MB: ${sizes.join(', ')}`);
  });

  for (const after of [1, 30, 300, 900, 1500])
    test(`Ctrl-C after ${after} requests leaves no open socket`, async (t) => {
      const own = await ownServer(t);
      await buildExample('20_scraper');
      const ran = node([join(root, 'src/js/cli/main.js'), 'run', join(root, 'examples/20_scraper.c'), '--', own.url], {
        timeout: 60_000,
        started: (child) => void own.reached('', 'total', after, 30_000).then(() => child.kill('SIGINT')),
      });
      const { code, stderr } = await ran;
      assert.equal(code, 130, stderr);
      await until(() => own.stats().active === 0 && own.sockets() === 0, 'no request and no socket left');
      assert.ok(own.stats().total < 2000);
    });
});
