import { readFileSync, writeFileSync } from 'node:fs';
import { BuildError } from './errors.js';
import * as flags from './flags.js';
import { run } from './process.js';
import { mendLimits, stackCheck } from './stack-check.js';
import { mendSwitch } from './switch.js';
import { functionNames } from './wasm.js';

/** @type {Map<string, Promise<string[]>>} */
const known = new Map();

/** The features this wasm-opt knows of those wanted; naming another is an error. @param {string} wasmOpt @returns {Promise<string[]>} */
function features(wasmOpt) {
  let answer = known.get(wasmOpt);
  if (!answer) {
    answer = run(wasmOpt, ['--help']).then(({ stdout, stderr }) =>
      flags.features.map((name) => `--enable-${name}`).filter((flag) => new RegExp(`${flag}\\s`).test(stdout + stderr)),
    );
    known.set(wasmOpt, answer);
  }
  return answer;
}

/**
 * The step that makes C functions suspendable. wasm-opt runs for the stack checks, for Asyncify, before which nothing may be
 * inlined, and after it, when the switch should be; in between its output is mended.
 * @param {import('./find.js').Toolchain} tools
 * @param {string} input
 * @param {string} output
 * @param {import('./flags.js').Optimize} optimize
 */
export async function asyncify(tools, input, output, optimize) {
  const enabled = await features(tools.wasmOpt);
  const level = flags.optimizer(optimize);
  const names = ['-g']; // kept up to the last step
  const debuggable = optimize === '-g';
  const slower = (/** @type {string} */ why) => void process.stderr.write(`wasyncio: switches will be slower: ${why} (${tools.wasmOpt})\n`);
  const imports = `--pass-arg=asyncify-imports@${flags.suspendingImports.join(',')}`;
  const others = `--pass-arg=asyncify-removelist@${neverSuspend(readFileSync(input)).join(',')}`;
  await opt(tools, [input, '-o', input, ...enabled, ...names, ...stackCheck]);
  mendLimits(input, debuggable);
  await opt(tools, [input, '-o', output, ...enabled, ...flags.noInlining, ...names, ...level, '--asyncify', imports, others]);
  writeFileSync(output, mendSwitch(readFileSync(output), debuggable, slower));
  await opt(tools, [output, '-o', output, ...enabled, ...flags.memory(tools.version), ...flags.inlining(optimize), ...flags.restructuring(optimize), ...level, ...flags.stripping(optimize)]);
}

/** @param {Uint8Array} module with names @returns {string[]} */
function neverSuspend(module) {
  const linked = functionNames(module);
  return flags.neverSuspend.filter(({ unless }) => !unless || !linked.has(unless)).flatMap(({ names }) => names);
}

/** @param {import('./find.js').Toolchain} tools @param {string[]} args */
async function opt(tools, args) {
  const { status, stdout, stderr } = await run(tools.wasmOpt, args, { env: tools.env });
  if (status !== 0) throw new BuildError(`wasm-opt failed (${tools.wasmOpt}):\n${stdout}${stderr}`.trimEnd());
}
