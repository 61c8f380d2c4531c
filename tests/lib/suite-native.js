/** tests/native/run.sh builds the core for this machine with the sanitizers and prints ok / not ok lines. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import { ROOT } from './hosts.js';
import { execute } from './process.js';
import { judge } from './tap.js';

const TIMEOUT = 1_500_000; // one process at a time, beside everything else

/** @returns {Promise<import('./suite.js').Unit[]>} */
export async function units() {
  const script = path.join(ROOT, 'tests/native/run.sh');
  if (!(await access(script).then(() => true, () => false))) return [];
  return [
    {
      id: 'native/run',
      places: ['native'],
      async run(_, { filter }) {
        const outcome = await execute('bash', [script, ...(filter ? [filter] : [])], { cwd: ROOT, env: { WIO_NATIVE_JOBS: '1' }, timeout: TIMEOUT });
        return judge(outcome, {}).filter((result) => !(result.ok && result.name === 'exit code'));
      },
    },
  ];
}
