/** The programs of tests/c once more, built by the npm toolchain instead of Emscripten: they do and say the same. */
import { pool } from './pool.js';
import { steps } from './steps.js';
import { filesIn } from './suite.js';
import { unit } from './suite-c.js';

const line = pool(1);

/** @returns {Promise<import('./suite.js').Unit[]>} */
export async function units() {
  const all = await Promise.all((await filesIn('tests/c', ['.c'])).map((name) => unit(name, 'npm', ['node20'], 'npm')));
  return all.filter(({ places }) => places.length).map((each) => ({ ...each, needs: [steps.sysroot], line }));
}
