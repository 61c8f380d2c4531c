/**
 * What the program printed, with the time of each line, cut by the playhead. Whatever it prints is text: it never becomes
 * markup. Of too much the first and the last lines are kept.
 */
import { element } from '../dom.js';
import { duration } from '../run/words.js';
import { deadlockReport, failureReport } from './report.js';

const KEPT = 5000; // lines, first and last
const AT_ONCE = 400; // lines

/** Line ends and tabs are what they are; other control characters, escape among them, are shown. @param {string} text */
const visible = (text) => text.replace(/[\0-\x08\x0b-\x1f\x7f]/g, (char) => String.fromCharCode(char === '\x7f' ? 0x2421 : 0x2400 + char.charCodeAt(0)));

/** @typedef {{ element: HTMLElement, stream: 0 | 1 | 2, start: number }} Row stdout, stderr by their characters; the page's own by events */

export class Console {
  #root;
  #view;
  #head = element('div');
  #gap = element('div', { className: 'l gap', hidden: true }, element('span', { className: 'tm' }), element('span', { className: 'sys' }));
  #tail = element('div');
  #cut = element('div', { className: 'cut' }, 'playhead');
  #empty = element('p', { className: 'none' }, 'What the program prints appears here, with the time of each line.');
  /** @type {Row[]} */
  #rows = [];
  #dropped = 0;
  /** @type {import('../program/output.js').Record[]} printed, but not shown yet */
  #pending = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #cost = 0; // ms that showing took last time
  /** The line that goes on. @type {{ stream: string, text: HTMLElement } | undefined} */
  #open;
  #inReport = false;
  /** Lines that came before their events: a step was not over. @type {{ label: HTMLElement, stream: string, start: number }[]} */
  #untimed = [];
  /** @type {{ place: HTMLElement, start: number, time: number }[]} */
  #reports = [];
  /** A line of which the report of a deadlock may be the beginning. */
  stuck = false;

  /** @param {HTMLElement} root @param {import('../run/view.js').View} view */
  constructor(root, view) {
    this.#root = root;
    this.#view = view;
    this.#cut.setAttribute('aria-hidden', 'true');
    root.append(this.#empty, this.#head, this.#gap, this.#tail);
  }

  clear() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#pending = [];
    this.#rows = [];
    this.#cost = 0;
    this.#cut.remove();
    this.#head.replaceChildren();
    this.#tail.replaceChildren();
    this.#showGap('');
    this.#dropped = 0;
    this.#open = undefined;
    this.#inReport = this.stuck = false;
    this.#untimed = [];
    this.#reports = [];
    this.#empty.hidden = false;
    this.#tail.classList.remove('later');
  }

