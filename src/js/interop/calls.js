import { Arguments, copyIn, fromC } from './marshal.js';

/**
 * C coroutines as JavaScript functions (WIO_EXPORT): every call is a task of its own, whose first frame is C, too: it finds
 * the arguments in the call's record (src/core/call.c), and leaves the result there. The calls of one turn are handed over
 * together, and of those that have ended JavaScript hears when the tick is over: nobody could have looked at their promises
 * before.
 *
 * What is the same for all calls of an export.
 * @typedef {object} Callee
 * @property {import('./signatures.js').Signature} signature
 * @property {string} what for messages
 * @property {number} entry its wio__entry
 * @property {number} kind what C must know of the result
 * @property {boolean} isWord the result is a word of the record as it stands there
 *
 * One that is under way, or was and will be again: nothing is made for each but its promise.
 * @typedef {object} Call
 * @property {number} number where it stands among all
 * @property {number} record
 * @property {Callee | undefined} callee undefined: it is free
 * @property {(value: unknown) => void} resolve
 * @property {(error: unknown) => void} reject
 * @property {More | undefined} more
 *
 * @typedef {object} More what most have not
 * @property {Arguments} args
 * @property {number} record if there are too many arguments for the ordinary one
 * @property {unknown} result that was read at once
 * @property {AbortSignal | undefined} signal
 * @property {(() => void) | undefined} forget stop listening to the signal
 */

const nothing = () => {};

/** @param {number} number @param {number} record @returns {Call} */
const unmade = (number, record) => ({ number, record, callee: undefined, resolve: nothing, reject: nothing, more: undefined });

/** Fields of a wio__call, in words; with so many values it is an ordinary one, and they are made by so many. */
const [NEXT, NUMBER, KIND, ENTRY, VALUES] = [0, 1, 3, 4, 6];
const [ORDINARY, AT_ONCE] = [4, 64];
const SIZE = 4 * VALUES + 8 * ORDINARY;
/** WIO__RESULT_… */
const [VALUE, STATUS, READ] = [0, 1, 2];

export class Calls {
  #inside;
  #soon;
  /** By number; there is no 0, which is main()'s. @type {Call[]} */
  #calls = [unmade(0, 0)];
  /** @type {Call[]} */
  #free = [];
  #underWay = 0;
  /** What is not handed over yet. */
  #first = 0;
  #last = 0;
  #delivering = false;
  /** The module's memory, made anew when it has grown. */
  #words = new Int32Array(0);
  /** Whose promise is being made: what it is settled by goes there at once, as each store of something new into something old costs V8 3 ns. */
  #beginning = this.#calls[0];
  /** @type {import('../tasks.js').TaskInfo[] | undefined} one list for all that fail in one turn of the host */
  #tasks;
  #run;

  /** @param {import('../app.js').Inside} inside @param {import('./soon.js').Soon} soon */
  constructor(inside, soon) {
    this.#inside = inside;
    this.#soon = soon;
    this.#run = () => this.begin(true);
  }

