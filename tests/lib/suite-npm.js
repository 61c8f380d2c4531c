/** The programs of tests/c once more, built by the npm toolchain instead of Emscripten: they do and say the same. */
import path from 'node:path';
import { ROOT } from './hosts.js';
import { execute } from './process.js';
import { filesIn } from './suite.js';
import { unit } from './suite-c.js';

/** @type {Promise<void> | undefined} */
let made;

/** Headers and libraries as they are now. */
async function makeSysroot() {
  const { code, stderr } = await execute(process.execPath, [path.join(ROOT, 'emsdk-config/sysroot.js')], { cwd: ROOT, timeout: 600_000 });
  if (code !== 0) throw new Error(stderr);
}

/** @returns {Promise<import('./suite.js').Unit[]>} */
export async function units() {
  const all = await Promise.all((await filesIn('tests/c', ['.c'])).map((name) => unit(name, 'npm', ['node20'], 'npm')));
  return all
    .filter(({ places }) => places.length)
    .map((each) => ({
      ...each,
      async prepare() {
        await (made ??= makeSysroot());
        await each.prepare?.();
      },
    }));
}