  /** Stays at the end if it was there. @param {() => void} change */
  #following(change) {
    const root = this.#root;
    const atEnd = root.scrollTop + root.clientHeight >= root.scrollHeight - 24;
    change();
    if (atEnd) root.scrollTop = root.scrollHeight; // lays it out
  }

  /** @param {import('../program/output.js').Record[]} records @param {number} dropped lines left out before them */
  print(records, dropped) {
    this.#dropped += dropped;
    this.#pending = this.#pending.concat(records);
    const room = Math.max(KEPT - this.#head.childElementCount, 0);
    const tooMany = this.#pending.length - room - KEPT;
    if (tooMany > 0) this.#dropped += this.#pending.splice(room, tooMany).length;
    // A program that prints without pause leaves most of the time to the page.
    this.#timer ??= setTimeout(() => this.#show(), 4 * this.#cost);
  }

  /** @param {boolean} [all] otherwise so much that the page can go on */
  #show(all = false) {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#pending.length) return;
    const start = performance.now();
    const records = this.#pending.splice(0, all ? Infinity : AT_ONCE);
    this.#following(() => {
      for (const record of records) this.#line(record);
      if (this.#dropped) this.#showGap(`${this.#dropped.toLocaleString('en')} lines left out`);
    });
    this.#cost = performance.now() - start;
    if (this.#pending.length) this.#timer = setTimeout(() => this.#show(), 4 * this.#cost);
    this.move();
  }

  /** @param {string} text */
  #showGap(text) {
    this.#gap.hidden = !text;
    /** @type {HTMLElement} */ (this.#gap.lastElementChild).textContent = text;
  }

  /** A line of the page's own. @param {number} time @param {string} text @param {boolean} [failed] */
  note(time, text, failed = false) {
    this.#show(true);
    this.#drawReports(true);
    this.#following(() => {
      this.#open = undefined;
      this.#row(failed ? 'err sys' : 'sys', time, text, 2, this.#view.run.count);
    });
    this.move();
  }

  /** @param {number} time @param {string} title @param {string} text @param {string} last where the task that failed has waited last */
  failure(time, title, text, last) {
    this.#show(true);
    this.#following(() => {
      this.#open = undefined;
      this.#add(failureReport(title, visible(text), time, this.#view.show, last), 2, this.#view.run.count);
    });
    this.move();
  }

  /** @param {import('../program/output.js').Record} record */
  #line({ stream, time, start, text }) {
    const ended = text.endsWith('\n');
    const line = visible(ended ? text.slice(0, -1) : text);
    if (this.#open?.stream === stream) this.#open.text.append(line);
    else if (stream !== 'stderr' || !this.#reported(time, line, start)) {
      const known = this.#timeOf(stream, start);
      const row = this.#row(stream === 'stderr' ? 'err' : 'out', known ?? time, line, stream === 'stderr' ? 1 : 0, start);
      if (known === undefined) this.#untimed.push({ label: /** @type {HTMLElement} */ (row.previousElementSibling), stream, start });
      this.#open = { stream, text: row };
    }
    if (ended) this.#open = undefined;
  }

  /** By the trace. @param {string} stream @param {number} start */
  #timeOf(stream, start) {
    const { prints, printed, time } = this.#view.run;
    const column = stream === 'stderr' ? 1 : 0;
    let [low, high] = [0, prints.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (printed[2 * middle + column] <= start) low = middle + 1;
      else high = middle;
    }
    return low < prints.length ? time[prints.data[low]] : undefined;
  }

  /** The lines of a deadlock report become one, drawn from the run. @param {number} time @param {string} line @param {number} start */
  #reported(time, line, start) {
    if (/^wasyncio: deadlock: /.test(line)) {
      this.#inReport = this.stuck = true;
      const place = element('div');
      this.#reports.push({ place, start, time });
      this.#add(place, 1, start);
      this.#drawReports(false);
      return true;
    }
    this.#inReport &&= line.startsWith(' ');
    return this.#inReport;
  }

  /** Once the events have come that lead there. @param {boolean} now or at the end, with what there is */
  #drawReports(now) {
    this.#reports = this.#reports.filter(({ place, start, time }) => {
      const { run } = this.#view;
      const event = this.#printOf(start) ?? (now ? run.count - 1 : undefined);
      if (event === undefined) return true;
      run.stuck = true;
      place.replaceChildren(deadlockReport(run, event, run.time[event] ?? time, this.#view));
      return false;
    });
  }

  /** The event that printed this character of stderr. @param {number} start */
  #printOf(start) {
    const { prints, printed } = this.#view.run;
    for (let i = prints.length - 1; i >= 0; i--) if (printed[2 * i + 1] > start && (i === 0 || printed[2 * i - 1] <= start)) return prints.data[i];
    return undefined;
  }

  /** @param {string} kind @param {number} time @param {string} text @param {0 | 1 | 2} stream @param {number} start */
  #row(kind, time, text, stream, start) {
    const content = element('span', { className: kind }, text);
    this.#add(element('div', { className: 'l' }, element('span', { className: 'tm' }, duration(time)), content), stream, start);
    return content;
  }

  /** @param {HTMLElement} row @param {0 | 1 | 2} stream @param {number} start */
  #add(row, stream, start) {
    this.#empty.hidden = true;
    if (this.#cut.isConnected) this.#cut.remove();
    this.#rows.push({ element: row, stream, start });
    if (this.#head.childElementCount < KEPT) return void this.#head.append(row);
    this.#tail.append(row);
    if (this.#tail.childElementCount <= KEPT) return;
    this.#tail.firstElementChild?.remove();
    this.#rows.splice(KEPT, 1);
    this.#dropped++;
  }

  /** How many rows lie before the playhead. */
  get past() {
    const { moment, run } = this.#view;
    if (!this.#view.has || moment.event >= run.count - 1) return this.#rows.length;
    const [stdout, stderr] = moment.printed;
    const limits = [stdout, stderr, moment.event + 1];
    let [low, high] = [0, this.#rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { stream, start } = this.#rows[middle];
      if (stream === 2 ? start <= limits[2] : start < limits[stream]) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get count() {
    return this.#rows.length;
  }

  /** Texts of the last lines before the playhead. @param {number} count */
  lastLines(count) {
    const past = this.past;
    return this.#rows.slice(Math.max(0, past - count), past).map(({ element: row }) => row.cloneNode(true));
  }

  /** The playhead has moved: what comes after it is in pencil. */
  move() {
    this.#untimed = this.#untimed.filter(({ label, stream, start }) => {
      const time = this.#timeOf(stream, start);
      if (time !== undefined) label.textContent = duration(time);
      return time === undefined && label.isConnected;
    });
    this.#drawReports(false);
    const past = this.past;
    const first = this.#rows[past]?.element;
    if (!first) this.#cut.remove();
    else if (this.#cut.nextElementSibling !== first) first.before(this.#cut);
    this.#tail.classList.toggle('later', !!first && first.parentElement === this.#head);
    if (first && !this.#view.live) this.#reveal(this.#cut);
  }

  /** Without scrolling anything else. @param {HTMLElement} row */
  #reveal(row) {
    const root = this.#root;
    const [top, bottom] = [row.offsetTop - root.offsetTop, row.offsetTop - root.offsetTop + row.offsetHeight];
    if (bottom > root.scrollTop + root.clientHeight) root.scrollTop = bottom - root.clientHeight + 40;
    else if (top < root.scrollTop) root.scrollTop = Math.max(0, top - 40);
  }
}
