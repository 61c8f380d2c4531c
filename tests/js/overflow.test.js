/** A stack that is too small is an error with a name, the task's and that of the option that raises it; never a bare trap. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { load } from '../../src/js/node.js';
import { node, open, program, rejected, root, soon } from './programs/tools.js';

const OPTION = /wio_create_task_with\(fn, arg, &\(wio_task_options\)\{\.stack_size = .*wio_set_default_stack_size\(\)/s;

/** @param {Promise<unknown>} call @param {string} task @param {number} [stack] */
async function overflows(call, task, stack) {
  const error = await rejected(soon(call, 'the call'), 'EOVERFLOW', OPTION);
  assert.match(error.message, new RegExp(`task '${task}' overflowed its stack of \\d+ bytes`));
  const bytes = Number(/stack of (\d+) bytes/.exec(error.message)?.[1]);
  if (stack) assert.ok(bytes >= stack && bytes < stack + 256, `${bytes} bytes, of ${stack}`);
  assert.ok(error.code < 0);
  return error;
}

describe('big locals', () => {
  test('fit', async () => {
    const { app } = await open('overflow');
    assert.equal(await app.exports.eat(8, 16384), 0);
    assert.equal(await app.exports.eat(500, 1 << 20), 0);
    await app.close();
  });

  for (const [kilobytes, stack] of [[17, 16384], [32, 16384], [3, 2048], [70, 65536], [400, 65536]]) {
    test(`${kilobytes} KB on a stack of ${stack}`, async () => {
      const { app } = await open('overflow');
      const other = app.exports.nap(15);
      await overflows(app.exports.eat(kilobytes, stack), 'eater', stack);
      await rejected(soon(other, 'the other call'), 'EOVERFLOW');
      await rejected(app.exports.nap(0), 'EOVERFLOW');
      await soon(app.close(), 'close()');
    });
  }

  test('on the default stack, in an export', async () => {
    const { app } = await open('overflow');
    assert.equal(await app.exports.eat_here(40), 0);
    await overflows(app.exports.eat_here(68), 'eat_here', 65536);
  });

  test('in the main task: run() rejects', async () => {
    const { app } = await open('overflow', { args: ['300'] });
    await overflows(app.run(), 'Task-1', 256 * 1024);
  });

  test('in main() itself', async () => {
    const { app } = await open('overflow', { args: ['300', 'main'] });
    const outcome = await soon(app.run().catch((error) => error), 'run()');
    assert.ok(outcome instanceof Error, `run() gave ${outcome}`);
    assert.equal(outcome.name, 'EOVERFLOW', outcome.message);
    assert.match(outcome.message, /main\(\)/);
  });

  test('far beyond everything, into other tasks and the heap', async () => {
    const { app } = await open('overflow');
    const others = Array.from({ length: 20 }, () => app.exports.nap(15));
    await overflows(app.exports.eat(3000, 4096), 'eater', 4096);
    for (const other of others) await rejected(soon(other, 'another call'), 'EOVERFLOW');
  });
});

describe('deep recursion', () => {
  test('takes C stack, so that what follows overflows', async () => {
    const { app } = await open('overflow');
    assert.ok((await app.exports.measured(1000)) >= 15_000);
    await app.close();
  });

  test('fits', async () => {
    const { app } = await open('overflow');
    assert.equal(await app.exports.deep(1000, 65536), 0);
    await app.close();
  });

  for (const [levels, stack] of [[5000, 16384], [20_000, 65536], [1_000_000, 65536], [100_000_000, 65536]]) {
    test(`${levels} levels on a stack of ${stack}`, async () => {
      const { app } = await open('overflow');
      await overflows(app.exports.deep(levels, stack), 'diver', stack);
    });
  }

  test("deeper than the engine's own stack, though the task's would do", async () => {
    const { app } = await open('overflow');
    const error = await rejected(soon(app.exports.deep(3_000_000, 200 << 20), 'the call'), 'EOVERFLOW', /^task 'diver' recursed deeper than the JavaScript engine allows \(Maximum call stack size exceeded\), whatever its stack_size: recurse less deeply, .*--stack-size/);
    assert.equal(error.task, 'diver');
    assert.ok(error.cause instanceof RangeError);
  });
});

