import * as flags from './flags.js';
import { mendLimits, stackCheck } from './stack-check.js';
import { mendSwitch } from './switch.js';
import { functionNames } from './wasm.js';

/** @param {Uint8Array} module with names @returns {string[]} */
function neverSuspend(module) {
  const linked = functionNames(module);
  const names = flags.neverSuspend.filter(({ unless }) => !unless || !linked.has(unless)).flatMap((each) => each.names);
  const isThere = (/** @type {string} */ name) => (name.endsWith('*') ? [...linked].some((each) => each.startsWith(name.slice(0, -1))) : linked.has(name));
  return names.filter(isThere); // binaryen complains of others
}

/**
 * The step that makes C functions suspendable. Nothing may be inlined before Asyncify has run, and the switch should be
 * inlined after.
 * @param {Uint8Array<ArrayBuffer>} linked with names
 * @param {flags.Optimize} optimize
 * @param {string} version Emscripten's
 * @param {(module: Uint8Array<ArrayBuffer>, options: string[]) => Promise<Uint8Array<ArrayBuffer>>} opt wasm-opt, given its options
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
  const checked = mendLimits(await opt(linked, [...names, ...stackCheck]), debuggable);
  const suspendable = await opt(checked, [...flags.noInlining, ...names, ...level, '--asyncify', imports, ...others]);
  const last = [...flags.memory(version), ...flags.inlining(optimize), ...flags.restructuring(optimize), ...level, ...flags.stripping(optimize)];
  return opt(mendSwitch(suspendable, debuggable, slower), last);
}
