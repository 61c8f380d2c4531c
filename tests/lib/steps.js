/** What several units need: see `needs` in suite.js. */

/** dist/sysroot.pack.gz, for the npm toolchain: headers and libraries as they are now. */
export async function sysroot() {
  const { sysroot } = await import('../../web/compiler/parts.js');
  await sysroot();
}

/** The page with the programs of the tests. */
export async function playground() {
  const { prepare } = await import('../page/playground.js');
  await prepare();
}

/** The C side of the oracle. */
export async function oracle() {
  const { build } = await import('../conformance/c/build.js');
  await build();
}

/** By the names of "// needs: sysroot". @type {Record<string, () => Promise<void>>} */
export const steps = { sysroot, playground, oracle };

/** @param {Record<string, string[]>} found directives */
export function stepsOf(found) {
  const names = (found.needs ?? []).join(' ').split(/[\s,]+/).filter(Boolean);
  const unknown = names.find((name) => !steps[name]);
  if (unknown) throw new Error(`unknown step in a "// needs:" line: ${unknown} (there are ${Object.keys(steps).join(', ')})`);
  return names.map((name) => steps[name]);
}
