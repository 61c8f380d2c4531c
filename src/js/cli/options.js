import { existsSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { isToolchain } from '../../../emsdk-config/build.js';
import { UsageError, suggestion } from './usage.js';

/**
 * The command line, in the manner of a C compiler: -Ifoo and -I foo are the same, order of libraries is kept, and what
 * only the compiler understands goes to it. node:util's parseArgs does none of that.
 * @typedef {object} Options
 * @property {string[]} sources
 * @property {string[]} objects
 * @property {string[]} modules .wasm files
 * @property {string | undefined} output
 * @property {import('../../../emsdk-config/flags.js').Optimize} optimize
 * @property {string[]} includes
 * @property {string[]} defines
 * @property {string[]} libs
 * @property {string[]} libraryDirectories
 * @property {string[]} extra
 * @property {boolean} blockingSleep
 * @property {boolean} virtualTime
 * @property {import('../../../emsdk-config/build.js').Toolchain} toolchain
 * @property {number | undefined} seed
 * @property {number | undefined} explore how many seeds
 * @property {boolean} anyOutput
 * @property {number | undefined} timeLimit seconds, for a run of --explore
 * @property {string | undefined} trace where to write it
 * @property {boolean} ps
 * @property {boolean | string[]} allowRun
 * @property {Record<string, string>} files granted directories by the name under which the program sees them
 * @property {number} port to listen on
 * @property {string} host
 * @property {boolean} help
 * @property {string[]} args behind "--"
 */

const LEVELS = ['-O0', '-O1', '-O2', '-O3', '-Os', '-Oz', '-g'];
const FOR_COMPILER = /^(-W.+|-f.+|-m.+|-std=.+|-U.+|-isystem.+|-include.+|-w|-pedantic(-errors)?|-s[A-Z]\w*(=.*)?)$/;
const REFUSED = new Map([
  ['-c', "only whole programs are built; compile objects with emcc and $(wasyncio cflags), then give the .o files to 'wasyncio build'"],
  ['-pthread', 'threads are not supported: tasks of one module share one thread'],
]);
const KINDS = new Map([
  ...['.c', '.cc', '.cpp', '.cxx', '.C'].map((ending) => /** @type {const} */ ([ending, 'sources'])),
  ...['.o', '.a'].map((ending) => /** @type {const} */ ([ending, 'objects'])),
  /** @type {const} */ (['.wasm', 'modules']),
]);

/** @param {'build' | 'run' | 'serve'} command @param {string[]} words @returns {Options} */
export function parseOptions(command, words) {
  /** @type {Options} */
  const options = {
    ...{ sources: [], objects: [], modules: [], output: undefined, optimize: '-O2', includes: [], defines: [], toolchain: 'emscripten' },
    ...{ libs: [], libraryDirectories: [], extra: [], blockingSleep: false, port: 8000, host: '127.0.0.1', help: false, args: [] },
    ...{ virtualTime: false, allowRun: false, files: {}, seed: undefined, explore: undefined, anyOutput: false, timeLimit: undefined, trace: undefined, ps: false },
  };
  /** Options with a value, which may be glued on or come next. @type {Record<string, ((value: string) => void) | undefined>} */
  const valued = {
    '-I': (value) => void options.includes.push(value),
    '-D': (value) => void options.defines.push(value),
    '-l': (value) => void options.libs.push(value),
    '-L': (value) => void options.libraryDirectories.push(value),
    ...(command === 'build' ? { '-o': (/** @type {string} */ value) => void (options.output = value) } : {}),
  };
  const runs = command !== 'build';
  /** Long options; those of run also with a value, behind "=" or in the next word. @type {Record<string, () => void>} */
  const plain = {
    '--blocking-sleep': () => void (options.blockingSleep = true),
    ...(command === 'run' && {
      '--virtual-time': () => void (options.virtualTime = true),
      '--any-output': () => void (options.anyOutput = true),
      '--ps': () => void (options.ps = true),
    }),
    ...(runs && { '--allow-run': () => void (options.allowRun = true) }),
  };
  /** @type {Record<string, (value: string) => void>} */
  const long = {
    '--toolchain': (value) => void (options.toolchain = toolchainOf(value)),
    ...(command === 'run' && {
      '--seed': (/** @type {string} */ value) => void (options.seed = number('--seed', value, 0, 2 ** 32 - 1)),
      '--explore': (/** @type {string} */ value) => void (options.explore = number('--explore', value, 1, 2 ** 32 - 1)),
      '--time-limit': (/** @type {string} */ value) => void (options.timeLimit = number('--time-limit', value, 1, 2 ** 20)),
      '--trace': (/** @type {string} */ value) => void (options.trace = value),
    }),
    ...(runs && { '--dir': (/** @type {string} */ value) => grant(options, value) }),
  };
  const known = [...LEVELS, ...Object.keys(valued), '--help', ...Object.keys(plain), ...Object.keys(long), ...(command === 'serve' ? ['--port', '--host'] : [])];
  for (let i = 0; i < words.length; i++) {
    const word = words[i];
    const value = valued[word.slice(0, 2)];
    const [name, glued] = word.split(/=(.*)/s, 2);
    if (word === '--') {
      options.args = words.slice(i + 1);
      break;
    } else if (!word.startsWith('-')) addFile(options, word, command);
    else if (LEVELS.includes(word)) options.optimize = /** @type {Options['optimize']} */ (word);
    else if (word === '-O') options.optimize = '-O1';
    else if (word === '-h' || word === '--help') options.help = true;
    else if (word.startsWith('--allow-run=') && runs) allowRun(options, word.slice('--allow-run='.length));
    else if (Object.hasOwn(plain, word)) plain[word]();
    else if (Object.hasOwn(long, name) && (glued ?? words[i + 1]) !== undefined) long[name](glued ?? words[++i]);
    else if (Object.hasOwn(long, name)) throw new UsageError(`'${word}' needs a ${word === '--dir' ? 'directory' : 'value'} behind it`);
    else if (/^--(port|host)(=|$)/.test(word) && command === 'serve') listenOn(options, word, word.includes('=') ? undefined : words[++i]);
    else if (word === '-o' && runs) throw new UsageError("'-o' is an option of 'wasyncio build'; run keeps what it builds in a cache");
    else if ((word === '-isystem' || word === '-include') && i + 1 < words.length) options.extra.push(word, words[++i]);
    else if (value && word.length > 2) value(word.slice(2));
    else if (value && i + 1 < words.length) value(words[++i]);
    else if (value) throw new UsageError(`'${word}' needs a value behind it`);
    else if (FOR_COMPILER.test(word)) options.extra.push(word);
    else throw new UsageError(`unknown option '${word}'${REFUSED.has(word) ? `: ${REFUSED.get(word)}` : `.${suggestion(word, known)} All options: wasyncio ${command} --help`}`);
  }
  if (command === 'build' && options.args.length) for (const word of options.args.splice(0)) addFile(options, word, command);
  return options;
}

/** @param {string} option @param {string} value @param {number} least @param {number} most */
function number(option, value, least, most) {
  const given = Number(value);
  if (!/^\d+$/.test(value) || given < least || given > most) throw new UsageError(`'${option}' takes a number from ${least} to ${most}, not '${value}'`);
  return given;
}

/** @param {Options} options @param {string} names of programs, by commas */
function allowRun(options, names) {
  if (!names) throw new UsageError("'--allow-run=' names no program; '--allow-run' alone allows any");
  if (options.allowRun !== true) options.allowRun = [...(options.allowRun || []), ...names.split(',')];
}

/** @param {Options} options @param {string} word "--port=80" or "--port" @param {string | undefined} next the word behind it */
function listenOn(options, word, next) {
  const [, name, given] = /^--(port|host)=?(.*)$/s.exec(word) ?? [];
  const value = next ?? given;
  if (!value) throw new UsageError(`'--${name}' needs a value behind it`);
  if (name === 'host') options.host = value;
  else if (/^\d{1,5}$/.test(value) && Number(value) <= 65535) options.port = Number(value);
  else throw new UsageError(`'${value}' is no port: a number from 0 (any that is free) to 65535`);
}

/** @param {Options} options @param {string} text "./data", or "./data:/name" */
function grant(options, text) {
  const [, directory, name = directory] = /^(.*?)(?::(\/.*))?$/s.exec(text) ?? [];
  if (!existsSync(directory)) throw new UsageError(`no such directory: '${directory}'`);
  if (!statSync(directory).isDirectory()) throw new UsageError(`'${directory}' is not a directory`);
  options.files[name] = directory;
}

/** @param {string} name @returns {Options['toolchain']} */
function toolchainOf(name) {
  if (isToolchain(name)) return name;
  throw new UsageError(`there is no toolchain '${name}': there are emscripten and npm`);
}

/** @param {Options} options @param {string} name @param {'build' | 'run' | 'serve'} command */
function addFile(options, name, command) {
  const kind = KINDS.get(extname(name));
  const runs = command !== 'build';
  if (!kind || (kind === 'modules' && command === 'build')) {
    const ours = runs ? "; the program's own arguments go behind '--'" : '';
    throw new UsageError(`'${name}' is not a file that can be ${runs ? 'run' : 'built'} (.c .cc .cpp .cxx .o .a${runs ? ' .wasm' : ''})${ours}`);
  }
  if (!existsSync(name)) throw new UsageError(`no such file: '${name}'`);
  if (!statSync(name).isFile()) throw new UsageError(`'${name}' is not a file`);
  options[kind].push(name);
}
