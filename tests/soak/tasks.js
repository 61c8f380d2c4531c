/**
 * `node tests/soak/tasks.js [tasks]`: one hour of virtual time in which 10,000,000 tasks are created and end. Fails if one is
 * left, if memory grows after the first tenth, or the count is wrong. The tests run it with fewer (tests/js/soak.test.js).
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildProgram } from '../../emsdk-config/build.js';
import { load } from '../../src/js/node.js';

/** @param {number} tasks @param {(line: string) => void} say @returns {Promise<string[]>} what is wrong */
export async function soak(tasks, say) {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-soak-'));
  try {
    const output = join(scratch, 'tasks.wasm');
    await buildProgram({ sources: [fileURLToPath(new URL('tasks.c', import.meta.url))], output, extra: ['-Wall', '-Wextra', '-Werror'] });
    let said = '';
    const app = await load(readFileSync(output), { args: [String(tasks)], clock: 'virtual', stdout: (text) => (say(text), void (said += text)) });
    const code = await app.run();
    const left = app.tasks().length;
    await app.close();
    const rows = [...said.matchAll(/^(\d+) s: .* (\d+) alive, ([\d.]+) MB$/gm)].map(([, second, alive, megabytes]) => ({ second, alive: Number(alive), megabytes: Number(megabytes) }));
    return [
      ...(code === 0 ? [] : [`exit code ${code}`]),
      ...(rows.length === 10 ? [] : [`${rows.length} lines instead of 10`]),
      ...rows.filter(({ alive }) => alive !== 1).map(({ second, alive }) => `after ${second} s ${alive} tasks are alive`),
      ...rows.filter(({ megabytes }) => megabytes > rows[0].megabytes + 0.2).map(({ second, megabytes }) => `after ${second} s ${megabytes} MB are in use, at first ${rows[0].megabytes}`),
      ...(left ? [`${left} tasks are left at the end`] : []),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const began = performance.now();
  const wrong = await soak(Number(process.argv[2] ?? 10_000_000), (text) => void process.stdout.write(text));
  console.log(wrong.length ? wrong.join('\n') : `nothing left, memory flat; ${((performance.now() - began) / 1000).toFixed(1)} s`);
  process.exitCode = wrong.length ? 1 : 0;
}
