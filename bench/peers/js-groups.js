/** What bench/programs/groups.c does, with async functions. Each returns nanoseconds for one, once or for each repeat. */

const now = () => performance.now() * 1e6;

/** @param {Promise<unknown>[]} tasks */
async function join(tasks) {
  for (const task of tasks) await task;
}

// ---- cancel

/** A controller for each task: at a signal of all, Node would search the list of listeners for each that comes. @param {number} ms @param {AbortSignal} signal @returns {Promise<void>} */
function sleep(ms, signal) {
  return new Promise((resolve, reject) => {
    const aborted = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', aborted);
      resolve();
    }, ms);
    signal.addEventListener('abort', aborted, { once: true });
  });
}

/** @param {AbortSignal} signal */
async function sleeper(signal) {
  try {
    await sleep(1e6, signal);
  } catch (error) {
    if (error !== signal.reason) throw error;
  }
}

/** @param {number} tasks @param {number} repeats */
export async function cancel(tasks, repeats) {
  const each = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    const all = [];
    const controllers = [];
    for (let i = 0; i < tasks; i++) {
      const controller = new AbortController();
      controllers.push(controller);
      all.push(sleeper(controller.signal));
    }
    await undefined;
    const reason = new Error('stop'); // each would have made one of its own, with a stack trace
    const start = now();
    for (const controller of controllers) controller.abort(reason);
    await join(all);
    each.push((now() - start) / tasks);
  }
  return each;
}

// ---- tree

let started = 0;

/** @param {number} depth @param {number} fanOut */
async function node(depth, fanOut) {
  started++;
  if (depth === 0) return void (await undefined);
  const children = [];
  for (let i = 0; i < fanOut; i++) children.push(node(depth - 1, fanOut));
  for (const child of children) await child;
}

/** @param {number} depth @param {number} fanOut @param {number} trees @param {number} repeats */
export async function tree(depth, fanOut, trees, repeats) {
  const each = [];
  for (let repeat = 0; repeat < repeats; repeat++) {
    started = 0;
    const start = now();
    for (let i = 0; i < trees; i++) await node(depth, fanOut);
    each.push((now() - start) / started);
  }
  return each;
}

// ---- contention

/** A list that is emptied from the front: shift() of an array moves what is behind. @template T */
class Fifo {
  /** @type {(T | undefined)[]} */
  #items = [];
  #first = 0;

  get length() {
    return this.#items.length - this.#first;
  }

  /** @param {T} item */
  push(item) {
    this.#items.push(item);
  }

  /** @returns {T | undefined} */
  shift() {
    if (this.#first === this.#items.length) return undefined;
    const item = this.#items[this.#first];
    this.#items[this.#first++] = undefined;
    if (this.#first > 1024 && this.#first * 2 > this.#items.length) {
      this.#items.splice(0, this.#first);
      this.#first = 0;
    }
    return item;
  }
}

export class Semaphore {
  #value;
  /** @type {(() => void)[]} */
  #waiters = []; // shift() of a short array is faster than any list
  #wait = (/** @type {() => void} */ resolve) => void this.#waiters.push(resolve);

  /** @param {number} value */
  constructor(value) {
    this.#value = value;
  }

  release() {
    const waiter = this.#waiters.shift();
    if (waiter) waiter();
    else this.#value++;
  }

  /** @returns {Promise<void> | undefined} */
  acquire() {
    if (this.#value > 0) return void this.#value--;
    return new Promise(this.#wait);
  }
}

/** @param {number} tasks @param {number} permits @param {number} times */
export async function contention(tasks, permits, times) {
  const semaphore = new Semaphore(permits);
  const through = async (/** @type {number} */ count) => {
    for (let n = count; n > 0; n--) {
      await semaphore.acquire();
      await undefined;
      semaphore.release();
    }
  };
  const all = (/** @type {number} */ count) => join(Array.from({ length: tasks }, () => through(count)));
  await all(Math.floor(times / 10) + 1);
  const start = now();
  await all(times);
  return (now() - start) / tasks / times;
}

// ---- queue

/** @template T */
class Queue {
  /** @type {Fifo<T>} */
  #items = new Fifo();
  /** @type {((item: T) => void)[]} */
  #getters = [];
  /** @type {{ item: T, resolve: () => void }[]} */
  #putters = [];
  #room;

  /** @param {number} room */
  constructor(room) {
    this.#room = room;
  }

  /** @param {T} item @returns {Promise<void> | undefined} */
  put(item) {
    const getter = this.#getters.shift();
    if (getter) return getter(item);
    if (this.#items.length < this.#room) return this.#items.push(item);
    return new Promise((resolve) => void this.#putters.push({ item, resolve }));
  }

  /** @returns {Promise<T> | T} */
  get() {
    const item = this.#items.shift();
    if (item === undefined) return new Promise((resolve) => void this.#getters.push(resolve));
    const putter = this.#putters.shift();
    if (putter) {
      this.#items.push(putter.item);
      putter.resolve();
    }
    return item;
  }
}

/** @param {number} pairs @param {number} room @param {number} items */
export async function queue(pairs, room, items) {
  /** @type {Queue<number>} */
  const between = new Queue(room);
  const produce = async (/** @type {number} */ count) => {
    for (let n = count; n > 0; n--) await between.put(n);
  };
  const consume = async (/** @type {number} */ count) => {
    for (let n = count; n > 0; n--) await between.get();
  };
  const all = (/** @type {number} */ count) => join(Array.from({ length: pairs }, () => [produce(count), consume(count)]).flat());
  await all(Math.floor(items / 10));
  const start = now();
  await all(items);
  return (now() - start) / pairs / items;
}

// ---- channel

/**
 * A queue as it is mostly written: its methods are async. (What waits is handed its item or its room; the loops that look again,
 * as others have them, are slower.)
 * @template T
 */
class AsyncQueue {
  /** @type {T[]} */
  #items = [];
  /** @type {((item: T) => void)[]} */
  #getters = [];
  /** @type {(() => void)[]} */
  #putters = [];
  #room;

  /** @param {number} room */
  constructor(room) {
    this.#room = room;
  }

  /** @param {T} item */
  async put(item) {
    const getter = this.#getters.shift();
    if (getter) return getter(item);
    if (this.#items.length >= this.#room) await new Promise((/** @type {(value?: undefined) => void} */ resolve) => void this.#putters.push(resolve));
    this.#items.push(item);
  }

  /** @returns {Promise<T>} */
  async get() {
    if (!this.#items.length) return new Promise((resolve) => void this.#getters.push(resolve));
    const item = /** @type {T} */ (this.#items.shift());
    this.#putters.shift()?.();
    return item;
  }
}

/** @param {number} count @param {boolean} tuned no promise unless somebody waits */
export async function channel(count, tuned) {
  /** @type {() => AsyncQueue<number> | Queue<number>} */
  const make = () => (tuned ? new Queue(1) : new AsyncQueue(1));
  const once = async (/** @type {number} */ times) => {
    const [there, back] = [make(), make()];
    const ping = async () => {
      for (let n = times; n > 0; n--) {
        await there.put(n);
        await back.get();
      }
    };
    const pong = async () => {
      for (let n = times; n > 0; n--) await back.put(await there.get());
    };
    await join([ping(), pong()]);
  };
  await once(count / 10);
  const start = now();
  await once(count);
  return (now() - start) / count / 2;
}
