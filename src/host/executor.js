/**
 * Executors: pools of workers, each with an instance of the module, which runs one job at a time. C decides who may submit
 * (src/io/executor.c); here the jobs stand in line, and here a job is stopped: its worker is ended.
 *
 * A job is posted as [id, function, size of an input, of an output, number of elements, whether each has a result, input];
 * the answer is [id, status or an error's name, output or words, whether the worker must go]. Anything else that a worker
 * posts is output of the program.
 * @typedef {{ post: (message: unknown, transfer?: ArrayBuffer[]) => void, end: () => void }} JobWorker
 * @typedef {[id: number, fn: number, inSize: number, outSize: number, count: number, each: number, bytes?: Uint8Array<ArrayBuffer>]} Job
 * @typedef {[id: number, status: number | string, bytes?: Uint8Array, broken?: boolean]} Answer
 *
 * Starts workers: `name` is for messages, `stackSize` C stack of a job. Throws if it cannot; `failed` says why it could not, later.
 * @typedef {{ cores: number | undefined, missing?: string,
 *   start: (name: string, stackSize: number, receive: (answer: Answer) => void, failed: (words: string) => void) => JobWorker }} Workers
 * @typedef {{ id: number, name: string, job: number, worker?: JobWorker }} Seat where a worker sits; `job` 0: idle
 */

/** Below it a copy is cheaper than handing over the buffer. */
const TRANSFER = 16384;

/** What to hand over of a message, if anything. @param {Uint8Array | undefined} bytes @returns {ArrayBuffer[] | undefined} */
export const transferred = (bytes) => (bytes && bytes.length >= TRANSFER ? [/** @type {ArrayBuffer} */ (bytes.buffer)] : undefined);

let started = 0;

export class Pool {
  /** @type {Map<number, Job>} in line, the first in front */
  #queue = new Map();
  /** @type {Map<number, Seat>} by job */
  #running = new Map();
  /** @type {Seat[]} the last to become idle is the first to work: its memory is warm */
  #idle = [];
  /** @type {Set<Seat>} */
  #seats = new Set();
  #size;
  #stackSize;
  #workers;
  #answer;

  /** @param {number} size @param {number} stackSize @param {Workers} workers @param {(answer: Answer, name: string) => void} answer */
  constructor(size, stackSize, workers, answer) {
    this.#size = size;
    this.#stackSize = stackSize;
    this.#workers = workers;
    this.#answer = answer;
  }

  /** @param {Job} job */
  submit(job) {
    this.#queue.set(job[0], job);
    this.#dispatch();
  }

  /** @param {number} id */
  cancel(id) {
    const seat = this.#running.get(id);
    if (!seat) return void this.#queue.delete(id);
    this.#leave(seat);
    queueMicrotask(() => this.#dispatch()); // not before C is done: it may cancel what would be started now
  }

  close() {
    this.#queue.clear();
    for (const seat of this.#seats) this.#leave(seat);
  }

  #dispatch() {
    for (const [id, job] of this.#queue) {
      const seat = this.#idle.pop() ?? (this.#seats.size < this.#size ? this.#seat() : undefined);
      if (!seat) return;
      this.#queue.delete(id);
      seat.job = id;
      this.#running.set(id, seat);
      try {
        seat.worker ??= this.#start(seat);
        seat.worker.post(job, transferred(job[6]));
      } catch (/** @type {any} */ error) {
        // Later: C is in the middle of starting this job.
        queueMicrotask(() => this.#failed(seat, String(error?.message ?? error)));
      }
    }
  }

  #seat() {
    /** @type {Seat} */
    const seat = { id: ++started, name: `Worker-${started}`, job: 0 };
    this.#seats.add(seat);
    return seat;
  }

  /** @param {Seat} seat */
  #start(seat) {
    return this.#workers.start(
      seat.name,
      this.#stackSize,
      (answer) => this.#receive(seat, answer),
      (words) => this.#failed(seat, words),
    );
  }

  /** @param {Seat} seat @param {Answer} answer */
  #receive(seat, answer) {
    const id = answer[0];
    if (seat.job !== id || !this.#seats.has(seat)) return; // said before it was ended
    this.#running.delete(id);
    seat.job = 0;
    if (answer[3]) this.#leave(seat);
    else this.#idle.push(seat);
    if (this.#queue.size) this.#dispatch(); // first, so that the worker need not wait for C
    this.#answer(answer, seat.name);
  }

  /** The worker could not start, or is gone. @param {Seat} seat @param {string} words */
  #failed(seat, words) {
    if (!this.#seats.has(seat)) return; // ended by us
    const { job, name } = seat;
    this.#leave(seat);
    if (job) this.#answer([job, 'EIO', new TextEncoder().encode(`${name}\0${words}\0\0\0\0\0`)], name);
    this.#dispatch();
  }

  /** @param {Seat} seat */
  #leave(seat) {
    this.#seats.delete(seat);
    if (seat.job) this.#running.delete(seat.job);
    else this.#idle = this.#idle.filter((each) => each !== seat);
    seat.worker?.end();
  }
}

/**
 * @param {import('./ops.js').OpsHost} host
 * @param {import('./ops.js').Complete} complete
 * @param {Workers} workers
 * @returns {import('./ops.js').Kind}
 */
export function operations(host, complete, workers) {
  /** @type {Map<number, Pool>} by the id of their op */
  const pools = new Map();
  /** @type {Map<number, Pool>} by the ids of their jobs */
  const jobs = new Map();

  /** @param {Answer} answer */
  function answered([id, status, bytes]) {
    jobs.delete(id);
    complete(id, typeof status === 'string' ? host.code(status) : status, bytes);
  }

  /** @param {number} id @param {number} at the executor_request of src/io/executor.h */
  function open(id, at) {
    const { memory } = host;
    if (workers.missing) return complete(id, host.code('ENOTSUP'), memory.encode(`${workers.missing}\0`));
    const size = memory.u32(at) || workers.cores || 1;
    pools.set(id, new Pool(size, memory.u32(at + 4), workers, answered));
    complete(id, size);
  }

  /** @param {number} id @param {number} at the job_request */
  function submit(id, at) {
    const { memory } = host;
    const [executor, fn, input, inSize, outSize, count, each] = [0, 4, 8, 12, 16, 20, 24].map((offset) => memory.u32(at + offset));
    const pool = /** @type {Pool} */ (pools.get(executor));
    jobs.set(id, pool);
    pool.submit([id, fn, inSize, outSize, count, each, inSize && count ? memory.copy(input, inSize * count) : undefined]);
  }

  return {
    starts: { 20: open, 21: submit },
    cancel(id) {
      jobs.get(id)?.cancel(id);
      jobs.delete(id);
      pools.get(id)?.close();
      pools.delete(id);
    },
    stop() {
      for (const pool of pools.values()) pool.close();
    },
  };
}
