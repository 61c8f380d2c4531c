/** Errors, warnings, then advice from the run, and orders of events that end otherwise; each with its place. */
import { element, icon, placeLink } from '../dom.js';
import { quoted } from '../editor/marks.js';

/**
 * @typedef {import('../editor/marks.js').Problem} Problem
 * @typedef {{ title: string, text: string, act: () => void, action: string }} Finding
 */

const ICON = { error: 'err', warning: 'warn', note: 'note' };

export class Problems {
  #root;
  #show;
  #fix;
  /** @type {Problem[]} */
  #compiled = [];
  /** @type {import('../run/advice.js').Advice[]} */
  #advice = [];
  /** @type {Finding[]} */
  #findings = [];
  #words = 'No problems.';

  /** @param {HTMLElement} root @param {(place: string) => void} show @param {(problem: Problem) => void} fix */
  constructor(root, show, fix) {
    this.#root = root;
    this.#show = show;
    this.#fix = fix;
    this.#draw();
  }

  get count() {
    return this.#compiled.filter(({ severity }) => severity !== 'note').length + this.#advice.length + this.#findings.length;
  }

  /** @param {Problem[]} problems @param {string} words if there are none */
  compiled(problems, words) {
    this.#compiled = problems;
    this.#words = words;
    this.#draw();
  }

  /** @param {import('../run/advice.js').Advice[]} advice */
  advise(advice) {
    this.#advice = advice;
    this.#draw();
  }

  /** @param {Finding[]} findings */
  find(findings) {
    this.#findings = findings;
    this.#draw();
  }

  #draw() {
    const all = [
      ...this.#compiled.map((problem) => this.#problem(problem)),
      ...this.#advice.map(({ severity, message, place }) => this.#entry(severity, [message], [...(place ? [placeLink(place, this.#show)] : []), 'from the run'])),
      ...this.#findings.map(({ title, text, act, action }) => this.#entry('note', [element('b', {}, title), ` ${text}`], [button(action, act)])),
    ];
    this.#root.replaceChildren(...(all.length ? all : [element('p', { className: 'none' }, this.#words)]));
  }

  /** @param {Problem} problem */
  #problem(problem) {
    const { severity, message, file, line, column, fix } = problem;
    const where = [file && line ? placeLink(`${file}:${line}${column ? `:${column}` : ''}`, this.#show) : '', severity, fix ? button('Fix', () => this.#fix(problem)) : ''];
    const made = this.#entry(severity, quoted(message), where);
    const before = fix?.line ?? fix?.from ?? '';
    if (fix) made.append(element('pre', {}, element('span', { className: 'bad' }, `- ${before}`), '\n', element('span', { className: 'good' }, `+ ${before.replace(fix.from, fix.to)}`)));
    return made;
  }

  /** @param {'error' | 'warning' | 'note'} severity @param {(Node | string)[]} message @param {(Node | string)[]} where */
  #entry(severity, message, where) {
    return element('div', { className: `prob ${severity}` }, icon(ICON[severity], severity), element('p', {}, ...message), element('div', { className: 'where' }, ...where.filter(Boolean).map((part) => element('span', {}, part))));
  }
}

/** @param {string} words @param {() => void} act */
function button(words, act) {
  const made = element('button', { type: 'button', className: 'fix' }, words);
  made.addEventListener('click', act);
  return made;
}
