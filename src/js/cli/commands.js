import { readFileSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { buildProgram } from '../../../emsdk-config/build.js';
import { sourceRoot } from '../../../emsdk-config/directories.js';
import { load } from '../node.js';
import { cachedProgram } from './cached.js';
import { help } from './help.js';
import { parseOptions } from './options.js';
import { Progress } from './progress.js';
import { UsageError, suggestion } from './usage.js';

/** @typedef {(words: string[]) => Promise<number>} Command given the words behind its name; resolves with the exit code */

/** @type {Command} */
async function build(words) {
  const options = parseOptions('build', words);
  if (options.help) return print(help.build);
  const inputs = [...options.sources, ...options.objects];
  if (!inputs.length) throw new UsageError('no input files. For example: wasyncio build app.c -o app.wasm');
  const output = options.output ?? `${basename(inputs[0], extname(inputs[0]))}.wasm`;
  const progress = new Progress(`building ${inputs.join(' ')} …`);
  try {
    await buildProgram({ ...options, output });
  } finally {
    progress.end();
  }
  return 0;
}

/** The module to run, built if need be. @param {import('./options.js').Options} options @param {string} command */
async function moduleOf(options, command) {
  const { sources, objects, modules } = options;
  const inputs = [...sources, ...objects];
  if (!inputs.length && !modules.length) throw new UsageError(`no program to run. For example: wasyncio ${command} app.c`);
  if (modules.length > 1 || (modules.length && inputs.length)) throw new UsageError(`one .wasm file is run by itself, not with '${inputs[0] ?? modules[1]}'`);
  return modules[0] ?? (await cachedProgram(options));
}

/** @type {Command} */
async function run(words) {
  const options = parseOptions('run', words);
  if (options.help) return print(help.run);
  const alone = options.explore && ['seed', 'trace', 'ps'].find((name) => options[/** @type {keyof typeof options} */ (name)]);
  if (alone) throw new UsageError(`'--explore' chooses the seeds itself and runs many times: not with '--${alone}'`);
  const module = await moduleOf(options, 'run');
  return options.explore ? await exploreSeeds(module, options, words) : await runOnce(module, options);
}

/** @param {string} module @param {import('./options.js').Options} options @returns {Promise<number>} */
async function runOnce(module, { args, virtualTime, allowRun, files, seed, trace, ps }) {
  const file = trace ? new (await import('./trace-file.js')).TraceFile(trace) : undefined;
  const end = () => file?.end();
  process.once('exit', end); // however it ends
  const app = await load(module, { args, env: process.env, clock: virtualTime ? 'virtual' : 'real', allowRun, files, seed, trace: file?.add });
  const stop = ps ? (await import('./ps.js')).watchTasks(app) : undefined;
  try {
    return await app.run();
  } finally {
    stop?.();
    process.off('exit', end);
    end();
  }
}

/** @param {string} module @param {import('./options.js').Options} options @param {string[]} words */
async function exploreSeeds(module, { args, allowRun, files, explore, anyOutput, timeLimit }, words) {
  const own = words.filter((word, i) => !/^--(explore|any-output|time-limit|virtual-time)/.test(word) && !/^--(explore|time-limit)$/.test(words[i - 1]));
  const quoted = own.map((word) => (/^[\w./=,:@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  const command = (/** @type {number | undefined} */ seed) => ['wasyncio run --virtual-time', ...(seed === undefined ? [] : [`--seed ${seed}`]), ...quoted].join(' ');
  return await (await import('./explore.js')).explore(module, explore ?? 0, { args, env: process.env, allowRun, files }, { anyOutput, timeLimit }, command);
}

/** @type {Command} */
async function serve(words) {
  const options = parseOptions('serve', words);
  if (options.help) return print(help.serve);
  const { args, allowRun, files, port, host } = options;
  /** @type {(why: unknown) => void} */
  let end = () => {};
  const ended = new Promise((resolve, reject) => {
    end = (why) => (typeof why === 'object' ? reject(why) : resolve(why));
  });
  ended.catch(() => {}); // told below
  const app = await load(await moduleOf(options, 'serve'), { args, env: process.env, allowRun, files, over: (why) => end(why) });
  const { fetch } = app.exports;
  if (!fetch) throw new UsageError('this program answers no requests: it has no WIO_SERVE(request) { … }');
  const { listen } = await import('./serve.js');
  process.once('SIGINT', () => end(0)).once('SIGTERM', () => end(0));
  const { url, close } = await listen(fetch, { port, host }).catch((error) => Promise.reject(new UsageError(`cannot listen on ${host}:${port}: ${error.message}`)));
  process.stderr.write(`listening on ${url}\n`);
  try {
    return /** @type {number} */ (await ended);
  } finally {
    await Promise.all([app.close(), close()]);
  }
}

/** @type {Command} */
async function cflags(words) {
  if (words.includes('--help') || words.includes('-h')) return print(help.cflags);
  if (words.length) throw new UsageError(`'wasyncio cflags' takes no '${words[0]}'`);
  return print(`-I${sourceRoot}\n`);
}

/** @param {string} text */
function print(text) {
  process.stdout.write(text);
  return 0;
}

const version = () => JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')).version;

/** @type {Record<string, Command>} */
const commands = { build, run, serve, cflags };

/** @type {Command} */
export async function command([name, ...words]) {
  if (name === undefined) throw new UsageError(`no command.\n${help[''].trimEnd()}`);
  if (name === '--version' || name === '-v') return print(`wasyncio ${version()}\n`);
  if (name === '--help' || name === '-h' || name === 'help') return print(help[words[0] in help ? words[0] : '']);
  if (Object.hasOwn(commands, name)) return await commands[name](words);
  const kind = name.startsWith('-') ? 'option' : 'command';
  throw new UsageError(`unknown ${kind} '${name}'.${suggestion(name, [...Object.keys(commands), '--help', '--version'])} All commands: wasyncio --help`);
}
