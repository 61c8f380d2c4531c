/** The command line of tests/run.js. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { HOSTS } from './hosts.js';

export const HELP = `usage: node tests/run.js [options]

  --only SUITE    c, js, page, native, conformance, …; may be repeated
  --filter TEXT   test files whose "suite/file" contains TEXT; if there is none, tests whose name does
  --host HOST     ${HOSTS.join(', ')}; may be repeated
  --jobs N        builds, Node processes and pages at a time (default: two more than the processors)
  --times         which files took longest, at the end
  --list          print what would run
  --help`;

/**
 * @typedef {{only: string[], filter: string, hosts: import('./hosts.js').Host[], jobs: number, times: boolean, list: boolean, help: boolean}} Options
 */

/** @param {string[]} args @returns {Options} */
export function readOptions(args) {
  const { values } = parseArgs({
    args,
    options: {
      only: { type: 'string', multiple: true, default: [] },
      filter: { type: 'string', default: '' },
      host: { type: 'string', multiple: true, default: [] },
      jobs: { type: 'string', default: String(availableParallelism() + 2) },
      times: { type: 'boolean', default: false },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const wrong = values.host.find((host) => !HOSTS.includes(/** @type {any} */ (host)));
  if (wrong) throw new Error(`unknown host ${wrong}: there are ${HOSTS.join(', ')}`);
  const jobs = Number(values.jobs);
  if (!Number.isInteger(jobs) || jobs < 1) throw new Error(`--jobs needs a whole number from 1 on, not ${values.jobs}`);
  const hosts = /** @type {import('./hosts.js').Host[]} */ (values.host);
  return { only: values.only, filter: values.filter, hosts, jobs, times: values.times, list: values.list, help: values.help };
}
