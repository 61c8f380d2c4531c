/** What compiler and linker say, with a fix where that is safe: a name that is nearly one that exists. */

/** @typedef {import('../editor/marks.js').Problem} Problem */

/** @param {string} a @param {string} b edits between them */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

/** @param {string} name @param {string[]} known */
function nearest(name, known) {
  const near = known.map((other) => ({ other, edits: distance(name, other) })).sort((a, b) => a.edits - b.edits)[0];
  return near && near.edits <= Math.max(2, name.length / 6) ? near.other : undefined;
}

/**
 * @param {Problem[]} problems @param {Record<string, string>} files @param {string[]} api names of the header
 * @returns {Problem[]}
 */
export function improve(problems, files, api) {
  return problems
    .filter(({ severity }) => severity !== 'note')
    .map((problem) => {
      const undeclared = /(?:undeclared (?:function|identifier)|undeclared library function|undeclared) '(\w+)'/.exec(problem.message)?.[1];
      const linked = /undefined symbol: (\w+)/.exec(problem.message)?.[1];
      const name = undeclared ?? linked;
      if (!name) return problem;
      const place = linked && !problem.line ? find(files, linked) : problem;
      const wanted = nearest(name, [...api, ...namesOf(files)].filter((other) => other !== name));
      const message = linked ? `'${name}' is nowhere defined.` : `'${name}' is not declared.`;
      return { ...problem, ...place, message: wanted ? `${message} Did you mean '${wanted}'?` : message, ...(wanted ? { fix: { from: name, to: wanted, line: lineOf(files, { ...problem, ...place }) } } : {}) };
    });
}

/** @param {Record<string, string>} files @param {Problem} problem */
const lineOf = (files, { file = '', line = 0 }) => files[file]?.split('\n')[line - 1]?.trim();

/** @param {Record<string, string>} files */
const namesOf = (files) => [...new Set(Object.values(files).flatMap((text) => [...text.matchAll(/\b([a-z_]\w{2,})\s*\(/gi)].map(([, name]) => name)))];

/** Where it is called. @param {Record<string, string>} files @param {string} name */
function find(files, name) {
  for (const [file, text] of Object.entries(files)) {
    const lines = text.split('\n');
    const line = lines.findIndex((each) => new RegExp(`\\b${name}\\s*\\(`).test(each));
    if (line >= 0) return { file, line: line + 1, column: lines[line].indexOf(name) + 1, endColumn: lines[line].indexOf(name) + 1 + name.length };
  }
  return {};
}
