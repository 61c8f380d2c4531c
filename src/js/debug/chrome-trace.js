/**
 * A run in Chrome's trace format, which ui.perfetto.dev opens: a track of its own for each task, with its states; the steps
 * of the loop, with arrows from who created, woke or cancelled to whom; requests with their phases; timeouts and groups;
 * counters of semaphores and queues; and what was printed.
 *
 * Tasks overlap, so theirs are asynchronous events (b and e with an id); steps do not, so they are a thread's (B and E).
 * @typedef {import('../node.js').TraceEvent} TraceEvent
 * @typedef {{ ph: string, ts: number, [more: string]: unknown }} ChromeEvent
 */

const PROCESS = 1;
const LOOP = 1;

/** What a number counts, by the kind of object. @type {Record<string, string>} */
const VALUES = { semaphore: 'free', queue: 'items', lock: 'free', event: 'set', barrier: 'come' };

/** These end a request; others answer and go on. */
const LAST = ['end', 'failed', 'aborted', 'closed'];

/** A span is open on an asynchronous track: the spans inside it, from outside in, and how to close them. @typedef {{ cat: string, id: number, open: string[] }} Track */

export class ChromeTrace {
  #write;
  #last = 0;
  #flows = 0;
  /** @type {Map<string, Track>} */
  #tracks = new Map();
  /** @type {Map<number, string>} */
  #names = new Map();
  /** @type {number[]} whose steps are under way: an eager task's inside its creator's */
  #steps = [];
  /** It has ended, and its step with it, but what that led to belongs to the step. */
  #ended = 0;
  /** @type {Map<number, { id: number, name: string }[]>} arrows on their way, by task */
  #arrows = new Map();
  /** @type {Map<number, string>} kind of each operation */
  #operations = new Map();
  /** @type {Map<number, string>} what a task waits for, from `wait` to the end of the step */
  #waits = new Map();
  /** @type {Map<number, string>} */
  #counters = new Map();

  /** @param {(event: ChromeEvent) => void} write */
  constructor(write) {
    this.#write = write;
    write({ ph: 'M', ts: 0, pid: PROCESS, tid: LOOP, name: 'process_name', args: { name: 'wasyncio' } });
    write({ ph: 'M', ts: 0, pid: PROCESS, tid: LOOP, name: 'thread_name', args: { name: 'steps of the loop' } });
  }

  /** @param {TraceEvent} event */
  add(event) {
    this.#last = Math.max(this.#last, Math.round(event.time * 1e9) / 1e3);
    const follows = (event.type === 'wake' || event.type === 'cancel') && event.by === this.#ended;
    if (this.#ended && !follows) this.#endStep();
    switch (event.type) {
      case 'created': return this.#created(event);
      case 'run': return this.#run(event);
      case 'pause': return this.#pause(event);
      case 'wait': return void this.#waits.set(event.task, event.name ? `${event.what} ${event.name}` : event.what);
      case 'wake': return this.#wake(event);
      case 'cancel': return this.#arrow('cancel', event.by, event.task);
      case 'end': return this.#end(event);
      case 'enter': return this.#begin('scope', event.scope, event.what, { task: this.#names.get(event.task), where: event.where });
      case 'expired': return this.#instant(`timeout of ${this.#names.get(event.task)}`, {});
      case 'leave': return this.#close('scope', event.scope);
      case 'made':
      case 'changed': return this.#changed(event);
      case 'started': return this.#started(event);
      case 'phase': return this.#phase(event);
      case 'print': return this.#instant(event.stream, { text: event.text });
      case 'lost': return this.#instant('events lost', { count: event.count });
    }
  }

  /** Nothing more comes: whatever is open ends here. */
  end() {
    if (this.#ended) this.#endStep();
    while (this.#steps.length) this.#stepEnds();
    for (const { cat, id } of [...this.#tracks.values()]) this.#close(cat, id);
    for (const task of [...this.#arrows.keys()]) this.#arrive(task);
  }

  /* -------------------------------------------------------------------------------------------------- Tasks --- */

  /** @param {Extract<TraceEvent, { type: 'created' }>} event */
  #created({ task, by, name, coroutine, group, where }) {
    const title = coroutine && coroutine !== name ? `${name} ${coroutine}` : name;
    this.#names.set(task, title);
    this.#begin('task', task, title, { id: task, by: this.#names.get(by), group, created: where });
    this.#begin('task', task, 'not started');
    if (by) this.#arrow('spawn', by, task);
  }

  /** @param {Extract<TraceEvent, { type: 'run' }>} event */
  #run({ task }) {
    this.#emit({ ph: 'B', tid: LOOP, name: this.#names.get(task) ?? `Task-${task}`, args: { task } });
    this.#steps.push(task);
    this.#arrive(task);
    this.#state(task, 'running');
  }

  /** @param {Extract<TraceEvent, { type: 'pause' }>} event */
  #pause({ task, where }) {
    const wait = this.#waits.get(task);
    this.#waits.delete(task);
    this.#state(task, wait ? `waits for ${wait}` : 'ready', where ? { where } : undefined);
    this.#stepEnds();
  }

  /** @param {Extract<TraceEvent, { type: 'wake' }>} event */
  #wake({ task, by }) {
    if (by && by !== task) this.#arrow('wake', by, task);
    if (this.#waits.has(task)) this.#waits.delete(task); // before its step was over
    else this.#state(task, 'ready');
  }

  /** @param {Extract<TraceEvent, { type: 'end' }>} event */
  #end({ task, status, error, message }) {
    this.#close('task', task, { status, error, message });
    this.#waits.delete(task);
    if (this.#steps.at(-1) === task) this.#ended = task;
    this.#arrive(task);
  }

  #endStep() {
    this.#ended = 0;
    this.#stepEnds();
  }

  #stepEnds() {
    if (this.#steps.pop() !== undefined) this.#emit({ ph: 'E', tid: LOOP });
  }

  /** @param {number} task @param {string} name @param {object} [args] */
  #state(task, name, args) {
    const track = this.#tracks.get(`task ${task}`);
    if (!track) return;
    if (track.open.length > 1) this.#emit({ ph: 'e', cat: 'task', id: task, tid: LOOP, name: /** @type {string} */ (track.open.pop()) });
    this.#begin('task', task, name, args);
  }

  /* ------------------------------------------------------------------------------------------------- Arrows --- */

  /** From the step under way; from a callback of the loop, if the task has no step now. @param {string} name @param {number} by @param {number} to */
  #arrow(name, by, to) {
    if (!by) return;
    const id = ++this.#flows;
    const steps = this.#steps.at(-1) === by;
    if (!steps) this.#emit({ ph: 'B', tid: LOOP, name: `because of ${this.#names.get(by)}` });
    this.#emit({ ph: 's', cat: 'arrow', id, tid: LOOP, name });
    if (!steps) this.#emit({ ph: 'E', tid: LOOP });
    const arrows = this.#arrows.get(to);
    if (arrows) arrows.push({ id, name });
    else this.#arrows.set(to, [{ id, name }]);
  }

  /** @param {number} task whose step begins, or who has ended without another */
  #arrive(task) {
    for (const { id, name } of this.#arrows.get(task) ?? []) this.#emit({ ph: 'f', bp: 'e', cat: 'arrow', id, tid: LOOP, name });
    this.#arrows.delete(task);
  }

  /* ------------------------------------------------------------------------------------ Requests and counters --- */

  /** @param {Extract<TraceEvent, { type: 'started' }>} event */
  #started({ operation, what, name, task, queued }) {
    this.#operations.set(operation, what);
    this.#begin('operation', operation, name ? `${what} ${name}` : what, { task: this.#names.get(task) });
    this.#begin('operation', operation, queued ? 'queued' : 'waits for the answer');
  }

