/**
 * What differs between Node and a web page.
 * @typedef {object} Platform
 * @property {(source: string | URL, signal: AbortSignal | undefined) => Promise<BufferSource | Response>} read
 * @property {(which: 'stdout' | 'stderr') => (bytes: Uint8Array) => void} output
 * @property {import('../host/clock.js').Poster} poster
 * @property {(main: () => Promise<number>, cancel: () => boolean, watch: import('./watch.js').Watch | undefined) => Promise<number>} [interruptible] runs main(), with Ctrl-C
 * @property {(idle: () => void) => () => void} [onIdle] nothing outside can happen any more
 * @property {() => () => void} [keepAlive]
 */
export {};
