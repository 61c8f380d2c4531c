/** The page: its parts, and what connects them. */
import { byId, coalesced, element, icon, memory } from './dom.js';
import { Compiler } from './compiler/client.js';
import { Console } from './dock/console.js';
import { Network } from './dock/network.js';
import { Problems } from './dock/problems.js';
import { Tasks } from './dock/tasks.js';
import { Drafts, linkOf } from './drafts.js';
import { Editor, Twin } from './editor/editor.js';
import { on as onMark, same } from './editor/marks.js';
import { Pairs } from './editor/pairs.js';
import { Files } from './files.js';
import { formatting } from './format/act.js';
import { listenToKeys } from './keys.js';
import { markers } from './markers.js';
import { Opened } from './opened.js';
import { Panes } from './panes.js';
import { playhead, player } from './playhead.js';
import { OWN, SHARED, find, header, moduleOf, names, page, pythonNames, twinOf } from './programs.js';
import { explore } from './program/explore.js';
import { View } from './run/view.js';
import { compact } from './run/words.js';
import { Runs } from './runs.js';
import { LinkError, decode, encode, isShared } from './share/link.js';
import { anySeed, menus } from './share/menus.js';
import { dividers } from './shell/dividers.js';
import { Lesson } from './shell/lesson.js';
import { choices } from './shell/popover.js';
import { showStatus } from './shell/status.js';
import { onTheme, switchTheme } from './shell/theme.js';
import { drawThread } from './shell/thread.js';
import { mountTimeline } from './timeline.js';

/** @typedef {import('./shell/lesson.js').Program} Program */

const embedded = new URLSearchParams(location.search).has('embed');
const MANY = 1000; // tasks: to tell what all of them do takes a while
const SEEDS = 30; // orders tried at once

const view = new View();
const compiler = new Compiler(page.compiler);
const output = new Console(byId('panel-console'), view);
const tasks = new Tasks(byId('panel-tasks'), view);
const network = new Network(byId('panel-network'), view, () => runs.tell({ kind: 'api', ...api() }));
const problems = new Problems(byId('panel-problems'), (place) => void show(place), (problem) => void fix(problem));
const pairs = new Pairs();
const editor = new Editor(byId('editor'), names, pairs, edited, () => marks.scrolled());
const twin = new Twin(byId('python'), pythonNames, pairs);
pairs.between(editor.view, twin.view);
const files = new Files(editor, header, refreshMarks, edited, tell);
const marks = markers(view, editor, twin, pairs);
const lesson = new Lesson(showTwin);
const runs = new Runs({ view, console: output, problems, compiler, api: page.api, changed: refreshRun, marked: (found) => ((compiled = found), refreshMarks()) });
const panes = new Panes(() => everything());
const showPlayhead = playhead(view, () => (runs.stale ? `${runs.name}, from the last text that compiled: ` : ''));
const play = player(view, () => speed);
const timeline = mountTimeline(view);
const format = formatting({ editor, tell, problem: showUnformatted });
const opened = new Opened({ editor, files, pairs, drafts: new Drafts(!embedded), embedded, leaving, shown, changed: showVersion });

/** @type {import('./editor/marks.js').Problem[]} */
let compiled = [];
let speed = Infinity;
let real = false;
let offline = false;
/** In the status bar, until something else is done. */
let notice = '';
/** @type {import('./editor/marks.js').Problem | undefined} */
let unformatted;
/** Where the playhead goes after the next run, as a link said. */
let wanted = -1;

const api = () => ({ latency: network.latency, failures: network.failures });
const seed = () => (/^\d+$/.test(byId('seed').value.trim()) ? Math.min(Number(byId('seed').value), 2 ** 32 - 1) : null);

/* ------------------------------------------------------------------------------------------------ Program --- */

/** @returns {import('./runs.js').Settings} */
const settings = () => ({ files: editor.files, prebuilt: opened.isPrebuilt ? moduleOf(opened.program) : undefined, real, speed, seed: seed(), api: api() });

