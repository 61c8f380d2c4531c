/** Threads (wio_to_thread()): what goes wrong in one, and what they hold alive. What they can do is in tests/c/threads.c. */
import assert from 'node:assert/strict';
import { before, describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { node, program, rejected, root } from './programs/tools.js';

/** @type {string} */
let file;
before(async () => void (file = await program('threads', '-O2', true)));

/** @param {string} what */
async function run(what) {
  let [stdout, stderr] = ['', ''];
  const app = await load(file, { args: [what], stdout: (text) => void (stdout += text), stderr: (text) => void (stderr += text) });
  return { app, code: app.run(), said: () => stdout + stderr };
}

describe('what ends the app', () => {
  for (const [what, words] of /** @type {[string, RegExp][]} */ ([
    ['traps', /a thread \(Worker-\d+\) crashed: unreachable/],
    ['aborts', /a thread \(Worker-\d+\) has called abort\(\)/],
    ['exits', /a thread \(Worker-\d+\) has called exit\(3\); only the program itself may/],
    ['overflows', /a thread \(Worker-\d+\) overflowed its stack of 262\d\d\d bytes/],
  ])) {
    test(`a thread that ${what}`, async () => {
      const { app, code } = await run(what);
      await rejected(code, 'EFAULT', words);
      await rejected(app.run(), 'EFAULT', words);
    });
  }
});

test('a process ends by itself though threads are idle', async () => {
  const { code, stdout, stderr } = await node([`${root}/src/js/cli/main.js`, 'run', file, '--', 'fine']);
  assert.deepEqual([code, stdout.split('\n').sort().join(' '), stderr], [7, ' fine: 7 thread: fine', '']);
});

test('exit of the process does not wait for a thread', async () => {
  const { code, stdout } = await node(['--input-type=module', '-e', `
    import { load } from '${root}/src/js/node.js';
    const app = await load(${JSON.stringify(file)}, { args: ['endless'] });
    void app.run();
    setTimeout(() => { console.log('exits'); globalThis.process.exit(5); }, 100);`]);
  assert.deepEqual([code, stdout], [5, 'exits\n']);
});
