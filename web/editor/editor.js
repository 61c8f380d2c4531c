/** The editor: several files in one view, each with its own history. */
import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory } from '@codemirror/commands';
import { cpp } from '@codemirror/lang-cpp';
import { python } from '@codemirror/lang-python';
import { bracketMatching, indentOnInput, indentRange, indentUnit } from '@codemirror/language';
import { highlightSelectionMatches, searchKeymap } from '@codemirror/search';
import { EditorSelection, EditorState, Transaction } from '@codemirror/state';
import { EditorView, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from '@codemirror/view';
import { changesBetween } from '../format/changes.js';
import { complete, hover } from './help.js';
import { colours, words } from './language.js';
import { marks, problemsIn, rangeOf, setProblems, setTasks } from './marks.js';

/** @typedef {import('./language.js').Names} Names */

/** @param {Names} names @param {string} label */
const shared = (names, label) => [
  colours,
  words(names),
  lineNumbers(),
  EditorView.lineWrapping,
  EditorState.tabSize.of(4),
  indentUnit.of('    '),
  EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0', spellcheck: 'false', autocapitalize: 'off' }),
];

/** Before there is a text it has a name already. @param {string} label */
const empty = (label) => EditorState.create({ extensions: EditorView.contentAttributes.of({ 'aria-label': label }) });

/** Files of a program that is not on show. @typedef {{ files: Map<string, EditorState>, open: string }} Kept */

export class Editor {
  view;
  #names;
  #pairs;
  /** @type {Map<string, EditorState>} */
  #files = new Map();
  #open = '';
  #changed;

  /**
   * @param {HTMLElement} parent @param {Names} names @param {import('./pairs.js').Pairs} pairs
   * @param {() => void} changed the text of a file is another @param {() => void} moved it was scrolled, or has another size
   */
  constructor(parent, names, pairs, changed, moved) {
    this.#names = names;
    this.#pairs = pairs;
    this.#changed = changed;
    this.view = new EditorView({ parent, state: empty('program') });
    this.view.scrollDOM.addEventListener('scroll', moved, { passive: true });
    new ResizeObserver(moved).observe(parent);
  }

  /** @param {string} name @param {string} text @param {boolean} readOnly */
  #state(name, text, readOnly) {
    return EditorState.create({
      doc: text,
      extensions: [
        marks,
        this.#pairs.in(name),
        ...shared(this.#names, readOnly ? `${name}, read only` : name),
        cpp(),
        hover,
        drawSelection(),
        bracketMatching(),
        highlightSelectionMatches(),
        keymap.of([...searchKeymap]),
        readOnly
          ? [EditorState.readOnly.of(true), keymap.of(defaultKeymap)]
          : [
              history(),
              highlightActiveLine(),
              highlightActiveLineGutter(),
              indentOnInput(),
              closeBrackets(),
              autocompletion({ override: [complete], icons: false }),
              // Escape, then Tab leaves the editor: CodeMirror lets the next Tab through.
              keymap.of([...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap, indentWithTab]),
              EditorView.updateListener.of((update) => update.docChanged && this.#changed()),
            ],
      ],
    });
  }

  /** Another program. @param {Record<string, string>} files @param {string} open */
  setFiles(files, open) {
    this.#files = new Map(Object.entries(files).map(([name, text]) => [name, this.#state(name, text, false)]));
    this.#open = '';
    this.open(open);
  }

  /** All of it, with what can be undone, until somebody comes back. @returns {Kept} */
  keep() {
    if (this.#open) this.#files.set(this.#open, this.view.state);
    const files = new Map([...this.#files].filter(([, state]) => !state.readOnly));
    return { files, open: files.has(this.#open) ? this.#open : [...files.keys()][0] };
  }

  /** A draft as changes of the original, so that the pairs of the twin go with them. @param {import('../drafts.js').Draft} draft @param {Record<string, string>} original @returns {Kept} */
  changed({ files, open }, original) {
    const states = Object.entries(files).map(([name, text]) => {
      const before = original[name] ?? text;
      const changes = changesBetween(before, text);
      return /** @type {const} */ ([name, this.#state(name, before, false).update({ changes, annotations: Transaction.addToHistory.of(false) }).state]);
    });
    return { files: new Map(states), open };
  }

  /** @param {Kept} kept */
  bringBack({ files, open }) {
    this.#files = new Map(files);
    this.#open = '';
    this.open(open);
  }

  /** @param {string} name @param {string} text */
  addReadOnly(name, text) {
    this.#files.set(name, this.#state(name, text, true));
  }

  /** @param {string} name @param {string} text */
  add(name, text) {
    this.#files.set(name, this.#state(name, text, false));
  }

  /** @param {string} name */
  has(name) {
    return this.#files.has(name);
  }

  /** @param {string} name */
  remove(name) {
    this.#files.delete(name);
  }

  /** @param {string} name of a file */
  state(name) {
    return name === this.#open ? this.view.state : this.#files.get(name);
  }

  get current() {
    return this.#open;
  }

  /** @param {string} name */
  open(name) {
    if (name === this.#open) return;
    if (this.#open && this.#files.has(this.#open)) this.#files.set(this.#open, this.view.state);
    const state = this.#files.get(name);
    if (!state) return;
    this.#open = name;
    this.view.setState(state);
    this.view.scrollDOM.scrollTop = 0;
  }

  /** The files that can be edited, with their texts. @returns {Record<string, string>} */
  get files() {
    if (this.#open) this.#files.set(this.#open, this.view.state);
    return Object.fromEntries([...this.#files].filter(([, state]) => !state.readOnly).map(([name, state]) => [name, state.doc.toString()]));
  }

  /** @param {import('./marks.js').TaskMark[]} tasks */
  showTasks(tasks) {
    this.view.dispatch({ effects: setTasks.of(tasks) });
  }

  /** Of the open file. @param {import('./marks.js').Problem[]} problems */
  showProblems(problems) {
    this.view.dispatch({ effects: setProblems.of(problems) });
  }

  /** @param {number} line @param {number} [column] @param {boolean} [focus] */
  reveal(line, column = 1, focus = false) {
    const { doc } = this.view.state;
    if (line < 1 || line > doc.lines) return;
    const { from, to } = doc.line(line);
    const at = Math.min(from + column - 1, to);
    this.view.dispatch({ selection: EditorSelection.cursor(at), effects: EditorView.scrollIntoView(at, { y: 'center' }) });
    if (focus) this.view.focus();
  }

  /** The next problem, round and round; says which. */
  nextProblem() {
    const { state } = this.view;
    const found = problemsIn(state).flatMap((problem) => {
      const range = rangeOf(state.doc, problem);
      return range ? [{ problem, at: range[0] }] : [];
    }).sort((a, b) => a.at - b.at);
    const next = found.find(({ at }) => at > state.selection.main.head) ?? found[0];
    if (next) this.reveal(next.problem.line ?? 1, next.problem.column, true);
    return next?.problem;
  }

  /** @param {import('./marks.js').Problem} problem */
  fix({ line: number, fix }) {
    const { doc } = this.view.state;
    if (!number || !fix || number > doc.lines) return;
    const line = doc.line(number);
    const at = line.text.indexOf(fix.from);
    if (at >= 0) this.view.dispatch({ changes: { from: line.from + at, to: line.from + at + fix.from.length, insert: fix.to } });
  }

  /** In one step, which Undo takes back. @param {import('@codemirror/state').ChangeSpec} changes */
  #rewrite(changes) {
    this.view.dispatch({ changes, annotations: [isolateHistory.of('full'), Transaction.userEvent.of('format')] });
  }

  /** The open file is what a formatter has made of it. @param {string} before @param {string} after @returns {boolean} not if it is another text meanwhile */
  formatted(before, after) {
    if (this.view.state.doc.toString() !== before) return false;
    this.#rewrite(changesBetween(before, after));
    return true;
  }

  /** Where there is no formatter: indentation by the language, and no spaces at the ends of lines. */
  indent() {
    const { state } = this.view;
    const indented = indentRange(state, 0, state.doc.length);
    const text = indented.apply(state.doc).toString().replace(/[ \t]+$/gm, '');
    this.#rewrite(changesBetween(state.doc.toString(), text));
  }

  /** First and last line in sight. @returns {[number, number]} */
  get visible() {
    const { scrollDOM } = this.view;
    const line = (/** @type {number} */ y) => this.view.state.doc.lineAt(this.view.lineBlockAtHeight(Math.max(0, y)).from).number;
    return [line(scrollDOM.scrollTop), line(scrollDOM.scrollTop + scrollDOM.clientHeight - 16)];
  }
}

/** The twin: Python, to be read. */
export class Twin {
  view;
  #names;
  #pairs;

  /** @param {HTMLElement} parent @param {Names} names @param {import('./pairs.js').Pairs} pairs */
  constructor(parent, names, pairs) {
    this.#names = names;
    this.#pairs = pairs;
    this.view = new EditorView({ parent, state: empty('twin.py') });
  }

  /** @param {string} text */
  show(text) {
    this.view.setState(EditorState.create({ doc: text, extensions: [marks, this.#pairs.in('twin.py'), ...shared(this.#names, 'twin.py, read only'), python(), drawSelection(), EditorState.readOnly.of(true), keymap.of(defaultKeymap)] }));
  }

  /** @param {import('./marks.js').TaskMark[]} tasks */
  showTasks(tasks) {
    this.view.dispatch({ effects: setTasks.of(tasks) });
  }
}