/** Another program is on its way. @param {Program} next @param {import('./opened.js').Opening} how */
function leaving(next, { notice: words, files: given }) {
  runs.forget();
  wanted = -1;
  notice = '';
  real = !!next.realTime;
  describe(next, words, !!given && next !== OWN);
  output.clear();
  problems.compiled([], 'No problems.');
  compiled = [];
}

/** It is in the editor. */
function shown() {
  document.body.classList.remove('opening');
  showTwin(!byId('twin').hidden && !!opened.program.twin);
  showVersion();
  refreshRun();
  if (embedded) void linkOut();
}

/** The way back to the text as it came, and from there to what was made of it. */
function showVersion() {
  const { other, unkept } = opened;
  const button = byId('version');
  button.hidden = !other;
  button.title = other === 'mine' ? 'You have changed this program before' : `Edited, ${unkept ? 'and not kept: this browser refuses, or has no room. Share, or download it' : 'and kept in this browser'}`;
  const words = other === 'mine' ? ['To my version', 'Mine'] : [unkept ? 'Not kept! Restore original' : 'Restore original', 'Original'];
  button.replaceChildren(icon('undo'), element('span', { className: 'long' }, words[0]), element('span', { className: 'short' }, words[1]));
}

async function swapVersion() {
  await opened.swap();
  tell(opened.other === 'mine' ? 'This is the original. Your version is a click away.' : 'This is your version.');
}

/** From somebody's page to the whole one, with what is in the editor. */
async function linkOut() {
  const brand = /** @type {HTMLAnchorElement} */ (document.querySelector('.brand'));
  const what = shared();
  brand.href = `./#${what.files ? await encode(what) : what.program}`;
  brand.target = '_blank';
  brand.rel = 'noopener';
  brand.setAttribute('aria-label', 'Open in the wasyncio playground, in a new tab');
  brand.title = 'Open in the playground';
}

/** @param {Program} next @param {string | undefined} notice @param {boolean} shared */
function describe(next, notice, shared) {
  const { programs } = page;
  byId('shared-option').hidden = next !== SHARED;
  const index = programs.indexOf(next);
  const peers = programs.filter(({ kind }) => kind === next.kind);
  byId('programs').value = next.name;
  byId('position').textContent = next.kind === 'own' ? '' : `${peers.indexOf(next) + 1} of ${peers.length}`;
  for (const [id, at, word] of /** @type {const} */ ([['previous', index - 1, 'Previous'], ['next', index + 1, 'Next']])) {
    const other = index < 0 ? undefined : programs[at];
    byId(id).disabled = !other;
    byId(id).setAttribute('aria-label', other ? `${word}: ${other.title}` : word);
  }
  document.title = `${next.title} · wasyncio playground`;
  byId('hook').textContent = shared ? 'A shared program' : next.hook;
  byId('first-text').textContent = shared ? 'Read it, then run it. Nothing runs by itself.' : 'Run the program and watch each task start, wait and wake. Then change a line and run it again.';
  lesson.show(next, notice, !byId('twin').hidden && !!next.twin);
}

/** @param {number} by */
function move(by) {
  const next = page.programs[page.programs.indexOf(opened.program) + by];
  if (next) void opened.open(next);
}

function edited() {
  notice = '';
  if (embedded) void linkOut();
  files.draw();
  opened.edited();
  showVersion();
  if (!opened.isOriginal) runs.edited(editor.files);
}

/** @param {boolean} on */
async function showTwin(on) {
  byId('twin').hidden = !on;
  pairs.show(on);
  byId('program').classList.toggle('with-twin', on);
  if (on) twin.show(await twinOf(opened.program).catch((error) => `# The twin could not be loaded. ${error.message}\n`));
  marks.scrolled();
  marks.show();
}

/** @param {string} place "main.c:12" or "main.c:12:5" */
async function show(place) {
  const [file, line, column] = place.split(':');
  if (!editor.has(file)) return;
  if (panes.isPhone) panes.view('code');
  await files.open(file);
  editor.reveal(Number(line), Number(column) || 1, true);
}

