/** Which functions are made suspendable: those that can suspend, through whatever call, and no others. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import binaryen from 'binaryen';
import { buildProgram } from '../../emsdk-config/build.js';
import { namesOfFunctions } from '../../emsdk-config/functions.js';
import { markSuspending, withoutMarks } from '../../emsdk-config/suspends.js';
import { load } from '../../src/js/node.js';
import { root, soon } from './programs/tools.js';

/** @param {string} text */
function moduleOf(text) {
  const module = binaryen.parseText(text);
  module.setFeatures(binaryen.Features.ReferenceTypes | binaryen.Features.BulkMemory);
  binaryen.setDebugInfo(true);
  return new Uint8Array(module.emitBinary());
}

/** @param {Uint8Array<ArrayBuffer>} module @param {string[]} [never] */
function marked(module, never = []) {
  const { module: named, options } = markSuspending(module, ['wasyncio_import.*'], never);
  const names = [...namesOfFunctions(named).values()].filter((name) => name.startsWith('wio__suspends:')).map((name) => name.slice(14));
  assert.deepEqual(withoutMarks(named), module);
  return { names: names.sort(), options };
}

const PROGRAM = (/** @type {string} */ more) => `(module
  (type $status (func (param i32) (result i32)))
  (type $compare (func (param i32 i32) (result i32)))
  (import "asyncify" "start_unwind" (func $start_unwind (param i32)))
  (import "asyncify" "stop_unwind" (func $stop_unwind))
  (import "wasyncio_import" "ask" (func $ask (result i32)))
  (import "wasyncio" "now" (func $now (result f64)))
  (table 8 8 funcref)
  (elem (i32.const 1) $coroutine $compare_numbers)
  (export "tick" (func $tick))
  (export "other" (func $other))
  (func $sleep (call $start_unwind (i32.const 0)))
  (func $coroutine (type $status) (call $sleep) (i32.const 0))
  (func $asks (result i32) (call $ask))
  (func $compare_numbers (type $compare) (drop (call $now)) (i32.const 0))
  (func $sort (drop (call_indirect (type $compare) (i32.const 0) (i32.const 0) (i32.const 2))))
  (func $calls_a_status (drop (call_indirect (type $status) (i32.const 0) (i32.const 1))))
  (func $caller (call $calls_a_status))
  (func $tick (call $stop_unwind) (call $caller))
  (func $other (call $sort) (drop (call $asks)) (call $caller))
  ${more})`;

describe('what Asyncify is told', () => {
  test('an indirect call may suspend only if a function of its type, whose address was taken, can', () => {
    const { names, options } = marked(moduleOf(PROGRAM('')));
    assert.deepEqual(names, ['caller', 'calls_a_status']); // not sort; the others Asyncify sees by itself; tick is the scheduler's
    assert.deepEqual(options, ['--pass-arg=asyncify-ignore-indirect@1', '--pass-arg=asyncify-addlist@wio__suspends:*']);
  });

  test('a comparator that suspends makes the sort suspend', () => {
    const { names } = marked(moduleOf(PROGRAM('(elem (i32.const 3) $slow) (func $slow (type $compare) (call $sleep) (i32.const 0))')));
    assert.deepEqual(names, ['caller', 'calls_a_status', 'sort']);
  });

  test('functions that never suspend, whatever they call, are left out, and who calls them', () => {
    assert.deepEqual(marked(moduleOf(PROGRAM('')), ['calls_*']).names, []);
  });

  test('a table that may change at run time: every indirect call counts', () => {
    const changing = PROGRAM('(export "set" (func $set)) (func $set (table.set 0 (i32.const 3) (ref.func $coroutine)))');
    assert.deepEqual(marked(moduleOf(changing)), { names: [], options: [] });
  });
});

describe('suspending beneath the functions of others', () => {
  /** @type {string} */
  let directory;
  before(() => void (directory = mkdtempSync(join(tmpdir(), 'wasyncio-suspends-'))));
  after(() => rmSync(directory, { recursive: true, force: true }));

  for (const optimize of /** @type {const} */ (['-O2', '-Oz']))
    test(`qsort(), bsearch() and function pointers of any type (${optimize})`, async () => {
      const output = join(directory, `beneath${optimize}.wasm`);
      await buildProgram({ sources: [join(root, 'tests/js/programs/beneath.c')], output, optimize });
      const app = await load(output);
      assert.equal(await soon(app.exports.beneath(), 'beneath()'), 0);
      await app.close();
    });
});
