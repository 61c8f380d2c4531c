/** The lesson strip: what the program shows, its Python twin's switch, and a question to answer before running. */
import { byId, element, icon, memory } from '../dom.js';
import { choices } from './popover.js';

/**
 * @typedef {object} Question
 * @property {string} ask
 * @property {string[]} options
 * @property {number} right
 * @property {string} why
 *
 * @typedef {object} Program
 * @property {string} name
 * @property {'lesson' | 'example' | 'own'} kind
 * @property {string} title
 * @property {string} heading
 * @property {string} hook
 * @property {string} text
 * @property {string} file
 * @property {Question} [question]
 * @property {boolean} [twin]
 * @property {import('../lessons/pairs.js').Pair[]} [pairs] with its twin
 * @property {boolean} [realTime]
 * @property {boolean} [server]
 */

/** Names in a text that are C's, as code. @param {string} text */
const withCode = (text) => text.split(/(`[^`]+`|(?:wio|WIO)_\w+(?:\(\))?)/).map((part, i) => (i % 2 ? element('code', {}, part.replace(/`/g, '')) : part));

/** @param {Pick<Question, 'right' | 'why' | 'options'>} question */
const notYet = ({ right, why, options }) => `Not yet: ${options[right]}. ${why}`;

export class Lesson {
  #root = byId('lesson');
  #twin;
  #answer = -1;
  #answered = false;
  /** @type {Program | undefined} */
  #program;
  #open = memory.get('lesson') !== 'folded';
  /** @type {HTMLElement | undefined} */
  #why;
  /** @type {HTMLElement | undefined} */
  #options;

  /** @param {(on: boolean) => void} twin the switch was turned */
  constructor(twin) {
    this.#twin = twin;
  }

  /** @param {Program} program @param {string} [notice] said instead of its text @param {boolean} [twinOn] */
  show(program, notice, twinOn = false) {
    this.#program = program;
    this.#answer = -1;
    this.#answered = false;
    const fold = element('button', { className: 'fold', type: 'button' }, element('h2', {}, program.heading));
    const body = element('div', { hidden: !this.#open }, element('p', { className: 'text' }, ...withCode(notice ?? program.text)));
    fold.setAttribute('aria-expanded', String(this.#open));
    fold.addEventListener('click', () => {
      this.#open = !this.#open;
      body.hidden = !this.#open;
      fold.setAttribute('aria-expanded', String(this.#open));
      memory.set('lesson', this.#open ? 'open' : 'folded');
    });
    const head = element('div', { className: 'head' }, fold, element('span', { className: 'grow' }));
    if (program.twin) head.append(this.#switch(twinOn));
    if (program.question && !notice) body.append(this.#predict(program.question));
    this.#root.replaceChildren(head, body);
  }

  /** @param {boolean} on */
  #switch(on) {
    const made = element('button', { className: 'switch', type: 'button', id: 'twin-switch' }, element('i'), 'Python twin');
    made.setAttribute('role', 'switch');
    made.setAttribute('aria-checked', String(on));
    made.addEventListener('click', () => {
      const now = made.getAttribute('aria-checked') !== 'true';
      made.setAttribute('aria-checked', String(now));
      this.#twin(now);
    });
    return made;
  }

  /** @param {Question} question */
  #predict({ ask, options, right, why }) {
    this.#why = element('span', {}, 'Pick one, then run.');
    this.#why.setAttribute('role', 'status');
    const longest = element('span', { className: 'longest' }, notYet({ right, why, options })); // its room is kept, so that an answer moves nothing
    longest.setAttribute('aria-hidden', 'true');
    this.#options = element('div', { className: 'opts' }, ...options.map((option, i) => {
      const button = element('button', { type: 'button', data: { option: String(i) } }, option);
      button.setAttribute('role', 'radio');
      button.setAttribute('aria-checked', 'false');
      button.tabIndex = i ? -1 : 0;
      return button;
    }));
    this.#options.setAttribute('role', 'radiogroup');
    this.#options.setAttribute('aria-label', `Your prediction: ${ask}`);
    choices(this.#options, 'aria-checked', (choice) => {
      this.#answer = Number(choice.dataset.option);
      if (this.#answered) this.solve();
      else if (this.#why) this.#why.textContent = 'Now run it.';
    });
    return element('div', { className: 'predict' }, element('b', {}, ask), this.#options, element('span', { className: 'why' }, longest, this.#why));
  }

  /** The program has run: the timeline has answered. */
  solve() {
    const question = this.#program?.question;
    if (!question || !this.#why || !this.#options?.isConnected) return;
    this.#answered = true;
    const { right, why, options } = question;
    [...this.#options.children].forEach((option, i) => {
      option.classList.toggle('own', i === this.#answer && i !== right);
      option.querySelector('svg')?.remove();
      if (i === right) option.append(icon('tick', 'right'));
    });
    this.#why.textContent = this.#answer === right ? `Right. ${why}` : this.#answer < 0 ? `${options[right]}. ${why}` : notYet(question);
  }
}
