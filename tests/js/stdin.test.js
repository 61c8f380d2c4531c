/** libc's standard input: ordinary C that reads with fgets(), scanf() and fread(), from a pipe, a file, a terminal, and what load() is given. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { node, open, program, root, soon, until } from './programs/tools.js';

const HOST = join(root, 'tests/js/programs/host.mjs');
const COMMAND = join(root, 'src/js/cli/main.js');

/** @param {string} what @param {Parameters<typeof open>[1]} options */
async function given(what, options) {
  const { app, said } = await open('stdin', { args: [what], ...options });
  const code = await app.run();
  return { code, ...said };
}

/** @param {string} what @param {Parameters<typeof node>[1]} child */
const host = async (what, child) => node([HOST, await program('stdin'), JSON.stringify({ args: [what] })], child);

/** @param {string} text */
const typed = (text) => ({ stdin: /** @type {const} */ ('pipe'), started: (/** @type {import('node:child_process').ChildProcess} */ child) => void child.stdin?.end(text) });

/** What the program's own sum over bytes should be. @param {Uint8Array} bytes */
const sum = (bytes) => bytes.reduce((all, byte) => (Math.imul(all, 31) + byte) >>> 0, 0);

describe('the process', () => {
  test('a pipe: lines, as they come', async () => {
    const { code, stdout } = await host('lines', {
      stdin: 'pipe',
      started: (child, said) =>
        void (async () => {
          child.stdin?.write('one\ntw');
          await until(() => said.stdout.includes('[one]'), 'the first line');
          child.stdin?.write('o\n');
          await until(() => said.stdout.includes('[two]'), 'the second line');
          child.stdin?.end('last');
        })(),
    });
    assert.deepEqual([code, stdout], [0, '3 [one]\n3 [two]\n4 [last] unended\neof 1 error 0\n']);
  });

  test('scanf() and getchar()', async () => {
    assert.equal((await host('numbers', typed('1 2\n-3 40 x'))).stdout, `4 numbers, 40 in all, then ${'x'.charCodeAt(0)}\n`);
    assert.equal((await host('numbers', typed(''))).stdout, '0 numbers, 0 in all, then -1\n');
  });

  test('none', async () => {
    assert.equal((await host('lines', {})).stdout, 'eof 1 error 0\n');
    assert.equal((await host('tty', {})).stdout, 'tty 0\n');
  });

  test('a file of three megabytes, each byte', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wasyncio-libc-stdin-'));
    try {
      const bytes = Uint8Array.from({ length: 3_000_001 }, (_, i) => (i * i) >>> 3);
      writeFileSync(join(folder, 'bytes'), bytes);
      const fd = openSync(join(folder, 'bytes'), 'r');
      const { stdout } = await host('bytes', { stdin: fd });
      closeSync(fd);
      assert.equal(stdout, `3000001 bytes, ${sum(bytes)}\n`);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('a coroutine reads, then sleeps', async () => {
    assert.equal((await host('ask', typed('Ada\n'))).stdout, 'name? hello Ada\n');
  });

  test('the command passes it on', async () => {
    const { stdout } = await node([COMMAND, 'run', await program('stdin'), '--', 'numbers'], typed('5 6'));
    assert.equal(stdout, '2 numbers, 11 in all, then -1\n');
  });

  test('a terminal, and Ctrl-C while it is read', async () => {
    const run = `${process.execPath} ${COMMAND} run ${await program('stdin')} --`;
    /** @param {string} what @param {string} keys @param {string} when */
    async function terminal(what, keys, when) {
      const child = spawn('script', ['-qec', `${run} ${what}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, NODE_TEST_CONTEXT: undefined } });
      let said = '';
      child.stdout.on('data', (data) => void (said += data));
      await until(() => said.includes(when), `'${when}'`);
      const press = () => void (keys && child.stdin.write(keys));
      press();
      // the first Ctrl-C may come before the read, where it cancels the task, which is told when the read has ended; the next one kills
      const again = setInterval(keys === '\x03' ? press : () => {}, 300);
      const [code] = await soon(once(child, 'close'), `the end of '${what}'`).finally(() => (clearInterval(again), child.kill()));
      return { said: said.replaceAll('\r', ''), code };
    }
    assert.match((await terminal('tty', '', 'tty')).said, /tty 1\n/);
    assert.match((await terminal('ask', 'Grace\n', 'name?')).said, /hello Grace\n/);
    assert.equal((await terminal('ask', '\x03', 'name?')).code, 130);
  });
});

describe('what load() is given', () => {
  test('a string, and bytes', async () => {
    assert.equal((await given('lines', { stdin: 'a\nbü' })).stdout, '1 [a]\n3 [bü] unended\neof 1 error 0\n');
    const bytes = Uint8Array.from({ length: 200_000 }, (_, i) => i);
    assert.equal((await given('bytes', { stdin: bytes })).stdout, `200000 bytes, ${sum(bytes)}\n`);
  });

  test('a stream is an error with words, once: libc cannot wait', async () => {
    const { stdout, stderr } = await given('lines', { stdin: new Blob(['a\nb\n']).stream() });
    assert.equal(stdout, 'eof 0 error 1 Not supported\n');
    assert.equal(stderr.match(/libc cannot wait .* wio_stdin\(\)/g)?.length, 1);
  });
});