  /** One promise for each call, and nothing that is the same for all calls is made again. @param {import('./signatures.js').Signature} signature */
  caller(signature) {
    const { name, result } = signature;
    const inside = this.#inside;
    const kind = result.status ? STATUS : isRead(result) ? READ : VALUE;
    /** @type {Callee} */
    const callee = { signature, what: `app.exports.${name}()`, entry: inside.exports[`wio__entry_${name}`](), kind, isWord: result.type === 'int' && result.signed };
    /** @type {(resolve: (value: unknown) => void, reject: (error: unknown) => void) => void} */
    const executor = (resolve, reject) => {
      const call = this.#beginning;
      call.resolve = resolve;
      call.reject = reject;
    };
    return (/** @type {unknown[]} */ ...given) => {
      const call = (this.#beginning = this.#free.pop() ?? unmade(0, 0));
      const promise = new Promise(executor);
      this.#start(call, callee, given);
      return promise;
    };
  }

  /** @param {Call} call @param {Callee} callee @param {unknown[]} given */
  #start(call, callee, given) {
    const inside = this.#inside;
    let counted = false;
    try {
      if (!this.#underWay || inside.over || inside.options.signal?.aborted) inside.begin(callee.what); // which throws in the latter cases
      this.#underWay++;
      counted = true;
      if (!call.record) this.#make(call);
      call.callee = callee;
      let at = call.record;
      if (given.length || callee.signature.parameters.length || callee.kind === READ) at = this.#prepare(call, callee, given);
      const words = this.#memory(at);
      const word = at >>> 2;
      words[word + NEXT] = 0;
      words[word + NUMBER] = call.number;
      words[word + KIND] = callee.kind;
      words[word + ENTRY] = callee.entry;
      if (this.#first) words[(this.#last >>> 2) + NEXT] = at;
      else {
        this.#first = at;
        this.#soon.run(this.#run);
      }
      this.#last = at;
    } catch (error) {
      if (counted) this.#left();
      call.reject(error);
      if (call.record) this.#release(call);
    }
  }

  /** Arguments and options. @param {Call} call @param {Callee} callee @param {unknown[]} given @returns {number} the record */
  #prepare(call, { signature }, given) {
    const inside = this.#inside;
    const { values, signal } = withoutOptions(signature, given, inside);
    signal?.throwIfAborted();
    const args = new Arguments(signature, values, inside);
    /** @type {More} */
    const more = (call.more = { args, record: 0, result: undefined, signal, forget: undefined });
    if (args.count > ORDINARY) more.record = args.record(4 * VALUES);
    const at = more.record || call.record;
    args.write(this.#memory(at).buffer, at + 4 * VALUES);
    if (signal) {
      const cancel = () => void inside.enter(() => inside.exports.wio__call_cancel(at));
      signal.addEventListener('abort', cancel, { once: true });
      more.forget = () => signal.removeEventListener('abort', cancel);
    }
    return at;
  }

  /** A record for this one, and some for later. @param {Call} call */
  #make(call) {
    const first = copyIn(new Uint8Array(SIZE * AT_ONCE), this.#inside) >>> 0;
    const number = this.#calls.length;
    const others = Array.from({ length: AT_ONCE - 1 }, (_, i) => unmade(number + 1 + i, first + SIZE * (i + 1)));
    call.number = number;
    call.record = first;
    this.#calls.push(call, ...others);
    this.#free.push(...others.reverse());
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
    const { callee, more } = this.#calls[number];
    if (!callee || !more) return 0; // never
    const { exports, memory } = this.#inside;
    const at = more.args.resultAt;
    more.result = fromC(callee.signature.result, at || raw, this.#inside);
    if (at) exports.wio__free(memory.u32(at));
    return more.result === null ? 0 : 1;
  }

  /** The module has returned: what has ended in it? */
  deliver() {
    if (!this.#underWay || this.#delivering) return;
    this.#delivering = true;
    for (let at = this.#inside.exports.wio__calls_ended() >>> 0; at; ) {
      const words = this.#memory(at);
      const word = at >>> 2;
      const call = this.#calls[words[word + NUMBER]];
      const callee = /** @type {Callee} */ (call.callee);
      at = words[word + NEXT] >>> 0;
      call.resolve(callee.isWord ? words[word + VALUES] : callee.kind === READ ? call.more?.result : valueAt(callee.signature.result, words, word + VALUES));
      this.#end(call);
    }
    this.#delivering = false;
  }

  /** @param {Call} call */
  #end(call) {
    this.#release(call);
    this.#left();
  }

  /** One less. All of them together are one that waits for the module: asked for each, that was 9 ns. After a crash there are none. */
  #left() {
    if (this.#underWay && --this.#underWay === 0) this.#inside.end();
  }

  /** @param {Call} call */
  #release(call) {
    const { more } = call;
    call.callee = call.more = undefined;
    call.resolve = call.reject = nothing; // the promise may go
    this.#free.push(call);
    more?.forget?.();
    more?.args.free();
  }

  /** From C, when a call has failed. @param {number} number @param {number} status @param {number} error a wio_error; 0: it could not begin */
  settle(number, status, error) {
    this.deliver(); // what has ended before
    const call = this.#calls[number];
    const { callee, more } = call;
    if (!callee) return;
    call.reject(
      error
        ? this.#error(error, status, more?.signal?.aborted ? more.signal.reason : undefined)
        : this.#inside.error('ENOMEM', `no memory for a call of ${callee.signature.name}()`),
    );
    this.#end(call);
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
    for (const { callee, more, reject } of this.#calls) {
      if (!callee) continue;
      more?.forget?.();
      reject(error);
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
