/** The status bar: what the run was like, and how the compiler is. */
import { byId, element, icon } from '../dom.js';

/** @param {number} bytes */
export const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** @param {string} name @param {string | number} value @param {string} [after] */
const fact = (name, value, after = '') => element('span', {}, name, element('b', {}, String(value)), after);

/** @param {import('../compiler/client.js').State} state @param {() => void} retry */
function compilerWords({ state, loaded, total, words, cached }, retry) {
  const made = element('span', { id: 'compiler' });
  if (state === 'missing') made.append('Edited programs cannot run in this copy of the page');
  else if (state === 'none') made.append(cached ? 'Compiler cached, loaded on the first edit' : `Compiler: ${megabytes(total)} MB, loaded once, on the first edit`);
  else if (state === 'ready') made.append(icon('tick'), `Compiler ready${cached ? ', cached' : ''}`);
  else if (state === 'loading') {
    const bar = element('i');
    bar.style.width = `${(100 * loaded) / total}%`;
    made.append('Compiler ', element('b', {}, megabytes(loaded)), ` of ${megabytes(total)} MB `, element('span', { className: 'load' }, bar));
    made.setAttribute('role', 'progressbar');
    made.setAttribute('aria-label', 'Compiler');
    made.setAttribute('aria-valuenow', String(loaded));
    made.setAttribute('aria-valuemax', String(total));
  } else {
    const again = element('button', { type: 'button', className: 'fix' }, 'Retry');
    again.addEventListener('click', retry);
    made.append('Compiler could not load ', again);
    made.title = words;
  }
  return made;
}

/**
 * @param {object} facts
 * @param {import('../run/view.js').View} facts.view
 * @param {string} facts.note what went wrong in compiling
 * @param {string} facts.notice what came of the last command
 * @param {number} facts.bytes of the module
 * @param {import('../compiler/client.js').State} facts.compiler
 * @param {boolean} facts.offline
 * @param {() => void} facts.retry
 */
export function showStatus({ view, note, notice, bytes, compiler, offline, retry }) {
  const { run, moment, has } = view;
  /** @type {Node[]} */
  const parts = [];
  if (note) {
    const failed = element('span', { className: 'bad' });
    failed.append(icon('err'), note);
    parts.push(failed);
  }
  if (notice) parts.push(element('span', { className: 'notice' }, notice));
  if (!has && !note && !notice) parts.push(element('span', {}, 'No run yet'));
  if (has) {
    parts.push(fact('', moment.alive.toLocaleString('en'), ` of ${run.order.length.toLocaleString('en')} tasks alive`));
    parts.push(fact('', run.switches.toLocaleString('en'), ' switches'));
    parts.push(element('span', { className: 'mid' }, element('b', {}, run.count.toLocaleString('en')), ' trace events'));
    if (bytes) parts.push(element('span', { className: 'wide' }, 'wasm ', element('b', {}, `${(bytes / 1000).toFixed(1)} kB`)));
  }
  parts.push(element('span', { className: 'grow' }));
  if (!has) parts.push(element('span', { className: 'wide' }, 'Examples are prebuilt and start at once'));
  else if (offline) parts.push(element('span', { className: 'wide' }, 'works offline'));
  parts.push(compilerWords(compiler, retry));
  byId('status').classList.toggle('says', !!notice || !!note || compiler.state === 'loading' || compiler.state === 'failed');
  byId('status').replaceChildren(...parts);
}
