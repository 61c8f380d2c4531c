/** The benchmark suite: what it writes, from figures made up here, and each peer that needs no installation, on next to nothing. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { goBuild } from '../../bench/build.js';
import { plotCurves } from '../../bench/curves.js';
import { nodes } from '../../bench/hosts.js';
import { figures } from '../../bench/json.js';
import { plan } from '../../bench/measure.js';
import { findPeers, hostsOf } from '../../bench/peers.js';
import { plot } from '../../bench/plot.js';
import { Results } from '../../bench/results.js';
import { PAGE, renewed } from '../../bench/sections.js';
import { measured } from '../../bench/table.js';
import { workloads } from '../../bench/workloads.js';
import { node, root } from './programs/tools.js';

const directory = mkdtempSync(join(tmpdir(), 'wasyncio-bench-'));
after(() => rmSync(directory, { recursive: true, force: true }));

const [host] = nodes();
const chosen = workloads.filter(({ id, curve }) => curve || ['W1', 'W4', 'contention'].includes(id));

function made() {
  const results = new Results();
  for (const { metrics, runners } of chosen) {
    for (const { id } of metrics) runners.forEach((runner, i) => [0, 1].forEach((round) => results.add(id, runner.id, host, round, 10 * (i + 1) + round)));
  }
  return results;
}

describe('writes', () => {
  const results = made();

  test('tables with the nearest rival in bold, and one table for a curve', () => {
    const text = measured(results, [host], chosen);
    const row = text.split('\n').find((line) => line.startsWith('| JavaScript async/await')) ?? '';
    assert.match(row, /\| 20\.5 \(20\.0–21\.0\) \| +\*\*1\.95\*\* \|/);
    assert.equal(text.match(/\*\*/g)?.length, 2 * 4); // W1, W4 twice, contention
    assert.match(text, /### Cost of a switch\n\nSo many tasks yield in turn\.\n\n\| tasks +\|/);
    assert.match(text, /\| 1,000,000 +\| +10\.5/);
  });

  test('no table for a host on which nothing was measured', () => {
    const other = { ...host, id: 'elsewhere', title: 'Elsewhere' };
    assert.ok(!measured(results, [host, other], chosen).includes('Elsewhere'));
  });

  test('JSON with every value, ratios and the best rival', () => {
    const [first] = figures(results, [host], chosen);
    assert.deepEqual([first.workload, first.figure, first.unit], ['W1', 'yield', 'ns']);
    assert.deepEqual(first.peers[0], { id: 'wasyncio', title: 'wasyncio', values: [10, 11], median: 10.5, ratio: 1 });
    assert.equal(first.best?.id, 'js');
    assert.equal(JSON.parse(JSON.stringify(figures(results, [host], chosen))).length, 1 + 2 + 1 + 12);
  });

  test('plots: bars of ratios, and a line a peer for each curve', () => {
    const bars = plot(results, [host], chosen);
    assert.match(bars, /^<svg [^]*<\/svg>\n$/);
    assert.ok(bars.includes('>1.95x<') && !bars.includes('NaN'));
    const curves = plotCurves(results, [host], chosen) ?? '';
    assert.equal(curves.match(/<polyline /g)?.length, 2 * 2);
    assert.ok(curves.includes('>1,000,000<') && !curves.includes('NaN'));
    assert.equal(plotCurves(results, [host], []), undefined);
  });
});

test('what is not there is left out, and named', () => {
  const { found, missing } = findPeers(new Set(['p-limit', 'pyodide', 'js', 'go']));
  assert.deepEqual(Object.keys(found).filter((name) => name !== 'go'), ['pyodide', 'p-limit']);
  assert.equal(missing.length, found.go ? 0 : 1);
  if (missing.length) assert.equal(missing[0], 'go is left out: it needs Go (apt-get install golang-go)');
  const runner = { id: 'go', title: 'Go', program: /** @type {const} */ ('go'), shape: '-' };
  assert.deepEqual(hostsOf(runner, [host], {}), []);
  assert.deepEqual(hostsOf(runner, [host], { go: { version: '1' } }), [host]);
});

test('pages get what runs in pages', () => {
  const page = { ...host, id: 'firefox', browser: /** @type {const} */ ('firefox'), jspi: false };
  const cases = plan(workloads, [page], {});
  assert.deepEqual([...new Set(cases.map(({ runner }) => runner.program))], ['wasyncio', 'js']);
  assert.ok(cases.every(({ workload }) => workload.pages));
});

