/** What the names of files and flags say, for every toolchain. */

const CXX = /\.(cc|cpp|cxx|C)$/;

/** @param {string} file */
export const isCxx = (file) => CXX.test(file);

/** Emscripten's settings, and what is for wasm-ld. @param {string} flag */
export const isForLinker = (flag) => /^-(s[A-Z]|Wl,)/.test(flag);
