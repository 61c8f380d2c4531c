/** The file tabs: the program's files, the header to be read, and one more file. */
import { byId, element } from './dom.js';
import { FILE_NAME } from './share/link.js';
import { choices } from './shell/popover.js';

const HEADER = 'wasyncio.h';

export class Files {
  #editor;
  #header;
  #changed;
  #edited;
  #tell;
  /** @type {Record<string, string>} as they ran last */
  #clean = {};
  /** Texts of files that were removed, should one be added again. @type {Map<string, string>} */
  #removed = new Map();
  #mark = choices(byId('files'), 'aria-selected', (tab) => this.open(tab.dataset.file ?? ''));

  /** @param {import('./editor/editor.js').Editor} editor @param {() => Promise<string>} header @param {() => void} changed another file is open, or there is another @param {() => void} edited there is one more, or less @param {(words: string) => void} tell */
  constructor(editor, header, changed, edited, tell) {
    this.#editor = editor;
    this.#header = header;
    this.#changed = changed;
    this.#edited = edited;
    this.#tell = tell;
  }

  /** The open file, if it can be removed: all but the program's first and the header; '' otherwise. */
  get removable() {
    const [first, ...others] = Object.keys(this.#editor.files);
    return others.includes(this.#editor.current) && first ? this.#editor.current : '';
  }

  async remove() {
    const { current, files } = this.#editor;
    this.#removed.set(current, files[current]);
    await this.open(Object.keys(files)[0]);
    this.#editor.remove(current);
    this.draw();
    this.#edited();
    this.#tell(`${current} is removed. Add a file of that name to have it back.`);
    this.#editor.view.focus();
  }

  /** @param {Record<string, string>} files as they run, or have run @param {string} open */
  show(files, open) {
    this.#clean = { ...files };
    this.#editor.setFiles(files, open);
    this.draw();
  }

  /** What was written before is there again. @param {import('./editor/editor.js').Kept} kept @param {Record<string, string>} original */
  bringBack(kept, original) {
    this.#clean = { ...original };
    this.#editor.bringBack(kept);
    this.draw();
  }

  /** The texts are now those of the last run. */
  ran() {
    this.#clean = this.#editor.files;
    this.draw();
  }

  draw() {
    const { files, current } = this.#editor;
    const tabs = Object.keys(files).map((name) => {
      const tab = this.#tab(name, name === current);
      if (files[name] !== this.#clean[name]) {
        const dot = element('span', { className: 'dot', title: 'changed since the last run' });
        dot.setAttribute('role', 'img');
        dot.setAttribute('aria-label', 'changed since the last run');
        tab.append(' ', dot);
      }
      return tab;
    });
    const header = this.#tab(HEADER, current === HEADER);
    header.append(' ', element('span', { className: 'ro' }, 'read only'));
    byId('files').replaceChildren(...tabs, header);
    byId('editor').setAttribute('aria-labelledby', `file-${current}`);
    this.#addButton();
  }

  /** @param {string} name @param {boolean} selected */
  #tab(name, selected) {
    const tab = element('button', { className: 'tab', id: `file-${name}`, type: 'button', data: { file: name } }, name);
    tab.setAttribute('role', 'tab');
    tab.setAttribute('aria-selected', String(selected));
    tab.setAttribute('aria-controls', 'editor');
    tab.tabIndex = selected ? 0 : -1;
    return tab;
  }

  #addButton() {
    if (byId('add-file')) return;
    const add = element('button', { className: 'tab add', id: 'add-file', type: 'button', title: 'Another file' }, '+');
    add.setAttribute('aria-label', 'Add a file');
    add.addEventListener('click', () => this.#ask(add));
    byId('files').after(add);
  }

  /** @param {HTMLElement} add */
  #ask(add) {
    const input = Object.assign(document.createElement('input'), { className: 'new-file', placeholder: 'name.c', maxLength: 60 });
    input.setAttribute('aria-label', 'Name of the new file');
    let over = false; // removing it takes the focus away, which ends it, too
    const end = () => {
      if (over) return;
      over = true;
      input.remove();
      add.hidden = false;
    };
    input.addEventListener('keydown', (event) => {
      event.stopPropagation();
      if (event.key === 'Escape') return end();
      if (event.key !== 'Enter') return;
      event.preventDefault(); // it would be a line end in the new file
      const name = input.value.trim();
      const right = FILE_NAME.test(name) && name !== HEADER && !this.#editor.has(name);
      input.setCustomValidity(right ? '' : this.#editor.has(name) ? 'There is such a file.' : 'A name like net.c or net.h');
      if (!right) return void input.reportValidity();
      end();
      this.#editor.add(name, this.#removed.get(name) ?? (name.endsWith('.h') ? '#pragma once\n' : '#include <wasyncio.h>\n'));
      this.#edited();
      this.open(name);
      this.#editor.view.focus();
    });
    input.addEventListener('blur', end);
    add.hidden = true;
    add.before(input);
    input.focus();
  }

  /** @param {string} name */
  async open(name) {
    if (name === HEADER && !this.#editor.has(HEADER)) this.#editor.addReadOnly(HEADER, await this.#header().catch((error) => `/* The header could not be loaded. ${error.message} */\n`));
    this.#editor.open(name);
    const focused = document.activeElement?.id === `file-${name}`;
    this.draw();
    const tab = document.getElementById(`file-${name}`);
    if (tab) this.#mark(tab);
    tab?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    if (focused) tab?.focus();
    this.#changed();
  }
}
