/**
 * Random programs: small, but made so that much happens in the same pass. A program has a few themes; operations of its themes
 * are likely, and they work on few objects, so that tasks meet.
 */
import { number } from './ops.js';
import { Random } from './random.js';

/** @typedef {import('./ops.js').Statement} Statement @typedef {import('./ops.js').Program} Program */

const MAX_DEPTH = 3;

/** Operations of each theme, with weights. */
const THEMES = {
  tasks: { spawn: 6, join: 5, query: 1, sleep: 3, call: 1 },
  cancel: { cancel: 6, cancel_self: 1, uncancel: 2, cancelling: 1, join: 2, spawn: 2, attempt: 2 },
  shield: { shield: 4, shield_task: 4, cancel: 3, spawn: 2 },
  timeout: { timeout: 6, wait_for: 3, sleep: 3 },
  group: { group: 5, spawn_in: 6, fail: 2 },
  gather: { gather: 5, fail: 1 },
  wait: { wait: 6, spawn: 4, as_completed: 3, sleep: 2 },
  callbacks: { add_callback: 5, remove_callback: 1, call_soon: 2, call_later: 3, cancel_handle: 1, spawn: 3 },
  futures: { future_await: 6, future_set: 4, future_fail: 1, future_cancel: 1, future_query: 1, future_renew: 2, future_callback: 1 },
  context: { context_set: 4, context_get: 4, call_soon: 1, spawn: 2, add_callback: 1 },
  lock: { lock: 3, unlock: 3, with_lock: 5, locked: 1 },
  event: { event_wait: 5, event_set: 4, event_clear: 2, event_is_set: 1 },
  condition: { with_lock: 5, condition_wait: 6, condition_wait_for: 3, notify: 5, bump: 3, lock: 1, unlock: 1 },
  barrier: { barrier_wait: 8, barrier_reset: 1, barrier_abort: 1, barrier_query: 1, spawn: 2 },
  queue: { put: 6, get: 6, put_nowait: 2, get_nowait: 2, task_done: 2, queue_join: 1, shutdown: 1, queue_size: 1 },
  moving: { timeout_open: 5, reschedule: 5, sleep: 3 },
  generators: { generator_open: 3, generator_next: 7, generator_close: 1, generator_for: 4, yield: 9, sleep: 2, event_wait: 1, event_set: 1, cancel: 1, timeout: 1 },
  semaphore: { acquire: 4, release: 4, with_semaphore: 4, semaphore_locked: 1 },
};

/** In every program. */
const ALWAYS = { sleep: 5, spawn: 2, fail: 1, return: 1, attempt: 1, repeat: 1 };

/** @typedef {keyof typeof THEMES} Theme */
export const ALL_THEMES = /** @type {Theme[]} */ (Object.keys(THEMES));

class Generator {
  /** @param {Random} random @param {Theme[]} themes */
  constructor(random, themes) {
    this.random = random;
    /** @type {Map<string, number>} */
    const weights = new Map(Object.entries(ALWAYS));
    for (const theme of themes) for (const [op, weight] of Object.entries(THEMES[theme])) weights.set(op, (weights.get(op) ?? 0) + weight);
    this.weights = [...weights];
    this.functions = 2 + random.below(4);
    /** How likely an error is swallowed where it happens. */
    this.swallows = random.pick([0.15, 0.3, 0.6]);
    this.left = 0;
  }

  /** @returns {Program} */
  program() {
    const { random } = this;
    const setup = {
      semaphores: /** @type {[number, number][]} */ ([0, 1].map(() => [random.below(3), random.below(2)])),
      parties: random.pick([1, 2, 2, 2, 3, 3]),
      queues: /** @type {[number, number][]} */ ([0, 1].map(() => [random.pick([0, 0, 1, 2]), random.below(4)])),
    };
    const functions = [];
    for (let i = 0; i < this.functions; i++) {
      this.own = i;
      this.left = i ? 2 + random.below(5) : 5 + random.below(8);
      const starts = i ? [] : Array.from({ length: 1 + random.below(3) }, () => /** @type {Statement} */ (['spawn', 0, [/** @type {number} */ (this.function()), this.slot(), this.eager()], [], 0]));
      functions.push([...starts, ...this.block(0, i ? 5 : 12)]);
    }
    return number({ setup, functions });
  }

  /** @param {number} depth @param {number} most @returns {Statement[]} */
  block(depth, most) {
    const statements = [];
    while (this.left > 0 && statements.length < most) {
      this.left--;
      const made = this.statement(depth);
      if (made) statements.push(made);
      if (made?.[0] === 'return' || (made?.[0] === 'fail' && !made[1])) break;
      if (depth && this.random.chance(0.25)) break;
    }
    return statements;
  }

  /** @param {number} depth @returns {Statement | undefined} */
  statement(depth) {
    const op = this.random.weighted(this.weights);
    const args = this.arguments(op);
    if (!args) return undefined;
    const blocks = BLOCKS[op] ?? 0;
    if (blocks && depth >= MAX_DEPTH) return undefined;
    const catches = NEVER_FAIL.has(op) ? 0 : Number(this.random.chance(this.swallows));
    /** @type {Statement} */
    const made = [op, catches, args, Array.from({ length: blocks }, () => this.block(depth + 1, 4)), 0];
    // What may wait for ever, and so end the program early, has a limit: mostly in main, sometimes elsewhere.
    const limited = MAY_HANG.has(op) && depth < MAX_DEPTH && this.random.chance(this.own ? 0.1 : 0.8);
    return limited ? ['timeout', 1, [this.longer()], [[made]], 0] : made;
  }

