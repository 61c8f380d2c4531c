/**
 * A program built for size has none of the words in which the runtime reports misuse, failures, deadlocks and overflows: they
 * are JavaScript's, and loaded when there is something to say. What it says is what any other build says.
 */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { buildProgram } from '../../emsdk-config/build.js';
import { createLoad } from '../../src/js/load.js';
import { load } from '../../src/js/node.js';
import { root, soon } from './programs/tools.js';

/** @param {'-O2' | '-Oz'} optimize @param {number} number of the case in programs/reports.c */
async function build(optimize, number) {
  const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-reports-'));
  try {
    const output = join(scratch, 'reports.wasm');
    await buildProgram({ sources: [join(root, 'tests/js/programs/reports.c')], output, optimize, defines: [`CASE=${number}`] });
    return await WebAssembly.compile(readFileSync(output));
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

/** A host on which nothing is there that a program does not need: as in a page. @param {(text: string) => void} write */
const bare = (write) =>
  createLoad({
    read: () => Promise.reject(new Error('nothing to read')),
    output: async () => (bytes) => write(new TextDecoder().decode(bytes)),
    poster: (callback) => ({ post: () => void setTimeout(callback), close() {} }),
  });

/** How it ends, and what was said until then. @param {WebAssembly.Module} module @param {'node' | 'bare'} host @param {boolean} [closes] in the middle */
async function outcome(module, host, closes) {
  let said = '';
  const write = (/** @type {string} */ text) => void (said += text);
  const app = await (host === 'node' ? load(module, { stderr: write }) : bare(write)(module));
  const running = app.run();
  if (closes) void app.close();
  /** @type {unknown} */
  const end = await soon(running, 'run()').catch(({ name, message, code, task, where, tasks }) => ({ name, message, code, task, where, tasks: tasks.map((/** @type {any} */ each) => each.name) }));
  const again = typeof end === 'number' || (await soon(app.run(), 'run() again').catch(({ name, message }) => ({ name, message })));
  await app.close();
  return { end, said, again };
}

/** @param {WebAssembly.Module} module */
const imports = (module) => WebAssembly.Module.imports(module).map(({ name }) => name);

describe('a program built for size says what every other says', () => {
  for (const [what, number] of /** @type {const} */ ([['of misuse and of failures that nobody looked at', 1], ['of a stack that has overflowed', 3], ['of the stack of main()', 4], ['of a crash', 5]]))
    test(what, async () => {
      const [speed, size] = [await build('-O2', number), await build('-Oz', number)];
      assert.ok(imports(size).includes('report') && !imports(size).includes('log') && !imports(size).includes('fault'), 'it has no words');
      assert.ok(!imports(speed).includes('report'), 'these are its own');
      const expected = await outcome(speed, 'node');
      if (number === 1) assert.match(expected.said, /failed and nobody looked: EINVAL: wio_sleep\(\): the time is not a number at reports\.c:\d+/);
      else assert.equal(/** @type {any} */ (expected.end).name, number === 5 ? 'EFAULT' : 'EOVERFLOW');
      assert.deepEqual(await outcome(size, 'node'), expected, 'in Node');
      assert.deepEqual(await outcome(size, 'bare'), expected, 'where the words are loaded then');
      if (number === 1) assert.deepEqual((await outcome(size, 'bare', true)).said, expected.said.split('\n').slice(0, 2).join('\n') + '\n', 'before close() has ended');
    });

  test('of a deadlock, as a list', async () => {
    const size = await build('-Oz', 2);
    const expected = `wasyncio: deadlock: no task can ever wake (nothing is ready, no timer, no request)
  Task-1 holds: waits for semaphore at reports.c:36
  second waits: waits for semaphore at reports.c:29
  Task-3 waits: waits for semaphore at reports.c:29
wasyncio: task 'second' failed and nobody looked: EDEADLK: deadlock: nothing could ever have ended this wait at reports.c:29; created at reports.c:34
wasyncio: task 'Task-3' failed and nobody looked: EDEADLK: deadlock: nothing could ever have ended this wait at reports.c:29; created at reports.c:35
`;
    for (const host of /** @type {const} */ (['node', 'bare'])) {
      const { said, end } = await outcome(size, host);
      assert.equal(said, expected);
      assert.equal(end, 3);
    }
  });
});
