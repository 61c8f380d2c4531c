import { refusal } from './errors.js';

/**
 * @typedef {object} LoadOptions
 * @property {string[]} [args] main's arguments behind the program's name
 * @property {Record<string, string | undefined>} [env]
 * @property {((text: string) => void) | { write(data: any): unknown }} [stdout] default: the process's, or the console
 * @property {((text: string) => void) | { write(data: any): unknown }} [stderr]
 * @property {Record<string, (...args: any[]) => unknown>} [imports] what WIO_IMPORT declares
 * @property {typeof fetch} [fetch] default: the global one
 * @property {AbortSignal} [signal] aborting it cancels every task
 * @property {'real' | 'virtual'} [clock] virtual: time jumps when every task waits
 */

/** @param {any} value */
const isObject = (value) => value !== null && typeof value === 'object';
/** @param {any} value */
const isFunction = (value) => typeof value === 'function';
/** @param {any} value */
const isSink = (value) => isFunction(value) || isFunction(value?.write);

/** @type {Record<string, (value: any) => boolean>} */
const CHECKS = {
  args: Array.isArray,
  env: isObject,
  stdout: isSink,
  stderr: isSink,
  imports: isObject,
  fetch: isFunction,
  signal: (value) => value instanceof AbortSignal,
  clock: (value) => value === 'real' || value === 'virtual',
};

/** @param {Record<string, any>} options */
export async function checkOptions(options) {
  for (const name of Object.keys(options)) {
    const check = CHECKS[name];
    if (!check || (options[name] !== undefined && !check(options[name]))) throw await refusal('option', name, options[name]);
  }
}
