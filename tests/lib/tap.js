/** Reads what tests/c/check.h prints, and what shell suites print in the same way. */
import { tail } from './suite.js';

/**
 * @typedef {import('./suite.js').Result} Result
 * @typedef {{plan: number | null, results: Result[], running: string | null}} Lines
 */

/** What is printed between a "not ok" and the next test belongs to it: further failures, a task tree. @param {Lines} lines */
const failing = ({ results, running }) => results.length > 0 && !results[results.length - 1].ok && (running === null || results[results.length - 1].name === running);

/** @param {string} stdout @returns {Lines} */
export function readLines(stdout) {
  /** @type {Lines} */
  const lines = { plan: null, results: [], running: null };
  for (const line of stdout.split('\n')) {
    let match;
    if ((match = /^1\.\.(\d+)$/.exec(line))) lines.plan = Number(match[1]);
    else if ((match = /^# run (.+)$/.exec(line))) lines.running = match[1];
    else if ((match = /^ok (.+)$/.exec(line))) lines.results.push({ name: match[1], ok: true });
    else if ((match = /^not ok ([^:]+)(?:: (.*))?$/.exec(line)))
      lines.results.push({ name: match[1].trim(), ok: false, detail: match[2] ?? '' });
    else if (failing(lines) && line.trim() && !/^# \S/.test(line)) lines.results[lines.results.length - 1].detail += `\n${line.replace(/^#\s+/, '')}`;
  }
  return lines;
}

/**
 * The results of one program, with one more for each thing that is wrong with the program as a whole: it ended too early,
 * too late, with the wrong code, or without what it should have said on stderr.
 * @param {{code: number | null, signal?: string | null, stdout: string, stderr: string, timedOut?: boolean, crash?: string}} outcome
 * @param {{exit?: number, stderr?: string[]}} [expected]
 * @returns {Result[]}
 */
export function judge(outcome, expected = {}) {
  const { plan, results, running } = readLines(outcome.stdout);
  const how = outcome.crash ?? (outcome.timedOut ? 'timed out' : outcome.signal ? `killed by ${outcome.signal}` : `exit code ${outcome.code}`);
  const said = [how, tail(outcome.stdout, 10), tail(outcome.stderr)].filter(Boolean).join('\n');
  const cut = outcome.crash !== undefined || outcome.timedOut || (plan !== null && results.length < plan);
  if (cut) {
    const whole = plan !== null && results.length >= plan && outcome.timedOut;
    if (whole) return [...results, { name: 'the end', ok: false, detail: `all tests ran, but the process did not end by itself: ${said}` }];
    const unfinished = running !== null && !results.some((result) => result.name === running);
    return [...results, { name: unfinished ? running : 'the program', ok: false, detail: `did not finish: ${said}` }];
  }
  const failed = results.some((result) => !result.ok);
  const code = expected.exit ?? (failed && plan !== null ? 1 : 0);
  if (outcome.code !== code) results.push({ name: 'exit code', ok: false, detail: `expected ${code}: ${said}` });
  else if (plan === null || expected.exit !== undefined) results.push({ name: 'exit code', ok: true });
  for (const pattern of expected.stderr ?? []) {
    const ok = new RegExp(pattern, 'm').test(outcome.stderr);
    results.push({ name: `stderr /${pattern}/`, ok, detail: ok ? '' : `stderr was:\n${tail(outcome.stderr)}` });
  }
  return results;
}