describe('peers', () => {
  const last = async (/** @type {string[]} */ args) => {
    const { stdout, stderr, code } = await node(['--expose-gc', ...args]);
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout.trim().split('\n').at(-1) ?? '');
  };
  for (const args of ['yield plain 10 100', 'yield queue 10 100', 'depth plain 2 10 3', 'spawn all 10 2 3', 'sleep plain 10', 'pingpong plain 10', 'cancel plain 5 1', 'tree plain 2 3 1 1', 'contention plain 5 2 10', 'queue plain 2 3 10'])
    test(`JavaScript: ${args}`, async () => {
      const { each } = await last([`${root}/bench/peers/js.js`, ...args.split(' ')]);
      assert.equal(each.length, args.startsWith('spawn') ? 3 : 1);
      assert.ok(each.every((/** @type {number} */ value) => value > 0));
    });
  test('JavaScript: memory', async () => assert.ok((await last([`${root}/bench/peers/js.js`, 'memory', 'plain', '1000'])).memory > 0));
  test('p-limit', async () => {
    const { found } = findPeers(new Set(['p-limit']));
    assert.equal((await last([`${root}/bench/peers/p-limit.js`, found['p-limit'].path ?? '', 'contention', '-', '5', '2', '10'])).each.length, 1);
  });
  test('Pyodide', async () => {
    const { found } = findPeers(new Set(['pyodide']));
    for (const args of ['spawn - 10 2 2', 'sleep - 10', 'pingpong - 10']) {
      const { each } = await last([`${root}/bench/peers/pyodide.js`, found.pyodide.path ?? '', ...args.split(' ')]);
      assert.ok(each.length && each.every((/** @type {number} */ value) => value > 0), args);
    }
  });
  const { go } = findPeers(new Set(['go'])).found;
  if (go)
    test('Go', { timeout: 300_000 }, async () => {
      const module = join(directory, 'go.wasm');
      await goBuild(module, go.loader ?? '');
      for (const args of ['yield - 10 100', 'spawn - 10 2 3', 'memory - 1000', 'sleep - 10', 'pingpong - 10', 'contention - 5 2 10', 'queue - 2 3 10']) {
        const { each, memory } = await last([`${root}/bench/peers/go.js`, module, ...args.split(' ')]);
        assert.ok(args.startsWith('memory') ? memory >= 0 : each.length && each.every((/** @type {number} */ value) => value > 0), args);
      }
    });
  test('JavaScript: start and apps', async () => {
    assert.equal((await last([`${root}/bench/peers/start.js`, '-', 'start', 'plain', '1'])).each.length, 2);
    assert.equal((await last([`${root}/bench/peers/start.js`, '-', 'apps', 'plain', '3'])).each.length, 1);
  });
});

/** Whether it runs: one that has ended may not have been waited for. @param {number} pid */
function runs(pid) {
  const stat = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '';
  return stat !== '' && !/^\d+ \(.*\) [ZX]/.test(stat);
}

test('a signal to the bench ends the measurement that runs', { timeout: 60_000 }, async () => {
  const [file, script] = [join(directory, 'pid'), `require('fs').writeFileSync(process.argv[1], String(process.pid) + '.'); setInterval(() => {}, 1e9)`];
  const code = `import { measure } from '${root}/bench/measure.js'; await measure([process.execPath, '-e', ${JSON.stringify(script)}, ${JSON.stringify(file)}])`;
  const bench = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'inherit', 'inherit'] });
  const ended = new Promise((resolve) => bench.on('exit', resolve));
  while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('.')) await wait(20);
  const pid = parseInt(readFileSync(file, 'utf8'));
  assert.ok(runs(pid));
  bench.kill('SIGINT');
  assert.equal(await ended, 130);
  while (runs(pid)) await wait(20);
});

test('the tables of docs/performance.md are those of bench/record/', () => {
  const page = readFileSync(PAGE, 'utf8');
  assert.equal(renewed(page), page, 'type one of: node bench/size.js --write, growth.js, http.js, executor.js, page.js, features.js');
  for (const heading of ['| the page ', '| three sleeps, -Oz ', '| figure ']) assert.ok(page.includes(heading), heading);
});
