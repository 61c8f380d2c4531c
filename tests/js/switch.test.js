/** The passes of our own over what wasm-opt has made: nothing is guessed, and nothing is wrong when they refuse. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildProgram, findToolchain } from '../../emsdk-config/build.js';
import { UnknownInstruction, assemble, disassemble } from '../../emsdk-config/instructions.js';
import { mapBodies, signedLeb } from '../../emsdk-config/wasm.js';
import { load } from '../../src/js/node.js';
import { node, root, soon } from './programs/tools.js';

const SOURCE = join(root, 'tests/js/programs/frames.c');

/** @type {string} */
let directory;
before(() => void (directory = mkdtempSync(join(tmpdir(), 'wasyncio-switch-'))));
after(() => rmSync(directory, { recursive: true, force: true }));

/** @param {string} module */
async function runs(module) {
  const app = await load(module);
  assert.equal(await soon(app.exports.wrong_frames(), 'wrong_frames()'), 0);
  await app.close();
}

/** Builds with the wasm-opt that these lines of shell make of the real one, "$opt". @param {string} name @param {string} script */
async function buildWith(name, script) {
  const { wasmOpt } = await findToolchain();
  const [bin, output] = [mkdtempSync(join(directory, 'bin-')), join(directory, `${name}.wasm`)];
  writeFileSync(join(bin, 'wasm-opt'), `#!/bin/sh\nopt=${wasmOpt}\n${script}\n`);
  chmodSync(join(bin, 'wasm-opt'), 0o755);
  const args = [join(root, 'src/js/cli/main.js'), 'build', SOURCE, '-msimd128', '-o', output];
  const { code, stderr } = await node(args, { env: { PATH: `${bin}${delimiter}${process.env.PATH}` }, timeout: 120_000 });
  return { output, code, stderr };
}

describe('a switch', () => {
  for (const optimize of /** @type {const} */ (['-O0', '-O2', '-O3', '-Oz', '-g'])) {
    test(`restores frames of every kind (${optimize})`, async () => {
      const output = join(directory, `frames${optimize}.wasm`);
      await buildProgram({ sources: [SOURCE], output, optimize, extra: ['-msimd128'] });
      await runs(output);
    });
  }

  test('code of another kind is left as it is: it says so, and works', async () => {
    const { output, code, stderr } = await buildWith('flattened', 'case "$*" in *--asyncify*) exec "$opt" "$@" --flatten ;; *) exec "$opt" "$@" ;; esac');
    assert.equal(code, 0, stderr);
    assert.match(stderr, /^wasyncio: switches will be slower: .*wasm-opt/);
    await runs(output);
  });

  test('with the code that is known here, nothing is said', async () => {
    const { output, code, stderr } = await buildWith('same', 'exec "$opt" "$@"');
    assert.deepEqual([code, stderr], [0, '']);
    await runs(output);
  });

  test('without a state to be found the build fails, and says what is wrong', async () => {
    const { code, stderr } = await buildWith('stateless', 'case "$*" in *--asyncify*) exec cp "$1" "$3" ;; esac; exec "$opt" "$@"');
    assert.notEqual(code, 0);
    assert.match(stderr, /^wasyncio: this wasm-opt --asyncify exports no asyncify_get_state\(\)/);
  });
});

describe('instructions', () => {
  test('every function of a program, taken apart and put together again', async () => {
    const output = join(directory, 'simd.wasm');
    await buildProgram({ sources: [SOURCE], output, extra: ['-msimd128'] });
    const module = readFileSync(output);
    let count = 0;
    mapBodies(module, (_, body) => {
      const { locals, code } = disassemble(body);
      assert.equal(code.at(-1), '\x0b', 'the last one ends the function');
      assert.ok(Buffer.from(body).equals(assemble(locals, code)));
      count += code.length;
      return body;
    });
    assert.ok(count > 5000, `${count} instructions`);
    assert.ok(Buffer.from(mapBodies(module, (_, body) => body)).equals(module));
  });

  /** One of each form. @type {[string, number[]][]} */
  const forms = [
    ['br_table', [0x0e, 2, 0, 1, 2]],
    ['call_indirect', [0x11, 0x80, 1, 0]],
    ['select with a type', [0x1c, 1, 0x7f]],
    ['i64.const', [0x42, 0xff, 0xff, 0x7f]],
    ['f32.const', [0x43, 0x41, 0x0b, 0x41, 0x0b]],
    ['f64.const', [0x44, 0x23, 3, 0x28, 2, 0, 0, 0, 0x0b]],
    ['i32.load', [0x28, 2, 0x80, 0x80, 4]],
    ['memory.fill', [0xfc, 11, 0]],
    ['memory.copy', [0xfc, 10, 0, 0]],
    ['i32.trunc_sat', [0xfc, 1]],
    ['v128.const', [0xfd, 12, ...Array(16).fill(0x0b)]],
    ['v128.load', [0xfd, 0, 4, 16]],
    ['i32x4.extract_lane', [0xfd, 27, 2]],
    ['v128.load8_lane', [0xfd, 84, 0, 1, 2]],
    ['i32x4.add', [0xfd, 0xae, 1]],
    ['memory.atomic.notify', [0xfe, 0, 2, 0]],
    ['atomic.fence', [0xfe, 3, 0]],
    ['i32.atomic.rmw.cmpxchg', [0xfe, 0x48, 2, 0x80, 8]],
  ];
  for (const [name, bytes] of forms) {
    test(name, () => {
      const { code } = disassemble(Uint8Array.from([0, ...bytes, 0x01, 0x0b]));
      assert.deepEqual(code, [String.fromCharCode(...bytes), '\x01', '\x0b']);
    });
  }

  for (const [name, bytes] of /** @type {[string, number[]][]} */ ([['of garbage collection', [0xfb, 0]], ['of a second memory', [0x28, 0x42, 1, 0]], ['cut off', [0x44, 0]]])) {
    test(`${name}: refused`, () => assert.throws(() => disassemble(Uint8Array.from([0, ...bytes])), UnknownInstruction));
  }

  test('numbers', () => {
    assert.deepEqual([0, 63, 64, 127, 128, 8191, 8192].map(signedLeb), [[0], [63], [0xc0, 0], [0xff, 0], [0x80, 1], [0xff, 0x3f], [0x80, 0xc0, 0]]);
  });
});
