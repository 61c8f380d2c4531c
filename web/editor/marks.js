/** What stands beside and under lines: tasks at the playhead, errors, and the fix under an error. */
import { RangeSet, RangeSetBuilder, StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView, GutterMarker, WidgetType, gutter, gutterLineClass } from '@codemirror/view';
import { element, glyph, icon } from '../dom.js';
import { compact } from '../run/words.js';

/**
 * @typedef {{ line: number, tone: string, glyph: string, dashed: boolean, solid: boolean, title: string, tasks: number[] }} TaskMark
 * @typedef {object} Problem
 * @property {'error' | 'warning' | 'note'} severity
 * @property {string} message
 * @property {string} [file]
 * @property {number} [line]
 * @property {number} [column]
 * @property {number} [endColumn]
 * @property {{ from: string, to: string, line?: string }} [fix] a word for another, in that line
 */

/** @type {import('@codemirror/state').StateEffectType<TaskMark[]>} */
export const setTasks = StateEffect.define();
/** @type {import('@codemirror/state').StateEffectType<Problem[]>} */
export const setProblems = StateEffect.define();

/** Says what was clicked. @type {{ tasks: (tasks: number[]) => void, fix: (problem: Problem) => void }} */
export const on = { tasks() {}, fix() {} };

/** Do they say the same, whoever made them? @param {any} a @param {any} b @returns {boolean} */
export function same(a, b) {
  if (a === b || typeof a !== 'object' || typeof b !== 'object' || !a || !b) return a === b;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => same(a[key], b[key]));
}

/** @template T @typedef {{ value: T, draw?: (value: T) => HTMLElement, className?: string }} Drawn */

/** Beside a line: what is drawn for a value, a class, or both. Drawn anew when the value is another. @template T */
export class Mark extends GutterMarker {
  /** @param {Drawn<T>} drawn */
  constructor({ value, draw, className = '' }) {
    super();
    this.value = value;
    this.draw = draw;
    this.elementClass = className;
    if (draw) this.toDOM = () => draw(value); // a marker that has it gets an element in every gutter
  }

  /** @param {GutterMarker} other */
  eq(other) {
    return other instanceof Mark && other.draw === this.draw && other.elementClass === this.elementClass && same(other.value, this.value);
  }
}

/** Under a line. @template T */
export class Block extends WidgetType {
  /** @param {T} value @param {(value: T) => HTMLElement} draw */
  constructor(value, draw) {
    super();
    this.value = value;
    this.draw = draw;
  }

  /** @param {WidgetType} other */
  eq(other) {
    return other instanceof Block && other.draw === this.draw && same(other.value, this.value);
  }

  toDOM() {
    return this.draw(this.value);
  }
}

/** @param {TaskMark} mark */
function drawTasks({ tasks, title, tone, dashed, solid, glyph: name }) {
  const button = element('button', { type: 'button', title, className: 'mark', tabIndex: -1 });
  button.setAttribute('aria-label', title);
  const count = compact(tasks.length);
  if (tasks.length > 1) button.append(element('span', { className: `pip tone-${tone}${solid ? ' solid' : ''}${dashed ? ' dash' : ''}${count.length > 2 ? ' long' : ''}` }, count));
  else button.append(glyph(name));
  button.addEventListener('click', () => on.tasks(tasks));
  return button;
}

/** @param {Problem} problem */
function drawSign({ severity, message }) {
  const sign = element('span', { className: `sign ${severity}`, title: message });
  sign.append(icon(severity === 'error' ? 'err' : 'warn', severity === 'error' ? 'Error' : 'Warning'));
  return sign;
}

/** @param {Problem} problem */
function drawLens(problem) {
  const { message, fix } = problem;
  const lens = element('div', { className: 'lens' }, element('span', {}, ...quoted(message)));
  const box = element('div', { className: 'lens-box' }, lens); // margins would not be counted
  if (fix) {
    const button = element('button', { type: 'button', className: 'fix' }, 'Fix');
    button.setAttribute('aria-label', `Fix: write ${fix.to}`);
    button.addEventListener('click', () => on.fix(problem));
    lens.append(button);
  }
  return box;
}

