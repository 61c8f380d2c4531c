/** What a page shows when a test of it has failed: in CI there is nothing else to see it by. */
import { setTimeout as wait } from 'node:timers/promises';

/** Parts of the playground that say how far it came. What another page shows is its body. */
const PARTS = ['first', 'run-note', 'status', 'said', 'panel-console', 'panel-problems'];
const LONGEST = 900;

/** A page that hangs does not answer. @param {import('puppeteer-core').Page} page @param {number} [patience] in ms @returns {Promise<string>} */
export async function stateOf(page, patience = 10_000) {
  const none = new AbortController();
  const shown = page.evaluate(read, PARTS, LONGEST).catch((error) => [`it cannot be asked: ${error.message}`]);
  const hangs = wait(patience, [`it has not answered for ${patience / 1000} s`], { signal: none.signal }).catch(() => []);
  const lines = await Promise.race([shown, hangs]);
  none.abort();
  const workers = page.workers().map((worker) => worker.url().replace(/.*\//, ''));
  return ['the page then:', `at ${page.url().slice(0, 200)}`, ...lines, `workers: ${workers.join(', ') || 'none'}`].join('\n  ');
}

/** Runs in the page. @param {string[]} parts @param {number} longest */
function read(parts, longest) {
  /** @param {string} text */
  const cut = (text) => (text.length > longest ? `${text.slice(0, longest / 3)} … ${text.slice((-longest * 2) / 3)}` : text).replaceAll('\n', '\n    ');
  const found = parts.flatMap((id) => document.getElementById(id) ?? []);
  const shown = (found.length ? found : [document.body].filter(Boolean)).map((part) => {
    const rows = [...part.querySelectorAll('.l')].map((row) => row.textContent).join('\n'); // of the console
    const words = rows || (part.textContent ?? '').replace(/\s+/g, ' ').trim();
    return `${part.id ? `#${part.id}` : 'body'}${part.hidden ? ' (hidden)' : ''}: ${cut(words) || '(empty)'}`;
  });
  const focus = document.activeElement;
  return [
    `${document.readyState}, ${document.visibilityState}, open for ${Math.round(performance.now())} ms, the focus is on ${focus?.id ? `#${focus.id}` : (focus?.tagName ?? 'nothing')}`,
    ...shown,
  ];
}
