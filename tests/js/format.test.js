/** Format in the page: clang-format with the project's style, in changes that are as small as they can be; what cannot be formatted is named. */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../examples/needs.js';
import { copyFormatter } from '../../web/compiler/parts.js';
import { unbalanced } from '../../web/format/brackets.js';
import { changesBetween } from '../../web/format/changes.js';

const parts = copyFormatter(join(root, 'build/tests/formatter'));
const { format: clangFormat } = await import('@wasm-fmt/clang-format');
/** As the page does it. @param {string} text */
const format = (text) => clangFormat(text, 'main.c', parts?.style);

/** @param {string} folder */
const sources = (folder) => readdirSync(join(root, folder)).filter((name) => name.endsWith('.c') || name.endsWith('.h')).map((name) => ({ name: `${folder}/${name}`, text: readFileSync(join(root, folder, name), 'utf8') }));
const ALL = [...sources('web/lessons'), ...sources('examples'), ...['core', 'tasks', 'report', 'debug'].flatMap((folder) => sources(`src/${folder}`))];

/** @param {string} before @param {{ from: number, to: number, insert: string }[]} changes */
const applied = (before, changes) => changes.reduceRight((text, { from, to, insert }) => text.slice(0, from) + insert + text.slice(to), before);

test('the style is the project\'s, and blocks that macros begin are blocks', () => {
  assert.equal(format('int main(void){int x=1;WIO_TIMEOUT(3){WIO_SHIELD{f();}}return x;}\n'), [
    'int main(void) {',
    '    int x = 1;',
    '    WIO_TIMEOUT(3) {',
    '        WIO_SHIELD {',
    '            f();',
    '        }',
    '    }',
    '    return x;',
    '}',
    '',
  ].join('\n'));
});

test('what is formatted stays so, and every change is one of white space', () => {
  for (const { name, text } of ALL) {
    const after = format(text);
    assert.equal(format(after), after, name);
    const changes = changesBetween(text, after);
    assert.equal(applied(text, changes), after, name);
    for (const { from, to, insert } of changes) assert.match(text.slice(from, to) + insert, /^\s*$/, name);
  }
});

test('changes lead from any text to any other', () => {
  const letters = ['a', 'b', '(', ' ', '  ', '\n', '\t', '"'];
  let seed = 1;
  const random = (/** @type {number} */ below) => (seed = (seed * 48271) % 2147483647) % below;
  const text = () => Array.from({ length: random(12) }, () => letters[random(letters.length)]).join('');
  for (let i = 0; i < 20_000; i++) {
    const [before, after] = [text(), text()];
    assert.equal(applied(before, changesBetween(before, after)), after, JSON.stringify([before, after]));
  }
  assert.deepEqual(changesBetween('a;\n  b ( c );\n', 'a;\n    b(c);\n').length, 4);
  assert.deepEqual(changesBetween('same', 'same'), []);
});

test('whatever the project contains has its brackets in order', () => {
  for (const { name, text } of ALL) assert.equal(unbalanced(text), undefined, name);
});

test('what cannot be formatted is named, with its place', () => {
  const cases = /** @type {[string, number, number, RegExp][]} */ ([
    ['int main(void) {\n    if (1) {\n    return 0;\n}\n', 1, 16, /^'\{' is never closed/],
    ['int x;\n}\n', 2, 1, /^'\}' closes nothing/],
    ['int f(void) {\n    g(1;\n}\n', 3, 1, /^'\}' cannot close the '\(' of line 2/],
    ['int x; /* and so on\nint y;\n', 1, 8, /comment does not end/],
    ['/*/\n', 1, 1, /comment does not end/],
    ['char *s = "abc;\n', 1, 11, /double quote is missing/],
    ["char c = 'a;\n", 1, 10, /closing quote is missing/],
  ]);
  for (const [text, line, column, words] of cases) {
    const found = unbalanced(text);
    assert.deepEqual([found?.line, found?.column], [line, column], text);
    assert.match(found?.message ?? '', words);
  }
  for (const text of ['// (\n', '/* { */\n', 'char *s = "{\\"";\n', "char c = '{', d = '\\'';\n", '#define BEGIN do { \\\n  (\nint x;\n', '#if A\nif (a) {\n#else\nif (b) {\n#endif\n}\n', '']) assert.equal(unbalanced(text), undefined, text);
});
