/** Values across the border: what C gets is what was given, and what it cannot get is refused before anything starts. */
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { open, rejected, wait } from './programs/tools.js';

/** @typedef {import('../../src/js/app.js').App} App */

/** @type {App} */
let app;
/** What the imports were called with. @type {unknown[]} */
let seen = [];
/** What they return, at once or later. @type {(value: any) => unknown} */
let answer = (value) => value;

const names = ['i_int', 'i_unsigned', 'i_bool', 'i_double', 'i_i64', 'i_u64', 'i_void', 'i_text', 'i_owned', 'i_bytes', 'i_data'];
const imports = Object.fromEntries(
  names.map((name) => [
    name,
    (/** @type {any[]} */ ...args) => {
      seen.push(...args);
      return answer(args[0]);
    },
  ]),
);

before(async () => void ({ app } = await open('marshal', { imports, clock: 'virtual' })));
after(() => app.close());

const LONG = 'a€😀'.repeat(150_000); // 1.2 MB in UTF-8
const TEXTS = ['', 'plain', 'grün, 日本語, 😀, \u0001', 'x'.repeat(70_000), LONG, ' \n\t"\\'];

describe('exports', () => {
  for (const [name, ...values] of /** @type {[string, ...unknown[]][]} */ ([
    ['e_int', 0, 1, 2147483647],
    ['e_unsigned', 0, 1, 4294967295, 2147483648],
    ['e_i64', 0n, 1n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
    ['e_u64', 0n, 2n ** 64n - 1n],
    ['e_float', 0, 1.5, -0.25],
  ])) {
    test(name, async () => {
      for (const value of values) assert.equal(await app.exports[name](value), value);
    });
  }

  test('e_bool', async () => {
    assert.equal(await app.exports.e_bool(true), false);
    assert.equal(await app.exports.e_bool(false), true);
  });

  test('e_double', async () => {
    for (const value of [0, -1.25, 1e300, Infinity, NaN, Number.EPSILON]) assert.equal(await app.exports.e_double(value), value * 2);
    assert.ok(Object.is(await app.exports.e_double(-0), -0));
  });

  test('a number fits where a BigInt is wanted, if it is exact', async () => {
    assert.equal(await app.exports.e_i64(2 ** 53 - 1), 2n ** 53n - 1n);
    await rejected(app.exports.e_i64(1.5), 'EINVAL', /argument 1 of e_i64\(\)/);
  });

  test('many kinds in one call', async () => {
    assert.equal(await app.exports.e_many(1, 2.5, 'four', 1000n, true, new Uint8Array([9, 5])), 1n + 2n + 4n + 1000n + 1n + 5n);
  });

  test('void', async () => assert.equal(await app.exports.e_void(), undefined));

  test('strings', async () => {
    for (const text of TEXTS) {
      assert.equal(await app.exports.e_same(text), text);
      assert.equal(await app.exports.e_owned(text), text);
      assert.equal(await app.exports.e_length(text), Buffer.byteLength(text));
    }
  });

  test('NULL', async () => {
    assert.equal(await app.exports.e_same(null), null);
    assert.equal(await app.exports.e_owned(undefined), null);
    await rejected(app.exports.e_length(null), 'EUNKNOWN');
  });

  test('bytes', async () => {
    const sum = (/** @type {Uint8Array} */ bytes) => bytes.reduce((all, byte) => (Math.imul(all, 31) + byte) >>> 0, 0);
    for (const size of [0, 1, 1000, 1_000_003]) {
      const bytes = Uint8Array.from({ length: size }, (_, i) => (i * 13 + 5) % 256);
      assert.equal(await app.exports.e_sum(bytes), sum(bytes));
      assert.deepEqual(await app.exports.e_reverse(bytes), bytes.slice().reverse());
    }
    const empty = await app.exports.e_no_bytes();
    assert.ok(empty instanceof Uint8Array && empty.length === 0);
  });

  test('bytes of any kind, and only the part that a view shows', async () => {
    const whole = Uint8Array.from([1, 2, 3, 4, 5, 6, 7, 8]);
    const bytes = async (/** @type {unknown} */ value) => [...(await app.exports.e_reverse(value))];
    assert.deepEqual(await bytes(whole.subarray(2, 5)), [5, 4, 3]);
    assert.deepEqual(await bytes(whole.buffer), [8, 7, 6, 5, 4, 3, 2, 1]);
    assert.deepEqual(await bytes(new DataView(whole.buffer, 6)), [8, 7]);
    assert.deepEqual(await bytes(Buffer.from('ab')), [98, 97]);
  });

  test('the caller may change its bytes after the call', async () => {
    const bytes = new Uint8Array([1, 2, 3]);
    const reversed = app.exports.e_reverse(bytes);
    bytes.fill(9);
    assert.deepEqual([...(await reversed)], [3, 2, 1]);
  });

  test('memory grows while C holds the arguments', async () => {
    const answers = await Promise.all([1, 8, 16, 32].map((megabytes) => app.exports.e_grow(LONG, megabytes)));
    for (const text of answers) assert.ok(text === LONG);
  });

  test('arguments and results are freed: thousands of calls fit into the same memory', async () => {
    const bytes = new Uint8Array(200_000);
    for (let i = 0; i < 3000; i++) {
      await app.exports.e_reverse(bytes); // 600 MB each way
      if (i % 10 === 0) await app.exports.e_owned(LONG);
    }
    assert.deepEqual(app.tasks(), []);
  });
});

for (const [how, later] of /** @type {const} */ ([['at once', (/** @type {any} */ value) => value], ['by a promise', async (/** @type {any} */ value) => (await wait(1), value)]])) {
  describe(`imports that answer ${how}`, () => {
    before(() => (answer = later));

    for (const [type, ...values] of /** @type {[string, ...unknown[]][]} */ ([
      ['int', 0, 7, 2147483647],
      ['unsigned', 0, 4294967295],
      ['bool', true, false],
      ['double', 0.5, -1e300, Infinity],
      ['i64', 0n, -1n, 2n ** 63n - 1n, -(2n ** 63n)],
      ['u64', 2n ** 64n - 1n],
    ])) {
      test(type, async () => {
        for (const value of values) {
          seen = [];
          assert.equal(await app.exports[`t_${type}`](value), value);
          assert.deepEqual(seen, [value]);
        }
      });
    }

    test('void', async () => {
      seen = [];
      assert.equal(await app.exports.t_void(), undefined);
      assert.deepEqual(seen, []);
    });

    test('strings', async () => {
      for (const text of TEXTS) {
        seen = [];
        assert.ok((await app.exports.t_text(text)) === `${text}|again`);
        assert.ok(seen[0] === text);
        assert.ok((await app.exports.t_owned(text)) === text);
      }
    });

    test('NULL', async () => {
      seen = [];
      assert.equal(await app.exports.t_owned(null), null);
      assert.deepEqual(seen, [null]);
      assert.equal(await app.exports.t_text(null), '(null)|again');
    });

    test('bytes', async () => {
      const before = answer;
      answer = (value) => before(value.length);
      for (const name of ['t_data', 't_bytes']) {
        for (const size of [0, 3, 1_000_003]) {
          seen = [];
          const bytes = Uint8Array.from({ length: size }, (_, i) => i % 256);
          assert.equal(await app.exports[name](bytes), size);
          assert.deepEqual(seen[0], bytes);
        }
      }
      answer = before;
    });
  });
}

describe('refused, and nothing has started', () => {
  for (const [name, args, words] of /** @type {[string, unknown[], RegExp][]} */ ([
    ['e_int', [], /e_int\(\) takes 1 argument, not 0: int e_int\(int value\)/],
    ['e_int', [1, 2], /takes 1 argument, not 2/],
    ['e_void', [1], /takes 0 arguments, not 1/],
    ['e_int', ['7'], /argument 1 of e_int\(\) is string, but C wants 'int'/],
    ['e_int', [1.5], /argument 1 of e_int\(\)/],
    ['e_int', [2 ** 40], /does not fit into 'int'/],
    ['e_int', [-(2 ** 31) - 1], /does not fit/],
    ['e_int', [NaN], /argument 1/],
    ['e_int', [undefined], /undefined/],
    ['e_int', [null], /argument 1/],
    ['e_double', ['1'], /string, but C wants 'double'/],
    ['e_i64', ['1'], /string, but C wants 'long long'/],
    ['e_same', [7], /is the number 7, but C wants 'const char \*'/],
    ['e_same', [{}], /C wants 'const char \*'/],
    ['e_sum', ['text'], /string, but C wants 'const void \*'/],
    ['e_reverse', [[1, 2]], /Array.*C wants 'wio_bytes'/],
    ['e_many', [1, 2, 'x', 3n, true], /takes 6 arguments, not 5/],
    ['e_int', [1, { signals: null }], /unknown option 'signals'/],
    ['e_int', [1, { signal: 'no' }], /signal is no AbortSignal/],
  ])) {
    test(`${name}(${args.map((arg) => (typeof arg === 'bigint' ? `${arg}n` : JSON.stringify(arg) ?? String(arg))).join(', ')})`, async () => {
      /** @type {unknown} */
      let promise;
      assert.doesNotThrow(() => (promise = app.exports[name](...args)), 'it rejects instead of throwing');
      assert.deepEqual(app.tasks(), []);
      await rejected(promise, /^(EINVAL|ERANGE)$/, words);
    });
  }

  test('an unsigned does not take a negative number, nor an int a big one, by changing it', async () => {
    for (const [name, value] of /** @type {[string, number][]} */ ([['e_unsigned', -1], ['e_int', 2 ** 31]])) {
      const outcome = await app.exports[name](value).catch((/** @type {Error} */ error) => error);
      assert.ok(outcome instanceof Error, `${name}(${value}) gave ${outcome}`);
    }
  });

  test('a BigInt that has no room in 64 bits is not cut', async () => {
    for (const [name, value] of /** @type {[string, bigint][]} */ ([['e_i64', 2n ** 63n], ['e_u64', -1n], ['e_u64', 2n ** 64n]])) {
      const outcome = await app.exports[name](value).catch((/** @type {Error} */ error) => error);
      assert.ok(outcome instanceof Error, `${name}(${value}) gave ${outcome}`);
    }
  });

  test('a string with a NUL inside is not cut', async () => {
    const outcome = await app.exports.e_same('in\0side').catch((/** @type {Error} */ error) => error);
    assert.ok(outcome instanceof Error, `it gave ${JSON.stringify(outcome)}`);
  });
});
