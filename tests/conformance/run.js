#!/usr/bin/env node
/** The oracle's command: random programs on CPython's asyncio and on wasyncio. `node tests/conformance/run.js --help` */
import { parseArgs } from 'node:util';
import { HOSTS } from '../lib/hosts.js';
import { explainDifference, shrunk } from './lib/explain.js';
import { ALL_THEMES, generate } from './lib/generate.js';
import { openOracle } from './lib/oracle.js';

const HELP = `usage: node tests/conformance/run.js [options]

Runs random programs on CPython's asyncio (by pyodide) and on wasyncio and compares what happens, in which order and when.

  --seed N      the first seed (default: by the clock); each program has its own: N, N+1, …
  --count N     how many programs (default 1000)
  --theme NAME  only these; may be repeated: ${ALL_THEMES.join(', ')}
  --host HOST   node20 or node26 (default node20)
  --show N      differences to shrink and print (default 3)
  --print       print the program of --seed as Python and as C, and both traces
  --help`;

const BATCH = 200;

function readOptions() {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string' },
      count: { type: 'string', default: '1000' },
      theme: { type: 'string', multiple: true, default: [] },
      host: { type: 'string', default: 'node20' },
      show: { type: 'string', default: '3' },
      print: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const whole = (/** @type {'seed' | 'count' | 'show'} */ name) => {
    const value = Number(values[name]);
    if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} needs a whole number from 0 on, not ${values[name]}`);
    return value;
  };
  const wrong = values.theme.find((theme) => !ALL_THEMES.includes(/** @type {any} */ (theme)));
  if (wrong) throw new Error(`there is no theme ${wrong}: ${ALL_THEMES.join(', ')}`);
  if (!HOSTS.slice(0, 2).includes(/** @type {any} */ (values.host))) throw new Error(`--host is node20 or node26, not ${values.host}`);
  return {
    seed: values.seed === undefined ? Date.now() % 1_000_000_000 : whole('seed'),
    count: values.print ? 1 : whole('count'),
    show: whole('show'),
    themes: values.theme.length ? /** @type {import('./lib/generate.js').Theme[]} */ (values.theme) : ALL_THEMES,
    host: /** @type {import('../lib/hosts.js').Host} */ (values.host),
    print: values.print,
    help: values.help,
  };
}

/** @param {number} done @param {number} count @param {number} failed */
function progress(done, count, failed) {
  if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} programs, ${failed} differ `);
}

async function main() {
  const options = readOptions();
  if (options.help) return console.log(HELP), 0;
  const oracle = await openOracle(options.host);
  try {
    return await explore(oracle, options);
  } finally {
    oracle.end();
  }
}

/** @param {Awaited<ReturnType<typeof openOracle>>} oracle @param {ReturnType<typeof readOptions>} options */
async function explore(oracle, options) {
  const { seed, count, themes } = options;
  const start = Date.now();
  /** @type {{seed: number, verdict: import('./lib/oracle.js').Verdict}[]} */
  const failures = [];
  let skipped = 0;
  let hung = 0;
  let events = 0;
  /** @type {Map<string, number>} */
  const rules = new Map();
  for (let at = 0; at < count; at += BATCH) {
    const seeds = Array.from({ length: Math.min(BATCH, count - at) }, (_, i) => seed + at + i);
    const verdicts = await oracle.judge(seeds.map((each) => generate(each, themes)));
    verdicts.forEach((verdict, i) => {
      if (!verdict.python) skipped++;
      for (const rule of verdict.rules.length ? verdict.rules : ['none']) rules.set(rule, (rules.get(rule) ?? 0) + 1);
      events += (verdict.python?.length ?? 0) / 5;
      if (verdict.python?.at(-3) === -9) hung++;
      if (verdict.fails || options.print) failures.push({ seed: seeds[i], verdict });
    });
    progress(at + seeds.length, count, failures.length);
  }
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
  const seconds = ((Date.now() - start) / 1000).toFixed(1);

  const smallest = failures.sort((a, b) => JSON.stringify(a.verdict.program).length - JSON.stringify(b.verdict.program).length);
  for (const failure of smallest.slice(0, options.print ? 1 : options.show)) {
    const verdict = options.print ? failure.verdict : await shrunk(oracle, failure.verdict);
    console.log(`\n======== seed ${failure.seed}${options.print ? '' : ', shrunk'}\n${explainDifference(verdict)}`);
  }
  const differ = options.print ? Number(smallest[0]?.verdict.fails) : failures.length;
  console.log(`${count - skipped - differ} programs equal, ${differ} differ, ${skipped} skipped (asyncio gave up), ${hung} hang; ${Math.round(events / count)} events each; seeds ${seed}..${seed + count - 1}; ${seconds} s`);
  const shares = [...rules].sort((a, b) => b[1] - a[1]).map(([rule, n]) => `${rule} ${((100 * n) / count).toFixed(1)} %`);
  console.log(`rules that made a difference (python/rules.py): ${shares.join(', ')}`);
  return differ ? 1 : 0;
}

process.exitCode = await main().catch((error) => {
  console.error(error.message);
  return 2;
});
