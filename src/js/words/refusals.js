/**
 * Why load() refuses, and what to do.
 * @typedef {{ name: string, message: string, cause?: unknown, code?: boolean }} Refusal `code`: the error has a number in C
 */

/** @param {string} message @returns {Refusal} */
const invalid = (message) => ({ name: 'EINVAL', message });

/** What each option must be. @type {Record<string, string>} */
const OPTIONS = {
  'the second argument': 'an object of options',
  args: 'an array of strings',
  env: 'an object of strings',
  stdout: 'a function or a stream',
  stderr: 'a function or a stream',
  imports: 'an object of functions',
  fetch: 'a function',
  stdin: 'a string, a Uint8Array, a ReadableStream or an async iterable of these',
  files: "an object of directories: paths, directory handles or contents, as { '/data': './data' }",
  allowRun: 'true, false or an array of program names',
  signal: 'an AbortSignal',
  clock: "'real', 'virtual' or an object with a function 'jump'",
  worker: 'a URL, or a function that returns a Worker',
  seed: 'an integer from 0 to 4294967295',
  trace: 'a function',
  debug: 'true, false or a number of seconds',
};

/** @param {string} name @param {unknown} value */
export function option(name, value) {
  if (!Object.hasOwn(OPTIONS, name)) return invalid(`load(): unknown option '${name}'; there are ${Object.keys(OPTIONS).slice(1).join(', ')}`);
  if (value instanceof WebAssembly.Module) return invalid(`load(): ${name} needs a module that was not built for size: build it with -O2 (the default of \`wasyncio build\`), not -Os or -Oz`);
  const given = typeof value === 'string' ? `'${value}'` : Array.isArray(value) ? 'an array' : String(value);
  return invalid(`load(): ${name} is ${given}, not ${OPTIONS[name]}`);
}

export const source = () => invalid('load(): the source is no URL, path, Response, bytes or WebAssembly.Module');

/** @param {any} cause @param {string} from @param {any} source a buffer or a view of one @returns {Refusal} */
export function notCompiled(cause, from, source) {
  const bytes = new Uint8Array(source.buffer ?? source, source.byteOffset, source.byteLength);
  if (!bytes.length) return invalid(`${from} is empty`);
  if (String(bytes.subarray(0, 4)) === '0,97,115,109') return { name: 'EINVAL', message: `${from} does not compile: ${cause?.message}`, cause };
  const start = new TextDecoder().decode(bytes.subarray(0, 60)).trim();
  const html = /^<(!doctype|html)/i.test(start) ? ' but HTML (a 404 page?)' : '';
  return invalid(`${from} is not WebAssembly${html}: it begins with ${JSON.stringify(start.slice(0, 20))}`);
}

/** @param {any} cause @param {string} from @returns {Refusal} */
export const notRead = (cause, from) => ({
  name: typeof cause?.code === 'string' ? cause.code : 'EIO',
  message: `cannot read ${from}: ${cause?.code === 'ENOENT' ? 'there is no such file' : cause?.message}`,
  cause,
});

/** @param {unknown} _ @param {string} from @param {Response} response @returns {Refusal} */
export const notFound = (_, from, { status, statusText }) => ({ name: 'ENOENT', message: `${from}: the server answered ${status} ${statusText}`.trim() });

export const notOurs = () =>
  invalid('this module was not built with wasyncio (it has no "wasyncio" section): build it with `wasyncio build app.c -o app.wasm`');

/** @param {string} theirs @param {string} ours @returns {Refusal} */
export const otherAbi = (theirs, ours) => ({
  name: 'EPROTO',
  message: `this module speaks wasyncio ABI ${theirs || '(none)'}, this package ${ours}: rebuild it with the wasyncio that you load it with`,
});

/** @param {string} kind @returns {Refusal} */
export const noSuchKind = (kind) => ({ name: 'EPROTO', message: `this module needs '${kind}' operations, which this package does not have: load it with the wasyncio it was built with` });

/** @param {any} cause @returns {Refusal} */
export const notLinked = (cause) => ({ name: 'EINVAL', message: `the module does not fit this package: ${cause?.message}`, cause });

export const noMain = () => ({ name: 'ENOENT', message: 'app.run(): the module has no main(); call its exports', code: true });
export const noMemory = () => ({ name: 'ENOMEM', message: 'app.run(): no memory for main()', code: true });
export const running = () => ({ name: 'EBUSY', message: 'app.run(): main() is running already', code: true });

export const refusals = { source, notCompiled, notRead, notFound, notOurs, otherAbi, noSuchKind, notLinked, noMain, noMemory, running };
