/** One line on stderr while something slow goes on, if somebody is looking; it disappears at the end. */
export class Progress {
  #shown = process.stderr.isTTY === true;

  /** @param {string} text */
  constructor(text) {
    if (this.#shown) process.stderr.write(`${dim(text)}\r`);
  }

  /** @param {string} text */
  show(text) {
    if (this.#shown) process.stderr.write(`\x1b[K${dim(text)}\r`);
  }

  end() {
    if (this.#shown) process.stderr.write('\x1b[K');
    this.#shown = false;
  }
}

/** @param {string} text @param {string} code */
const coloured = (text, code) => (process.stderr.isTTY && !process.env.NO_COLOR ? `\x1b[${code}m${text}\x1b[0m` : text);

/** @param {string} text */
export const dim = (text) => coloured(text, '2');
/** @param {string} text */
export const red = (text) => coloured(text, '1;31');
