// hosts: node20 node26
// needs: sysroot
/** The toolchain from npm: programs from texts in memory, what it says of mistakes, and the command's option. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import binaryen from 'binaryen';
import { createToolchain } from '../../emsdk-config/npm/toolchain.js';
import { load } from '../../src/js/node.js';
import { root } from './programs/tools.js';

/** @type {import('../../emsdk-config/npm/toolchain.js').Toolchain} */
let toolchain;

before(async () => {
  toolchain = await createToolchain({ llvm: readFileSync(join(root, 'node_modules/@yowasp/clang/gen/llvm.core.wasm')), sysroot: readFileSync(join(root, 'dist/sysroot.pack.gz')), binaryen });
});

/** @param {Uint8Array<ArrayBuffer> | undefined} module */
async function output(module) {
  assert.ok(module);
  let said = '';
  const app = await load(module, { clock: 'virtual', stdout: (text) => void (said += text) });
  assert.equal(await app.run(), 0);
  return said;
}

const HELLO = `#include <stdio.h>
#include <wasyncio.h>
#include "words.h"
static int hello(void *arg) {
    (void)arg;
    wio_sleep(1);
    printf("%s at %.0f s\\n", WORDS, wio_time());
    return 0;
}
int main(void) { return wio_run(hello, NULL); }
`;

describe('createToolchain', () => {
  for (const optimize of /** @type {const} */ (['-O0', '-O1', '-O2', '-Oz', '-g']))
    test(`a program of two files runs, ${optimize}`, async () => {
      const { module, output: said, diagnostics } = await toolchain.build({ files: { 'main.c': HELLO, 'words.h': '#define WORDS "hello"\n' }, optimize });
      assert.deepEqual(diagnostics, [], said);
      assert.equal(await output(module), 'hello at 1 s\n');
    });

  test('two C files are linked, and exports and imports work', async () => {
    const files = {
      'a.c': '#include <wasyncio.h>\nint twice(int);\nWIO_IMPORT(int, ask, (int n));\nWIO_EXPORT(int, start, (int n)) { return twice(ask(n)); }\n',
      'b.c': 'int twice(int n);\nint twice(int n) { return 2 * n; }\n',
    };
    const { module, output: said } = await toolchain.build({ files });
    assert.ok(module, said);
    const app = await load(module, { imports: { ask: async (/** @type {number} */ n) => n + 1 } });
    assert.equal(await app.exports.start(4), 10);
    await app.close();
  });

  test('errors and warnings have file, line and columns', async () => {
    const { module, diagnostics } = await toolchain.build({ extra: ['-Wno-error=int-conversion'], files: { 'main.c': 'int main(void) {\n    char *text = 12;\n    return missing + 1;\n}\n' } });
    assert.equal(module, undefined);
    const [warning, error] = ['warning', 'error'].map((severity) => diagnostics.find((each) => each.severity === severity));
    assert.deepEqual({ ...warning, message: '' }, { severity: 'warning', message: '', file: 'main.c', line: 2, column: 11, endColumn: 12 });
    assert.match(error?.message ?? '', /undeclared identifier 'missing'/);
    assert.deepEqual([error?.file, error?.line, error?.column, error?.endColumn], ['main.c', 3, 12, 19]);
  });

  test('a function that is nowhere is named', async () => {
    const { module, diagnostics } = await toolchain.build({ files: { 'main.c': 'int missing(void);\nint main(void) { return missing(); }\n' } });
    assert.equal(module, undefined);
    assert.match(diagnostics[0].message, /^undefined symbol: missing \(in main\.c\)$/);
    assert.equal(diagnostics.filter(({ severity }) => severity === 'error').length, 1);
  });

  test('a header that is missing', async () => {
    const { diagnostics } = await toolchain.build({ files: { 'main.c': '#include "nowhere.h"\n' } });
    assert.match(diagnostics[0].message, /'nowhere\.h' file not found/);
  });

  test('code that nests too deeply is an error in words, and the next build works', async () => {
    const deep = `int main(void) { return ${'('.repeat(100_000)}0${')'.repeat(100_000)}; }\n`;
    const { module, output: said } = await toolchain.build({ files: { 'main.c': deep } });
    assert.equal(module, undefined);
    assert.match(said, /nesting|crashed/);
    const next = await toolchain.build({ files: { 'main.c': HELLO, 'words.h': '#define WORDS "again"\n' } });
    assert.equal(await output(next.module), 'again at 1 s\n');
  });

  test('C++ and nothing at all are refused', async () => {
    await assert.rejects(toolchain.build({ files: { 'main.cpp': 'int main() {}\n' } }), /no C\+\+ library/);
    await assert.rejects(toolchain.build({ files: { 'words.h': '' } }), { name: 'BuildError', message: 'no C file to build' });
  });
});

describe('--toolchain', () => {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-toolchain-'));
  after(() => rmSync(scratch, { recursive: true }));
  const wasyncio = (/** @type {string[]} */ ...words) =>
    spawnSync(process.execPath, [join(root, 'src/js/cli/main.js'), ...words], { cwd: scratch, encoding: 'utf8', env: { ...process.env, XDG_CACHE_HOME: join(scratch, 'cache'), PATH: '' } });

  test('npm builds without an Emscripten on PATH; headers beside the source and behind -I are found', () => {
    mkdirSync(join(scratch, 'src'));
    mkdirSync(join(scratch, 'include'));
    writeFileSync(join(scratch, 'src/main.c'), HELLO.replace('"words.h"', '"more.h"'));
    writeFileSync(join(scratch, 'src/more.h'), '#include <words.h>\n');
    writeFileSync(join(scratch, 'include/words.h'), '#define WORDS "found"\n');
    const { stdout, stderr, status } = wasyncio('run', '--toolchain', 'npm', '--virtual-time', 'src/main.c', '-I', 'include');
    assert.equal(stdout, 'found at 1 s\n', stderr);
    assert.equal(status, 0);
  });

  test('messages show names as they were given', () => {
    writeFileSync(join(scratch, 'bad.c'), 'int main(void) { return nothing; }\n');
    const { stderr, status } = wasyncio('build', '--toolchain=npm', 'bad.c');
    assert.match(stderr, /^bad\.c:1:25: error: /m);
    assert.equal(status, 1);
  });

  test('another name is refused', () => {
    const { stderr, status } = wasyncio('build', '--toolchain', 'gcc', 'bad.c');
    assert.match(stderr, /there is no toolchain 'gcc': there are emscripten and npm/);
    assert.equal(status, 2);
  });
});
