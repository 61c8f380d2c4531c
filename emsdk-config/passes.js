import * as flags from './flags.js';
import { namesOfFunctions } from './functions.js';
import { hintBranches, keepRare, withoutRare } from './hints.js';
import { growStacks } from './segments.js';
import { mendLimits, stackCheck } from './stack-check.js';
import { markSuspending, suspending, withoutMarks } from './suspends.js';
import { mendSwitch } from './switch.js';
import { filterExports, functionImports } from './wasm.js';

/** @param {Uint8Array} module with names @returns {string[]} */
function neverSuspend(module) {
  const linked = new Set(namesOfFunctions(module).values());
  const names = flags.neverSuspend.filter(({ unless }) => !unless || !linked.has(unless)).flatMap((each) => each.names);
  const isThere = (/** @type {string} */ name) => (name.endsWith('*') ? [...linked].some((each) => each.startsWith(name.slice(0, -1))) : linked.has(name));
  return names.filter(isThere); // binaryen complains of others
}

/** The last of the passes. @param {flags.Optimize} optimize @param {string} version */
const last = (optimize, version) => [...flags.memory(version), ...flags.inlining(optimize), ...flags.restructuring(optimize), ...flags.optimizer(optimize), ...flags.stripping(optimize)];

/**
 * Stacks that grow, or that are looked after at least where they cannot.
 * @param {Uint8Array<ArrayBuffer>} linked @param {flags.Optimize} optimize @param {Opt} opt @param {() => (index: number) => boolean} suspends
 */
async function guardStacks(linked, optimize, opt, suspends) {
  const grown = flags.growsStacks(optimize) ? growStacks(linked, suspends()) : undefined;
  return { module: grown ?? mendLimits(await opt(linked, ['-g', ...stackCheck]), optimize === '-g'), grows: grown !== undefined };
}

/**
 * @typedef {(module: Uint8Array<ArrayBuffer>, options: string[]) => Promise<Uint8Array<ArrayBuffer>>} Opt wasm-opt, given its options
 *
 * The step that makes C functions suspendable. Nothing may be inlined before Asyncify has run, and the switch should be
 * inlined after.
 * @param {Uint8Array<ArrayBuffer>} linked with names
 * @param {flags.Optimize} optimize
 * @param {string} version Emscripten's
 * @param {Opt} opt
 * @param {(why: string) => void} slower Asyncify's code is not as expected: right, but switches cost more
 * @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function makeSuspendable(linked, optimize, version, opt, slower) {
  const level = flags.optimizer(optimize);
  const names = ['-g']; // kept up to the last step
  const debuggable = optimize === '-g';
  const imports = `--pass-arg=asyncify-imports@${flags.suspendingImports.join(',')}`;
  const never = neverSuspend(linked);
  const others = never.length ? [`--pass-arg=asyncify-removelist@${never.join(',')}`] : [];
  const { module: checked, grows } = await guardStacks(linked, optimize, opt, () => suspending(linked, flags.suspendingImports, never));
  const { module: marked, options } = markSuspending(checked, flags.suspendingImports, never);
  const suspendable = withoutMarks(await opt(marked, [...flags.noInlining, ...names, ...level, '--asyncify', imports, ...others, ...options]));
  const mended = withoutUnused(mendSwitch(suspendable, debuggable, grows, slower));
  if (flags.hintsBranches(optimize)) return hintBranches(await opt(keepRare(mended), last(optimize, version)));
  const done = await opt(withoutRare(mended), last(optimize, version));
  const again = flags.again(optimize, version);
  return again.length ? opt(done, again) : done;
}

/** Imports that nothing calls are gone by now; what is exported for their sake goes, too. @param {Uint8Array<ArrayBuffer>} module */
function withoutUnused(module) {
  const imports = functionImports(module).map(({ module: from, name }) => `${from}.${name}`);
  const unused = flags.exportsForImports.filter(({ only }) => !imports.some((name) => only.test(name)));
  return filterExports(module, (name) => !unused.some(({ names }) => names.test(name)));
}

/** The same but for Asyncify, as a measure of what that adds. @param {Uint8Array<ArrayBuffer>} linked @param {flags.Optimize} optimize @param {string} version @param {Opt} opt */
export async function optimizeOnly(linked, optimize, version, opt) {
  const { module } = await guardStacks(linked, optimize, opt, () => () => false);
  return opt(withoutRare(await opt(module, [...flags.noInlining, '-g', ...flags.optimizer(optimize)])), last(optimize, version));
}
