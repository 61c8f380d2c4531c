import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { CompileError } from './errors.js';
import { run } from './process.js';

/** emcc adds the failed command to clang's words; that helps nobody. @param {string} text */
export const withoutDriver = (text) => text.replace(/^(emcc|em\+\+): error: '.*' failed \(.*\)\n?/gm, '');

/**
 * Runs emcc once for each list of arguments, as many at a time as there are processors; shows what was said, in their
 * order, and throws if the compiler refused.
 * @param {import('./find.js').Toolchain} tools
 * @param {{ args: string[], cwd?: string }[]} calls
 */
export async function compileAll(tools, calls) {
  const colours = process.stderr.isTTY && !process.env.NO_COLOR ? ['-fcolor-diagnostics'] : [];
  /** @type {import('./process.js').Outcome[]} */
  const outcomes = [];
  let next = 0;
  const worker = async () => {
    while (next < calls.length) {
      const i = next++;
      const { args, cwd } = calls[i];
      outcomes[i] = await run(tools.emcc, ['-c', ...colours, ...args], { cwd, env: tools.env });
    }
  };
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
  for (const { stdout, stderr } of outcomes) process.stderr.write(stdout + withoutDriver(stderr));
  if (outcomes.some(({ status }) => status !== 0)) throw new CompileError('the sources do not compile');
}

/** The files that a Makefile-style depfile names, the source among them. @param {string} depfile */
export function readDepfile(depfile) {
  const text = readFileSync(depfile, 'utf8').replace(/\\\r?\n/g, ' ');
  const names = text.slice(text.indexOf(': ') + 1).match(/(?:\\.|\$\$|[^\s\\])+/g) ?? [];
  return names.map((name) => name.replace(/\\([ #])/g, '$1').replaceAll('$$', '$'));
}
