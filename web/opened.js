/** Which program is open, what it was like when it was opened, and what somebody has made of it. */
import { find as findProgram, OWN, page, sourceOf } from './programs.js';

/**
 * @typedef {import('./shell/lesson.js').Program} Program
 * @typedef {import('./editor/editor.js').Kept} Kept
 *
 * @typedef {object} Opening
 * @property {Record<string, string>} [files] instead of the page's
 * @property {string} [open] one of them
 * @property {string} [notice] said instead of the lesson's text
 * @property {boolean} [addressed] by the address, which it becomes
 * @property {boolean} [stay] the address stays
 * @property {string} [link] that it came with, as a name for its drafts
 * @property {string} [slot] of the draft to go on with
 * @property {Kept} [kept] to go on with
 * @property {Aside} [aside] to have back
 *
 * @typedef {{ kept: () => Kept | undefined, slot: string }} Aside
 *
 * @typedef {object} Parts
 * @property {import('./editor/editor.js').Editor} editor
 * @property {import('./files.js').Files} files
 * @property {import('./editor/pairs.js').Pairs} pairs
 * @property {import('./drafts.js').Drafts} drafts
 * @property {boolean} embedded
 * @property {(next: Program, how: Opening) => void} leaving another is about to be opened
 * @property {() => void} shown it is
 * @property {() => void} changed another version can be had, or none
 */

const PAUSE = 300; // ms without a key, then the draft is written

export class Opened {
  program = page.programs[0];
  /** Its text could not be kept. */
  unkept = false;
  #parts;
  /** The program's files as they were opened; a prebuilt module is of these. @type {Record<string, string>} */
  #original = {};
  /** Whose files are in the editor. @type {Program | undefined} */
  #shown;
  /** Under what its draft is kept; '': it gets one with the first edit. */
  #slot = '';
  #link = '';
  #dirty = false;
  /** Another version of it than the one on show. @type {Aside | undefined} */
  #aside;
  /** What was changed in programs that are not on show, with its undo, until the page is closed; by slot. @type {Map<string, Kept>} */
  #kept = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  /** Whoever asks for a run while a program's text is on its way means that program. */
  ready = Promise.resolve();

