/** The page: choose an example, read it, run it, stop it. */
import { Console, duration } from './console.js';
import { byId, element } from './dom.js';
import { Runner } from './runner.js';
import { paint, withCode } from './source.js';
import { drawThread } from './thread.js';

/**
 * Put in by build.js.
 * @type {{ examples: { name: string, title: string, hook: string, text: string, server: boolean }[], waits: string[], types: string[] }}
 */
const { examples, waits, types } = /** @type {any} */ (PAGE);
const names = { waits: new Set(waits), types: new Set(types) };

const runner = new Runner();
const output = new Console(byId('console'), showPlace);
let current = examples[0];
let language = /** @type {'c' | 'py'} */ ('c');
let began = 0;

/* ------------------------------------------------------------------------------------------------ Source --- */

/** @type {Map<string, Promise<string>>} */
const sources = new Map();

/** @param {string} file */
function source(file) {
  let text = sources.get(file);
  if (!text) {
    text = fetch(`examples/${file}`).then((response) => {
      if (!response.ok) throw new Error(`${file}: the server answered ${response.status}`);
      return response.text();
    });
    sources.set(file, text);
    text.catch(() => sources.delete(file));
  }
  return text;
}

async function showSource() {
  const [example, kind] = [current, language];
  const editor = byId('editor');
  for (const each of ['c', 'py']) {
    const tab = byId(`tab-${each}`);
    tab.setAttribute('aria-selected', String(each === kind));
    tab.tabIndex = each === kind ? 0 : -1;
  }
  editor.setAttribute('aria-labelledby', `tab-${kind}`);
  document.body.dataset.language = kind;
  const shown = await source(`${example.name}.${kind}`).then(
    (text) => paint(text, kind, names),
    (error) => element('p', { className: 'comment' }, `The source could not be loaded. ${error.message}`),
  );
  if (example !== current || kind !== language) return;
  editor.replaceChildren(shown);
  editor.scrollTop = 0;
}

/** @param {string} place "file.c:12" */
async function showPlace(place) {
  const [file, line] = place.split(':');
  if (file !== `${current.name}.c`) return;
  setView('code');
  language = 'c';
  await showSource();
  const item = byId('editor').querySelectorAll('li')[Number(line) - 1];
  item?.classList.add('here');
  item?.scrollIntoView({ block: 'center' });
}

/* --------------------------------------------------------------------------------------------- Examples --- */

/** @param {string} name without its number is fine */
const find = (name) => examples.find((each) => each.name === name || each.name.replace(/^\d+_/, '') === name);

/** @param {typeof current} example */
function choose(example) {
  runner.stop();
  current = example;
  const index = examples.indexOf(example);
  byId('examples').value = example.name;
  byId('position').textContent = `${index + 1} of ${examples.length}`;
  for (const [id, at, word] of /** @type {const} */ ([['previous', index - 1, 'Previous'], ['next', index + 1, 'Next']])) {
    byId(id).disabled = !examples[at];
    byId(id).setAttribute('aria-label', `${word} example${examples[at] ? `: ${examples[at].title}` : ''}`);
  }
  document.title = `${example.title} · wasyncio`;
  byId('title').textContent = example.title;
  byId('text').replaceChildren(...withCode(example.text));
  byId('hook').textContent = example.hook;
  byId('tab-c').textContent = `${example.name}.c`;
  byId('first').hidden = false;
  byId('console').hidden = true;
  output.clear();
  showRunning(false);
  showStatus('');
  showSeen(undefined);
  byId('facts').textContent = 'No run yet';
  showSource();
  history.replaceState(null, '', example === examples[0] ? location.pathname : `#${example.name}`);
}

/** @param {number} by */
function move(by) {
  const example = examples[examples.indexOf(current) + by];
  if (example) choose(example);
}

/* ------------------------------------------------------------------------------------------------- Runs --- */

/** @param {boolean} running */
function showRunning(running) {
  const active = document.activeElement;
  const focused = active === byId('stop') || active === byId('run') || active === byId('run-first');
  byId('run-label').textContent = running ? 'Restart' : 'Run';
  byId('stop').disabled = !running;
  document.body.classList.toggle('running', running);
  // The focus must not get lost with a button that disappears; on a phone there is only one of the two.
  if (focused) (byId('run').offsetParent ? byId('run') : byId('stop')).focus({ preventScroll: true });
}

