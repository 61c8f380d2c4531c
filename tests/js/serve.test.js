/** C answers HTTP requests: as a function of Request and Response, and behind `wasyncio serve`. */
import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, describe, test } from 'node:test';
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

  test('ends `wasyncio serve` with words and code 70', async () => {
    const { code, stderr } = await node([COMMAND, 'serve', await program('serve'), '--port', '0'], {
      started: (child, said) =>
        void until(() => /listening on \S+\n/.test(said.stderr), 'it listens').then(async () => {
          const response = await fetch(`${/listening on (\S+)/.exec(said.stderr)?.[1]}/crashes`);
          if (response.status !== 500) child.kill();
        }),
    });
    assert.equal(code, 70, stderr);
    assert.match(stderr, /wasyncio: EFAULT: task 'fetch' crashed: unreachable\n/);
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
