/**
 * What cannot be formatted: clang-format takes any text, but where brackets do not match, or a comment does not end, all that
 * follows would be moved to where nobody wants it.
 */

/** What is not code is skipped, macros too, since half a block is common there; what brackets a branch of #if opens, its #else opens again. */
const TOKENS = /^[ \t]*#[ \t]*define\b(?:\\\r?\n|.)*|^[ \t]*#[ \t]*(if|el|endif)|\/\/(?:\\\n|.)*|\/\*[\s\S]*?(?:\*\/|$(?![\s\S]))|"(?:\\[\s\S]|[^"\\\n])*(?:"|$)|'(?:\\[\s\S]|[^'\\\n])*(?:'|$)|[()[\]{}]/gm;
const CLOSES = /** @type {Record<string, string>} */ ({ ')': '(', ']': '[', '}': '{' });

/** @typedef {{ bracket: string, at: number }} Open */

/**
 * @param {string} text of a C file
 * @returns {import('../editor/marks.js').Problem | undefined}
 */
export function unbalanced(text) {
  const { found, at } = look(text) ?? {};
  if (!found || at === undefined) return undefined;
  const before = text.slice(0, at).split('\n');
  return { severity: 'error', message: found, line: before.length, column: before[before.length - 1].length + 1 };
}

/** @param {string} text @returns {{ found: string, at: number } | undefined} */
function look(text) {
  /** @type {Open[]} */
  let open = [];
  /** @type {Open[][]} */
  const branches = [];
  for (const { 0: token, 1: directive, index: at } of text.matchAll(TOKENS)) {
    if (directive === 'if') branches.push([...open]);
    else if (directive === 'el') open = [...(branches.at(-1) ?? open)];
    else if (directive) branches.pop();
    else if ('([{'.includes(token)) open.push({ bracket: token, at });
    else if (token in CLOSES) {
      const last = open.pop();
      if (!last) return { found: `'${token}' closes nothing.`, at };
      if (last.bracket !== CLOSES[token]) return { found: `'${token}' cannot close the '${last.bracket}' of line ${text.slice(0, last.at).split('\n').length}.`, at };
    } else if (token.startsWith('/*') && (token.length < 4 || !token.endsWith('*/'))) return { found: 'This comment does not end.', at };
    else if (/^["']/.test(token) && (token.length < 2 || !token.endsWith(token[0]))) return { found: `The closing ${token[0] === '"' ? 'double quote' : 'quote'} is missing.`, at };
  }
  const last = open.at(-1);
  return last && { found: `'${last.bracket}' is never closed.`, at: last.at };
}