/** @param {import('./editor/marks.js').Problem} problem */
async function fix(problem) {
  if (problem.file) await files.open(problem.file);
  editor.fix(problem);
  compiled = compiled.filter((each) => !same(each, problem));
  refreshMarks();
}

/** @param {string} words @param {boolean} [quiet] not for screen readers: it changes all the time */
function tell(words, quiet) {
  notice = words;
  if (!quiet) byId('said').textContent = words;
  refreshStatus();
}

/** @param {import('./editor/marks.js').Problem} [problem] */
function showUnformatted(problem) {
  if (!problem && !unformatted) return;
  compiled = [...(problem ? [problem] : []), ...compiled.filter((each) => each !== unformatted)];
  unformatted = problem;
  problems.compiled(compiled, 'No problems.');
  refreshMarks();
  everything();
  if (!problem) return;
  panes.show('problems');
  editor.reveal(problem.line ?? 1, problem.column);
}

/* --------------------------------------------------------------------------------------------------- Runs --- */

async function run() {
  await opened.ready;
  const given = settings();
  notice = '';
  if (panes.isPhone) panes.view('timeline');
  const before = document.activeElement;
  if (await runs.start(given)) {
    files.ran();
    document.body.classList.remove('first-visit');
  }
  if (before === byId('run-first')) byId('run').focus({ preventScroll: true });
}

function stop() {
  const focused = document.activeElement === byId('stop');
  runs.stop();
  if (focused) byId('run').focus({ preventScroll: true });
}

runs.addEventListener('broken', () => {
  panes.show('problems');
  if (panes.isPhone) panes.view('code');
  const first = compiled.find(({ severity, file }) => severity === 'error' && file && editor.has(file));
  if (first?.file && first.file !== editor.current) void files.open(first.file);
});

runs.addEventListener('over', () => {
  lesson.solve();
  if (wanted >= 0) view.moveTo(wanted);
  wanted = -1;
});

async function tryOrders() {
  await opened.ready;
  const given = settings();
  const source = await runs.moduleOf(given);
  if (!source) return;
  panes.show('problems');
  problems.find([{ title: 'Other orders', text: 'are being tried.', action: 'Stop', act: () => problems.find([]) }]);
  const { files: _, prebuilt: __, seed: ___, real: isReal, ...rest } = given;
  const outcomes = await explore({ ...rest, source, clock: isReal ? 'real' : 'virtual' }, SEEDS, (done) => void (byId('said').textContent = done % 10 ? '' : `${done} of ${SEEDS} orders tried`));
  const [usual, ...others] = outcomes;
  const different = others.filter(({ code, hash }) => code !== usual.code || hash !== usual.hash);
  const useSeed = (/** @type {number | null} */ value) => () => {
    byId('seed').value = String(value ?? '');
    void run();
  };
  /** @type {Map<string, typeof different>} */
  const kinds = new Map();
  for (const each of different) kinds.set(`${each.how} ${each.hash}`, [...(kinds.get(`${each.how} ${each.hash}`) ?? []), each]);
  problems.find(
    different.length
      ? [...kinds.values()].map((same) => ({ title: `${same.length} of ${SEEDS} other orders end differently`, text: `(${same[0].how}), e.g. seed ${same[0].seed}.`, action: `Run seed ${same[0].seed}`, act: useSeed(same[0].seed) }))
      : [{ title: `${SEEDS} other orders`, text: 'of the ready tasks end the same way, with the same output.', action: 'Close', act: () => (problems.find([]), everything()) }],
  );
  everything();
}

/* ------------------------------------------------------------------------------------------------ Drawing --- */

function refreshMarks() {
  editor.showProblems(compiled.filter(({ file }) => !file || file === editor.current));
  marks.show();
}

function refreshRun() {
  const { busy, running } = runs;
  byId('run-label').textContent = running ? 'Restart' : 'Run';
  byId('stop').disabled = !busy;
  document.body.classList.toggle('running', busy);
  document.body.classList.toggle('first-visit', !view.has);
  byId('first').hidden = view.has;
  byId('timeline-host').hidden = !view.has;
  byId('run-note').textContent = runs.note;
  everything();
}

