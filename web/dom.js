/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag @param {Partial<HTMLElementTagNameMap[Tag]> & { data?: Record<string, string> }} [properties] @param {(Node | string)[]} children strings become text
 * @returns {HTMLElementTagNameMap[Tag]}
 */
export function element(tag, { data, ...properties } = {}, ...children) {
  const made = /** @type {HTMLElementTagNameMap[Tag]} */ (Object.assign(document.createElement(tag), properties));
  if (data) Object.assign(made.dataset, data);
  made.append(...children);
  return made;
}

/** @param {string} id of a symbol in index.html @param {string} className @param {string} [label] what it says, if it says something */
export function symbol(id, className, label) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `#${id}`);
  svg.setAttribute('class', className);
  if (label) {
    svg.setAttribute('role', 'img');
    svg.setAttribute('aria-label', label);
  } else svg.setAttribute('aria-hidden', 'true');
  svg.append(use);
  return svg;
}

/** An icon of the interface. @param {string} name @param {string} [label] */
export const icon = (name, label) => symbol(`i-${name}`, 'i', label);

/** A state's glyph. @param {string} name @param {string} [label] */
export const glyph = (name, label) => symbol(`g-${name}`, 'g', label);

/** @param {string} id @returns {any} */
export const byId = (id) => document.getElementById(id);

/** A place of the source, as a link to it. @param {string} place @param {(place: string) => void} show */
export function placeLink(place, show) {
  const link = element('button', { className: 'lk', type: 'button' }, place);
  link.addEventListener('click', (event) => {
    event.stopPropagation();
    show(place);
  });
  return link;
}

/** What is remembered is a convenience: a browser that refuses changes nothing. */
export const memory = {
  /** @param {string} key @returns {string | null} */
  get(key) {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  /** @param {string} key @param {string} value @returns {boolean} whether it is remembered */
  set(key, value) {
    try {
      localStorage.setItem(key, value);
      return true;
    } catch {
      return false; // refused, or no room
    }
  },
  /** @param {string} key */
  delete(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // then it is not there
    }
  },
  /** @param {string} prefix */
  keys(prefix) {
    try {
      return Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    } catch {
      return [];
    }
  },
};

/** At most once a frame. @param {() => void} work @param {() => boolean} [long] it may take long: then in a task of its own, behind what else the frame has to draw */
export function coalesced(work, long = () => false) {
  let asked = false;
  const act = () => {
    asked = false;
    work();
  };
  return () => {
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => void (long() ? setTimeout(act) : act()));
  };
}
