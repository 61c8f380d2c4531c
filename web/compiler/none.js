/** In place of the toolchain, where the page was built without one: never called. */
export function createToolchain() {
  throw new Error('this copy of the page has no compiler');
}

/** Nor a formatter. */
export const initSync = createToolchain;
export const format = createToolchain;
