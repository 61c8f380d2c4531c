/**
 * What differs between Node and a web page.
 * @typedef {object} Platform
 * @property {(source: string | URL, signal: AbortSignal | undefined) => Promise<BufferSource | Response>} read
 * @property {(which: 'stdout' | 'stderr') => ((bytes: Uint8Array) => void) | Promise<(bytes: Uint8Array) => void>} output
 * @property {import('../host/clock.js').Poster} poster
 * @property {(main: () => Promise<number>, cancel: () => boolean, watch: import('./debug/watch.js').Watch | undefined) => Promise<number>} [interruptible] runs main(), with Ctrl-C
 * @property {(idle: () => void) => () => void} [onIdle] nothing outside can happen any more
 * @property {() => () => void} [keepAlive]
 * @property {(name: string, path: string) => Promise<import('@bjorn3/browser_wasi_shim').Fd>} [hostDirectory] for files: one of this machine
 * @property {() => Promise<import('./system/libc-stdin.js').Source>} [standardInput] what libc reads; default: nothing
 * @property {Record<string, () => Promise<import('../host/ops.js').KindModule>>} [kinds] of operations, by name, where this platform has its own
 * @property {import('./workers/executor.js').Spawn} [spawn] default: Web Workers
 * @property {number} [cores] default: what `navigator` says
 */
export {};
