/** How C and Python look: the classes of style/editor.css, quieter than the states of tasks. */
import { HighlightStyle, syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { Decoration, EditorView, ViewPlugin } from '@codemirror/view';
import { RangeSetBuilder } from '@codemirror/state';
import { tags } from '@lezer/highlight';

const STYLE = HighlightStyle.define([
  { tag: [tags.keyword, tags.controlKeyword, tags.definitionKeyword, tags.modifier, tags.operatorKeyword, tags.moduleKeyword, tags.bool, tags.null], class: 'k' },
  { tag: [tags.typeName, tags.standard(tags.typeName)], class: 't' },
  { tag: [tags.string, tags.character, tags.special(tags.string)], class: 's' },
  { tag: [tags.number], class: 'd' },
  { tag: [tags.comment], class: 'c' },
  { tag: [tags.processingInstruction, tags.meta], class: 'p' },
]);

export const colours = syntaxHighlighting(STYLE);

/** @typedef {{ waits: Set<string>, types: Set<string>, pattern: RegExp }} Names */

const UNBROKEN = /[\w.]+->[\w.]+|-E[A-Z]{2,}/;

/** Long lines wrap with a hanging indent; `a->b` and `-EPROTO` are never broken; what may wait is underlined. @param {Names} names */
export function words(names) {
  const pattern = new RegExp(`(${names.pattern.source})|${UNBROKEN.source}`, 'g');
  /** @type {Map<number, Decoration>} */
  const indents = new Map();
  /** @type {Map<string, Decoration>} */
  const classes = new Map();

  /** @param {number} columns */
  function indent(columns) {
    let made = indents.get(columns);
    if (!made) indents.set(columns, (made = Decoration.line({ attributes: { style: `padding-left:${columns}ch;text-indent:-${columns}ch` } })));
    return made;
  }

  /** @param {string} name */
  function mark(name) {
    let made = classes.get(name);
    if (!made) classes.set(name, (made = Decoration.mark({ class: name })));
    return made;
  }

  /** @param {string} word @param {boolean} api */
  const classOf = (word, api) => (!api ? 'nb' : names.types.has(word) ? 't' : names.waits.has(word) ? 'w sus' : 'w');

  /** @param {EditorView} view */
  function decorate(view) {
    /** @type {RangeSetBuilder<Decoration>} */
    const builder = new RangeSetBuilder();
    const tree = syntaxTree(view.state);
    for (const { from, to } of view.visibleRanges) {
      for (let at = from; at <= to; ) {
        const line = view.state.doc.lineAt(at);
        const spaces = /^\s*/.exec(line.text)?.[0].replace(/\t/g, '    ').length ?? 0;
        builder.add(line.from, line.from, indent(Math.min(spaces, 24) + 4));
        for (const match of line.text.matchAll(pattern)) {
          const start = line.from + match.index;
          if (/Comment|String|Char/.test(tree.resolveInner(start + 1, -1).name)) continue;
          builder.add(start, start + match[0].length, mark(classOf(match[0], match[1] !== undefined)));
        }
        at = line.to + 1;
      }
    }
    return builder.finish();
  }

  return ViewPlugin.define(
    (view) => ({
      marks: decorate(view),
      update(update) {
        if (update.docChanged || update.viewportChanged || syntaxTree(update.startState) !== syntaxTree(update.state)) this.marks = decorate(update.view);
      },
    }),
    { decorations: (plugin) => plugin.marks },
  );
}
