import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { buildLibrary, buildProgram } from '../emsdk-config/build.js';
import { root } from './needs.js';

const flags = join(root, 'emsdk-config/flags.js');

/**
 * Builds an example, unless it is built already.
 * @param {string} name
 * @param {() => void} [starting] called if there is something to do
 * @param {string} [source] where it is, unless in examples/
 * @returns {Promise<string>} the module's path
 */
export async function buildExample(name, starting, source = join(root, 'examples', `${name}.c`)) {
  const output = join(root, 'build/examples', `${name}.wasm`);
  const { id } = await buildLibrary();
  const key = createHash('sha256').update(id).update(readFileSync(source)).update(readFileSync(flags)).digest('hex');
  if (existsSync(output) && existsSync(`${output}.key`) && readFileSync(`${output}.key`, 'utf8') === key) return output;
  starting?.();
  mkdirSync(dirname(output), { recursive: true });
  await buildProgram({ sources: [source], output, extra: ['-Wall', '-Wextra', '-Werror'] });
  writeFileSync(`${output}.key`, key);
  return output;
}
