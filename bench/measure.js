/** Does it: every workload on every peer and host, in alternating rounds, a process or a page each. */
import { execute } from '../tests/lib/process.js';
import { root } from './build.js';
import { pin } from './hosts.js';
import { openPages } from './pages.js';
import { command, hostsOf } from './peers.js';
import { Results } from './results.js';

/** @typedef {import('./hosts.js').Host} Host */
/** @typedef {import('./workloads.js').Workload} Workload */
/** @typedef {import('./workloads.js').Runner} Runner */
/** @typedef {import('./workloads.js').Values} Values */
/** @typedef {{ workload: Workload, runner: Runner, host: Host | undefined }} Case */
/** @typedef {Record<string, import('./peers.js').Found>} Peers */

export const TIME_LIMIT = 180_000;

/** @param {Workload[]} workloads @param {Host[]} hosts @param {Peers} peers @returns {Case[]} */
export function plan(workloads, hosts, peers) {
  return workloads.flatMap((workload) =>
    workload.runners.flatMap((runner) => {
      const on = hostsOf(runner, hosts, peers).filter((host) => !host?.browser || workload.pages);
      return on.map((host) => ({ workload, runner, host }));
    }),
  );
}

/** @param {Case} what */
function argumentsOf({ workload, runner }) {
  const numbers = workload.numbers.map(String);
  if (runner.scale) numbers.push(String(Math.ceil(Number(numbers.pop()) / runner.scale)));
  return [workload.workload, runner.shape, ...numbers];
}

/** It does not outlive this process. @param {string[]} command @returns {Promise<Values>} */
export async function measure([file, ...args]) {
  const { code, signal, stdout, stderr, timedOut } = await execute(file, args, { timeout: TIME_LIMIT, cwd: root });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  const why = stderr.trim().split('\n').find((text) => /error|abort|memory|spawn/i.test(text)) ?? '';
  if (timedOut) throw new Error(`took more than ${TIME_LIMIT / 1000} s`);
  if (code !== 0) throw new Error(`${signal ?? (code === null ? '' : `exit code ${code}`)} ${why}`.trim());
  try {
    return JSON.parse(line);
  } catch {
    throw new Error(`no result: ${line || why || 'it printed nothing'}`);
  }
}

/** @param {Case} what */
const nameOf = ({ workload, runner, host }) => `${workload.id} ${runner.title}${host ? `, ${host.title}` : ''}`;

/** One line at the bottom of a terminal. @param {number} total */
function progress(total) {
  const start = performance.now();
  const shown = process.stderr.isTTY;
  let done = 0;
  return {
    /** @param {string} text */
    show(text) {
      if (!shown) return;
      const left = done ? Math.round(((performance.now() - start) / done) * (total - done) / 1000) : 0;
      const rest = left ? `, ${Math.floor(left / 60)}:${String(left % 60).padStart(2, '0')} left` : '';
      process.stderr.write(`\r\x1b[K${`${done} of ${total}${rest}: ${text}`.slice(0, (process.stderr.columns || 80) - 1)}`);
      done++;
    },
    end: () => void (shown && process.stderr.write('\r\x1b[K')),
  };
}

/** @param {Case[]} cases @param {number} rounds @param {Record<string, string>} built modules, by program @param {Peers} peers */
export async function measureAll(cases, rounds, built, peers) {
  const results = new Results();
  const pinned = pin();
  const inPages = cases.flatMap(({ host }) => (host?.browser ? [host] : []));
  const pages = inPages.length ? await openPages([...new Set(inPages)], TIME_LIMIT) : undefined;
  const line = progress(cases.length * rounds);
  for (let round = 0; round < rounds; round++) {
    for (const what of round % 2 ? [...cases].reverse() : cases) {
      const { workload, runner, host } = what;
      line.show(`round ${round + 1}, ${nameOf(what)}`);
      const args = argumentsOf(what);
      try {
        const values = host?.browser
          ? await pages?.measure(host, built[runner.program], args)
          : await measure([...pinned, ...command(runner, host, args, built, peers)]);
        for (const { id, of } of workload.metrics) results.add(id, runner.id, host, round, values && of(values, workload.numbers));
      } catch (error) {
        results.failures.push(`round ${round + 1}, ${nameOf(what)}: ${/** @type {Error} */ (error).message}`);
      }
    }
  }
  line.end();
  await pages?.close();
  return { results, pinned: pinned.length > 0 };
}
