import { Arguments, copyIn, fromC } from './marshal.js';

/**
 * C coroutines as JavaScript functions (WIO_EXPORT): every call is a task of its own, whose first frame is C, too: it finds
 * the arguments in the call's record (src/core/call.c), and leaves the result there. The calls of one turn are handed over
 * together, and JavaScript looks at them when the tick is over: nobody could have looked at their promises before.
 *
 * So there is one promise for the turn, and a call's is `turn.then(callee.pick)`: V8 makes that for much less than one with a
 * resolver, and nothing new is stored in anything old, which costs 3 ns each. What a pick is called for is known by its
 * order, which is that of the calls. A call that has not ended by then makes a promise of its own.
 *
 * What is the same for all calls of an export.
 * @typedef {object} Callee
 * @property {import('./signatures.js').Signature} signature
 * @property {string} what for messages
 * @property {number} entry its wio__entry
 * @property {number} kind what C must know of the result
 * @property {boolean} isWord the result is a word of the record as it stands there
 * @property {() => unknown} pick what the call has returned that comes next, or a promise
 *
 * What a call may have besides its record.
 * @typedef {object} More
 * @property {Callee} callee
 * @property {number} home its ordinary record
 * @property {number} record another one, if there are too many arguments for that
 * @property {Arguments | undefined} args
 * @property {unknown} result that was read at once
 * @property {AbortSignal | undefined} signal
 * @property {(() => void) | undefined} forget stop listening to the signal
 * @property {Waiter | undefined} waiter
 * @property {boolean} isOver
 * @property {{ error: unknown } | undefined} failure
 *
 * @typedef {{ resolve: (value: unknown) => void, reject: (error: unknown) => void }} Waiter
 */

const nothing = () => {};
/** @type {unknown[]} */
const NONE = [];

/** Fields of a wio__call, in words; with so many values it is an ordinary one, and they are made by so many. */
const [NEXT, NUMBER, KIND, ENTRY, STATE, FOLLOWING, VALUES] = [0, 1, 3, 4, 5, 6, 8];
const [ORDINARY, AT_ONCE] = [4, 64];
const SIZE = 4 * VALUES + 8 * ORDINARY;
/** WIO__RESULT_… */
const [VALUE, STATUS, READ] = [0, 1, 2];
/** WIO__CALL_… */
const [ENDED, PICKED] = [1, 2];

export class Calls {
  #inside;
  #soon;
  /** By number; there is no 0, which is main()'s. @type {(More | undefined)[]} */
  #more = [undefined];
  /** A record that nobody uses; the others FOLLOW. */
  #free = 0;
  #underWay = 0;
  /** What is not handed over yet, and whatever FOLLOWS. */
  #first = 0;
  /** What pick() has not seen yet. */
  #unpicked = 0;
  #newest = 0;
  /** Fulfilled when what was called has been handed over, and run as far as it comes. @type {Promise<void> | undefined} */
  #turn;
  /** @type {Promise<void> | undefined} */
  #latestTurn;
  /** Calls that have ended after one that was made later: they are settled in that order, too. @type {More[]} */
  #late = [];
  #delivering = false;
  #dead = false;
  /** By entry. @type {Map<number, Callee>} */
  #callees = new Map();
  /** The module's memory, made anew when it has grown. */
  #words = new Int32Array(0);
  /** @type {import('../tasks.js').TaskInfo[] | undefined} one list for all that fail in one turn of the host */
  #tasks;
  #run;

