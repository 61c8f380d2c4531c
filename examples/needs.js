/** Installs the npm packages that a fresh clone lacks. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** @param {string[]} packages what must be there @param {string[]} [options] of npm ci */
export function needs(packages, options = []) {
  if (packages.every((name) => existsSync(join(root, 'node_modules', name, 'package.json')))) return;
  console.error(`installing npm packages: npm ci ${options.join(' ')}`.trimEnd());
  const { status } = spawnSync('npm', ['ci', ...options], { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' });
  if (status !== 0) throw new Error(`npm ci failed; its words are above. It must have put ${packages.join(', ')} into ${join(root, 'node_modules')}`);
}
