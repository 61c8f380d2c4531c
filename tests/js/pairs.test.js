/** Pairs of lines of a program and its Python twin, lessons and examples alike: they exist, and say what they claim. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { root } from '../../examples/needs.js';
import { examples } from '../../examples/list.js';
import { pairs as ofExamples } from '../../web/lessons/example-pairs.js';
import { lessons } from '../../web/lessons/list.js';

/** @param {string} lines @returns {[number, number]} */
function span(lines) {
  assert.match(lines, /^\d+(-\d+)?$/);
  const [first, last = first] = lines.split('-').map(Number);
  return [first, last];
}

/** @param {string} file @param {[lines: string, says: string][]} claims */
function check(file, claims) {
  const text = readFileSync(join(root, file), 'utf8').split('\n');
  const taken = new Set();
  for (const [lines, says] of claims) {
    const [first, last] = span(lines);
    assert.ok(first >= 1 && first <= last && last <= text.length - 1, `${file} has no lines ${lines}`);
    assert.ok(text[first - 1].includes(says), `${file}:${first} does not say ${says}, but: ${text[first - 1]}`);
    for (let line = first; line <= last; line++) {
      assert.ok(!taken.has(line), `${file}:${line} is in two pairs`);
      assert.ok(text[line - 1].trim(), `${file}:${line} is empty`);
      taken.add(line);
    }
  }
  return { text, taken };
}

const shown = examples.filter(({ driver, nodeOnly }) => !driver && !nodeOnly);
const programs = [
  ...lessons.map(({ name, example, pairs = [] }) => ({ name: example ? `examples/${example}` : `web/lessons/${name}`, pairs })),
  ...shown.map(({ name }) => ({ name: `examples/${name}`, pairs: ofExamples[name] ?? [] })),
];

for (const { name, pairs } of programs) {
  test(name, () => {
    assert.ok(pairs.length > 5);
    const c = check(`${name}.c`, pairs.map(([lines, says]) => [lines, says]));
    const python = check(`${name}.py`, pairs.map(([, , lines, says]) => [lines, says]));
    assert.deepEqual(c.text.flatMap((line, i) => (/\bwio_(sleep|fetch|await|create_task|run|yield|run_in_executor)\(|WIO_(TASK_GROUP|GATHER|TIMEOUT|SHIELD|WITH)/.test(line) && !c.taken.has(i + 1) ? [`${i + 1}: ${line}`] : [])), [], 'what waits, or starts a task, has its like in Python');
    assert.deepEqual(python.text.flatMap((line, i) => (/\bawait\b|async with|create_task/.test(line) && !python.taken.has(i + 1) ? [`${i + 1}: ${line}`] : [])), [], 'and the other way round');
  });
}

test('no pairs of an example that the page does not show', () => assert.deepEqual(Object.keys(ofExamples), shown.map(({ name }) => name)));
