/** The caller has typed something that cannot be: printed as it is, exit code 2. */
export class UsageError extends Error {
  name = 'UsageError';
}

/** Edits that turn one word into the other. @param {string} a @param {string} b */
function distance(a, b) {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    row = next;
  }
  return row[b.length];
}

/** " Did you mean '--help'?", or nothing if none is near. @param {string} word @param {readonly string[]} known */
export function suggestion(word, known) {
  const near = known.map((each) => ({ each, edits: distance(word, each) })).sort((a, b) => a.edits - b.edits)[0];
  return near && near.edits <= Math.max(1, Math.floor(word.length / 3)) ? ` Did you mean '${near.each}'?` : '';
}