  /** @param {Parts} parts */
  constructor(parts) {
    this.#parts = parts;
    addEventListener('pagehide', () => this.#save());
  }

  get isOriginal() {
    return JSON.stringify(this.#parts.editor.files) === JSON.stringify(this.#original);
  }

  /** Does the page have a module of this very text? */
  get isPrebuilt() {
    return this.program.kind !== 'own' && this.isOriginal;
  }

  /** What one click brings: the original, if this is edited; what was made of it, if this is the original. @returns {'original' | 'mine' | undefined} */
  get other() {
    if (this.program === OWN || !this.#shown) return undefined;
    if (!this.isOriginal) return 'original';
    return this.#aside && 'mine';
  }

  /** @param {Program} next @param {Opening} [how] */
  open(next, how = {}) {
    return (this.ready = this.#load(next, how));
  }

  /** @param {Program} next @param {Opening} how */
  async #load(next, how) {
    const { editor, files, pairs, drafts } = this.#parts;
    this.#leave();
    this.program = next;
    this.#shown = undefined;
    this.#parts.leaving(next, how);
    this.#setAddress(next, how);
    const given = how.files;
    const source = given ? '' : await sourceOf(next).catch((error) => `/* The source could not be loaded. ${error.message} */\n`);
    if (this.program !== next) return;
    this.#original = given ?? { [next.file]: source };
    this.#link = how.link ?? '';
    this.#slot = how.slot ?? (how.link ? '' : next.name);
    this.#aside = how.aside;
    this.unkept = false;
    pairs.open((!given && next.pairs) || [], next.file);
    const stored = this.#slot && next !== OWN && !how.aside ? drafts.find(this.#slot) : undefined;
    const kept = how.kept ?? (how.aside ? undefined : this.#kept.get(this.#slot)) ?? (stored && editor.changed(stored, this.#original));
    if (kept) files.bringBack(kept, this.#original);
    else files.show(this.#original, how.open ?? Object.keys(this.#original)[0]);
    if (how.link && !kept && !how.aside) this.#aside = this.#asideOf(drafts.newest(how.link) || next.name);
    this.#shown = next;
    this.#dirty = !!how.kept || (next === OWN && !drafts.find(OWN.name));
    this.#save();
    this.#parts.shown();
  }

  /** What was made of a link's program at an earlier visit. @param {string} slot @returns {Aside | undefined} */
  #asideOf(slot) {
    const { drafts, editor } = this.#parts;
    const draft = drafts.find(slot);
    return draft && { slot, kept: () => editor.changed(draft, this.#original) };
  }

  /** What somebody chooses can be come back to with the browser's Back. @param {Program} next @param {Opening} how */
  #setAddress(next, { addressed, stay, link, slot }) {
    if (link && slot) history.replaceState({ draft: slot }, '');
    if (link || stay) return;
    const address = location.pathname + location.search + (next === page.programs[0] ? '' : `#${next.name}`);
    if (address === location.pathname + location.search + location.hash) return;
    if (addressed || this.#parts.embedded) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
  }

  #leave() {
    if (!this.#shown) return;
    this.#save();
    if (this.program === OWN || !this.#slot) return;
    if (this.isOriginal) this.#kept.delete(this.#slot);
    else this.#kept.set(this.#slot, this.#parts.editor.keep());
  }

  /** A key was pressed. */
  edited() {
    this.#dirty = true;
    this.#aside = undefined;
    if (!this.#slot) {
      this.#slot = this.#parts.drafts.slotFor(this.#link);
      history.replaceState({ draft: this.#slot }, ''); // a reload, and Back, go on with it; another click on the link does not
    }
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => this.#save(), PAUSE);
  }

  #save() {
    clearTimeout(this.#pause);
    if (!this.#dirty || !this.#shown || this.#parts.embedded) return;
    this.#dirty = false;
    const { drafts, editor, changed } = this.#parts;
    const was = this.unkept;
    if (this.program !== OWN && this.isOriginal) {
      if (this.#slot) drafts.delete(this.#slot);
      this.unkept = false;
    } else {
      const { files } = editor;
      this.unkept = !drafts.set(this.#slot, { files, open: Object.hasOwn(files, editor.current) ? editor.current : Object.keys(files)[0] });
    }
    if (was !== this.unkept) changed();
  }

  /** To the other version. */
  async swap() {
    const { editor, drafts } = this.#parts;
    const { program } = this;
    const link = this.#link;
    const files = program.kind === 'own' ? this.#original : undefined;
    if (this.other === 'original') {
      const mine = editor.keep();
      const slot = this.#slot;
      clearTimeout(this.#pause);
      this.#dirty = false;
      this.#shown = undefined;
      this.#kept.delete(slot);
      drafts.delete(slot);
      if (link) history.replaceState(null, '');
      await this.open(program, { files, link, aside: { kept: () => mine, slot } });
    } else if (this.#aside) {
      const { kept, slot } = this.#aside;
      await this.open(program, { files, link, slot, kept: kept() });
    }
  }

  /** What was written here before, or what is in the editor. @param {Opening} [how] */
  async openOwn(how) {
    await this.ready;
    const { editor, drafts } = this.#parts;
    const stored = drafts.find(OWN.name);
    const shown = editor.files;
    const first = Object.keys(shown).length ? shown : { [OWN.file]: await sourceOf(page.programs[0]).catch(() => '') };
    const named = Object.fromEntries(Object.entries(first).map(([name, text], i) => [i === 0 && !Object.hasOwn(first, OWN.file) ? OWN.file : name, text]));
    await this.open(OWN, { ...how, files: stored?.files ?? named, open: stored?.open });
  }

  /** @param {string} name of a lesson, an example, or "yours" @param {Opening} [how] */
  openNamed(name, how) {
    return name === OWN.name ? this.openOwn(how) : this.open(findProgram(name) ?? page.programs[0], how);
  }
}
