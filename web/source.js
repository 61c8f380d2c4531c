/** Source text, painted. */
import { element } from './dom.js';

/** Groups of the expression, in order; the whole match of "name" is looked up. */
const C = {
  pattern:
    /(\/\*[^]*?\*\/|\/\/.*)|("(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|<[\w./]+\.h>)|(^#\w+)|\b(\d[\d.]*)\b|\b([A-Za-z_]\w*)\b/gm,
  keywords: new Set('static struct const return if else for while do break continue switch case default sizeof typedef enum union extern NULL true false'.split(' ')),
  types: new Set('int void char bool double float long short unsigned signed size_t ssize_t uint8_t FILE'.split(' ')),
  api: /^(wio|WIO)_/,
};

const PYTHON = {
  pattern: /("""[^]*?"""|#.*)|(f?"(?:\\.|[^"\\\n])*"|f?'(?:\\.|[^'\\\n])*')|(^@\w+)|\b(\d[\d.]*)\b|\b(asyncio\.\w+|aiohttp\.\w+|[A-Za-z_]\w*)\b/gm,
  keywords: new Set('async await with def import from for in if else raise as return class while try except finally global pass and or not is None True False'.split(' ')),
  types: new Set(),
  api: /^(asyncio|aiohttp)\./,
};

/** @param {string} word @param {typeof C} language @param {Set<string>} waits @param {Set<string>} types */
function kindOf(word, language, waits, types) {
  if (language.keywords.has(word)) return 'keyword';
  if (language.types.has(word) || types.has(word)) return 'type';
  if (language.api.test(word)) return waits.has(word) ? 'api waits' : 'api';
  return '';
}

/** Keeps `a->b`, `-EPROTO` and the end of a comment together where a line wraps. @param {string} text */
const whole = (text) => text.split(/([\w.]+->[\w.]+|-E[A-Z]+|\S+ \*\/)/).map((part, i) => (i % 2 ? element('span', { className: 'whole' }, part) : part));

/**
 * @param {string} text @param {'c' | 'py'} kind
 * @param {{ waits: Set<string>, types: Set<string> }} names of the header
 * @returns {HTMLOListElement} an item a line
 */
export function paint(text, kind, { waits, types }) {
  const language = kind === 'c' ? C : PYTHON;
  /** @type {[kind: string, text: string][]} */
  const tokens = [];
  const put = (/** @type {string} */ kind, /** @type {string} */ token) => {
    const last = tokens.at(-1);
    if (kind === '' && last?.[0] === '') last[1] += token;
    else tokens.push([kind, token]);
  };
  let at = 0;
  for (const match of text.matchAll(language.pattern)) {
    put('', text.slice(at, match.index));
    at = match.index + match[0].length;
    const group = match.slice(1).findIndex((part) => part !== undefined);
    put(['comment', 'string', 'pre', 'number'][group] ?? kindOf(match[0], language, waits, types), match[0]);
  }
  put('', text.slice(at).replace(/\n$/, ''));

  let line = element('span', { className: 'line' });
  const lines = [line];
  for (const [kind, token] of tokens) {
    token.split('\n').forEach((part, i) => {
      if (i) lines.push((line = element('span', { className: 'line' })));
      line.append(...(kind ? [element('span', { className: kind }, ...whole(part))] : whole(part)));
    });
  }
  for (const each of lines) {
    const indent = (/^ */.exec(each.textContent ?? '')?.[0].length ?? 0) + 4; // long lines wrap with a hanging indent
    each.style.paddingLeft = `${indent}ch`;
    each.style.textIndent = `-${indent}ch`;
  }
  return element('ol', {}, ...lines.map((each) => element('li', {}, each)));
}

/** The names in a text that are C's, as code. @param {string} text */
export const withCode = (text) => text.split(/((?:wio|WIO)_\w+(?:\(\))?)/).map((part, i) => (i % 2 ? element('code', {}, part) : part));
