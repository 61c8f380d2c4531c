// needs: sysroot
/** What the compiler may use of WebAssembly: memory is copied and filled by instructions in every program, with either toolchain; a program may ask for more. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { disassemble } from '../../emsdk-config/instructions.js';
import { mapBodies } from '../../emsdk-config/wasm.js';
import { load } from '../../src/js/node.js';

const [SIMD, COPY, FILL] = ['\xfd', '\xfc\x0a', '\xfc\x0b'];

const SOURCE = `
#include <string.h>
#include "wasyncio.h"
volatile int size = 100;
_Thread_local int local; // refused by LLVM 14 in programs that are compiled with bulk memory
float x[256], y[256];
char from[128], to[128];
WIO_EXPORT(int, moved, (int seed)) {
    memset(from, seed, (size_t)size);
    memcpy(to, from, (size_t)size);
    for (int i = 0; i < 256; i++) y[i] += 1.5f * x[i];
    local++;
    memmove(to + 1, to, (size_t)size - 1);
    return to[size - 1] * 1000 + to[size];
}
`;

/** @type {string} */
let directory;
before(() => {
  directory = mkdtempSync(join(tmpdir(), 'wasyncio-features-'));
  writeFileSync(join(directory, 'moved.c'), SOURCE);
});
after(() => rmSync(directory, { recursive: true, force: true }));

/** How many instructions begin so. @param {Uint8Array<ArrayBuffer>} module @param {string} start */
function count(module, start) {
  let found = 0;
  mapBodies(module, (_, body) => {
    found += disassemble(body).code.filter((instruction) => instruction.startsWith(start)).length;
    return body;
  });
  return found;
}

for (const toolchain of /** @type {const} */ (['emscripten', 'npm'])) {
  describe(toolchain, () => {
    /** @param {string[]} extra */
    async function built(...extra) {
      const output = join(directory, `${toolchain}${extra.join('')}.wasm`);
      await buildProgram({ sources: [join(directory, 'moved.c')], output, toolchain, extra });
      const app = await load(output);
      assert.equal(await app.exports.moved(7), 7000);
      await app.close();
      return new Uint8Array(readFileSync(output));
    }

    test('memory is copied and filled by instructions, and nothing is a vector', async () => {
      const module = await built();
      for (const instruction of [COPY, FILL]) assert.ok(count(module, instruction) > 0);
      assert.equal(count(module, SIMD), 0);
    });

    test('-msimd128 is for whoever asks for it', async () => assert.ok(count(await built('-msimd128'), SIMD) > 0));
  });
}
