/** Lessons, examples and the user's own program: where their texts are, and which one is open. */

/** @typedef {import('./shell/lesson.js').Program} Program */

/** Put in by build.js. @type {{ programs: Program[], waits: string[], types: string[], api: string[], compiler: number, version: string, tools: Record<string, string> }} */
export const page = /** @type {any} */ (PAGE);

/** @type {Program} */
export const OWN = {
  name: 'yours',
  kind: 'own',
  title: 'Your program',
  heading: 'Your program',
  hook: 'Read it, then run it',
  text: 'Change it as you like. It is kept in this browser, and a link made by Share holds all of it.',
  file: 'main.c',
};

/** One that came with a link. @type {Program} */
export const SHARED = { ...OWN, name: 'shared', title: 'Shared program', heading: 'Shared program', text: 'This program came with a link. Read it, then run it; change what you like.' };

/** @type {Map<string, Promise<string>>} */
const texts = new Map();

/** @param {string} path */
export function text(path) {
  let found = texts.get(path);
  if (!found) {
    found = fetch(path).then((response) => {
      if (!response.ok) throw new Error(`${path}: the server answered ${response.status}`);
      return response.text();
    });
    texts.set(path, found);
    found.catch(() => texts.delete(path));
  }
  return found;
}

/** @param {Program} program */
export const sourceOf = (program) => text(`programs/${program.name}/${program.file}`);

/** @param {Program} program */
export const twinOf = (program) => text(`programs/${program.name}/twin.py`);

/** @param {Program} program */
export const moduleOf = (program) => `programs/${program.name}/program.wasm`;

/** The header with what it includes, as one text. */
export const header = () => text('wasyncio.h');

/** Without its number is fine. @param {string} name */
export const find = (name) => page.programs.find((each) => each.name === name || each.name.replace(/^\d+_/, '') === name);

/** Names for the editor. */
export const names = { waits: new Set(page.waits), types: new Set(page.types), pattern: /\b(?:wio|WIO)_\w+/ };

/** For the twin: what asyncio calls are, and which of them wait. */
export const pythonNames = {
  waits: new Set(['asyncio.sleep', 'asyncio.gather', 'asyncio.wait', 'asyncio.wait_for', 'session.get', 'asyncio.to_thread', 'asyncio.timeout', 'asyncio.TaskGroup']),
  types: new Set(/** @type {string[]} */ ([])),
  pattern: /\b(?:asyncio|aiohttp|session)\.\w+/,
};
