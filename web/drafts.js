/**
 * Edited programs, as texts in this browser's storage, so that they outlive the page. A browser that refuses, or has no room,
 * changes nothing but what `set()` answers.
 * @typedef {{ files: Record<string, string>, open: string }} Draft
 */
import { memory } from './dom.js';
import { isProgram } from './share/link.js';

const PREFIX = 'draft ';
const ROOM = 1_000_000; // characters of all drafts; browsers give a site about five times that
const LINK = 'link '; // drafts of shared programs: they may go, oldest first, if there is no room

/** Of a link: a program that many people may have and change. @param {string} fragment */
export function linkOf(fragment) {
  let hash = 0x811c9dc5;
  for (let i = 0; i < fragment.length; i++) hash = Math.imul(hash ^ fragment.charCodeAt(i), 0x01000193) >>> 0;
  return `${LINK}${hash.toString(36)}-${fragment.length} `;
}

export class Drafts {
  #on;

  /** @param {boolean} on not in other people's pages */
  constructor(on) {
    this.#on = on;
  }

  /** @param {string} slot @returns {Draft | undefined} */
  find(slot) {
    if (!this.#on) return undefined;
    try {
      const { files, open } = JSON.parse(memory.get(PREFIX + slot) ?? 'null') ?? {};
      return isProgram(files) ? { files, open: Object.hasOwn(files, open) ? open : Object.keys(files)[0] } : undefined;
    } catch {
      return undefined; // somebody else's
    }
  }

  /** A draft of its own for each time that a link is opened: none is ever overwritten by another. @param {string} link */
  slotFor(link) {
    return link + Date.now().toString(36).padStart(9, '0');
  }

  /** The last one of a link; ''. @param {string} link */
  newest(link) {
    return (this.#on && memory.keys(PREFIX + link).sort().at(-1)?.slice(PREFIX.length)) || '';
  }

  /** @param {string} slot @param {Draft} draft @returns {boolean} whether it is kept */
  set(slot, draft) {
    if (!this.#on) return false;
    const text = JSON.stringify(draft);
    return this.#makeRoom(slot, text.length) && memory.set(PREFIX + slot, text);
  }

  /** @param {string} slot */
  delete(slot) {
    if (this.#on) memory.delete(PREFIX + slot);
  }

  /** @param {string} slot @param {number} size */
  #makeRoom(slot, size) {
    const others = memory.keys(PREFIX).filter((key) => key !== PREFIX + slot).map((key) => ({ key, size: memory.get(key)?.length ?? 0 }));
    let all = others.reduce((sum, other) => sum + other.size, size);
    const age = (/** @type {string} */ key) => key.slice(key.lastIndexOf(' '));
    const links = others.filter(({ key }) => key.startsWith(PREFIX + LINK)).sort((a, b) => (age(a.key) < age(b.key) ? -1 : 1));
    for (const oldest of links) {
      if (all <= ROOM || size > ROOM) break;
      memory.delete(oldest.key);
      all -= oldest.size;
    }
    return all <= ROOM;
  }
}
