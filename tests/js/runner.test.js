/** A runner in a process: its end, Ctrl-C, and app.close() in the middle. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { node, open, program, root, soon, until } from './programs/tools.js';

const HOST = `${root}/tests/js/programs/host.mjs`;

/** @type {string} */
let file;
before(async () => {
  file = await program('runner');
});

describe('a runner', () => {
  test('several runs, and a close that joins what is left', async () => {
    const { app, said } = await open('runner');
    assert.equal(await app.run(), 0);
    assert.equal(said.stdout, 'open ok\nfirst ok\nleftover: ECANCELED\nclose ok\n');
    await app.close();
    assert.equal(said.stderr, '');
  });

  test('app.close() in the second run: it is cancelled, and the close still joins', async () => {
    const { app, said } = await open('runner', { args: ['sleeps'] });
    const run = app.run().catch(() => {});
    await until(() => said.stdout.includes('first') && app.tasks().filter(({ waitsFor }) => waitsFor === 'sleep').length === 2, 'the second run');
    await soon(app.close(), 'close');
    await soon(run, 'main()');
    assert.match(said.stdout, /^open ok\nfirst ok\n/);
    assert.match(said.stdout, /main: ECANCELED/);
    assert.match(said.stdout, /leftover: ECANCELED/);
    assert.match(said.stdout, /close ok\n$/);
    assert.equal(said.stderr, '');
  });

  test('Ctrl-C ends the run that is under way and main() goes on', async () => {
    const { code, stdout } = await node([HOST, file, JSON.stringify({ args: ['sleeps'] })], {
      started: (child, said) =>
        void until(() => said.stdout.includes('first'), 'the first run').then(
          () => setTimeout(() => child.kill('SIGINT'), 50),
          () => child.kill('SIGKILL'),
        ),
    });
    assert.equal(stdout, 'open ok\nfirst ok\nmain: ECANCELED\nsecond ECANCELED\nleftover: ECANCELED\nclose ok\n');
    assert.equal(code, 0);
  });

  test('that is never closed is reported and does not keep the process', async () => {
    const { code, stdout, stderr } = await node([HOST, file, JSON.stringify({ args: ['unclosed'] })], { timeout: 20_000 });
    assert.equal(stdout, 'open ok\nfirst ok\nleftover: ECANCELED\n');
    assert.match(stderr, /wio_runner_open\(\): main\(\) returned without wio_runner_close\(\); what is left is cancelled/);
    assert.equal(code, 0);
  });
});