describe('saved frames', () => {
  test('fit', async () => {
    const { app } = await open('overflow');
    assert.equal(await app.exports.saved(50, 8192), 0);
    await app.close();
  });

  for (const [levels, stack] of [[100, 1024], [300, 4096], [2000, 16384], [5000, 65536]]) {
    test(`${levels} levels that suspend, on a stack of ${stack}`, async () => {
      const { app } = await open('overflow');
      await overflows(app.exports.saved(levels, stack), 'saver', stack);
    });
  }

  test('every depth around the edge: right or named, nothing in between', async () => {
    let fitted = 0;
    let overflowed = 0;
    for (let levels = 10; levels <= 120; levels += 5) {
      const { app } = await open('overflow');
      const outcome = await soon(app.exports.saved(levels, 4096).catch((/** @type {Error} */ error) => error), 'the call');
      if (outcome === 0) {
        fitted++;
        assert.equal(overflowed, 0, 'less overflows, more fits');
        await app.close();
      } else {
        overflowed++;
        assert.equal(outcome.name, 'EOVERFLOW', outcome.stack);
      }
    }
    assert.ok(fitted > 0 && overflowed > 0, `${fitted} fitted, ${overflowed} overflowed`);
  });
});

describe('what fits in a stack that grows, with -O2, fits in one that does not', () => {
  /** @param {import('../../emsdk-config/flags.js').Optimize} optimize @param {string} what @param {number} levels @param {number} stack */
  async function fits(optimize, what, levels, stack) {
    const app = await load(await program('overflow', optimize), { stderr() {} });
    const outcome = await soon(app.exports[what](levels, stack).catch((/** @type {Error} */ error) => error), 'the call');
    if (outcome === 0) await app.close();
    else assert.equal(outcome.name, 'EOVERFLOW', outcome.stack);
    return outcome === 0;
  }

  /** @param {string} what @param {number} stack */
  async function most(what, stack) {
    let [fitting, not] = [1, 100_000];
    while (not - fitting > fitting / 100) {
      const levels = Math.floor((fitting + not) / 2);
      if (await fits('-O2', what, levels, stack)) fitting = levels;
      else not = levels;
    }
    assert.ok(fitting > 100, `${fitting} levels`);
    return fitting;
  }

  for (const what of ['deep', 'saved', 'mixed', 'eat'])
    test(`${what}, in the default stack`, async () => {
      const levels = what === 'eat' ? 62 : await most(what, 0);
      for (const optimize of /** @type {const} */ (['-Os', '-Oz', '-g'])) assert.ok(await fits(optimize, what, levels, 0), `${levels} levels, ${optimize}`);
    });

  for (const what of ['deep', 'saved', 'mixed'])
    test(`${what}, in one of a given size, with -g`, async () => {
      for (const stack of [8192, 98_304]) {
        const levels = await most(what, stack);
        assert.ok(await fits('-g', what, levels, stack), `${levels} levels in ${stack}`);
      }
    });

  test('in main() and the main task', async () => {
    for (const optimize of /** @type {const} */ (['-O2', '-Os', '-Oz', '-g']))
      for (const args of [['240'], ['240', 'main']]) {
        const app = await load(await program('overflow', optimize), { args, stdout() {} });
        assert.equal(await app.run(), 0, `${optimize} ${args}`);
      }
  });

  test('many with -g: then each has what was asked for', async () => {
    const app = await load(await program('overflow', '-g'), { stderr() {} });
    const calls = Array.from({ length: 12_000 }, () => app.exports.nap(0.01));
    await soon(Promise.all(calls), 'the calls', 60_000);
    await app.close();
  });
});

test('the command: the error on stderr, and an exit code', async () => {
  const { code, stderr } = await node([`${root}/src/js/cli/main.js`, 'run', await program('overflow'), '--', '300']);
  assert.equal(code, 70);
  assert.match(stderr, /EOVERFLOW: task 'Task-1' overflowed its stack of \d+ bytes/);
  assert.doesNotMatch(stderr, /\n\s+at /);
});
