/** Files in a directory of this machine, which must be granted: the same tests as in memory, and that nothing else can be reached. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { node, open, program, rejected, root } from './programs/tools.js';

const COMMAND = `${root}/src/js/cli/main.js`;
/** @type {string} */
let folder;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'wasyncio-files-'));
  for (const name of ['root/data', 'inside', 'secret', 'granted/sub', 'cli']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'secret/file'), 'secret');
  symlinkSync(join(folder, 'secret'), join(folder, 'granted/out'));
  symlinkSync(join(folder, 'secret/file'), join(folder, 'granted/sub/out'));
  symlinkSync(join(folder, 'secret/new'), join(folder, 'granted/dangling'));
  writeFileSync(join(folder, 'granted/file'), 'granted');
  symlinkSync('file', join(folder, 'granted/link'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('libc in a directory of this machine', async () => {
  let said = '';
  const files = { '/data': join(folder, 'root/data'), '/data/deep/inside': join(folder, 'inside'), '/': join(folder, 'root') };
  const app = await load(await program('tests/c/files'), { files, stdout: (text) => void (said += text) });
  assert.equal(await app.run(), 0, said);
  assert.match(said, /# \d\d tests, 0 failed/);
});

/** @param {string[]} args of programs/files.c @param {Parameters<typeof open>[1]} options */
async function run(args, options) {
  const { app, said } = await open('files', { args, ...options });
  await app.run();
  return said.stdout;
}

describe('grants', () => {
  test('none by default', async () => {
    assert.equal(await run(['read', '/etc/hostname', 'read', 'file', 'write', '/x'], {}), 'ENOENT\nENOENT\nENOENT\n');
  });

  test('nothing outside a granted directory can be reached', async () => {
    const files = { '/granted': join(folder, 'granted') };
    const paths = ['/granted/../secret/file', '/secret/file', '/granted/out/file', '/granted/sub/out', '/granted/sub/../out/file', join(folder, 'secret/file')];
    for (const path of paths) {
      assert.match(await run(['read', path], { files }), /^(ENOENT|EACCES)\n$/, path);
      assert.match(await run(['write', path], { files }), /^(ENOENT|EACCES)\n$/, path);
    }
    assert.match(await run(['write', '/granted/dangling', 'write', '/granted/out/new'], { files }), /^(ENOENT|EACCES)\n(ENOENT|EACCES)\n$/);
    assert.match(await run(['rename', '/granted/file', '/granted/out/file'], { files }), /^EACCES\n$/);
    assert.equal(readFileSync(join(folder, 'secret/file'), 'utf8'), 'secret');
    assert.ok(!existsSync(join(folder, 'secret/new')));
  });

  test('links inside are followed, and a link itself can be read', async () => {
    const files = { '/granted': join(folder, 'granted') };
    assert.equal(await run(['read', '/granted/link', 'readlink', '/granted/link', 'readlink', '/granted/file'], { files }), 'granted\nfile\nEINVAL\n');
  });

  test('contents in memory', async () => {
    const files = { '/': { 'a.txt': 'text', deep: { 'b.bin': new TextEncoder().encode('bytes') } } };
    assert.equal(await run(['read', 'a.txt', 'read', '/deep/b.bin', 'write', '/deep/c', 'read', '/deep/c'], { files }), 'text\nbytes\nok\nwritten\n');
  });

  test('memory and machine do not mix', async () => {
    const files = { '/memory': { file: 'x' }, '/machine': join(folder, 'cli') };
    assert.equal(await run(['rename', '/memory/file', '/machine/file', 'read', '/memory/file'], { files }), 'EXDEV\nx\n');
  });

  test('a directory that is not there, and wrong options', async () => {
    await rejected(open('files', { files: { '/x': join(folder, 'none') } }), 'ENOENT', /none/);
    await rejected(open('files', { files: { '/x': join(folder, 'secret/file') } }), 'ENOTDIR', /is not a directory/);
    await rejected(open('files', { files: /** @type {any} */ ('/x') }), 'EINVAL', /files is '\/x', not an object of directories/);
  });

  test('a program without file calls does not look at them', async () => {
    const { app } = await open('process', { files: { '/x': join(folder, 'none') } });
    await app.close();
  });

  test('the command grants them by an option', async () => {
    const file = await program('files');
    const cwd = join(folder, 'cli');
    const of = (/** @type {string[]} */ options, /** @type {string[]} */ args) => node([COMMAND, 'run', file, ...options, '--', ...args], { cwd });
    assert.equal((await of([], ['write', 'new'])).stdout, 'ENOENT\n');
    assert.equal((await of(['--dir', '.'], ['write', 'new', 'read', './new'])).stdout, 'ok\nwritten\n');
    assert.equal(readFileSync(join(cwd, 'new'), 'utf8'), 'written');
    assert.equal((await of(['--dir=../granted:/g'], ['read', '/g/file'])).stdout, 'granted\n');
    assert.equal((await of([`--dir=${folder}/granted`], ['read', `${folder}/granted/file`])).stdout, 'granted\n');
    const wrong = await of(['--dir', 'none'], []);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no such directory: 'none'/);
  });
});
