/**
 * What the compiler and the linker say, for an editor.
 * @typedef {object} Diagnostic
 * @property {'error' | 'warning' | 'note'} severity
 * @property {string} message
 * @property {string} [file] as it was given
 * @property {number} [line] from 1
 * @property {number} [column] from 1, in bytes
 * @property {number} [endColumn] behind the last marked byte of that line
 */

const SAID = /^(?:(.*?):(\d+):(\d+): )?(?:fatal )?(error|warning|note): (.*)$/;
const LINKER = /^wasm-ld: (error|warning): (?:\/tmp\/\S+: )?(.*)$/;

/** Clang's carets under the source: "   12 |   foo(1);" and "      |   ^~~". @param {string[]} below */
function marked(below) {
  const carets = below.find((line) => /^\s*\|\s*[\^~]/.test(line) || /^\s*[\^~]+\s*$/.test(line));
  return /[\^~]+/.exec(carets ?? '')?.[0].length;
}

/** @param {string} output @returns {Diagnostic[]} */
export function diagnose(output) {
  const lines = output.split('\n');
  return lines.flatMap((text, i) => {
    const linker = LINKER.exec(text);
    if (linker) return [{ severity: /** @type {'error' | 'warning'} */ (linker[1]), message: linker[2] }];
    const said = SAID.exec(text);
    if (!said) return [];
    const [, file, line, column, severity, message] = said;
    /** @type {Diagnostic} */
    const found = { severity: /** @type {Diagnostic['severity']} */ (severity), message };
    if (!file) return [found];
    const width = marked(lines.slice(i + 1, i + 4)) ?? 1;
    return [{ ...found, file, line: Number(line), column: Number(column), endColumn: Number(column) + width }];
  });
}