/** @param {string} text @param {boolean} [failed] */
function showStatus(text, failed = false) {
  byId('status').textContent = text;
  byId('status').classList.toggle('failed', failed);
}

/** @param {{ total: number, active: number, most: number, aborted: number } | undefined} seen */
function showSeen(seen) {
  const served = byId('served');
  served.hidden = !current.server;
  if (!seen?.total) served.textContent = 'simulated server';
  else {
    const now = seen.active ? `, ${seen.active} in flight` : `, at most ${seen.most} at once`;
    served.textContent = `simulated server: ${seen.total} request${seen.total === 1 ? '' : 's'}${now}${seen.aborted ? `, ${seen.aborted} given up` : ''}`;
  }
}

function run() {
  showRunning(true);
  byId('first').hidden = true;
  byId('console').hidden = false;
  output.clear();
  showStatus('Running');
  showSeen(undefined);
  setView('output');
  byId('facts').textContent = 'Running';
  began = performance.now();
  runner.start(`examples/${current.name}.wasm`, receive);
}

/** @param {import('./worker.js').Message} message */
function receive(message) {
  if (message.kind === 'output') {
    output.print(message.records, message.dropped);
    showSeen(message.seen);
    return;
  }
  showRunning(false);
  const { time } = message;
  if (message.kind === 'ended') {
    const { code, bytes } = message;
    output.note(time, `exit code ${code}`, code !== 0);
    showStatus(`Exit code ${code} after ${duration(time)}`, code !== 0);
    byId('facts').replaceChildren('wasm ', element('b', {}, `${(bytes / 1000).toFixed(1)} kB`));
  } else {
    output.failure(time, message.name, message.message);
    showStatus(`Failed after ${duration(time)}`, true);
    byId('facts').textContent = 'Failed';
  }
}

function stop() {
  if (!runner.running) return;
  runner.stop();
  const time = performance.now() - began;
  output.note(time, 'stopped');
  showRunning(false);
  showStatus(`Stopped after ${duration(time)}`);
  byId('facts').textContent = 'Stopped';
}

/* ------------------------------------------------------------------------------------------------- Page --- */

/** Matters only where one pane is shown at a time. @param {'code' | 'output'} view */
function setView(view) {
  document.body.dataset.view = view;
  for (const button of document.querySelectorAll('.views button')) {
    button.setAttribute('aria-pressed', String(/** @type {HTMLElement} */ (button).dataset.view === view));
  }
}

/** What is remembered is a convenience: a browser that refuses changes nothing. @param {string} [theme] */
function storedTheme(theme) {
  try {
    if (theme) localStorage.setItem('theme', theme);
    return localStorage.getItem('theme');
  } catch {
    return null;
  }
}

function switchTheme() {
  const { dataset } = document.documentElement;
  const dark = dataset.theme ? dataset.theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches;
  dataset.theme = dark ? 'light' : 'dark';
  storedTheme(dataset.theme);
}

function listen() {
  byId('run').addEventListener('click', run);
  byId('run-first').addEventListener('click', run);
  byId('stop').addEventListener('click', stop);
  byId('previous').addEventListener('click', () => move(-1));
  byId('next').addEventListener('click', () => move(1));
  byId('theme').addEventListener('click', switchTheme);
  byId('examples').addEventListener('change', () => choose(find(byId('examples').value) ?? current));
  for (const kind of /** @type {const} */ (['c', 'py'])) {
    const tab = byId(`tab-${kind}`);
    const show = () => void ((language = kind), showSource());
    tab.addEventListener('click', show);
    tab.addEventListener('keydown', (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
      const other = byId(kind === 'c' ? 'tab-py' : 'tab-c');
      other.click();
      other.focus();
    });
  }
  for (const button of document.querySelectorAll('.views button')) {
    button.addEventListener('click', () => setView(/** @type {any} */ (button).dataset.view));
  }
  addEventListener('keydown', (event) => {
    if (!event.ctrlKey && !event.metaKey) return;
    if (event.key === 'Enter') run();
    else if (event.key === '.') stop();
    else return;
    event.preventDefault();
  });
  addEventListener('hashchange', () => choose(find(location.hash.slice(1)) ?? current));
}

const theme = storedTheme();
if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
byId('examples').append(...examples.map(({ name, title }) => element('option', { value: name }, title)));
listen();
choose(find(location.hash.slice(1)) ?? examples[0]);
drawThread(byId('first'), byId('run-first'), byId('thread'));
