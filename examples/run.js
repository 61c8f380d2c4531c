#!/usr/bin/env node
/** Builds and runs an example against a loopback server: `node examples/run.js --help`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { examples, findExample } from './list.js';
import { needs, root } from './needs.js';

const HELP = `usage: node examples/run.js NAME [--urls N] [--limit N]

Builds examples/NAME.c, runs it against a server on this machine, and says what the server saw.

  --urls N    fetch_limited: how many URLs (default 500)
  --limit N   fetch_limited: how many at a time (default 10)
  --help

Examples:
${examples.map(({ name, title }) => `  ${name.padEnd(18)} ${title}`).join('\n')}
`;

class UsageError extends Error {}

/** @param {string} option @param {string | undefined} text @param {number} otherwise */
function count(option, text, otherwise) {
  if (text === undefined) return otherwise;
  if (!/^\d+$/.test(text) || Number(text) < 1 || Number(text) > 100_000) throw new UsageError(`--${option} needs a whole number from 1 to 100000, not '${text}'`);
  return Number(text);
}

function readOptions() {
  const options = /** @type {const} */ ({ urls: { type: 'string' }, limit: { type: 'string' }, help: { type: 'boolean', short: 'h' } });
  let parsed;
  try {
    parsed = parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new UsageError(/** @type {Error} */ (error).message);
  }
  const { values, positionals } = parsed;
  if (values.help) return undefined;
  if (positionals.length !== 1) throw new UsageError(`${positionals.length ? 'one example at a time' : 'which example?'}\n\n${HELP.trimEnd()}`);
  const example = findExample(positionals[0]);
  if (!example) throw new UsageError(`there is no example '${positionals[0]}'; there are ${examples.map(({ name }) => name).join(', ')}`);
  const limited = example.name === '07_fetch_limited';
  if (!limited && (values.urls || values.limit)) throw new UsageError(`--urls and --limit are for fetch_limited, not for ${example.name}`);
  const urls = count('urls', values.urls, 500);
  return { example, urls: limited ? urls : undefined, args: limited ? [String(urls), String(count('limit', values.limit, 10))] : [] };
}

/** A line at the bottom of a terminal, which the program's output scrolls past, line by line. Elsewhere nothing. */
class LiveLine {
  #text = '';
  #rest = { stdout: '', stderr: '' };
  #shown = process.stderr.isTTY === true;

  /** @param {string} text */
  show(text) {
    this.#text = text;
    if (this.#shown) process.stderr.write(`\r\x1b[K${text.slice(0, (process.stderr.columns || 80) - 1)}`);
  }

  /** @param {'stdout' | 'stderr'} stream @param {string} text */
  above(stream, text) {
    if (!this.#shown) return void process[stream].write(text);
    const lines = (this.#rest[stream] + text).split(/(?<=\n)/);
    this.#rest[stream] = lines.at(-1)?.endsWith('\n') ? '' : (lines.pop() ?? '');
    if (!lines.length) return;
    process.stderr.write('\r\x1b[K');
    process[stream].write(lines.join(''));
    this.show(this.#text);
  }

  end() {
    if (!this.#shown) return;
    this.#shown = false;
    process.stderr.write('\r\x1b[K');
    for (const stream of /** @type {const} */ (['stdout', 'stderr'])) process[stream].write(this.#rest[stream]);
  }
}

/** The server learns of a closed connection a moment later. @param {{ active: number }} seen */
async function untilQuiet(seen) {
  for (let i = 0; i < 50 && seen.active; i++) await sleep(10);
}

const seconds = (/** @type {number} */ ms) => `${(ms / 1000).toFixed(2)} s`;

/** @param {string} wasm @param {string[]} args @param {number | undefined} urls */
async function runWithServer(wasm, args, urls) {
  const [{ load }, { startServer }] = await Promise.all([import('../src/js/node.js'), import('../tests/server/server.js')]);
  const server = await startServer();
  const line = new LiveLine();
  const start = performance.now();
  const seen = server.stats();
  const draw = () => line.show(`${seen.total - seen.active}${urls ? ` of ${urls}` : ''} answered, ${seen.active} in flight, ${seconds(performance.now() - start)}`);
  const timer = setInterval(draw, 100);
  try {
    const app = await load(wasm, {
      args: [server.url, ...args],
      env: process.env,
      stdout: (text) => line.above('stdout', text),
      stderr: (text) => line.above('stderr', text),
    });
    return await app.run();
  } finally {
    const time = performance.now() - start;
    clearInterval(timer);
    line.end();
    await untilQuiet(seen);
    const each = seen.total ? `, ${(time / seen.total).toFixed(2)} ms per request` : '';
    const aborted = seen.aborted ? `, ${seen.aborted} given up` : '';
    console.log(`\n${seen.total} request${seen.total === 1 ? '' : 's'}${aborted}, at most ${seen.most} in flight (as the server saw), ${seconds(time)}${each}`);
    await server.close();
  }
}

/** @param {string} script @param {string} wasm @returns {Promise<number>} */
function runDriver(script, wasm) {
  const child = spawn(process.execPath, [join(root, 'examples', script), wasm], { stdio: 'inherit' });
  process.on('SIGINT', () => {}); // the child has it too, and its exit code is ours
  return new Promise((resolve, reject) => child.on('error', reject).on('exit', (code) => resolve(code ?? 130)));
}

/** @param {string} wasm @param {import('./list.js').Example} example */
async function runAlone(wasm, { driver }) {
  if (driver) return await runDriver(driver, wasm);
  const { load } = await import('../src/js/node.js');
  return await (await load(wasm, { env: process.env })).run();
}

async function main() {
  const options = readOptions();
  if (!options) return process.stdout.write(HELP), 0;
  const { example, args, urls } = options;
  needs(['@bjorn3/browser_wasi_shim', 'ws'], ['--omit=dev']);
  const { buildExample } = await import('./build.js');
  const wasm = await buildExample(example.name, () => console.error(`building examples/${example.name}.c`));
  return example.server ? await runWithServer(wasm, args, urls) : await runAlone(wasm, example);
}

process.exitCode = await main().catch((error) => {
  if (error.name === 'CompileError') return 1; // the compiler has said it
  if (error instanceof UsageError || error.name === 'BuildError') console.error(error.message);
  else console.error(error.constructor.name === 'WasyncioError' ? `${error.name}: ${error.message}` : error.stack);
  return error instanceof UsageError ? 2 : 1;
});
