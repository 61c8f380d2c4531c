/** The build tools, for the command, the tests and whoever drives them from JavaScript. */
export { buildLibrary } from './library.js';
export { buildProgram, identity, isToolchain } from './program.js';
/** @typedef {import('./program.js').Toolchain} Toolchain */
export { findToolchain } from './find.js';
export { BuildError, CompileError } from './errors.js';
