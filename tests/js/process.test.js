/** Processes that C starts, which must be allowed, and standard input, which must not keep anything alive. */
import assert from 'node:assert/strict';
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { node, open, program, rejected, root, soon, until, wait } from './programs/tools.js';

const RUN = `${root}/tests/lib/run-node.js`;
const COMMAND = `${root}/src/js/cli/main.js`;

/** @param {string[]} args @param {Parameters<typeof open>[1]} [options] */
async function run(args, options) {
  const { app, said } = await open('process', { args, ...options });
  const code = await soon(app.run(), args.join(' '), 20_000);
  return { code, ...said };
}

/** @param {number} pid */
const lives = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe('processes', () => {
  test('none is started unless it was allowed', async () => {
    for (const allowRun of [undefined, false, [], ['ls', 'cat ']]) {
      const { code, stdout } = await run(['runs', 'cat'], { allowRun });
      assert.equal(code, 1);
      assert.match(stdout, /^start EPERM: .*'cat' is not allowed: load\(…, \{ allowRun: \['cat'\] \}\), or wasyncio run --allow-run=cat\n$/);
    }
  });

  test('input goes in, output and errors come out', async () => {
    const { code, stdout } = await run(['runs', 'sh', '-c', 'cat; echo problem >&2; exit 3'], { allowRun: ['sh'] });
    assert.equal(stdout, 'communicate ok\ncode 3\nout 10 [some input]\nerr 8 [problem\n]\n');
    assert.equal(code, 0);
  });

  test('arguments are given as they are: no shell looks at them', async () => {
    const { stdout } = await run(['runs', 'printf', '%s|', '$HOME', '; ls', '*', '"', ''], { allowRun: true });
    assert.match(stdout, /\[\$HOME\|; ls\|\*\|"\|\|\]/);
  });

  test('one that does not read its input is no error', async () => {
    const { stdout } = await run(['runs', 'true'], { allowRun: true });
    assert.match(stdout, /communicate ok\ncode 0/);
  });

  test('no such program', async () => {
    const { stdout } = await run(['runs', 'no-such-program-here'], { allowRun: true });
    assert.match(stdout, /^start ENOENT: .*no-such-program-here/);
  });

  test('a file that cannot be executed', async () => {
    const { stdout } = await run(['runs', `${root}/package.json`], { allowRun: true });
    assert.match(stdout, /^start EACCES: /);
  });

  test('a conversation line by line', async () => {
    const { stdout } = await run(['talks'], { allowRun: ['cat'] });
    assert.equal(stdout, 'pid yes\n7 line 0\n7 line 1\n7 line 2\nstdin closed ok\nend 0\nwait ok\ncode 0\nwrite to reading: ENOTSUP\n');
  });

  test('signals, and the signal as the result', async () => {
    const { stdout } = await run(['kills'], { allowRun: true });
    const one = (/** @type {string} */ what, /** @type {number} */ signal) =>
      `wait ETIMEDOUT: timed out\n${what} ok\ncode ${-signal}\ntoo late ok\nno such signal EINVAL: wio_process_send_signal(): there is no such signal\n`;
    assert.equal(stdout, one('terminate', 15) + one('kill', 9) + one('signal', 2));
  });

  test('closing one that runs kills it, and tells who waits', async () => {
    const { stdout } = await run(['closes'], { allowRun: true });
    const [, pid] = /pid (\d+)\nwaiter ECONNABORTED/.exec(stdout) ?? assert.fail(stdout);
    await until(() => !lives(Number(pid)), 'the process is gone');
  });

  test('directory, environment, and streams that lead elsewhere', async () => {
    const { stdout } = await run(['options'], { allowRun: true });
    assert.match(stdout, /^1 1\ncommunicate ok\n\[\/\na=b\n\n\]\ncwd ENOENT: .*\nnone EINVAL: .*names no program\n$/);
  });

  test('one whose output nobody reads waits', async () => {
    const { stdout } = await run(['much'], { allowRun: true });
    assert.equal(stdout, 'before: ETIMEDOUT\n20000000 done\n');
  });

  test('the command allows them by an option', async () => {
    const file = await program('process');
    const of = (/** @type {string[]} */ options) => node([COMMAND, 'run', file, ...options, '--', 'runs', 'true']);
    assert.match((await of([])).stdout, /EPERM/);
    assert.match((await of(['--allow-run=cat,ls'])).stdout, /EPERM/);
    assert.match((await of(['--allow-run=cat,true'])).stdout, /code 0/);
    assert.match((await of(['--allow-run'])).stdout, /code 0/);
    const { code, stderr } = await of(['--allow-run=']);
    assert.equal(code, 2);
    assert.match(stderr, /names no program/);
  });

  test('a wrong option is refused', async () => {
    await rejected(open('process', { allowRun: /** @type {any} */ ('cat') }), 'EINVAL', /allowRun is 'cat', not true, false or an array/);
    await rejected(open('process', { stdin: /** @type {any} */ (42) }), 'EINVAL', /stdin is 42, not a string/);
  });
});

test('Ctrl-C ends a server and its connections at once', async () => {
  const { code, stdout } = await node([COMMAND, 'run', await program('process'), '--', 'serves'], {
    started: (child, said) => void until(() => said.stdout.includes('serving'), 'it serves').then(() => child.kill('SIGINT')),
  });
  assert.equal(stdout, 'serving\nserve_forever ECANCELED: cancelled\nconnection: ECANCELED\n');
  assert.equal(code, 130);
});

describe('standard input given to load()', () => {
  const bytes = (/** @type {string} */ text) => new TextEncoder().encode(text);

  test('a string', async () => {
    const { stdout } = await run(['lines'], { stdin: 'one\ntwö\n\nlast' });
    assert.equal(stdout, '4 [one]\n5 [twö]\n1 []\n4 [last]\nend ok\n');
  });

  test('nothing', async () => {
    assert.equal((await run(['lines'], { stdin: '' })).stdout, 'end ok\n');
  });

  test('bytes', async () => {
    assert.equal((await run(['lines'], { stdin: bytes('a\nb') })).stdout, '2 [a]\n1 [b]\nend ok\n');
  });

  test('a ReadableStream, asked only when the program reads', async () => {
    let asked = 0;
    const stream = new ReadableStream({ pull: (to) => (++asked < 4 ? to.enqueue(bytes(`line ${asked}\n`)) : to.close()) }, { highWaterMark: 0 });
    assert.equal((await run(['one'], { stdin: stream })).stdout, '7 line 1\n');
    assert.equal(asked, 1);
  });

  test('an async iterable of strings and bytes', async () => {
    async function* pieces() {
      yield 'on';
      await wait(5);
      yield '';
      yield bytes('e\ntw');
      yield 'o';
    }
    assert.equal((await run(['lines'], { stdin: pieces() })).stdout, '4 [one]\n3 [two]\nend ok\n');
  });

  test('one that fails', async () => {
    async function* pieces() {
      yield 'one\n';
      throw new Error('the source is broken');
    }
    const { stdout, code } = await run(['lines'], { stdin: pieces() });
    assert.equal(stdout, '4 [one]\nend EIO: the source is broken\n');
    assert.equal(code, 1);
  });

  test('one that gives something else', async () => {
    async function* pieces() {
      yield /** @type {any} */ ({});
    }
    assert.match((await run(['lines'], { stdin: pieces() })).stdout, /end EIO: .*gave an object: neither text nor bytes/);
  });

  test('given back, a new one goes on where it was', async () => {
    const { stdout } = await run(['again'], { stdin: 'abcdefghijk' });
    assert.match(stdout, /^3 abc\n3 def\n/);
  });
});

describe('standard input of the process', () => {
  /** @param {string[]} args @param {Parameters<typeof node>[1]} child */
  const host = async (args, child) => node([RUN, await program('process'), JSON.stringify({ args })], child);

  test('a pipe, line by line', async () => {
    const { code, stdout } = await host(['lines'], {
      stdin: 'pipe',
      started: (child, said) =>
        void (async () => {
          child.stdin?.write('one\ntw');
          await until(() => said.stdout.includes('[one]'), 'the first line');
          child.stdin?.end('o\nthree');
        })(),
    });
    assert.deepEqual([code, stdout], [0, '4 [one]\n4 [two]\n5 [three]\nend ok\n']);
  });

  test('a file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'wasyncio-stdin-'));
    after(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'lines'), `${'x'.repeat(50_000)}\n`.repeat(20));
    const fd = openSync(join(folder, 'lines'), 'r');
    const { code, stdout } = await host(['lines'], { stdin: fd });
    closeSync(fd);
    assert.equal(code, 0);
    assert.equal(stdout.match(/^50001 \[x{50000}\]$/gm)?.length, 20);
  });

  test('none', async () => {
    assert.deepEqual((await host(['lines'], {})).stdout, 'end ok\n');
  });

  test('a program that reads no more is not kept alive by it', async () => {
    const { code, stdout } = await host(['one'], { stdin: 'pipe', started: (child) => void child.stdin?.write('only this\nnot this\n') });
    assert.deepEqual([code, stdout], [0, '10 only this\n']); // its end is open still
  });

  test('waiting for it lets others run, and can be given up', async () => {
    const { code, stdout } = await host(['gives_up'], { stdin: 'pipe' });
    assert.deepEqual([code, stdout], [0, 'tick\ntick\ntick\nreadline ETIMEDOUT: timed out\n']);
  });
});
