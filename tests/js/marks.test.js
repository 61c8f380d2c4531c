/** Marks in the editor are drawn anew when anything that they show, or that a click on them means, is another; and only then. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Block, Mark } from '../../web/editor/marks.js';

const draw = () => /** @type {any} */ (null);
const MARK = { line: 7, tone: 'sleep', glyph: 'sleep', dashed: false, solid: false, title: 'ticker: sleeps', tasks: [2, 5] };
const OTHERS = { line: 8, tone: 'sema', glyph: 'sema', dashed: true, solid: true, title: 'ticker: runs', tasks: [2, 6] };

test('a mark is another if any of what it says is', () => {
  const mark = new Mark({ value: MARK, draw });
  assert.ok(mark.eq(new Mark({ value: { ...MARK, tasks: [...MARK.tasks] }, draw })), 'whoever made it');
  for (const [key, value] of Object.entries(OTHERS)) assert.ok(!mark.eq(new Mark({ value: { ...MARK, [key]: value }, draw })), key);
  assert.ok(!mark.eq(new Mark({ value: { ...MARK, tasks: [2] }, draw })));
  assert.ok(!mark.eq(new Mark({ value: MARK, draw: () => /** @type {any} */ (null) })), 'a sign is no task');
  assert.ok(!mark.eq(new Mark({ value: MARK, draw, className: 'at' })));
});

test('a class needs no element', () => {
  assert.equal(new Mark({ value: 'sleep', className: 'at tone-sleep' }).toDOM, undefined);
  assert.ok(new Mark({ value: 'sleep', className: 'at tone-sleep' }).eq(new Mark({ value: 'sleep', className: 'at tone-sleep' })));
  assert.ok(!new Mark({ value: 'sleep', className: 'at tone-sleep' }).eq(new Mark({ value: 'sema', className: 'at tone-sema' })));
});

test('a block under a line is another if its problem is', () => {
  const problem = { severity: 'error', message: 'no', line: 1, fix: { from: 'a', to: 'b' } };
  assert.ok(new Block(problem, draw).eq(new Block({ ...problem, fix: { from: 'a', to: 'b' } }, draw)));
  assert.ok(!new Block(problem, draw).eq(new Block({ ...problem, fix: { from: 'a', to: 'c' } }, draw)));
  assert.ok(!new Block(problem, draw).eq(new Block({ ...problem, fix: undefined }, draw)));
  assert.ok(!new Block(problem, draw).eq(new Block({ ...problem, line: 2 }, draw)));
});
