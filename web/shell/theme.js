/** Light or dark: the system's, until the button was pressed. */
import { memory } from '../dom.js';

const { dataset } = document.documentElement;
const chosen = new URLSearchParams(location.search).get('theme') ?? memory.get('theme');
if (chosen === 'light' || chosen === 'dark') dataset.theme = chosen;

/** Canvases read their colours anew. @type {(() => void)[]} */
const listeners = [];

/** @param {() => void} listener */
export const onTheme = (listener) => void listeners.push(listener);

export function switchTheme() {
  const dark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  dataset.theme = dark ? 'light' : 'dark';
  memory.set('theme', dataset.theme);
  for (const listener of listeners) listener();
}

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => listeners.forEach((listener) => listener()));