/** What a compiler puts in quotes is code. @param {string} message */
export const quoted = (message) => message.split(/['‘’]([^'‘’]+)['‘’]/).map((part, i) => (i % 2 ? element('code', {}, part) : part));

/** @param {import('@codemirror/state').Text} doc @param {Problem} problem @returns {[number, number] | undefined} */
export function rangeOf(doc, { line: number, column = 1, endColumn }) {
  if (!number || number > doc.lines) return undefined;
  const line = doc.line(number);
  const from = Math.min(line.from + column - 1, line.to);
  const word = /^\w+/.exec(doc.sliceString(from, line.to))?.[0].length ?? 1;
  const to = Math.min(Math.max(endColumn ? line.from + endColumn - 1 : 0, from + word), line.to);
  return [from, to];
}

const tasksField = StateField.define({
  create: () => /** @type {TaskMark[]} */ ([]),
  update(value, { effects }) {
    for (const effect of effects) if (effect.is(setTasks)) value = effect.value;
    return value;
  },
});

const problemsField = StateField.define({
  create: () => /** @type {Problem[]} */ ([]),
  update(value, { effects }) {
    for (const effect of effects) if (effect.is(setProblems)) value = effect.value;
    return value;
  },
  provide: (field) => EditorView.decorations.from(field, (problems) => (view) => decorateProblems(view.state.doc, problems)),
});

/** @param {import('@codemirror/state').Text} doc @param {Problem[]} problems */
function decorateProblems(doc, problems) {
  const ranges = problems.flatMap((problem) => {
    const range = rangeOf(doc, problem);
    if (!range || range[0] === range[1]) return [];
    return [Decoration.mark({ class: problem.severity === 'error' ? 'sqg' : 'sqw' }).range(...range)];
  });
  return Decoration.set(ranges, true);
}

/** Blocks must not come from a function of the view. */
const lensField = StateField.define({
  create: () => Decoration.none,
  update(value, { effects, docChanged, changes, state }) {
    if (docChanged) value = value.map(changes);
    for (const effect of effects) if (effect.is(setProblems)) value = lenses(state.doc, effect.value);
    return value;
  },
  provide: (field) => EditorView.decorations.from(field),
});

const LENSES = 3; // a mistake at the top may lead to hundreds

/** @param {import('@codemirror/state').Text} doc @param {Problem[]} problems */
function lenses(doc, problems) {
  const lines = new Set();
  const ranges = problems.flatMap((problem) => {
    const range = problem.severity === 'error' && lines.size < LENSES && !lines.has(problem.line) && rangeOf(doc, problem);
    if (!range) return [];
    lines.add(problem.line);
    return [Decoration.widget({ widget: new Block(problem, drawLens), block: true, side: 1 }).range(doc.line(problem.line ?? 1).to)];
  });
  return Decoration.set(ranges, true);
}

/** @type {Record<string, Decoration>} */
const tints = {};

/** @param {string} tone */
const tint = (tone) => (tints[tone] ??= Decoration.line({ class: `at tone-${tone}` }));

const tintsOf = EditorView.decorations.compute([tasksField, 'doc'], (state) => {
  /** @type {RangeSetBuilder<Decoration>} */
  const builder = new RangeSetBuilder();
  for (const { line, tone } of state.field(tasksField)) if (line <= state.doc.lines) builder.add(state.doc.line(line).from, state.doc.line(line).from, tint(tone));
  return builder.finish();
});

/** The tint goes on beside the line. */
const gutterTints = gutterLineClass.compute([tasksField, 'doc'], (state) =>
  RangeSet.of(state.field(tasksField).filter(({ line }) => line <= state.doc.lines).map(({ line, tone }) => new Mark({ value: tone, className: `at tone-${tone}` }).range(state.doc.line(line).from))),
);

const markers = gutter({
  class: 'marks',
  markers(view) {
    const { doc } = view.state;
    /** @type {Map<number, Mark<any>>} */
    const byLine = new Map(view.state.field(tasksField).map((mark) => [mark.line, new Mark({ value: mark, draw: drawTasks })]));
    for (const problem of view.state.field(problemsField)) {
      if (problem.line && problem.severity !== 'note' && (!byLine.has(problem.line) || problem.severity === 'error')) byLine.set(problem.line, new Mark({ value: problem, draw: drawSign }));
    }
    const ranges = [...byLine].filter(([line]) => line <= doc.lines).sort(([a], [b]) => a - b);
    return RangeSet.of(ranges.map(([line, marker]) => marker.range(doc.line(line).from)));
  },
});

export const marks = [tasksField, problemsField, lensField, tintsOf, gutterTints, markers];

/** @param {import('@codemirror/state').EditorState} state @returns {Problem[]} */
export const problemsIn = (state) => state.field(problemsField);