  /** @param {import('../app.js').Inside} inside @param {import('./soon.js').Soon} soon */
  constructor(inside, soon) {
    this.#inside = inside;
    this.#soon = soon;
    this.#run = () => {
      this.#turn = undefined;
      this.begin(true);
    };
  }

  /** Nothing that is the same for all calls is made again for each. @param {import('./signatures.js').Signature} signature */
  caller(signature) {
    const { name, result } = signature;
    const kind = result.status ? STATUS : isRead(result) ? READ : VALUE;
    const entry = this.#inside.exports[`wio__entry_${name}`]();
    /** @type {Callee} */
    const callee = { signature, what: `app.exports.${name}()`, entry, kind, isWord: result.type === 'int' && result.signed, pick: () => this.#pick(callee) };
    this.#callees.set(entry, callee);
    return (/** @type {unknown[]} */ ...given) => this.#start(callee, given.length ? given : NONE);
  }

  /** @param {Callee} callee @param {unknown[]} given @returns {Promise<unknown>} */
  #start(callee, given) {
    const inside = this.#inside;
    let counted = false;
    let home = 0;
    try {
      if (!this.#underWay || inside.over || inside.options.signal?.aborted) inside.begin(callee.what); // which throws in the latter cases
      this.#underWay++;
      counted = true;
      let at = (home = this.#take());
      if (given.length || callee.signature.parameters.length || callee.kind === READ) at = this.#prepare(home, callee, given);
      const words = this.#memory(at);
      const word = at >>> 2;
      words[word + FOLLOWING] = words[word + STATE] = 0;
      words[word + KIND] = callee.kind;
      words[word + ENTRY] = callee.entry;
      if (this.#unpicked) words[(this.#newest >>> 2) + FOLLOWING] = at;
      else this.#unpicked = at;
      this.#newest = at;
      this.#first ||= at;
    } catch (error) {
      if (home) this.#abandon(home);
      if (counted) this.#left();
      return Promise.reject(error);
    }
    return (this.#turn ??= this.#latestTurn = this.#soon.run(this.#run)).then(callee.pick);
  }

  /** @param {number} home whose call has not begun */
  #abandon(home) {
    const words = this.#memory(home);
    const more = this.#more[words[(home >>> 2) + NUMBER]];
    if (more) this.#release(more);
    else this.#give(home, words);
  }

  /** Arguments and options. @param {number} home @param {Callee} callee @param {unknown[]} given @returns {number} the record */
  #prepare(home, callee, given) {
    const { signature } = callee;
    const inside = this.#inside;
    const { values, signal } = withoutOptions(signature, given, inside);
    signal?.throwIfAborted();
    const args = new Arguments(signature, values, inside);
    const more = this.#moreOf(home, callee);
    more.args = args;
    if (args.count > ORDINARY) more.record = args.record(4 * VALUES);
    const at = more.record || home;
    const words = this.#memory(Math.max(at, home));
    words[(at >>> 2) + NUMBER] = words[(home >>> 2) + NUMBER];
    args.write(words.buffer, at + 4 * VALUES);
    if (signal) {
      more.signal = signal;
      const cancel = () => void inside.enter(() => inside.exports.wio__call_cancel(at));
      signal.addEventListener('abort', cancel, { once: true });
      more.forget = () => signal.removeEventListener('abort', cancel);
    }
    return at;
  }

  /** @param {number} at a record of it @param {Callee} callee @returns {More} */
  #moreOf(at, callee) {
    const number = this.#memory(at)[(at >>> 2) + NUMBER];
    return (this.#more[number] ??= { callee, home: at, record: 0, args: undefined, result: undefined, signal: undefined, forget: undefined, waiter: undefined, isOver: false, failure: undefined });
  }

  /** A record. @returns {number} */
  #take() {
    if (!this.#free) this.#make();
    const at = this.#free;
    this.#free = this.#memory(at)[(at >>> 2) + FOLLOWING] >>> 0;
    return at;
  }

  #make() {
    const first = copyIn(new Uint8Array(SIZE * AT_ONCE), this.#inside) >>> 0;
    const words = this.#memory(first + SIZE * AT_ONCE - 4);
    for (let i = 0, word = first >>> 2; i < AT_ONCE; i++, word += SIZE >> 2) {
      words[word + NUMBER] = this.#more.push(undefined) - 1;
      words[word + FOLLOWING] = i < AT_ONCE - 1 ? first + SIZE * (i + 1) : 0;
    }
    this.#free = first;
  }

  /** A view that has this address. @param {number} at */
  #memory(at) {
    if (this.#words.length <= at >>> 2) {
      const { shared, exports } = this.#inside;
      this.#words = new Int32Array((shared ?? /** @type {any} */ (exports.memory)).buffer);
    }
    return this.#words;
  }

  /** Hands over what was called: before anybody looks into the module, or when its turn has come. @param {boolean} tick it is */
  begin(tick) {
    const first = this.#first;
    if (!first) return;
    this.#first = 0;
    const { enter, exports } = this.#inside;
    enter(() => exports.wio__calls_begin(first, tick));
  }

  /** From C, on the task's stack: a result that must be read at once. @param {number} number @param {number} raw @returns {number} 0: NULL */
  returned(number, raw) {
    const more = this.#more[number];
    if (!more) return 0; // never
    const { exports, memory } = this.#inside;
    const at = more.args?.resultAt;
    more.result = fromC(more.callee.signature.result, at || raw, this.#inside);
    if (at) exports.wio__free(memory.u32(at));
    return more.result === null ? 0 : 1;
  }

  /** When the turn is over. @param {Callee} callee */
  #pick(callee) {
    const at = this.#unpicked;
    const words = this.#memory(at);
    const word = at >>> 2;
    this.#unpicked = words[word + FOLLOWING] >>> 0;
    if (words[word + STATE] !== ENDED) return this.#wait(at, callee);
    const more = this.#more[words[word + NUMBER]];
    const value = callee.isWord ? words[word + VALUES] : this.#result(at, callee);
    if (more) this.#release(more);
    else this.#give(at, words);
    this.#left();
    if (more?.failure) throw more.failure.error;
    return value;
  }

  /** @param {number} at @param {Callee} callee */
  #wait(at, callee) {
    this.#memory(at)[(at >>> 2) + STATE] = PICKED;
    const more = this.#moreOf(at, callee);
    return new Promise((resolve, reject) => {
      more.waiter = { resolve, reject };
    });
  }

  /** The module has returned: which calls, of those that were not ENDED when their turn was over, or would come too early then? */
  deliver() {
    if (!this.#underWay || this.#delivering) return;
    this.#delivering = true;
    for (let at = this.#inside.exports.wio__calls_ended() >>> 0; at; at = this.#memory(at)[(at >>> 2) + NEXT] >>> 0) this.#over(at);
    this.#delivering = false;
  }

  /** It has ended, and its promise waits for that, or will. @param {number} at */
  #over(at) {
    const words = this.#memory(at);
    const more = this.#moreOf(at, /** @type {Callee} */ (this.#callees.get(words[(at >>> 2) + ENTRY])));
    more.isOver = true;
    if (more.waiter && !this.#late.length) this.#settle(more, more.waiter);
    else if (this.#late.push(more) === 1) this.#catchUp();
  }

  /** When all those have their promises that have ended before. */
  #catchUp() {
    const run = () => {
      const unpicked = this.#late.findIndex(({ waiter }) => !waiter);
      for (const more of this.#late.splice(0, unpicked < 0 ? Infinity : unpicked)) this.#settle(more, /** @type {Waiter} */ (more.waiter));
      if (this.#late.length) this.#catchUp();
    };
    this.#latestTurn?.then(nothing).then(run); // after pick(), and after its promise has taken over the waiter's
  }

  /** @param {More} more @param {Waiter} waiter */
  #settle(more, { resolve, reject }) {
    const { failure, home, record, callee } = more;
    if (failure) reject(failure.error);
    else resolve(this.#result(record || home, callee));
    this.#release(more);
    this.#left();
  }

  /** @param {number} at @param {Callee} callee */
  #result(at, { kind, signature: { result } }) {
    const words = this.#memory(at);
    const word = at >>> 2;
    return kind === READ ? this.#more[words[word + NUMBER]]?.result : valueAt(result, words, word + VALUES);
  }

  /** One less. All of them together are one that waits for the module: asked for each, that was 9 ns. After a crash there are none. */
  #left() {
    if (this.#underWay && --this.#underWay === 0) this.#inside.end();
  }

  /** The opposite of take(). @param {number} at @param {Int32Array} words */
  #give(at, words) {
    words[(at >>> 2) + FOLLOWING] = this.#free;
    this.#free = at;
  }

  /** @param {More} more */
  #release(more) {
    const words = this.#memory(more.home);
    this.#give(more.home, words);
    this.#more[words[(more.home >>> 2) + NUMBER]] = undefined;
    more.forget?.();
    if (!this.#dead) more.args?.free();
  }

  /** From C, when a call has failed. @param {number} at its record @param {number} status @param {number} error a wio_error; 0: it could not begin */
  settle(at, status, error) {
    this.deliver(); // what has ended before
    const words = this.#memory(at);
    const word = at >>> 2;
    const callee = /** @type {Callee} */ (this.#callees.get(words[word + ENTRY]));
    const more = this.#moreOf(at, callee);
    more.failure = {
      error: error
        ? this.#error(error, status, more.signal?.aborted ? more.signal.reason : undefined)
        : this.#inside.error('ENOMEM', `no memory for a call of ${callee.signature.name}()`),
    };
    if (words[word + STATE] !== ENDED) this.#over(at);
  }

  /** @param {number} at a wio_error @param {number} code @param {unknown} cause */
  #error(at, code, cause) {
    const { memory, error, tasks } = this.#inside;
    const [name, message, task, where, lines] = [4, 8, 12, 16, 20].map((offset) => memory.text(memory.u32(at + offset)) ?? '');
    this.#tasks ??= (queueMicrotask(() => (this.#tasks = undefined)), tasks());
    return error(name, message, { code, task, where, notes: lines ? lines.split('\n') : [], tasks: this.#tasks, cause });
  }

  /** The module is gone. @param {unknown} error */
  failAll(error) {
    try {
      this.deliver(); // what has ended before that
    } catch {
      // the program has written where that stood
    }
    this.#first = 0;
    this.#dead = true;
    this.#late = [];
    for (let at = this.#unpicked; at; ) {
      const words = this.#memory(at);
      const word = at >>> 2;
      const more = this.#moreOf(at, /** @type {Callee} */ (this.#callees.get(words[word + ENTRY])));
      more.isOver ||= words[word + STATE] === ENDED;
      words[word + STATE] = ENDED;
      at = words[word + FOLLOWING] >>> 0;
    }
    for (const more of this.#more) {
      if (!more) continue;
      if (!more.isOver) more.failure ??= { error };
      if (more.waiter) this.#settle(more, more.waiter);
    }
    if (this.#underWay) this.#inside.end();
    this.#underWay = 0;
  }
}

/** @param {import('./signatures.js').CType} result its memory may be another's as soon as another task runs */
const isRead = ({ type }) => type === 'text' || type === 'owned text' || type === 'bytes';

/** @param {import('./signatures.js').CType} type @param {Int32Array} words @param {number} at in words */
function valueAt(type, words, at) {
  switch (type.type) {
    case 'int':
      return type.signed ? words[at] : words[at] >>> 0;
    case 'bool':
      return words[at] !== 0;
    case 'void':
      return undefined;
    default: {
      const view = new DataView(words.buffer, 4 * at, 8);
      if (type.type === 'float') return type.c === 'float' ? view.getFloat32(0, true) : view.getFloat64(0, true);
      return type.signed ? view.getBigInt64(0, true) : view.getBigUint64(0, true);
    }
  }
}

/**
 * @param {import('./signatures.js').Signature} signature @param {unknown[]} given @param {import('../app.js').Inside} inside
 * @returns {{ values: unknown[], signal?: AbortSignal }}
 */
function withoutOptions({ parameters, name }, given, { error }) {
  const last = /** @type {any} */ (given.at(-1));
  if (given.length !== parameters.length + 1 || typeof last !== 'object' || last === null) return { values: given };
  const unknown = Object.keys(last).find((key) => key !== 'signal');
  if (unknown) throw error('EINVAL', `${name}(): unknown option '${unknown}'; there is only { signal }`);
  if (last.signal !== undefined && !(last.signal instanceof AbortSignal)) throw error('EINVAL', `${name}(): signal is no AbortSignal`);
  return { values: given.slice(0, -1), signal: last.signal };
}
