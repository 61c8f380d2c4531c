/** Runs of the open program: compiled if its text is another, started in a worker, recorded while it runs. */
import { adviceOn } from './run/advice.js';
import { Recording } from './run/recording.js';
import { labelOf, setSources } from './run/names.js';
import { END } from './run/events.js';
import { Moment } from './run/moment.js';
import { STOPPED, SWEPT } from './run/states.js';
import { duration, round } from './run/words.js';
import { improve } from './compiler/problems.js';
import { Runner } from './program/runner.js';

/**
 * @typedef {object} Settings
 * @property {Record<string, string>} files
 * @property {string | undefined} prebuilt URL of a module of these very files
 * @property {boolean} real the clock
 * @property {number} speed
 * @property {number | null} seed
 * @property {{ latency: number, failures: number }} api
 *
 * @typedef {object} Parts
 * @property {import('./run/view.js').View} view
 * @property {import('./dock/console.js').Console} console
 * @property {import('./dock/problems.js').Problems} problems
 * @property {import('./compiler/client.js').Compiler} compiler
 * @property {string[]} api names of the header
 * @property {() => void} changed something of what is told here is another
 * @property {(problems: import('./editor/marks.js').Problem[]) => void} marked
 */

const PAUSE = 300; // ms without a key: what is written now may be what is run next

export class Runs extends EventTarget {
  #runner = new Runner();
  #parts;
  /** @type {{ key: string, module: ArrayBuffer } | undefined} the last one compiled */
  #compiled;
  /** What is being compiled before anybody has asked for it. @type {{ key: string, built: Promise<import('./compiler/client.js').Built> } | undefined} */
  #ahead;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #pause;
  #number = 0;
  #starting = 0;
  #began = 0;
  /** @type {Recording | undefined} */
  #run;
  #real = false;
  /** Riding between two events: from and to in ms, since when. */
  #ride = { from: 0, to: 0, speed: 1, began: 0 };
  #riding = 0;
  compiling = false;
  /** Beside the console's tab. */
  note = '';
  /** In the status bar: what keeps the text from running. */
  broken = '';
  bytes = 0;
  /** The run on show is of an older text. */
  stale = false;

  /** @param {Parts} parts */
  constructor(parts) {
    super();
    this.#parts = parts;
  }

  /** Of the last one. */
  get name() {
    return `Run ${this.#number}`;
  }

  get running() {
    return this.#runner.running;
  }

  get busy() {
    return this.running || this.compiling;
  }

