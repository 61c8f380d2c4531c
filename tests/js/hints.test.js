/** Hints for branches that are hardly ever taken (emsdk-config/hints.js). */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { hintBranches } from '../../emsdk-config/hints.js';
import { exportNames, functionBody, sections } from '../../emsdk-config/wasm.js';
import { root } from './programs/tools.js';

const [IF, BR_IF] = [0x04, 0x0d];

/** @param {Uint8Array<ArrayBuffer>} module @returns {{ index: number, at: number, hint: number }[]} */
function hintsOf(module) {
  const found = [];
  let behindCode = false;
  for (const { id, reader } of sections(module)) {
    if (id === 10) behindCode = true;
    if (id !== 0 || reader.text() !== 'metadata.code.branch_hint') continue;
    assert.ok(!behindCode, 'hints stand before the code');
    for (let functions = reader.number(); functions > 0; functions--) {
      const index = reader.number();
      for (let hints = reader.number(); hints > 0; hints--) {
        const at = reader.number();
        assert.equal(reader.number(), 1);
        found.push({ index, at, hint: reader.byte() });
      }
    }
  }
  return found;
}

/** One function of no arguments, behind one that is exported as the mark. @param {number[]} code without locals and end */
function moduleOf(code) {
  const mark = [0, 0x0b];
  const body = [0, ...code, 0x0b];
  const name = [...Buffer.from('wio__rare')];
  const bodies = [2, mark.length, ...mark, body.length, ...body];
  const exports = [1, name.length, ...name, 0, 0];
  const bytes = [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0, 1, 4, 1, 0x60, 0, 0, 3, 3, 2, 0, 0, 7, exports.length, ...exports, 10, bodies.length, ...bodies];
  return Uint8Array.from(bytes);
}

const RARE = [0x10, 0];
const ZERO = [0x41, 0];
const [BLOCK, THEN, ELSE, END, BR, LOOP] = [[0x02, 0x40], [IF, 0x40], [0x05], [0x0b], 0x0c, [0x03, 0x40]];

describe('hints', () => {
  /** @type {[string, number[], [number, number][]][]} */
  const forms = [
    ['an if', [...ZERO, ...THEN, ...RARE, ...END], [[3, 0]]],
    ['an if with more in front of the mark', [...ZERO, ...THEN, ...ZERO, 0x1a, ...RARE, ...END], [[3, 0]]],
    ['an else', [...ZERO, ...THEN, ...ELSE, ...RARE, ...END], [[3, 1]]],
    ['around it', [...BLOCK, ...ZERO, BR_IF, 0, ...RARE, ...END], [[5, 1]]],
    ['to it, from behind a block', [...BLOCK, ...BLOCK, ...ZERO, BR_IF, 0, BR, 1, ...END, ...RARE, ...END], [[7, 0]]],
    ['to it, by a detour', [...BLOCK, ...BLOCK, ...ZERO, ...THEN, BR, 1, ...END, BR, 1, ...END, ...RARE, ...END], [[7, 0]]],
    ['nothing decides', [...RARE], []],
    ['a loop decides nothing', [...LOOP, ...RARE, ...END], []],
    ['behind an if, which may have been passed either way', [...ZERO, ...THEN, ...END, ...RARE], []],
  ];
  for (const [name, code, expected] of forms) {
    test(name, async () => {
      const module = hintBranches(moduleOf(code));
      assert.deepEqual(hintsOf(module), expected.map(([at, hint]) => ({ index: 1, at, hint })));
      assert.deepEqual(exportNames(module), []);
      assert.ok(!Buffer.from(functionBody(module, 1) ?? []).includes(Buffer.from(RARE)), 'the mark is gone');
      assert.ok(await WebAssembly.compile(module));
    });
  }

  test('a module without the mark stays as it is', () => {
    const module = Uint8Array.from([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]);
    assert.equal(hintBranches(module), module);
  });

  describe('of a program', () => {
    /** @type {string} */
    let directory;
    before(() => void (directory = mkdtempSync(join(tmpdir(), 'wasyncio-hints-'))));
    after(() => rmSync(directory, { recursive: true, force: true }));

    /** @param {'-O2' | '-Oz' | '-g'} optimize */
    async function built(optimize) {
      const output = join(directory, `program${optimize}.wasm`);
      await buildProgram({ sources: [join(root, 'bench/programs/three_sleeps.c')], output, optimize });
      return new Uint8Array(readFileSync(output));
    }

    test('each is for a branch', async () => {
      const module = await built('-O2');
      const hints = hintsOf(module);
      assert.ok(hints.length > 20, `${hints.length} hints`);
      for (const { index, at } of hints) assert.ok([IF, BR_IF].includes(functionBody(module, index)?.[at] ?? 0), `function ${index}, byte ${at}`);
      assert.ok(!exportNames(module).includes('wio__rare'));
    });

    for (const optimize of /** @type {const} */ (['-Oz', '-g'])) {
      test(`none with ${optimize}`, async () => {
        const module = await built(optimize);
        assert.deepEqual(hintsOf(module), []);
        assert.ok(!exportNames(module).includes('wio__rare'));
      });
    }
  });
});
