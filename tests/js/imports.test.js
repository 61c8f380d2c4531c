/** JavaScript functions as C functions: failures with their words, cancels, growth, and calls back into the same app. */
import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { WasyncioError, load } from '../../src/js/node.js';
import { open, program, rejected, soon, until, wait } from './programs/tools.js';

/** @typedef {import('../../src/js/app.js').App} App */

/** @param {Record<string, (...args: any[]) => unknown>} given @param {object} [options] */
const openWith = (given, options) => open('imports', { imports: { work: () => 0, ask: () => 'x', measure: () => 0, big: () => 0n, ...given }, ...options });

describe('failures', () => {
  class OwnError extends Error {}
  const reasons = /** @type {[string, () => unknown, string, RegExp][]} */ ([
    ['an Error', () => new Error('disk on fire'), 'EIO', /disk on fire/],
    ['an error of another class', () => new OwnError('own words'), 'EIO', /own words/],
    ['an error without words', () => new Error(), 'EIO', /^/],
    ['a string', () => 'just words', 'EIO', /just words/],
    ['undefined', () => undefined, 'EIO', /^/],
    ['null', () => null, 'EIO', /^/],
    ['an AbortError', () => new DOMException('stopped', 'AbortError'), 'ECANCELED', /stopped/],
    ['a TimeoutError', () => new DOMException('too slow', 'TimeoutError'), 'ETIMEDOUT', /too slow/],
    ['a WasyncioError', () => new WasyncioError('EPROTO', 'from another app', { code: -65 }), 'EPROTO', /from another app/],
    ['a WasyncioError without code', () => new WasyncioError('EINVAL', 'misused'), 'EIO', /misused/],
    ['words of 20 kB in UTF-8', () => new Error('ü'.repeat(10_000)), 'EIO', /^ü{100}/],
  ]);
  for (const [what, reason, name, words] of reasons) {
    for (const how of /** @type {const} */ (['rejects with', 'throws'])) {
      test(`${how} ${what}`, async () => {
        const fails = how === 'throws' ? () => { throw reason(); } : async () => { await wait(1); throw reason(); };
        const { app, said } = await openWith({ work: fails, ask: fails, measure: fails, big: fails });
        for (const call of [app.exports.try_work('x'), app.exports.try_ask('x'), app.exports.try_measure(1), app.exports.try_big(1)]) {
          const [code, errorName, message, task] = String(await call).split('|');
          assert.ok(Number(code) <= 0, code);
          assert.equal(errorName, name);
          assert.match(message, words);
          assert.match(task, /^try_/);
        }
        const error = await rejected(app.exports.do_work('x'), name, words);
        assert.ok(error.code < 0);
        assert.equal(error.task, 'do_work');
        assert.equal(said.stderr, '');
        await app.close();
      });
    }
  }

  test('the code that C gets is that of its own errno.h', async () => {
    const { app } = await openWith({ work: async () => { throw new DOMException('', 'TimeoutError'); } });
    const [code] = String(await app.exports.try_work('x')).split('|');
    const { code: same } = await rejected(app.exports.do_work('x'), 'ETIMEDOUT');
    assert.equal(Number(code), same);
    await app.close();
  });

  test('a result of the wrong type is a failure that says so, at once and later', async () => {
    for (const answer of [() => 'text', async () => 'text', () => 1.5, () => ({})]) {
      const { app } = await openWith({ work: answer });
      const [code, , message] = String(await app.exports.try_work('x')).split('|');
      assert.ok(Number(code) < 0);
      assert.match(message, /the result of the import work\(\) is .*, but C wants 'int'/);
      await app.close();
    }
    const { app } = await openWith({ ask: async () => 7 });
    assert.match(await app.exports.try_ask('x'), /import ask\(\) is the number \d+, but C wants 'const char \*'/);
    await app.close();
  });

  test('a thenable that is no Promise is waited for as well', async () => {
    const { app } = await openWith({ work: () => ({ then: (/** @type {(n: number) => void} */ resolve) => void setTimeout(() => resolve(5), 1) }) });
    assert.equal(await app.exports.do_work('x'), 5);
    await app.close();
  });

  test('a negative result is an error like any other', async () => {
    const { app } = await openWith({ work: async () => -28 });
    assert.equal((await rejected(app.exports.do_work('x'), 'EINVAL')).code, -28);
    await app.close();
  });

  test('a thousand at once, every answer to the one who asked', async () => {
    const { app } = await openWith({ work: async (text) => (await wait((Number(text) * 7919) % 50), Number(text)) });
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => app.exports.do_work(String(i))));
    assert.deepEqual(answers, Array.from({ length: 1000 }, (_, i) => i));
    await app.close();
  });
});