  #tell() {
    this.#parts.changed();
  }

  /** @param {Settings} settings */
  async start(settings) {
    const starting = ++this.#starting;
    this.#halt();
    const source = settings.prebuilt ?? (await this.#compile(settings.files, starting));
    if (!source || starting !== this.#starting) return false;
    if (settings.prebuilt) this.#clean('No problems. This program was compiled when the page was built.');
    this.#launch(settings, source);
    return true;
  }

  /** @param {string} words */
  #clean(words) {
    this.broken = '';
    this.#parts.problems.compiled([], words);
    this.#parts.marked([]);
  }

  /** @param {Record<string, string>} files @param {number} starting */
  async #compile(files, starting) {
    const key = JSON.stringify(files);
    if (this.#compiled?.key === key) return this.#compiled.module.slice(0);
    this.compiling = true;
    this.#tell();
    try {
      const { module, output, diagnostics } = await (this.#ahead?.key === key ? this.#ahead.built : this.#build(key, files));
      if (starting !== this.#starting) return undefined;
      this.#said(files, diagnostics, output, !!module);
      if (!module) return undefined;
      this.#compiled = { key, module };
      return module.slice(0);
    } catch (error) {
      if (starting !== this.#starting) return undefined;
      const message = /** @type {Error} */ (error).message;
      this.broken = 'Does not run';
      this.#parts.problems.compiled([{ severity: 'error', message }], '');
      this.dispatchEvent(new Event('broken'));
      return undefined;
    } finally {
      if (starting === this.#starting) {
        this.compiling = false;
        this.#tell();
      }
    }
  }

  /** @param {string} key @param {Record<string, string>} files */
  #build(key, files) {
    clearTimeout(this.#pause);
    const built = this.#parts.compiler.build(files);
    this.#ahead = { key, built };
    built.catch(() => {
      if (this.#ahead?.built === built) this.#ahead = undefined;
    });
    return built;
  }

  /** After a key: the compiler is fetched, and a pause is used to compile, so that Run finds it done. @param {Record<string, string>} files */
  edited(files) {
    this.#parts.compiler.prepare();
    clearTimeout(this.#pause);
    this.#pause = setTimeout(() => {
      const key = JSON.stringify(files);
      if (this.#parts.compiler.ready && !this.busy && this.#ahead?.key !== key && this.#compiled?.key !== key) void this.#build(key, files).catch(() => {});
    }, PAUSE);
  }

  /** @param {Record<string, string>} files @param {import('./editor/marks.js').Problem[]} diagnostics @param {string} output @param {boolean} built */
  #said(files, diagnostics, output, built) {
    let problems = improve(diagnostics, files, this.#parts.api);
    if (!built && !problems.some(({ severity }) => severity === 'error')) problems = [...problems, { severity: 'error', message: output.trim() || 'The program could not be built.' }];
    const count = (/** @type {string} */ kind) => problems.filter(({ severity }) => severity === kind).length;
    const words = /** @type {[number, string][]} */ ([[count('error'), 'error'], [count('warning'), 'warning']]).filter(([n]) => n).map(([n, word]) => `${n} ${word}${n > 1 ? 's' : ''}`).join(', ');
    this.broken = built ? '' : `Does not compile: ${words}`;
    this.#parts.problems.compiled(problems, 'No problems. Compiled without warnings.');
    this.#parts.marked(problems);
    if (!built) {
      this.stale = this.#parts.view.has;
      this.dispatchEvent(new Event('broken'));
    }
  }

  /** @param {Settings} settings @param {string | ArrayBuffer} source */
  #launch({ files, real, speed, seed, api }, source) {
    const { view, console, problems } = this.#parts;
    this.#number++;
    this.#real = real;
    this.#run = new Recording();
    setSources(this.#run, files);
    this.stale = false;
    this.bytes = 0;
    this.note = `run ${this.#number}`;
    console.clear();
    problems.advise([]);
    problems.find([]);
    view.clock = real ? 'real' : 'virtual';
    view.open(this.#run, true);
    this.#began = performance.now();
    this.#ride = { from: 0, to: real ? Infinity : 0, speed: 1, began: this.#began };
    this.#runner.start({ kind: 'run', source, clock: real ? 'real' : 'virtual', speed: real ? 1 : speed, seed, api }, (message) => this.#receive(message));
    this.#frame();
    this.#tell();
  }

  /** While nothing happens, time passes. */
  #frame() {
    cancelAnimationFrame(this.#riding);
    const ride = () => {
      if (!this.running) return;
      const { from, to, speed, began } = this.#ride;
      this.#parts.view.ride(Math.min(from + (performance.now() - began) * speed, to));
      this.#riding = requestAnimationFrame(ride);
    };
    if (!matchMedia('(prefers-reduced-motion: reduce)').matches) this.#riding = requestAnimationFrame(ride);
  }

  /** @param {import('./program/worker.js').Message} message */
  #receive(message) {
    const { console } = this.#parts;
    switch (message.kind) {
      case 'batch':
        for (const batch of message.traces) this.#run?.append(batch);
        // At once: what is drawn before the next frame must not see more events than the playhead knows of.
        if (message.traces.length && this.#run === this.#parts.view.run) this.#parts.view.grown();
        if (message.records.length || message.dropped) console.print(message.records, message.dropped);
        return;
      case 'rides':
        this.#ride = { from: message.from, to: message.to, speed: message.speed, began: performance.now() };
        return;
      case 'full':
        console.note(this.#run?.duration ?? 0, `The recording ends here, after ${message.events.toLocaleString('en')} events. The program goes on.`);
        return;
      case 'ended':
        this.bytes = message.bytes;
        return this.#ended(message);
      case 'failed':
        this.#failed(message);
        return this.#over(`failed after ${duration(message.time)}`);
    }
  }

  /** @param {Extract<import('./program/worker.js').Message, { kind: 'ended' }>} message */
  #ended({ code, time, took }) {
    this.#parts.console.note(time, this.#mainEnded() + (code === 0 ? 'exit code 0' : `exit code ${code}`), code !== 0);
    this.#over(this.#real ? `${duration(time)}` : `${duration(time)} in ${round(took)} ms`);
  }

  /** What the first task came to, if that says more than the exit code, and who failed with that error before it. */
  #mainEnded() {
    const run = this.#run;
    const end = run?.tasks[run.order[0]]?.ended ?? -1;
    if (!run || end < 0 || run.kind[end] !== END || run.value[end] >= 0) return '';
    const said = (/** @type {number} */ event) => (run.texts[run.more[event]].trim() ? `“${run.texts[run.more[event]].trim()}”` : '');
    const before = (/** @type {number} */ id) => run.tasks[id].ended;
    const failed = run.order.filter((id) => before(id) >= 0 && before(id) < end && run.value[before(id)] === run.value[end] && run.texts[run.text[end]] !== 'ECANCELED');
    const first = failed.length ? failed.reduce((a, b) => (before(a) < before(b) ? a : b)) : 0;
    const whose = first && said(before(first)) !== said(end) ? ` (${[labelOf(run, first), said(before(first))].filter(Boolean).join(': ')})` : '';
    return `wio_run ended with -${run.texts[run.text[end]]}${said(end) && `: ${said(end)}`}${whose}, `;
  }

  /** The page calls a task by its coroutine where it has no name of its own. @param {Extract<import('./program/worker.js').Message, { kind: 'failed' }>} message */
  #failed({ name, message, task, time }) {
    const run = this.#run;
    const id = run?.order.find((each) => run.tasks[each].name === task);
    const before = (run?.count ?? 0) - 1;
    run?.cut(SWEPT, time, id ?? run.current[before]);
    if (!run || !id) return this.#parts.console.failure(time, name, message, '');
    const last = new Moment(run, { event: before, time }).place(id);
    this.#parts.console.failure(time, name, message.replaceAll(`'${task}'`, `'${labelOf(run, id)}'`), last);
  }

  /** @param {string} how */
  #over(how) {
    const { view, problems } = this.#parts;
    this.note = `run ${this.#number}, ${how}`;
    if (this.#run) {
      if (view.run === this.#run) view.finish();
      problems.advise(adviceOn(this.#run, this.#real));
    }
    this.#tell();
    this.dispatchEvent(new Event('over'));
  }

  /** Ends what runs, and whatever is being compiled. */
  stop() {
    this.#starting++;
    this.#compileNoMore();
    if (this.running) {
      const { time } = this.#parts.view.moment;
      const at = this.#real ? performance.now() - this.#began : time;
      this.#runner.stop();
      this.#run?.cut(STOPPED, at);
      this.#parts.console.note(at, `stopped at ${duration(at)}`);
      this.#over(`stopped at ${duration(at)}`);
    }
    this.#tell();
  }

  #halt() {
    this.#runner.stop();
    this.#compileNoMore();
  }

  #compileNoMore() {
    if (!this.compiling) return;
    this.compiling = false;
    this.#ahead = undefined;
    this.#parts.compiler.stop();
  }

  /** Without a word: another program is opened. */
  forget() {
    this.#starting++;
    clearTimeout(this.#pause);
    this.#halt();
    this.#run = undefined;
    this.note = this.broken = '';
    this.bytes = 0;
    this.stale = false;
    this.#parts.view.open(undefined);
    this.#tell();
  }

  /** @param {import('./program/worker.js').Order} order */
  tell(order) {
    this.#runner.tell(order);
  }

  /** The module of these files, for runs that are not shown. @param {Settings} settings */
  async moduleOf(settings) {
    return settings.prebuilt ? new URL(settings.prebuilt, location.href).href : this.#compile(settings.files, this.#starting);
  }
}
