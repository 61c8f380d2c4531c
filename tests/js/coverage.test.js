/** tests/conformance/COVERAGE.md: every behaviour of asyncio that concerns what is built here has a test, which exists. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const tests = fileURLToPath(new URL('..', import.meta.url));
const read = (/** @type {string} */ name) => readFileSync(join(tests, name), 'utf8');

/** Areas that are no part of the scheduler. */
const OTHERS = ['EXE', 'STR', 'STG'];

/** @type {Map<string, string>} number to mark: "P", "D", "D:LEVEL" or "X" */
const behaviours = new Map(
  read('conformance/behaviours.txt')
    .split('\n')
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => /** @type {[string, string]} */ (line.split(' '))),
);

/** @type {{ number: string, mark: string, shown: string }[]} */
const rows = [...read('conformance/COVERAGE.md').matchAll(/^\| ([A-Z]{3}-\d\d) \| (\S+) \| (.*) \|$/gm)].map(([, number, mark, shown]) => ({ number, mark, shown }));

/** @type {Map<string, string>} */
const sources = new Map();
const source = (/** @type {string} */ name) => sources.get(name) ?? (sources.set(name, read(name)), /** @type {string} */ (sources.get(name)));

/** @param {string} file @param {string} name */
function exists(file, name) {
  const quoted = name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
  return new RegExp(file.endsWith('.js') ? `\\btest\\('${quoted}'` : `^TEST(_OUTSIDE)?\\(${quoted}\\)`, 'm').test(source(file));
}

const concerns = [...behaviours].filter(([number, mark]) => mark !== 'X' && !OTHERS.includes(number.slice(0, 3)));

describe('COVERAGE.md', () => {
  test('the list is whole', () => {
    assert.ok(behaviours.size > 400, `${behaviours.size} behaviours`);
    for (const [number, mark] of behaviours) {
      assert.match(number, /^[A-Z]{3}-\d\d$/);
      assert.match(mark, /^(P|X|D(:[A-Z]+)?)$/);
    }
  });

  test('has a row for each behaviour, in order, with its mark', () => {
    assert.deepEqual(
      rows.map(({ number, mark }) => `${number} ${mark}`),
      concerns.map((each) => each.join(' ')),
    );
  });

  test('names tests that exist', () => {
    for (const { number, mark, shown } of rows) {
      if (shown === 'not yet') continue;
      if (shown.startsWith('none: ')) {
        const explained = [...shown.matchAll(/[A-Z]{3}-\d\d/g)].some(([other]) => behaviours.get(other)?.startsWith('D'));
        assert.ok(mark.startsWith('D') || explained, `${number} is a behaviour as in asyncio, so there must be a test, or the deviation that explains why not`);
        continue;
      }
      for (const part of shown.split('<br>')) {
        const [, file, name] = part.match(/^`([\w/.]+): (.+)`$/) ?? [];
        assert.ok(file, `${number}: "${part}" is not "\`file: name of the test\`"`);
        assert.ok(exists(file, name), `${number}: there is no test "${name}" in tests/${file}`);
      }
    }
  });

  test('has forgotten no test that carries a number', () => {
    const waiting = new Set(rows.filter(({ shown }) => shown === 'not yet').map(({ number }) => number));
    for (const folder of ['c', 'native']) {
      for (const file of readdirSync(join(tests, folder)).filter((name) => name.endsWith('.c'))) {
        for (const [, name] of source(`${folder}/${file}`).matchAll(/^TEST(?:_OUTSIDE)?\((\w+)\)/gm)) {
          for (const [, area, digits] of name.matchAll(/(?:^|_)([A-Z]{3})_(\d\d)(?=_)/g)) {
            const number = `${area}-${digits}`;
            assert.ok(behaviours.has(number), `${folder}/${file}: ${name}: there is no behaviour ${number}`);
            assert.ok(!waiting.has(number), `COVERAGE.md says that ${number} is not shown yet, but ${folder}/${file} has ${name}`);
          }
        }
      }
    }
  });
});
