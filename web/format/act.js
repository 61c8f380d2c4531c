/** Format: what the command and its key do. */
import { megabytes } from '../shell/status.js';
import { unbalanced } from './brackets.js';
import { Formatter, NoFormatter } from './client.js';

/**
 * @param {object} parts
 * @param {import('../editor/editor.js').Editor} parts.editor
 * @param {(words: string, quiet?: boolean) => void} parts.tell
 * @param {(problem?: import('../editor/marks.js').Problem) => void} parts.problem why the file cannot be formatted; none: it could
 */
export function formatting({ editor, tell, problem }) {
  const formatter = new Formatter((loaded, total) => tell(loaded < total ? `Loading the formatter: ${megabytes(loaded)} of ${megabytes(total)} MB` : '', true));

  /** One at a time: a second press of the key comes after the first has had its effect. */
  let last = Promise.resolve();
  return () => (last = last.then(format));

  async function format() {
    const file = editor.current;
    const before = editor.files[file];
    if (before === undefined) return tell(`${file} is read only.`);
    const found = unbalanced(before);
    problem(found && { ...found, file });
    if (found) return tell(`Not formatted: line ${found.line}, ${found.message}`);
    try {
      const after = await formatter.format(file, before);
      if (editor.current !== file || !editor.formatted(before, after)) return tell(`Not formatted: ${file} was changed meanwhile.`);
      tell(after === before ? `${file} is formatted already.` : `${file} is formatted.`);
    } catch (error) {
      if (!(error instanceof NoFormatter)) return tell(`Not formatted: ${/** @type {Error} */ (error).message}`);
      if (editor.current !== file) return;
      editor.indent();
      tell(`Only indented: the formatter could not be loaded (${error.message}).`);
    }
  }
}
