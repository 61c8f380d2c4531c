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
    const setup = { semaphores: /** @type {[number, number][]} */ ([0, 1].map(() => [random.below(3), random.below(2)])) };
    const functions = [];
    for (let i = 0; i < this.functions; i++) {
      this.own = i;
      this.left = i ? 2 + random.below(5) : 5 + random.below(8);
      functions.push(this.block(0, i ? 5 : 12));
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
    return [op, catches, args, Array.from({ length: blocks }, () => this.block(depth + 1, 4)), 0];
  }

  /** A function behind the own one, or undefined. */
  function() {
    const own = /** @type {number} */ (this.own);
    return own + 1 < this.functions ? own + 1 + this.random.below(this.functions - own - 1) : undefined;
  }

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
      default:
        return [];
    }
  }
}

/** @type {Record<string, number>} */
const BLOCKS = { attempt: 2, shield: 1, timeout: 1, group: 1, repeat: 1, with_semaphore: 1 };
const NEVER_FAIL = new Set(['spawn', 'spawn_in', 'cancel', 'cancel_self', 'uncancel', 'cancelling', 'query', 'return', 'repeat', 'release', 'semaphore_locked']);

/**
 * The program of a seed.
 * @param {number} seed @param {Theme[]} [only] themes to choose from
 */
export function generate(seed, only = ALL_THEMES) {
  const random = new Random(seed);
  const themes = Array.from({ length: 1 + random.below(3) }, () => random.pick(only));
  return new Generator(random, themes).program();
}
