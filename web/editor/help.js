/** Completion of the wasyncio API, and its documentation on hover: from the public header, loaded when first needed. */
import { completeAnyWord } from '@codemirror/autocomplete';
import { hoverTooltip } from '@codemirror/view';
import { element } from '../dom.js';

/** @typedef {{ names: string[], code: string, text: string, waits: string, asyncio: string[] }} Entry */

/** @type {Promise<Map<string, Entry>> | undefined} */
let loading;

const api = () =>
  (loading ??= fetch('api.json')
    .then((response) => response.json())
    .then((/** @type {Entry[]} */ entries) => new Map(entries.flatMap((entry) => entry.names.map((name) => [name, entry]))))
    .catch(() => {
      loading = undefined; // offline, perhaps: again the next time
      return new Map();
    }));

/** @param {Entry} entry */
function documentation({ code, text, waits, asyncio }) {
  const facts = [waits === 'yes' ? 'May wait.' : waits ? 'Waits if it must.' : '', asyncio.length ? `In asyncio: ${asyncio.join(', ')}` : ''].filter(Boolean);
  return element(
    'div',
    { className: 'doc' },
    element('pre', {}, code),
    ...text.split('\n\n').map((paragraph) => element('p', {}, ...paragraph.split(/`([^`]+)`/).map((part, i) => (i % 2 ? element('code', {}, part) : part)))),
    ...(facts.length ? [element('p', { className: 'facts' }, facts.join(' '))] : []),
  );
}

/** @param {import('@codemirror/autocomplete').CompletionContext} context */
export async function complete(context) {
  const word = context.matchBefore(/\w+/);
  if (!word || (word.from === word.to && !context.explicit)) return null;
  if (!/^(wi?o?$|wio_|WI?O?$|WIO_)/.test(word.text)) return word.text.length > 1 || context.explicit ? completeAnyWord(context) : null;
  const entries = await api();
  const options = [...entries].map(([label, entry]) => ({
    label,
    type: label.startsWith('WIO_') ? 'keyword' : /\(/.test(entry.code) ? 'function' : 'type',
    detail: entry.waits ? 'may wait' : undefined,
    info: () => documentation(entry),
  }));
  return { from: word.from, options, validFor: /^\w*$/ };
}

export const hover = hoverTooltip(
  async (view, position) => {
    const line = view.state.doc.lineAt(position);
    for (const match of line.text.matchAll(/\b(?:wio|WIO)_\w+/g)) {
      const from = line.from + match.index;
      if (position < from || position > from + match[0].length) continue;
      const entry = (await api()).get(match[0]);
      return entry ? { pos: from, end: from + match[0].length, above: false, create: () => ({ dom: documentation(entry) }) } : null;
    }
    return null;
  },
  { hoverTime: 300 },
);
