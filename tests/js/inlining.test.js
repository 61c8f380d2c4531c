/** What V8 makes of the hot loop: no instruction counts show it, and it is half of what a yield costs. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { nodeBinary } from '../lib/hosts.js';
import { root } from './programs/tools.js';

const directory = mkdtempSync(join(tmpdir(), 'wasyncio-inlining-'));
after(() => rmSync(directory, { recursive: true, force: true }));

test("V8 26 inlines a task's function into run_steps(), and that into nothing else", async () => {
  const output = join(directory, 'yield.wasm');
  await buildProgram({ sources: ['wasyncio.c', 'groups.c'].map((name) => join(root, 'bench/programs', name)), output });
  const args = ['--trace-wasm-inlining', join(root, 'bench/peers/wasyncio.js'), output, 'yield', '0', '10', '1000000'];
  const { stdout, stderr } = spawnSync(nodeBinary('node26'), args, { encoding: 'utf8', maxBuffer: 1 << 26, timeout: 120_000 });
  const considered = [...stdout.matchAll(/^\[function (\d+): in function \d+, considering call #\d+, case #\d+, to function (\d+) \(relative_call_count=(\d+)\.\S* .* decided to inline!/gm)];
  const often = considered.filter(([, , , count]) => Number(count) > 100);
  const [into, inlined] = [1, 2].map((group) => new Set(often.map((found) => found[group])));
  assert.equal(into.size, 1, `into functions ${[...into]}; ${stderr}`);
  assert.equal(inlined.size, 1, `functions ${[...inlined]}`);
});
