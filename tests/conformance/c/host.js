/**
 * A child process: runs programs on wasyncio. `node host.js oracle.wasm`; each line in is a JSON array of programs as hex
 * digits, each line out the array of their traces, {trace, left, said}.
 */
import { createInterface } from 'node:readline';
import { load } from '../../../src/js/node.js';

const [file] = process.argv.slice(2);

/** @param {string[]} programs */
async function runAll(programs) {
  /** @type {{trace: number[], left: number, said: string}[]} */
  const results = [];
  let said = '';
  const app = await load(file, {
    clock: 'virtual',
    stdout: () => {},
    stderr: (/** @type {string} */ text) => void (said += text),
    imports: {
      next_program: () => {
        said = '';
        return programs[results.length] ?? '';
      },
      report: (/** @type {Uint8Array} */ bytes, /** @type {number} */ left) => {
        const copy = bytes.slice();
        results.push({ trace: [...new Int32Array(copy.buffer, 0, copy.length >> 2)], left, said });
        return 0;
      },
    },
  });
  try {
    await app.run();
  } catch (error) {
    results.push({ trace: [], left: 0, said: `${said}${error}` });
  }
  return results;
}

for await (const line of createInterface({ input: process.stdin })) {
  const programs = JSON.parse(line);
  const results = [];
  // A program that ends the app costs only its own result.
  while (results.length < programs.length) results.push(...(await runAll(programs.slice(results.length))));
  process.stdout.write(`${JSON.stringify(results)}\n`);
}
