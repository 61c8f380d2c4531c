// hosts: node20
/** The command `wasyncio`, as somebody types it. */
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { bytesOf, node, program, root } from './programs/tools.js';

const COMMAND = join(root, 'src/js/cli/main.js');
/** @type {string} */
let folder;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'wasyncio-cli-'));
  const write = (/** @type {string} */ name, /** @type {string} */ text) => writeFileSync(join(folder, name), text);
  write('hello.c', '#include <wasyncio.h>\n#include "words.h"\nint main(int argc, char **argv) {\n  printf(WORDS);\n  for (int i = 1; i < argc; i++) printf(" [%s]", argv[i]);\n  printf("\\n");\n  fprintf(stderr, "to stderr\\n");\n  return argc > 1 ? 10 + argc : 0;\n}\n');
  write('words.h', '#define WORDS "hello"\n');
  write('broken.c', '#include <wasyncio.h>\nint main(void) {\n  retrun 0;\n}\n');
  write('unlinked.c', 'int elsewhere(int);\nint main(void) { return elsewhere(1); }\n');
  write('warns.c', 'int main(void) { int unused = 1; return 0; }\n');
  write('two.c', 'int second(void);\nint main(void) { return second(); }\n');
  write('second.c', '#ifndef NUMBER\n#define NUMBER 1\n#endif\nint second(void) { return NUMBER; }\n');
  write('sleeps.c', '#include <wasyncio.h>\nstatic int f(void *arg) { (void)arg; return wio_sleep(100); }\nint main(void) { return wio_run(f, 0); }\n');
  write('cpp.cpp', '#include <wasyncio.h>\n#include <string>\nint main() { std::string s = "c++"; printf("%s\\n", s.c_str()); return 0; }\n');
  write('lib.c', '#include <wasyncio.h>\nWIO_EXPORT(int, twice, (int n)) { return wio_yield() ? -EIO : 2 * n; }\n');
  mkdirSync(join(folder, 'include'));
  write('include/deep.h', '#define DEEP 5\n');
  write('includes.c', '#include <deep.h>\nint main(void) { return DEEP + EXTRA; }\n');
  write('page.wasm', '<!doctype html><title>404</title>');
  write('notes.txt', 'nothing');
  copyFileSync(await program('calls'), join(folder, 'calls.wasm'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** The user's cache is this test's own. @param {string[]} args @param {Parameters<typeof node>[1]} [options] */
const wasyncio = (args, options = {}) => node([COMMAND, ...args], { cwd: folder, timeout: 60_000, ...options, env: { XDG_CACHE_HOME: join(folder, 'cache'), ...options.env } });

const version = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

describe('help', () => {
  for (const args of [['--help'], ['-h'], ['help']]) {
    test(args[0], async () => {
      const { code, stdout, stderr } = await wasyncio(args);
      assert.deepEqual([code, stderr], [0, '']);
      assert.match(stdout, /wasyncio build app\.c -o app\.wasm/);
      assert.match(stdout, /wasyncio run app\.c \[-- args\]/);
    });
  }

  test('of each command', async () => {
    for (const name of ['build', 'run', 'cflags']) {
      const { code, stdout } = await wasyncio([name, '--help']);
      assert.equal(code, 0);
      assert.match(stdout, new RegExp(`usage: wasyncio ${name}`));
      assert.equal((await wasyncio(['help', name])).stdout, stdout);
    }
  });

  test('--version', async () => {
    const { code, stdout } = await wasyncio(['--version']);
    assert.deepEqual([code, stdout], [0, `wasyncio ${version}\n`]);
  });
});

describe('refused, with exit code 2 and without a stack trace', () => {
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [[], /no command/],
    [['buld', 'hello.c'], /unknown command 'buld'\. Did you mean 'build'\?/],
    [['--hlep'], /unknown option '--hlep'\. Did you mean '--help'\?/],
    [['frobnicate'], /unknown command 'frobnicate'.*wasyncio --help/],
    [['build'], /no input files.*wasyncio build app\.c -o app\.wasm/],
    [['run'], /no program to run.*wasyncio run app\.c/],
    [['run', '--virtual-tiem', 'hello.c'], /unknown option '--virtual-tiem'\. Did you mean '--virtual-time'\?/],
    [['build', 'hello.c', '--frob'], /unknown option '--frob'\. All options: wasyncio build --help/],
    [['build', 'missing.c'], /no such file: 'missing\.c'/],
    [['run', 'missing.wasm'], /no such file: 'missing\.wasm'/],
    [['build', 'include'], /'include' is not a file/],
    [['run', 'notes.txt'], /'notes\.txt' is not a file that can be run \(\.c .*the program's own arguments go behind '--'/],
    [['run', 'hello.c', 'argument'], /'argument' is not a file that can be run.*behind '--'/],
    [['build', 'calls.wasm'], /'calls\.wasm' is not a file that can be built/],
    [['run', 'calls.wasm', 'hello.c'], /one \.wasm file is run by itself/],
    [['run', 'hello.c', '-o', 'x.wasm'], /'-o' is an option of 'wasyncio build'/],
    [['build', 'hello.c', '-o'], /'-o' needs a value behind it/],
    [['build', 'hello.c', '-I'], /'-I' needs a value/],
    [['build', '-c', 'hello.c'], /unknown option '-c': only whole programs are built/],
    [['build', '-pthread', 'hello.c'], /tasks share one thread; '--threads' builds for wio_to_thread\(\)/],
    [['cflags', 'x'], /'wasyncio cflags' takes no 'x'/],
  ])) {
    test(`wasyncio ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await wasyncio(args);
      assert.equal(code, 2, stderr);
      assert.equal(stdout, '');
      assert.match(stderr, words);
      assert.match(stderr, /^wasyncio: /);
      assert.doesNotMatch(stderr, /\n\s+at /);
    });
  }
});

describe('build', () => {
  test('writes a module that load() takes', async () => {
    const { code, stdout, stderr } = await wasyncio(['build', 'lib.c', '-o', 'out.wasm']);
    assert.deepEqual([code, stdout, stderr], [0, '', '']);
    const app = await load(join(folder, 'out.wasm'));
    assert.equal(await app.exports.twice(21), 42);
    await app.close();
    assert.deepEqual(readdirSync(folder).filter((name) => /tmp|\.o$/.test(name)), []);
  });

  test('without -o: beside, by the name of the source', async () => {
    assert.equal((await wasyncio(['build', '-O0', 'warns.c'])).code, 0);
    assert.ok(existsSync(join(folder, 'warns.wasm')));
  });

  test('several sources, -D, -I in both spellings', async () => {
    const { code, stderr } = await wasyncio(['build', 'two.c', 'second.c', '-DNUMBER=77', '-otwo.wasm']);
    assert.equal(code, 0, stderr);
    assert.equal((await wasyncio(['run', 'two.wasm'])).code, 77);
    assert.equal((await wasyncio(['run', 'includes.c', '-Iinclude', '-D', 'EXTRA=2'])).code, 7);
  });

  test('C++', async () => {
    const { code, stdout, stderr } = await wasyncio(['run', 'cpp.cpp']);
    assert.deepEqual([code, stdout], [0, 'c++\n'], stderr);
  });

  test('a compile error is shown as the compiler gave it', async () => {
    const { code, stdout, stderr } = await wasyncio(['build', 'broken.c', '-o', 'broken.wasm']);
    assert.equal(code, 1);
    assert.equal(stdout, '');
    assert.match(stderr, /^broken\.c:3:3: error: .*retrun/m);
    assert.match(stderr, /^ {2}retrun 0;$/m);
    assert.doesNotMatch(stderr, /emcc: |subprocess|Traceback|\n\s+at |wasyncio:/);
    assert.ok(!existsSync(join(folder, 'broken.wasm')));
  });

  test('the same from run', async () => {
    const { code, stderr } = await wasyncio(['run', 'broken.c']);
    assert.equal(code, 1);
    assert.match(stderr, /^broken\.c:3:3: error: /m);
  });

  test('what is undefined is named by the linker', async () => {
    const { code, stderr } = await wasyncio(['build', 'unlinked.c', '-o', 'unlinked.wasm']);
    assert.equal(code, 1);
    assert.match(stderr, /elsewhere/);
    assert.ok(!existsSync(join(folder, 'unlinked.wasm')));
  });

  test('warnings are shown, and are no failure', async () => {
    const { code, stderr } = await wasyncio(['build', 'warns.c', '-Wall', '-o', 'warned.wasm']);
    assert.equal(code, 0);
    assert.match(stderr, /warns\.c:1:\d+: warning: unused variable 'unused'/);
  });

  test('-o into a folder that is not there', async () => {
    const { code, stderr } = await wasyncio(['build', 'warns.c', '-o', 'no/such/x.wasm']);
    assert.equal(code, 1);
    assert.match(stderr, /cannot write no\/such\/x\.wasm: there is no directory/);
  });
});

describe('run', () => {
  test('streams output, passes arguments and the exit code on', async () => {
    const { code, stdout, stderr } = await wasyncio(['run', 'hello.c', '--', 'a b', '', '--help', 'grün']);
    assert.equal(stdout, 'hello [a b] [] [--help] [grün]\n');
    assert.equal(stderr, 'to stderr\n');
    assert.equal(code, 15);
  });

  test('builds once, and again when a header has changed', async () => {
    const cache = join(folder, 'cache/wasyncio/run');
    const list = () => readdirSync(cache, { recursive: true }).map(String).filter((name) => name.endsWith('.wasm')).map((name) => `${name} ${statSync(join(cache, name)).mtimeMs}`).sort().join();
    assert.equal((await wasyncio(['run', 'hello.c'])).stdout, 'hello\n');
    const first = list();
    utimesSync(join(folder, 'hello.c'), new Date(), new Date());
    assert.equal((await wasyncio(['run', 'hello.c'])).stdout, 'hello\n');
    assert.equal(list(), first, 'a cache hit: only the time of the source has changed');
    writeFileSync(join(folder, 'words.h'), '#define WORDS "good-bye"\n');
    assert.equal((await wasyncio(['run', 'hello.c'])).stdout, 'good-bye\n');
    assert.notEqual(list(), first);
    writeFileSync(join(folder, 'words.h'), '#define WORDS "hello"\n');
    assert.equal((await wasyncio(['run', 'hello.c'])).stdout, 'hello\n');
  });

  test('other options are another program', async () => {
    assert.equal((await wasyncio(['run', 'two.c', 'second.c'])).code, 1);
    assert.equal((await wasyncio(['run', 'two.c', 'second.c', '-DNUMBER=9'])).code, 9);
    assert.equal((await wasyncio(['run', 'two.c', 'second.c'])).code, 1);
  });

  test('--virtual-time', async () => {
    const { code, seconds } = await wasyncio(['run', '--virtual-time', 'sleeps.c']);
    assert.equal(code, 0);
    assert.ok(seconds < 50);
  });

  test('a module that was not built with wasyncio', async () => {
    writeFileSync(join(folder, 'foreign.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]));
    const { code, stderr } = await wasyncio(['run', 'foreign.wasm']);
    assert.equal(code, 70);
    assert.match(stderr, /^wasyncio: EINVAL: this module was not built with wasyncio.*wasyncio build app\.c -o app\.wasm/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  test('what is no module at all', async () => {
    const { code, stderr } = await wasyncio(['run', 'page.wasm']);
    assert.equal(code, 70);
    assert.match(stderr, /^wasyncio: EINVAL: page\.wasm is not WebAssembly but HTML/);
  });

  test('a crash says in which functions, if the module has their names', async () => {
    writeFileSync(join(folder, 'crashes.c'), '#include <stdlib.h>\n__attribute__((noinline)) void deeper(int n) { if (n) deeper(n - 1); else abort(); }\nint main(void) { deeper(3); return 0; }\n');
    const named = await wasyncio(['run', '-g', 'crashes.c']);
    assert.equal(named.code, 70);
    assert.match(named.stderr, /^wasyncio: EFAULT: the program crashed: it called abort\(\)\n  in abort\(\)\n  called by deeper\(\)\n  called by main\(\)\n$/);
    const stripped = await wasyncio(['run', 'crashes.c']);
    assert.match(stripped.stderr, /crashed: it called abort\(\)\n  build with -g to see in which function\n$/);
  });

  for (const optimize of ['-O2', '-Oz'])
    test(`${optimize}: a crash in a callback is not taken for an overflow of main()`, async () => {
      const { code, stderr } = await wasyncio(['run', optimize, join(root, 'tests/js/programs/callback_aborts.c')]);
      assert.equal(code, 70);
      assert.match(stderr, /^wasyncio: EFAULT: the program crashed: it called abort\(\)\n/);
    });

  for (const optimize of ['-O2', '-Oz', '-g'])
    test(`${optimize}: a group whose frame is gone is named`, async () => {
      const { code, stderr } = await wasyncio(['run', optimize, '--virtual-time', join(root, 'tests/js/programs/group_lost.c')]);
      assert.equal(code, 70);
      assert.match(stderr, /^wasyncio: group_lost\.c:30: wio_group_open\(\): in the task made here a function has returned with its group open/);
    });

  test('an error that main() hands on is told, unless the program has asked for its words', async () => {
    const fails = (/** @type {string} */ more) => `#include <wasyncio.h>\nstatic int f(void *arg) { (void)arg; return wio_fail(-EIO, "no"); }\nint main(void) { int rc = wio_run(f, NULL); ${more} return rc; }\n`;
    for (const [more, said] of [['', /^wasyncio: main\(\) failed and nobody looked: EIO: no at told\.c:2\n$/], ['puts(wio_task_error(NULL)->message);', /^$/], ['wio_task_error(NULL); wio_run(f, NULL);', /: no at /], ['rc = 0;', /^$/]]) {
      writeFileSync(join(folder, 'told.c'), fails(String(more)));
      const { stderr } = await wasyncio(['run', 'told.c']);
      assert.match(stderr, /** @type {RegExp} */ (said), String(more));
    }
  });

  test('a module without main()', async () => {
    const { code, stderr } = await wasyncio(['run', 'calls.wasm']);
    assert.equal(code, 70);
    assert.match(stderr, /^wasyncio: ENOENT: .*no main\(\)/);
  });

  test('a module that wants imports', async () => {
    writeFileSync(join(folder, 'wants.wasm'), await bytesOf('imports'));
    const { code, stderr } = await wasyncio(['run', 'wants.wasm']);
    assert.equal(code, 70);
    assert.match(stderr, /the module imports int work\(const char \*what\)/);
  });

  test('a reader that goes away is no error', async () => {
    const { code, stderr } = await wasyncio(['run', 'hello.c'], { started: (child) => child.stdout?.destroy() });
    assert.doesNotMatch(stderr, /EPIPE|\n\s+at /);
    assert.ok(code === 0 || code === null, String(code));
  });
});

test('cflags finds the header', async () => {
  const { code, stdout } = await wasyncio(['cflags']);
  assert.equal(code, 0);
  assert.ok(existsSync(join(stdout.trim().replace(/^-I/, ''), 'wasyncio.h')));
});
