/** The allocators: small_malloc.c of programs built for size, and dlmalloc of the others. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { load } from '../../src/js/node.js';
import { root, soon } from './programs/tools.js';

describe('malloc()', () => {
  /** @type {string} */
  let directory;
  before(() => void (directory = mkdtempSync(join(tmpdir(), 'wasyncio-heap-'))));
  after(() => rmSync(directory, { recursive: true, force: true }));

  for (const optimize of /** @type {const} */ (['-O2', '-Oz']))
    test(`keeps blocks whole, aligned and apart, and reuses what was freed (${optimize})`, async () => {
      const output = join(directory, `heap${optimize}.wasm`);
      await buildProgram({ sources: [join(root, 'tests/js/programs/heap.c')], output, optimize });
      const app = await load(output);
      assert.equal(await soon(app.exports.heap(0), 'heap(0)'), 0);
      assert.equal(await soon(app.exports.heap(1), 'heap(1)'), 0, 'with a program that calls sbrk()');
      await app.close();
    });
});
