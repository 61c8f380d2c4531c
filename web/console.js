/** The output pane. Whatever the program prints is text: it never becomes markup. */
import { element, icon } from './dom.js';

const KEPT = 5000; // lines, first and last

/** Line ends and tabs are what they are; other control characters, escape among them, are shown. @param {string} text */
const visible = (text) => text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (char) => String.fromCharCode(char === '\x7f' ? 0x2421 : 0x2400 + char.charCodeAt(0)));

/** @param {number} ms */
export const duration = (ms) => (ms < 9999.5 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`);

export class Console {
  #root;
  #jump;
  #head = element('div');
  #gap = element('div', { className: 'row note', hidden: true }, element('time'), element('span'));
  #tail = element('div');
  #dropped = 0;
  /** @type {import('./output.js').Record[]} printed, but not shown yet */
  #pending = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #cost = 0; // ms that showing took last time
  /** The line that goes on. @type {{ stream: string, text: HTMLElement } | undefined} */
  #open;
  /** @type {HTMLElement | undefined} the tree of a deadlock report that is being printed */
  #report;

  /** @param {HTMLElement} root @param {(place: string) => void} jump called with "file.c:12" */
  constructor(root, jump) {
    this.#root = root;
    this.#jump = jump;
    root.append(this.#head, this.#gap, this.#tail);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = [];
    this.#cost = 0;
    this.#head.replaceChildren();
    this.#tail.replaceChildren();
    this.#showGap('');
    this.#dropped = 0;
    this.#open = this.#report = undefined;
  }

  /** Stays at the end if it was there. @param {() => void} change */
  #following(change) {
    const root = this.#root;
    const atEnd = root.scrollTop + root.clientHeight >= root.scrollHeight - 24;
    change();
    if (atEnd) root.scrollTop = root.scrollHeight; // lays it out
  }

  /** @param {import('./output.js').Record[]} records @param {number} dropped lines left out before them */
  print(records, dropped) {
    this.#dropped += dropped;
    this.#pending = this.#pending.concat(records);
    const room = Math.max(KEPT - this.#head.childElementCount, 0);
    const tooMany = this.#pending.length - room - KEPT;
    if (tooMany > 0) this.#dropped += this.#pending.splice(room, tooMany).length;
    // A program that prints without pause leaves most of the time to the page.
    this.#timer ??= setTimeout(() => this.#show(), 4 * this.#cost);
  }

  #show() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#pending.length) return;
    const start = performance.now();
    const records = this.#pending;
    this.#pending = [];
    this.#following(() => {
      for (const { stream, time, text } of records) this.#line(stream, time, text);
      if (this.#dropped) this.#showGap(`${this.#dropped.toLocaleString('en')} lines left out`);
    });
    this.#cost = performance.now() - start;
  }

  /** @param {string} text */
  #showGap(text) {
    this.#gap.hidden = !text;
    /** @type {HTMLElement} */ (this.#gap.lastElementChild).textContent = text;
  }

  /** A line of the page's own. @param {number} time @param {string} text @param {boolean} [failed] */
  note(time, text, failed = false) {
    this.#show();
    this.#following(() => {
      this.#open = this.#report = undefined;
      this.#row(`note${failed ? ' failed' : ''}`, time, text);
    });
  }

  /** @param {number} time @param {string} title @param {string} text */
  failure(time, title, text) {
    this.#show();
    this.#following(() => {
      this.#open = this.#report = undefined;
      this.#add(element('div', { className: 'report' }, this.#title(title, time), element('p', {}, visible(text))));
    });
  }

  /** @param {string} stream @param {number} time @param {string} text */
  #line(stream, time, text) {
    const ended = text.endsWith('\n');
    const line = visible(ended ? text.slice(0, -1) : text);
    if (this.#open?.stream === stream) this.#open.text.append(line);
    else if (stream !== 'stderr' || !ended || !this.#reported(time, line)) {
      this.#report = undefined;
      this.#open = { stream, text: this.#row(stream, time, line) };
    }
    if (ended) this.#open = undefined;
  }

  /** Lines of a deadlock report: a title, then a tree of who waits for what. @param {number} time @param {string} line */
  #reported(time, line) {
    const title = /^wasyncio: deadlock: (.*?)(?: \((.*)\))?$/.exec(line);
    if (title) {
      this.#report = element('div', { className: 'tree' });
      const why = title[2] ? [element('p', {}, `${title[2][0].toUpperCase()}${title[2].slice(1)}.`)] : [];
      this.#add(element('div', { className: 'report' }, this.#title(`Deadlock: ${title[1]}`, time), this.#report, ...why));
      return true;
    }
    if (!this.#report || !line.startsWith(' ')) return false;
    const [, indent, who, what = '', place = '', state = ''] = /^( +)(.*?)(?:: (.*?)(?: at (\S+:\d+)( \(.*\))?)?)?$/.exec(line) ?? ['', '', line];
    const name = element('span', {}, element('b', {}, who), ' ', element('em', {}, what + state));
    name.style.paddingLeft = `${Math.max(indent.length - 2, 0) * 10}px`;
    const link = element('a', { href: `#${place}` }, place);
    link.addEventListener('click', (event) => {
      event.preventDefault();
      this.#jump(place);
    });
    this.#report.append(element('div', {}, name, place ? link : ''));
    return true;
  }

  /** @param {string} text @param {number} time */
  #title(text, time) {
    return element('h3', {}, icon('failed'), element('span', {}, text), element('time', {}, duration(time)));
  }

  /** @param {string} kind @param {number} time @param {string} text */
  #row(kind, time, text) {
    const content = element('span', {}, text);
    this.#add(element('div', { className: `row ${kind}` }, element('time', {}, duration(time)), content));
    return content;
  }

  /** @param {HTMLElement} row */
  #add(row) {
    if (this.#head.childElementCount < KEPT) return void this.#head.append(row);
    this.#tail.append(row);
    if (this.#tail.childElementCount <= KEPT) return;
    this.#tail.firstElementChild?.remove();
    this.#dropped++;
  }
}
