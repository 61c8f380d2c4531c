/** Lines of a program and of its Python twin that say the same light up together: those under the pointer, else those at the cursor. */
import { StateEffect, StateField } from '@codemirror/state';
import { Decoration, EditorView } from '@codemirror/view';

/**
 * @typedef {import('../lessons/pairs.js').Pair} Pair
 * @typedef {{ from: number, to: number, pair: number }} Range where the code of its first and of its last line begins: what is typed before that moves it
 * @typedef {{ ranges: Range[], lit: number }} Lines
 */

/** @type {import('@codemirror/state').StateEffectType<number>} */
const light = StateEffect.define();
const LIT = Decoration.line({ class: 'pair' });
const NONE = -1;

/** Goes with the text when that is edited. @type {StateField<Lines>} */
const field = StateField.define({
  create: () => /** @type {Lines} */ ({ ranges: [], lit: NONE }),
  update(value, { docChanged, changes, effects }) {
    if (docChanged) value = { ...value, ranges: value.ranges.map(({ from, to, pair }) => ({ from: changes.mapPos(from, 1), to: changes.mapPos(to, 1), pair })) };
    for (const effect of effects) if (effect.is(light)) value = { ...value, lit: effect.value };
    return value;
  },
  provide: (self) => EditorView.decorations.from(self, ({ ranges, lit }) => (view) => {
    const { doc } = view.state;
    const lines = ranges.filter(({ pair }) => pair === lit).flatMap(({ from, to }) => Array.from({ length: doc.lineAt(to).number - doc.lineAt(from).number + 1 }, (_, i) => doc.lineAt(from).number + i));
    return Decoration.set(lines.map((line) => LIT.range(doc.line(line).from)));
  }),
});

/** @param {import('@codemirror/state').Line} line */
const code = ({ from, text }) => from + text.search(/\S|$/);

/** @param {string} lines @returns {[number, number]} */
export function span(lines) {
  const [first, last = first] = lines.split('-').map(Number);
  return [first, last];
}

/** @param {import('@codemirror/state').EditorState} state @param {number} at @returns {number} */
const pairAt = (state, at) => state.field(field, false)?.ranges.find(({ from, to }) => at >= state.doc.lineAt(from).from && at <= state.doc.lineAt(to).to)?.pair ?? NONE;

export class Pairs {
  /** @type {Pair[]} */
  #pairs = [];
  #file = '';
  /** @type {EditorView[]} */
  #views = [];
  #hovered = NONE;
  #focused = NONE;
  #lit = NONE;
  /** Is the twin on show? */
  #on = false;

  /** Of the program that is opened next. @param {Pair[]} pairs @param {string} file its C file */
  open(pairs, file) {
    this.#pairs = pairs;
    this.#file = file;
    this.#hovered = this.#focused = this.#lit = NONE;
  }

  /** @param {EditorView[]} views that light up together */
  between(...views) {
    this.#views = views;
  }

  /** @param {boolean} on */
  show(on) {
    this.#on = on;
    this.#show(this.#views[0]);
  }

  /** What the text of a file needs for that. @param {string} name @returns {import('@codemirror/state').Extension} */
  in(name) {
    const side = name === this.#file ? 0 : name === 'twin.py' ? 2 : NONE;
    if (side === NONE || !this.#pairs.length) return [];
    const ranges = (/** @type {import('@codemirror/state').Text} */ doc) =>
      this.#pairs.flatMap((each, pair) => {
        const [first, last] = span(each[side]);
        return last > doc.lines ? [] : [{ from: code(doc.line(first)), to: code(doc.line(last)), pair }];
      });
    return [
      field.init(({ doc }) => ({ ranges: ranges(doc), lit: NONE })),
      EditorView.domEventHandlers({
        mousemove: (event, view) => {
          const y = event.clientY - view.documentTop;
          const block = view.lineBlockAtHeight(y);
          this.#hover(y > block.bottom ? NONE : pairAt(view.state, block.from), view);
        },
        mouseleave: (_, view) => this.#hover(NONE, view),
      }),
      EditorView.updateListener.of(({ view, selectionSet, focusChanged }) => {
        if (!selectionSet && !focusChanged) return;
        this.#focused = view.hasFocus ? pairAt(view.state, view.state.selection.main.head) : NONE;
        this.#show(view);
      }),
    ];
  }

  /** The line of the twin that says what a line of the program says. @param {import('@codemirror/state').EditorState} state the program's @param {number} line */
  mate(state, line) {
    const pair = line <= state.doc.lines ? pairAt(state, state.doc.line(line).from) : NONE;
    return pair === NONE ? undefined : span(this.#pairs[pair][2])[0];
  }

  /** @param {number} pair @param {EditorView} view */
  #hover(pair, view) {
    if (pair === this.#hovered) return;
    this.#hovered = pair;
    this.#show(view);
  }

  /** @param {EditorView} from where the user is: the other one shows the lines, too */
  #show(from) {
    const lit = !this.#on ? NONE : this.#hovered === NONE ? this.#focused : this.#hovered;
    if (lit === this.#lit) return;
    this.#lit = lit;
    for (const view of this.#views) {
      const range = view.state.field(field, false)?.ranges.find(({ pair }) => pair === lit);
      const reveal = view !== from && range ? [EditorView.scrollIntoView(range.to, { y: 'nearest', yMargin: 20 })] : [];
      view.dispatch({ effects: [light.of(lit), ...reveal] });
    }
  }
}
