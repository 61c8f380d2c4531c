/** A program's memory, where threads share it; loaded for modules that were built with --threads. */

const NOT_ISOLATED =
  'this module was built with --threads, so its memory is shared, and this page is not cross-origin isolated: serve it with the headers ' +
  'Cross-Origin-Opener-Policy: same-origin and Cross-Origin-Embedder-Policy: require-corp, or build without --threads';

/**
 * Imports of the program's own instance.
 * @param {import('../app.js').Inside} inside @param {string[][]} declarations @param {import('../platform.js').Platform} platform
 */
export function share(inside, declarations, platform) {
  if (!platform.spawn && globalThis.crossOriginIsolated === false) throw inside.error('ENOTSUP', NOT_ISOLATED);
  const memory = (inside.shared = createMemory(declarations));
  return { memory, refused() {} };
}

/** As large as the build says, in pages. @param {string[][]} declarations */
export function createMemory(declarations) {
  const [, initial, maximum] = /** @type {string[]} */ (declarations.find(([kind]) => kind === 'memory'));
  return new WebAssembly.Memory({ initial: Number(initial), maximum: Number(maximum), shared: true });
}

/** In a thread: what C calls when a public function was refused there, by number. @param {string[][]} declarations @param {(text: string) => void} say */
export function createRefused(declarations, say) {
  const [, ...names] = declarations.find(([kind]) => kind === 'guarded') ?? [];
  return (/** @type {number} */ n) =>
    say(`wasyncio: ${names[n]}: a function that wio_to_thread() runs cannot call it: all of wasyncio belongs to the loop's thread; let the coroutine do it, before or after\n`);
}