  /** A function behind the own one, or undefined. */
  function() {
    const own = /** @type {number} */ (this.own);
    return own + 1 < this.functions ? own + 1 + this.random.below(this.functions - own - 1) : undefined;
  }

  /** Mostly 0. @param {number} n */
  first = (n) => (this.random.chance(0.75) ? 0 : this.random.below(n));
  action = () => this.random.below(6);
  slots = () => Array.from({ length: 1 + this.random.below(3) }, () => this.slot());
  slot = () => this.random.below(4);
  /** Often the same, so that much falls due at once; 1 is no time, 0 a negative time. */
  units = () => this.random.pick([1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 5, 6, this.random.below(2)]);
  longer = () => this.random.pick([1, 2, 2, 3, 3, 4, 5, 6, this.random.below(2)]);
  eager = () => Number(this.random.chance(0.12));

  /** @param {string} op @returns {number[] | undefined} */
  arguments(op) {
    const { random } = this;
    const function_ = this.function();
    switch (op) {
      case 'sleep':
        return [this.units()];
      case 'spawn':
        return function_ && [function_, this.slot(), this.eager()];
      case 'spawn_in':
        return function_ && [random.below(2), function_, this.slot(), this.eager()];
      case 'call':
        return function_ && [function_];
      case 'wait_for':
        return function_ && [function_, this.longer()];
      case 'gather':
        return function_ && [random.below(2), ...Array.from({ length: 1 + random.below(3) }, () => /** @type {number} */ (this.function()))];
      case 'join':
      case 'shield_task':
      case 'cancel':
      case 'query':
        return [this.slot()];
      case 'fail':
        return [random.pick([0, 1, 2, 2, 2, 3, 3, 4])];
      case 'return':
        return [random.below(10)];
      case 'attempt':
        return [random.below(2)];
      case 'timeout':
        return [this.longer()];
      case 'group':
        return [random.below(2)];
      case 'repeat':
        return [1 + random.below(3)];
      case 'acquire':
      case 'release':
      case 'with_semaphore':
      case 'semaphore_locked':
        return [random.chance(0.8) ? 0 : 1];
      case 'wait':
        return [random.below(3), random.pick([9, 9, this.longer()]), ...this.slots()];
      case 'as_completed':
        return [random.pick([9, 9, this.longer()]), ...this.slots()];
      case 'add_callback':
      case 'remove_callback':
        return [this.slot(), this.action()];
      case 'call_soon':
        return [this.action(), random.below(2)];
      case 'call_later':
        return [this.units(), this.action(), random.below(2)];
      case 'cancel_handle':
      case 'context_get':
      case 'condition_wait':
      case 'bump':
        return [this.first(2)];
      case 'context_set':
        return [this.first(2), 1 + random.below(9)];
      case 'future_await':
      case 'future_cancel':
      case 'future_query':
      case 'future_renew':
        return [this.first(3)];
      case 'future_set':
        return [this.first(3), random.below(10)];
      case 'future_fail':
        return [this.first(3), 1 + random.below(3)];
      case 'future_callback':
        return [this.first(3), this.action()];
      case 'lock':
      case 'unlock':
      case 'with_lock':
      case 'locked':
        return [random.pick([0, 0, 0, 1, 2])];
      case 'event_wait':
      case 'event_set':
      case 'event_clear':
      case 'event_is_set':
        return [this.first(2)];
      case 'condition_wait_for':
        return [this.first(2), 1 + random.below(2)];
      case 'notify':
        return [this.first(2), random.pick([0, 1, 1, 1, 2, 9])];
      case 'put':
      case 'put_nowait':
        return [this.first(2), random.below(10)];
      case 'get':
      case 'get_nowait':
      case 'task_done':
      case 'queue_join':
      case 'queue_size':
        return [this.first(2)];
      case 'shutdown':
        return [this.first(2), random.below(2)];
      case 'generator_open':
        return function_ && [function_, this.first(2)];
      case 'generator_for':
        return function_ && [function_];
      case 'generator_next':
      case 'generator_close':
        return [this.first(2)];
      case 'yield':
        return [random.below(10)];
      case 'timeout_open':
        return [this.longer(), random.below(2)];
      case 'reschedule':
        return [random.below(2), random.pick([9, this.longer(), this.longer(), this.longer()])];
      default:
        return [];
    }
  }
}

/** @type {Record<string, number>} */
const BLOCKS = { attempt: 2, shield: 1, timeout: 1, group: 1, repeat: 1, with_semaphore: 1, as_completed: 1, with_lock: 1, timeout_open: 1, generator_for: 1 };
const MAY_HANG = new Set(['acquire', 'with_semaphore', 'event_wait', 'future_await', 'lock', 'with_lock', 'condition_wait', 'condition_wait_for', 'barrier_wait', 'put', 'get', 'queue_join']);
const NEVER_FAIL = new Set(['spawn', 'spawn_in', 'cancel', 'cancel_self', 'uncancel', 'cancelling', 'query', 'return', 'repeat', 'release', 'semaphore_locked', 'locked', 'event_set', 'event_clear', 'event_is_set', 'future_query', 'future_renew', 'future_callback', 'add_callback', 'remove_callback', 'call_soon', 'call_later', 'cancel_handle', 'context_set', 'context_get', 'bump', 'barrier_reset', 'barrier_abort', 'barrier_query', 'shutdown', 'queue_size']);

/**
 * The program of a seed.
 * @param {number} seed @param {Theme[]} [only] themes to choose from
 */
export function generate(seed, only = ALL_THEMES) {
  const random = new Random(seed);
  const themes = Array.from({ length: 1 + random.below(3) }, () => random.pick(only));
  return new Generator(random, themes).program();
}
