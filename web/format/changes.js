/** What a formatter has done, in small changes, so that the cursor and the marks stay where they were in the code. */

/** @param {string} text @param {number} at the end of the white space there */
function pastSpace(text, at) {
  while (/\s/.test(text[at] ?? '')) at++;
  return at;
}

/** @param {string} a @param {number} i @param {string} b @param {number} j @param {number} most */
function same(a, i, b, j, most) {
  let n = 0;
  while (n < most && a[i + n] === b[j + n]) n++;
  return n;
}

/** @param {string} a @param {string} b @param {number} most */
function sameEnd(a, b, most) {
  let n = 0;
  while (n < most && a[a.length - 1 - n] === b[b.length - 1 - n]) n++;
  return n;
}

/**
 * White space for other white space. Where a formatter has written something else (a long string in two), the rest is one change.
 * @param {string} before @param {string} after
 * @returns {{ from: number, to: number, insert: string }[]}
 */
export function changesBetween(before, after) {
  /** @type {{ from: number, to: number, insert: string }[]} */
  const changes = [];
  /** @param {number} from @param {number} to @param {string} insert */
  const change = (from, to, insert) => {
    const old = before.slice(from, to);
    if (old === insert) return;
    const start = same(old, 0, insert, 0, Math.min(old.length, insert.length));
    const end = sameEnd(old, insert, Math.min(old.length, insert.length) - start);
    changes.push({ from: from + start, to: to - end, insert: insert.slice(start, insert.length - end) });
  };
  let i = 0;
  let j = 0;
  while (i < before.length || j < after.length) {
    const [a, b] = [pastSpace(before, i), pastSpace(after, j)];
    if (before[a] !== after[b]) {
      change(i, before.length, after.slice(j));
      break;
    }
    change(i, a, after.slice(j, b));
    [i, j] = [a, b];
    while (i < before.length && before[i] === after[j] && !/\s/.test(before[i])) [i, j] = [i + 1, j + 1];
  }
  return changes;
}
