/**
 * A C function that is exported and no coroutine: called at once, and not as the task below it, if there is one.
 * @param {string} name @param {Function} fn @param {import('../app.js').Inside} inside
 */
export function plainFunction(name, fn, inside) {
  return (/** @type {unknown[]} */ ...args) => {
    const wrong = args.findIndex((arg) => !['number', 'bigint', 'boolean'].includes(typeof arg));
    if (wrong >= 0)
      throw inside.error('EINVAL', `argument ${wrong + 1} of ${name}() is no number: a C function that takes anything else must be declared with WIO_EXPORT`);
    return inside.call(`app.exports.${name}()`, () => {
      const { exports } = inside;
      const task = exports.wio__host_enter();
      const result = fn(...args);
      exports.wio__host_leave(task); // not after a crash
      return result;
    });
  };
}
