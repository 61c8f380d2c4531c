/**
 * Test files for node:test: tests/js/*.test.js (suite "js") and tests/<suite>.test.js, on every Node. They find the test
 * server by the WIO_TEST_* variables. Directives: "// hosts: node26", "// needs: sysroot" (steps.js).
 */
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { NODES, ROOT, nodeBinary } from './hosts.js';
import { execute } from './process.js';
import { stepsOf } from './steps.js';
import { directives, filesIn, hostsOf, tail, testEnvironment } from './suite.js';

/** @typedef {import('./suite.js').Unit} Unit */

const TIMEOUT = 240_000;
const REPORTER = pathToFileURL(path.join(ROOT, 'tests/lib/reporter.js')).href;

/** @returns {Promise<Unit[]>} */
export async function units() {
  const inner = (await filesIn('tests/js', ['.test.js'])).map((name) => ({ id: `js/${name}`, file: `tests/js/${name}` }));
  const outer = (await filesIn('tests', ['.test.js'])).map((name) => ({ id: name, file: `tests/${name}` }));
  return Promise.all([...inner, ...outer].map(({ id, file }) => unit(id.replace(/\.test\.js$/, ''), file)));
}

/** @param {string} id @param {string} file @returns {Promise<Unit>} */
async function unit(id, file) {
  const found = await directives(path.join(ROOT, file));
  return {
    id,
    places: hostsOf(found, NODES),
    needs: stepsOf(found),
    inTurn: true, // the programs of a file are built once for both
    async run(place, { server, filter }) {
      const pattern = filter ? [`--test-name-pattern=${filter.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`] : [];
      const outcome = await execute(
        nodeBinary(/** @type {any} */ (place)),
        ['--test', `--test-reporter=${REPORTER}`, '--test-reporter-destination=stdout', ...pattern, file],
        { cwd: ROOT, env: { ...testEnvironment(server, id, place), NODE_TEST_CONTEXT: undefined }, timeout: TIMEOUT },
      );
      /** @type {import('./suite.js').Result[]} */
      const results = outcome.stdout.split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
      // A file that fails as a whole, in loading, says why only on stderr.
      for (const result of results) if (!result.ok && result.name.endsWith('.test.js')) result.detail += `\n${tail(outcome.stderr)}`;
      const unexplained = outcome.code !== 0 && results.every((result) => result.ok);
      if (outcome.timedOut || unexplained || (!results.length && !filter)) {
        const how = outcome.timedOut ? 'timed out' : `exit code ${outcome.code}`;
        results.push({ name: 'the file', ok: false, detail: `${how}\n${tail(outcome.stderr)}` });
      }
      return results;
    },
  };
}
