/** A place without folders and without what stands behind it: as in tasks.js, for what is not loaded with the core. @param {string | null} [place] */
export const short = (place) => place?.split('\n')[0].split(/[\\/]/).pop() || null;