  /** @param {Extract<TraceEvent, { type: 'phase' }>} event */
  #phase({ operation, phase, value }) {
    const track = this.#tracks.get(`operation ${operation}`);
    if (!track) return;
    if (LAST.includes(phase) || this.#operations.get(operation) !== 'fetch') return this.#close('operation', operation, { phase, value });
    const next = { sent: 'waits for the answer', answered: 'body' }[phase];
    if (!next) return this.#emit({ ph: 'n', cat: 'operation', id: operation, tid: LOOP, name: phase, args: phase === 'body' ? { bytes: value } : {} });
    this.#emit({ ph: 'e', cat: 'operation', id: operation, tid: LOOP, name: /** @type {string} */ (track.open.pop()) });
    this.#begin('operation', operation, next, phase === 'answered' ? { status: value } : undefined);
  }

  /** @param {Extract<TraceEvent, { type: 'made' | 'changed' }>} event */
  #changed({ what, object, value, limit, waiting, where }) {
    const name = this.#counters.get(object) ?? `${what} ${object}${where ? ` (${where})` : ''}`;
    this.#counters.set(object, name);
    this.#emit({ ph: 'C', tid: LOOP, name, args: { [VALUES[what] ?? 'value']: value, ...(limit > 1 ? { limit } : {}), 'in line': waiting } });
  }

  /* ------------------------------------------------------------------------------------------------- Writing --- */

  /** @param {string} name @param {object} args */
  #instant(name, args) {
    this.#emit({ ph: 'i', s: 't', tid: LOOP, name, args });
  }

  /** @param {string} cat @param {number} id @param {string} name @param {object} [args] */
  #begin(cat, id, name, args) {
    const key = `${cat} ${id}`;
    const track = this.#tracks.get(key) ?? { cat, id, open: [] };
    this.#tracks.set(key, track);
    track.open.push(name);
    this.#emit({ ph: 'b', cat, id, tid: LOOP, name, ...(args ? { args } : {}) });
  }

  /** The whole track. @param {string} cat @param {number} id @param {object} [args] */
  #close(cat, id, args) {
    const track = this.#tracks.get(`${cat} ${id}`);
    if (!track) return;
    this.#tracks.delete(`${cat} ${id}`);
    for (let name; (name = track.open.pop()) !== undefined; ) this.#emit({ ph: 'e', cat, id, tid: LOOP, name, ...(args && !track.open.length ? { args } : {}) });
  }

  /** @param {Record<string, unknown> & { ph: string }} event */
  #emit(event) {
    this.#write({ ...event, ts: this.#last, pid: PROCESS });
  }
}