/** Tabs reserve the width of their counts. @param {string} id @param {number} count @param {boolean} shown */
function count(id, count, shown) {
  byId(id).hidden = !shown;
  byId(id).textContent = compact(count);
}

function refreshStatus() {
  showStatus({ view, note: runs.broken, notice, bytes: runs.bytes, compiler: compiler.state, offline, retry: () => void run() });
}

const everything = coalesced(() => {
  showPlayhead();
  output.move();
  tasks.show();
  const requests = network.show();
  count('count-tasks', view.moment.alive, view.has);
  count('count-network', requests, view.has && requests > 0);
  count('count-problems', problems.count, problems.count > 0);
  marks.show();
  byId('peek').hidden = !view.has;
  if (panes.isPhone && view.has) showPeek();
  refreshStatus();
}, () => view.run.order.length > MANY);

/** On a phone, the last lines before the playhead stand under the timeline. */
function showPeek() {
  const head = element('div', { className: 'tabs' }, element('span', { className: 'tab' }, 'Console'), element('span', { className: 'note' }, `${output.past} of ${output.count} lines`));
  const lines = element('div', { className: 'panel con', tabIndex: 0 }, ...output.lastLines(3));
  byId('peek').replaceChildren(head, lines);
  lines.scrollTop = lines.scrollHeight; // long ones: their end, not their beginning
}

/* --------------------------------------------------------------------------------------------------- Page --- */

function fillPicker() {
  const groups = /** @type {const} */ ([['lesson', 'Lessons'], ['example', 'Examples']]);
  for (const [kind, label] of groups) {
    const group = element('optgroup', { label }, ...page.programs.filter((each) => each.kind === kind).map(({ name, title }) => element('option', { value: name }, title)));
    if (group.childElementCount) byId('programs').append(group);
  }
  byId('programs').append(...[OWN, SHARED].map(({ name, title }) => element('option', { value: name, id: `${name}-option` }, title)));
  byId('programs').addEventListener('change', () => void opened.openNamed(byId('programs').value));
}

/** What the address says: a name, a shared program, or nothing. */
async function openAddress() {
  const fragment = location.hash.slice(1, 1_000_000); // longer ones are refused as well
  if (!isShared(fragment)) return opened.openNamed(fragment, { addressed: true });
  const link = linkOf(fragment);
  try {
    const shared = await decode(fragment);
    if (location.hash.slice(1, 1_000_000) !== fragment) return; // another one meanwhile
    const known = shared.program ? find(shared.program) : undefined;
    if (!shared.files && !known) throw new LinkError('This link is to a lesson that this page does not have.');
    const draft = String(history.state?.draft ?? '');
    await opened.open(shared.files ? SHARED : /** @type {Program} */ (known), { files: shared.files, open: shared.open, link, slot: draft.startsWith(link) ? draft : undefined });
    if (shared.seed !== undefined) byId('seed').value = String(shared.seed);
    if (shared.speed !== undefined) setSpeed(shared.speed || Infinity);
    if (shared.clock === 'real') real = true;
    network.set(shared);
    wanted = shared.at ?? -1;
  } catch (error) {
    if (!(error instanceof LinkError)) throw error;
    await opened.open(page.programs[0], { notice: `${error.message} Here is the first lesson instead.`, stay: true });
  }
}

/** @param {number} to */
function setSpeed(to) {
  speed = to;
  const choice = byId('speed').querySelector(`[data-speed="${to}"]`);
  if (choice) markSpeed(choice);
  runs.tell({ kind: 'speed', speed });
}

/** @param {number | null} to */
function setSeed(to) {
  byId('seed').value = to === null ? '' : String(to);
  if (view.has) void run();
}

const markSpeed = choices(byId('speed'), 'aria-checked', (choice) => setSpeed(Number(choice.dataset.speed)));

