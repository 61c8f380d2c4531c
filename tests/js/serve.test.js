/** C answers HTTP requests: as a function of Request and Response, and behind `wasyncio serve`. */
import assert from 'node:assert/strict';
import http from 'node:http';
import net from 'node:net';
import { after, before, describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { node, open, program, rejected, root, soon, until } from './programs/tools.js';

const COMMAND = `${root}/src/js/cli/main.js`;

/** @type {Awaited<ReturnType<typeof open>>} */
let opened;
before(async () => void (opened = await open('serve')));
after(() => opened.app.close());

/** @param {string} path @param {RequestInit} [init] @returns {Promise<Response>} */
const ask = (path, init) => opened.app.exports.fetch(new Request(`http://example.org${path}`, init));

describe('fetch(request)', () => {
  test('a whole answer', async () => {
    const response = await ask('/ok');
    assert.deepEqual([response.status, response.headers.get('content-type'), await response.text()], [200, 'text/plain; charset=utf-8', 'ok']);
  });

  test('method, path, headers and query', async () => {
    const response = await ask('/describe?q=a%20b%26c&q=second', { method: 'PUT', headers: { 'x-token': 'secret' } });
    assert.equal(response.status, 201);
    assert.equal(await response.text(), 'PUT /describe token=secret q=a b&c none=absent');
  });

  test('no body, and a status that has none', async () => {
    const response = await ask('/empty');
    assert.deepEqual([response.status, await response.text()], [204, '']);
    assert.equal(await (await ask('/echo')).text(), '');
  });

  test('bodies in both directions, streamed', async () => {
    const bytes = Uint8Array.from({ length: 1_000_000 }, (_, i) => i % 251);
    let at = 0;
    const body = new ReadableStream({
      pull(controller) {
        controller.enqueue(bytes.subarray(at, (at += 7777)));
        if (at >= bytes.length) controller.close();
      },
    });
    const response = await ask('/echo/here', /** @type {any} */ ({ method: 'POST', body, duplex: 'half' }));
    assert.equal(response.headers.get('x-path'), '/echo/here');
    assert.deepEqual(new Uint8Array(await response.arrayBuffer()), bytes);
  });

  test('an endless answer waits for its reader, and ends when that leaves', async () => {
    const before = await opened.app.exports.cancelled_so_far();
    const response = await ask('/endless');
    const reader = /** @type {ReadableStream} */ (response.body).getReader();
    for (let i = 0; i < 5; i++) await reader.read();
    await until(() => opened.app.tasks()[0]?.waitsFor === 'stream to drain', 'it waits');
    await reader.cancel();
    await until(() => !opened.app.tasks().length, 'the handler has ended');
    assert.equal(await opened.app.exports.cancelled_so_far(), before + 1);
  });

  test('an aborted request cancels its task', async () => {
    const before = await opened.app.exports.cancelled_so_far();
    const controller = new AbortController();
    const asked = ask('/waits', { signal: controller.signal });
    await until(() => opened.app.tasks()[0]?.state === 'waiting', 'the handler');
    controller.abort(new Error('no longer wanted'));
    await assert.rejects(asked, /no longer wanted/);
    assert.equal(await opened.app.exports.cancelled_so_far(), before + 1);
    await assert.rejects(ask('/waits', { signal: AbortSignal.abort(new Error('never')) }), /never/);
  });

  test('a handler that fails: 500, and the reason on stderr', async () => {
    const response = await ask('/fails');
    assert.equal(response.status, 500);
    assert.equal(await response.text(), 'Internal Server Error\n');
    assert.match(opened.said.stderr, /wasyncio: GET \/fails failed: EIO: the disk is on fire at serve\.c:\d+\n|wasyncio: GET \/fails failed: EIO: the disk is on fire at .*serve\.c:\d+\n/);
  });

  test('one that answers nothing', async () => {
    assert.equal((await ask('/nothing')).status, 500);
    assert.match(opened.said.stderr, /GET \/nothing failed: EPROTO: the handler has returned without an answer/);
  });

  test('one that fails in the middle of its answer breaks it off', async () => {
    const response = await ask('/halfway');
    await assert.rejects(response.text(), /the handler has failed/);
    assert.match(opened.said.stderr, /GET \/halfway failed: EIO: the disk is full/);
  });

  test('bad headers and statuses, and a second answer, are refused', async () => {
    assert.equal(await (await ask('/misuses')).text(), 'EINVAL EINVAL EINVAL ENOTSUP EINVAL EINVAL');
    for (const name of ['x-a', 'x a']) assert.ok(opened.said.stderr.includes(`wio_respond(): the header '${name}' cannot be sent`), opened.said.stderr);
  });

  test('a closed app refuses', async () => {
    const { app } = await open('serve');
    const waiting = app.exports.fetch(new Request('http://x/waits'));
    await until(() => app.tasks()[0]?.state === 'waiting', 'the handler');
    await app.close();
    assert.equal((await waiting).status, 500);
    await rejected(app.exports.fetch(new Request('http://x/ok')), 'EPERM', /after app\.close\(\)/);
  });
});

describe('a crash', () => {
  test('fails the requests that are under way, and all later ones', async () => {
    const { app } = await open('serve');
    const request = (/** @type {string} */ path) => app.exports.fetch(new Request(`http://x${path}`));
    const body = (await request('/endless')).text();
    const waiting = request('/waits');
    await until(() => app.tasks().some(({ waitsFor }) => waitsFor === 'sleep'), 'the handler');
    await Promise.all([
      rejected(waiting, 'EFAULT', /task 'fetch' crashed: unreachable/),
      rejected(request('/crashes'), 'EFAULT', /task 'fetch' crashed: unreachable/),
      assert.rejects(body, /the handler has failed/),
    ]);
    await rejected(request('/ok'), 'EFAULT', /crashed: unreachable/);
  });

  test('in a task that no promise waits for is told at once: on stderr, or to `over`', async () => {
    const { app, said } = await open('serve');
    assert.equal((await app.exports.fetch(new Request('http://x/crashes/later'))).status, 202);
    await until(() => said.stderr, 'the words');
    assert.match(said.stderr, /^wasyncio: EFAULT: task 'behind the request' crashed: unreachable\n$/);
    await rejected(app.exports.fetch(new Request('http://x/ok')), 'EFAULT', /'behind the request' crashed/);

    /** @type {unknown[]} */
    const told = [];
    const other = await open('serve', { over: (why) => void told.push(why) });
    await other.app.exports.fetch(new Request('http://x/crashes/later'));
    await until(() => told.length, 'over');
    await rejected(Promise.reject(told[0]), 'EFAULT', /task 'behind the request' crashed: unreachable/);
    await rejected(other.app.exports.fetch(new Request('http://x/ok')), 'EFAULT');
    await other.app.close();
    assert.deepEqual([told.length, other.said.stderr], [1, '']);
  });

  test('that a caller hears of is not told on stderr as well; `over` hears it, too', async () => {
    /** @type {unknown[]} */
    const told = [];
    const { app, said } = await open('serve');
    await rejected(app.exports.fetch(new Request('http://x/crashes')), 'EFAULT');
    const second = await open('serve', { over: (why) => void told.push(why) });
    assert.throws(() => second.app.exports.crash_now(), /crashed: unreachable/);
    await until(() => told.length, 'over');
    const third = await open('serve');
    assert.throws(() => third.app.exports.crash_now(), /crashed: unreachable/);
    assert.deepEqual([said.stderr, second.said.stderr, third.said.stderr], ['', '', '']);
  });

  test('exit() is told to `over` by its code, app.close() not at all', async () => {
    /** @type {unknown[]} */
    const told = [];
    const { app } = await open('serve', { over: (why) => void told.push(why) });
    await app.exports.fetch(new Request('http://x/exits/later'));
    await until(() => told.length, 'over');
    const closed = await open('serve', { over: (why) => void told.push(why) });
    await closed.app.close();
    assert.deepEqual(told, [3]);
    await rejected(load(new Uint8Array(), { over: /** @type {any} */ ('log') }), 'EINVAL', /over/);
  });

  for (const [path, status, code, words] of /** @type {[string, number, number, RegExp][]} */ ([
    ['/crashes', 500, 70, /wasyncio: EFAULT: task 'fetch' crashed: unreachable\n/],
    ['/crashes/later', 202, 70, /wasyncio: EFAULT: task 'behind the request' crashed: unreachable\n/],
    ['/exits', 500, 4, /^listening on \S+\n$/],
    ['/exits/later', 202, 3, /^listening on \S+\n$/],
  ]))
    test(`ends \`wasyncio serve\`, after one request: ${path}`, async () => {
      let got = 0;
      const ended = await node([COMMAND, 'serve', await program('serve'), '--port', '0'], {
        started: (child, said) =>
          void until(() => /listening on \S+\n/.test(said.stderr), 'it listens').then(async () => {
            got = (await fetch(`${/listening on (\S+)/.exec(said.stderr)?.[1]}${path}`)).status;
          }),
      });
      assert.deepEqual([got, ended.code], [status, code], ended.stderr);
      assert.match(ended.stderr, words);
    });
});

describe('wasyncio serve', () => {
  /** @type {{ url: string, child: import('node:child_process').ChildProcess, said: { stderr: string }, ended: ReturnType<typeof node> }} */
  let server;
  const agent = new http.Agent({ keepAlive: true, maxSockets: 100 });

  before(async () => {
    const file = await program('serve');
    server = await new Promise((resolve) => {
      const ended = node([COMMAND, 'serve', file, '--port', '0'], {
        timeout: 200_000,
        started: (child, said) =>
          void until(() => /listening on \S+\n/.test(said.stderr), 'it listens').then(() =>
            resolve({ url: /listening on (\S+)/.exec(said.stderr)?.[1] ?? '', child, said, ended }),
          ),
      });
    });
  });
  after(() => {
    agent.destroy();
    server.child.kill('SIGKILL');
  });

  /** @param {string} path @param {{ method?: string, body?: string | Buffer, leave?: boolean }} [options] `leave`: as soon as something comes, or after a moment */
  const get = (path, { method = 'GET', body, leave } = {}) =>
    new Promise((/** @type {(outcome: { status: number, text: string, broken: boolean }) => void} */ resolve, reject) => {
      const request = http.request(`${server.url}${path}`, { agent, method }, (response) => {
        let text = '';
        response.setEncoding('latin1').on('data', (part) => {
          text += part;
          if (leave) request.destroy();
        });
        response.on('error', () => {});
        response.on('close', () => resolve({ status: response.statusCode ?? 0, text, broken: !response.complete }));
      });
      request.on('error', (error) => (leave ? resolve({ status: 0, text: '', broken: true }) : reject(error)));
      if (leave) setTimeout(() => request.destroy(), 30);
      request.end(body);
    });

  test('answers', async () => {
    assert.deepEqual(await get('/ok'), { status: 200, text: 'ok', broken: false });
    assert.equal((await get('/describe?q=1', { method: 'DELETE' })).text, 'DELETE /describe token=- q=1 none=absent');
    const body = Buffer.alloc(300_000, 'x');
    assert.equal((await get('/echo', { method: 'POST', body })).text, body.toString());
  });

  test('what no Request can be: 400, and it goes on', async () => {
    const raw = (/** @type {string} */ text) =>
      new Promise((/** @type {(answer: string) => void} */ resolve, reject) => {
        const { hostname, port } = new URL(server.url);
        let answer = '';
        const socket = net.connect(Number(port), hostname, () => socket.write(text));
        socket.setEncoding('latin1').on('data', (part) => (answer += part)).on('close', () => resolve(answer)).on('error', reject);
      });
    assert.match(await raw('GET / HTTP/1.1\r\nHost: a b:c\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.match(await raw('TRACE / HTTP/1.1\r\nHost: x\r\n\r\n'), /^HTTP\/1\.1 400 /);
    assert.equal((await get('/ok')).text, 'ok');
  });

  test('a failing handler', async () => {
    assert.equal((await get('/fails')).status, 500);
    const { status, text, broken } = await get('/halfway');
    assert.deepEqual([status, text, broken], [200, 'half', true]);
  });

  test('clients that leave cancel their tasks', async () => {
    await Promise.all(Array.from({ length: 20 }, () => get('/waits', { leave: true })));
    await Promise.all(Array.from({ length: 5 }, () => get('/endless', { leave: true })));
    assert.equal((await get('/ok')).text, 'ok');
  });

  test('a hundred at a time, of which some leave', async () => {
    let next = 0;
    const wrong = [];
    await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (let i; (i = next++) < 3000; ) {
          if (i % 10 === 0) await get(i % 20 ? '/waits' : '/endless', { leave: true });
          else {
            const { status, text } = await get(i % 3 ? '/ok' : '/delay');
            if (status !== 200 || text !== (i % 3 ? 'ok' : 'later')) wrong.push([i, status, text]);
          }
        }
      }),
    );
    assert.deepEqual(wrong, []);
  });

  test('Ctrl-C ends it', async () => {
    const waiting = get('/waits').catch(() => 'broken off');
    await get('/ok');
    server.child.kill('SIGINT');
    const { code } = await soon(server.ended, 'the server');
    assert.equal(code, 0);
    await waiting;
  });

  test('a program that answers nothing, and wrong options', async () => {
    const other = await program('calls');
    const wrong = async (/** @type {string[]} */ ...args) => {
      const { code, stderr } = await node([COMMAND, 'serve', ...args]);
      assert.equal(code, 2, stderr);
      return stderr;
    };
    assert.match(await wrong(), /no program to run. For example: wasyncio serve app\.c/);
    assert.match(await wrong(other, '--port', '70000'), /'70000' is no port/);
    assert.match(await wrong(other, '--port'), /'--port' needs a value behind it/);
    assert.match(await wrong(other, '--virtual-time'), /unknown option '--virtual-time'/);
    assert.match(await wrong(await program('process')), /has no WIO_SERVE/);
  });
});
