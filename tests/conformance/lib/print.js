/** @param {import('./ops.js').Program} program */
export function printProgram(program) {
  /** @type {string[]} */
  const lines = [JSON.stringify(program.setup)];
  /** @param {import('./ops.js').Statement[]} block @param {string} indent */
  const show = (block, indent) => {
    for (const [op, catches, args, blocks, number] of block) {
      lines.push(`${indent}${number} ${op}(${args})${catches ? ' catch' : ''}`);
      blocks.forEach((each, i) => {
        if (i) lines.push(`${indent} --`);
        show(each, `${indent}   `);
      });
    }
  };
  program.functions.forEach((block, i) => {
    lines.push(`f${i}`);
    show(block, '  ');
  });
  return lines.join('\n');
}
