/**
 * A reporter for node:test that prints one JSON line for each test: the runner reads it the same on every Node.
 * Suites and tests that only failed through a subtest are left out: their parts are counted.
 *
 * @typedef {{name: string, ok: boolean, detail: string}} Line
 */
import { explain } from './suite.js';

/** node:test wraps what a test threw. @param {any} error */
function describe(error) {
  const cause = error?.cause ?? error;
  return explain(cause instanceof Error ? cause : (cause?.stack ?? cause?.message ?? cause ?? ''));
}

/** @param {AsyncIterable<any>} events */
export default async function* reporter(events) {
  for await (const { type, data } of events) {
    if (type === 'test:stderr' || type === 'test:stdout') {
      process.stderr.write(data.message);
    } else if (type === 'test:pass' || type === 'test:fail') {
      const error = data.details?.error;
      if (data.details?.type === 'suite' && type === 'test:pass') continue;
      if (error?.failureType === 'subtestsFailed') continue;
      // A test that did not run has not passed.
      const skipped = data.skip !== undefined ? `skipped: ${data.skip}` : data.todo !== undefined ? `to do: ${data.todo}` : '';
      const ok = type === 'test:pass' && !skipped;
      yield JSON.stringify({ name: data.name, ok, detail: ok ? '' : skipped || describe(error) }) + '\n';
    }
  }
}