describe('missing', () => {
  for (const [what, imports] of /** @type {[string, any][]} */ ([['no imports', undefined], ['one missing', { ask() {}, measure() {}, big() {} }], ['one is no function', { work: 7, ask() {}, measure() {}, big() {} }]])) {
    test(what, async () => {
      await rejected(load(await program('imports'), { imports }), 'EINVAL', /the module imports int work\(const char \*what\): give it with load\(.*imports: \{ work:/);
    });
  }

  test('more than the module wants is fine', async () => {
    const { app } = await openWith({ more: () => 0 });
    await app.close();
  });
});

describe('outside a task', () => {
  test('main() before wio_run(): a promise is refused by name', async () => {
    const { app, said } = await openWith({ work: async () => 5 }, { args: ['outside'] });
    assert.equal(await app.run(), 1);
    assert.match(said.stdout, /^-\d+ .*task/);
    assert.match(said.stderr, /^wasyncio: .*(inside a task|only a task can wait)/);
    await app.close();
  });

  test('main() before wio_run(): a plain answer works', async () => {
    const { app, said } = await openWith({ work: () => 5 }, { args: ['outside'] });
    assert.equal(await app.run(), 5);
    assert.equal(said.stderr, '');
  });

  test('main() before wio_run(): a promise that is rejected later is no unhandled rejection', async () => {
    const { app } = await openWith({ work: async () => { await wait(1); throw new Error('late'); } }, { args: ['outside'] });
    assert.equal(await app.run(), 1);
    await wait(20); // node:test fails this test for an unhandled rejection
  });

  test('in wio_run() it waits', async () => {
    const { app, said } = await openWith({ work: async (what) => (await wait(5), what.length) }, { args: ['run', 'four'] });
    assert.equal(await app.run(), 4);
    assert.equal(said.stdout, '4 -\n');
  });

  test('a plain export called from JavaScript', async () => {
    const { app, said } = await openWith({ work: async () => 5 });
    assert.equal(app.exports.twice(4), 8);
    assert.ok(app.exports.plain_work() < 0);
    assert.match(said.stderr, /^wasyncio: .*WIO_EXPORT/);
    await app.close();
  });
});

describe('cancelling', () => {
  test('the signal in `this` is aborted, and a late answer is ignored', async () => {
    /** @type {AbortSignal | undefined} */
    let signal;
    /** @type {((value: number) => void)[]} */
    const finish = [];
    const { app, said } = await openWith({
      work(/** @type {string} */ what) {
        if (what !== 'first') return 7;
        signal = /** @type {any} */ (this).signal;
        return new Promise((resolve) => finish.push(resolve));
      },
    });
    const controller = new AbortController();
    const call = app.exports.cancellable('first', { signal: controller.signal });
    await until(() => signal, 'the import');
    assert.ok(signal instanceof AbortSignal && !signal.aborted);
    controller.abort();
    await rejected(soon(call, 'the cancelled call'), 'ECANCELED');
    assert.equal(signal.aborted, true);
    assert.equal(app.exports.get_cleaned(), 1);
    const next = app.exports.twice_at_once();
    await until(() => finish.length === 2, 'the next import');
    finish[0](99); // too late
    await wait(5);
    finish[1](3);
    assert.equal(await soon(next, 'the next call'), 307);
    assert.equal(said.stderr, '');
    await app.close();
  });

  test('a late rejection is ignored, too', async () => {
    /** @type {(error: Error) => void} */
    let fail = () => {};
    const { app } = await openWith({ work: () => new Promise((_, reject) => (fail = reject)) });
    await rejected(app.exports.limited('x', 0.01), 'ETIMEDOUT');
    fail(new Error('late'));
    await wait(5);
    assert.deepEqual(app.tasks(), []);
    await app.close();
  });

  test('an import that honours its signal', async () => {
    const { app } = await openWith({
      work() {
        const { signal } = /** @type {any} */ (this);
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
      },
    });
    const call = app.exports.cancellable('x');
    await until(() => app.tasks()[0].waitsFor === 'import', 'the wait');
    await Promise.all([rejected(call, 'ECANCELED'), soon(app.close(), 'close()')]);
  });

  test('WIO_TIMEOUT around an import', async () => {
    const { app } = await openWith({ work: () => new Promise(() => {}) }, { clock: 'real' });
    const began = performance.now();
    await rejected(app.exports.limited('x', 0.05), 'ETIMEDOUT');
    assert.ok(performance.now() - began < 2000);
    await app.close();
  });

  test('a promise that is never settled does not keep close() waiting', async () => {
    const { app } = await openWith({ work: () => new Promise(() => {}) });
    const calls = Array.from({ length: 20 }, () => app.exports.cancellable('x'));
    await until(() => app.tasks().every((task) => task.waitsFor === 'import'), 'the waits');
    await Promise.all([soon(app.close(), 'close()'), ...calls.map((call) => rejected(call, 'ECANCELED'))]);
  });

  test('while memory jumps around: cancel in the very moment of the answer', async () => {
    for (let i = 0; i < 50; i++) {
      const controller = new AbortController();
      const { app } = await openWith({ work: async () => { await null; if (i % 2) controller.abort(); return 5; } });
      const call = app.exports.cancellable('x', { signal: controller.signal });
      if (i % 2 === 0) queueMicrotask(() => controller.abort());
      const outcome = await soon(call.catch((/** @type {any} */ error) => error.name), 'the call');
      assert.ok(outcome === 5 || outcome === 'ECANCELED', String(outcome));
      assert.equal(app.exports.get_cleaned() <= 1, true);
      await app.close();
    }
  });
});

describe('memory grows while C waits', () => {
  test('in another task', async () => {
    const { app } = await openWith({ ask: async (text) => (await wait(10), `${text}!`) });
    for (const megabytes of [1, 20, 60]) assert.equal(await app.exports.grow_while_asking('grün', megabytes), 'grün!');
    await app.close();
  });

  test('in a call made by the import itself, and by the answer', async () => {
    const big = 'y'.repeat(5_000_000);
    /** @type {App} */
    let app;
    ({ app } = await openWith({
      ask: async (/** @type {string} */ text) => (text === 'inner' ? big : (await app.exports.grow_while_asking('inner', 40)) + text),
    }));
    assert.ok((await app.exports.grow_while_asking('outer', 10)) === `${big}outer`);
    await app.close();
  });
});

describe('back into the same app', () => {
  test('export → import → export → import', async () => {
    /** @type {App} */
    let app;
    let most = 0;
    ({ app } = await openWith({
      async work(/** @type {string} */ what) {
        const depth = Number(what.split(' ')[1]);
        most = Math.max(most, app.tasks().length);
        if (depth % 2) await wait(1);
        assert.equal(app.exports.twice(depth), 2 * depth);
        return depth === 0 ? 0 : await app.exports.nest(depth - 1);
      },
    }));
    assert.equal(await app.exports.nest(30), 31);
    assert.equal(most, 31);
    const many = await Promise.all(Array.from({ length: 50 }, (_, i) => app.exports.nest(i % 10)));
    assert.deepEqual(many, Array.from({ length: 50 }, (_, i) => (i % 10) + 1));
    await app.close();
  });

  test('an export started by an import that does not wait for it', async () => {
    /** @type {App} */
    let app;
    /** @type {Promise<number>[]} */
    const started = [];
    ({ app } = await openWith({
      work(/** @type {string} */ what) {
        if (what === 'start') started.push(app.exports.do_work('done'));
        return 1;
      },
    }));
    assert.equal(await app.exports.do_work('start'), 1);
    assert.equal(await soon(started[0], 'the inner call'), 1);
    await app.close();
  });

  test('a plain export called from inside an import sees no task, and cannot wait', async () => {
    /** @type {App} */
    let app;
    /** @type {number[]} */
    const inner = [];
    const { app: opened, said } = await openWith({
      work: (/** @type {string} */ what) => {
        if (what === 'plain') return Promise.resolve(5);
        inner.push(app.exports.twice(21), app.exports.plain_sleep(), app.exports.plain_work());
        return Promise.resolve(1);
      },
    });
    app = opened;
    assert.equal(await app.exports.do_work('outer'), 1);
    assert.equal(inner[0], 42);
    assert.ok(inner[1] < 0 && inner[2] < 0);
    assert.match(said.stderr, /wio_sleep\(\): .*WIO_EXPORT/);
    assert.match(said.stderr, /^wasyncio: (?!.*wio_sleep).*WIO_EXPORT/m);
    await app.close();
  });

  test('an import closes the app it is called from', async () => {
    /** @type {App} */
    let app;
    /** @type {Promise<void> | undefined} */
    let closing;
    ({ app } = await openWith({
      work: async () => {
        closing = app.close();
        await wait(1);
        return 1;
      },
    }));
    await rejected(soon(app.exports.cancellable('x'), 'the call'), 'ECANCELED');
    assert.ok(closing);
    await soon(/** @type {Promise<void>} */ (closing), 'close()');
  });

  test('an import that throws synchronously leaves the app alive', async () => {
    const { app } = await openWith({ work: (/** @type {string} */ what) => { if (what === 'bad') throw new TypeError('no'); return 2; } });
    for (let i = 0; i < 100; i++) await rejected(app.exports.do_work('bad'), 'EIO', /^no$/);
    assert.equal(await app.exports.do_work('good'), 2);
    await app.close();
  });
});