/** @returns {import('./share/link.js').Shared} */
function shared() {
  const unchanged = opened.isPrebuilt;
  const options = { ...(seed() === null ? {} : { seed: /** @type {number} */ (seed()) }), ...(speed === Infinity ? {} : { speed }), ...(real ? { clock: /** @type {const} */ ('real') } : {}) };
  const differs = Object.keys(options).length > 0 || network.latency !== 140 || network.failures > 0;
  if (unchanged && !differs) return { program: opened.program.name };
  return { ...(unchanged ? { program: opened.program.name } : {}), files: editor.files, open: editor.current in editor.files ? editor.current : undefined, ...options, ...api() };
}

async function download() {
  const { project, download: save } = await import('./share/project.js');
  const { program } = opened;
  const name = program.name.replace(/^\d+_/, '').replace(/_/g, '-');
  save(project(editor.files, { name, title: program.title, version: page.version, tools: page.tools, seed: seed() }), `${name}.zip`);
}

async function perfetto() {
  const { openInPerfetto } = await import('./share/perfetto.js');
  byId('said').textContent = await openInPerfetto(view.run, opened.program.name);
}

const { keys } = menus({
  shared,
  at: () => (view.has ? view.position.event : -1),
  explore: () => void tryOrders(),
  format: () => void format(),
  download: () => void download(),
  perfetto: () => void perfetto(),
  real: () => real,
  setReal: (to) => void (real = to),
  has: () => view.has,
  speed: () => speed,
  setSpeed,
  seed,
  setSeed,
  removable: () => files.removable,
  remove: () => void files.remove(),
  canReset: () => opened.other === 'original',
  reset: () => void swapVersion(),
});
byId('menu').addEventListener('keys', keys);

view.show = (/** @type {string} */ place) => void show(place);
view.cancel = (/** @type {number} */ task) => runs.tell({ kind: 'cancel', task });
onMark.tasks = ([task]) => view.select(task);
onMark.fix = (problem) => void fix(problem);
for (const type of ['run', 'grow', 'move', 'select', 'end']) view.addEventListener(type, () => everything());
compiler.addEventListener('state', refreshStatus);
onTheme(() => view.dispatchEvent(new Event('theme')));

byId('run').addEventListener('click', () => void run());
byId('run-first').addEventListener('click', () => void run());
byId('stop').addEventListener('click', stop);
byId('previous').addEventListener('click', () => move(-1));
byId('next').addEventListener('click', () => move(1));
byId('version').addEventListener('click', () => void swapVersion());
byId('theme').addEventListener('click', switchTheme);
byId('shuffle').addEventListener('click', () => setSeed(anySeed()));
addEventListener('hashchange', () => void openAddress());
listenToKeys({
  run: () => void run(),
  stop,
  explore: () => void tryOrders(),
  format: () => void format(),
  problem() {
    const problem = editor.nextProblem();
    if (problem) byId('said').textContent = `Line ${problem.line}: ${problem.message}`;
  },
  play,
  help: keys,
  pane: (by) => panes.cycle(by, (pane) => (pane === 'code' ? editor.view.focus() : pane === 'timeline' ? byId('timeline').focus() : byId(`panel-${panes.tab}`).focus())),
  tab(number) {
    const tab = /** @type {const} */ (['console', 'tasks', 'network', 'problems'])[number - 1];
    panes.show(tab);
    byId(`panel-${tab}`).focus();
  },
  zoom: (by) => timeline.zoom(by),
  view,
});

document.body.classList.toggle('embed', embedded);
network.set({ latency: Number(memory.get('latency') ?? 140) || 0, failures: Number(memory.get('failures') ?? 0) || 0 });
fillPicker();
dividers({ columns: byId('divide-columns'), dock: byId('divide-dock'), work: byId('work'), right: byId('result'), changed: () => view.dispatchEvent(new Event('resize')) });
drawThread(byId('first'), byId('run-first'), byId('thread'));
void openAddress();
void compiler.look();

// Without a network the page works as it did at the last visit; where that is not possible, it works with one.
if ('serviceWorker' in navigator && !embedded) {
  navigator.serviceWorker.register('sw.js').then(() => navigator.serviceWorker.ready).then(
    () => {
      offline = true;
      refreshStatus();
    },
    () => {},
  );
}
