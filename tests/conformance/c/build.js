/** Builds oracle.wasm, unless it is there and newer than its sources. */
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from '../../lib/hosts.js';

const FOLDER = path.join(ROOT, 'tests/conformance/c');
export const WASM = path.join(ROOT, 'build/tests/conformance/oracle.wasm');

/** @param {string} folder */
async function newest(folder) {
  const names = await readdir(folder, { recursive: true });
  const times = await Promise.all(names.filter((name) => /\.(c|h|S|inc)$/.test(name)).map(async (name) => (await stat(path.join(folder, name))).mtimeMs));
  return Math.max(...times);
}

export async function build() {
  const built = await stat(WASM).then((found) => found.mtimeMs, () => 0);
  if (built > Math.max(await newest(FOLDER), await newest(path.join(ROOT, 'src')))) return WASM;
  await mkdir(path.dirname(WASM), { recursive: true });
  const { build: buildProgram } = await import('../../lib/builder.js');
  await buildProgram({
    sources: (await readdir(FOLDER)).filter((name) => name.endsWith('.c')).map((name) => path.join(FOLDER, name)),
    output: WASM,
    optimize: '-O2',
    includes: [],
    extra: ['-Wall', '-Wextra', '-Werror'],
  });
  return WASM;
}
