/**
 * States of a task. New kinds of wait take one of these: what is shared is amber and dashed, the host is blue and square,
 * time is plum and round.
 */

export const NONE = 0;
export const READY = 1;
export const RUNNING = 2;
export const SLEEP = 3;
export const SYNC = 4;
export const HOST = 5;
export const JOIN = 6;
export const CANCELLING = 7;
export const DONE = 8;
export const FAILED = 9;
export const CANCELLED = 10;
/** It ran when the program crashed. */
export const CRASHED = 11;
/** It was alive when the program crashed. */
export const SWEPT = 12;
export const STOPPED = 13;

/** Added to a state while the task stands in a WIO_SHIELD. */
export const SHIELDED = 16;

/** @param {number} state */
export const base = (state) => state & 15;

/** @param {number} state */
export const isOver = (state) => base(state) >= DONE;

/** @param {number} state */
export const isWaiting = (state) => base(state) >= SLEEP && base(state) <= JOIN;

const JOINS = /^(task|gather|group|wait|as completed|select|generator|next value|executor shutdown|runner)/;
const SYNCS = /^(semaphore|lock|event|condition|queue|barrier|future|next value wanted)/;

/** @param {string} what the kind of a wait, in the trace's words */
export function stateOf(what) {
  if (what === 'sleep') return SLEEP;
  if (SYNCS.test(what)) return SYNC;
  return JOINS.test(what) ? JOIN : HOST;
}

/** Names of the symbols g-… and of the colours. */
const GLYPHS = ['new', 'ready', 'running', 'sleep', 'sema', 'fetch', 'join', 'cancelling', 'done', 'failed', 'cancelled', 'failed', 'stopped', 'stopped'];
const TONES = ['ink-3', 'now', 'now', 'sleep', 'sema', 'fetch', 'join', 'cancel', 'ink-3', 'fail', 'cancel', 'fail', 'cancel', 'cancel'];
const WORDS = ['not started', 'ready', 'running', 'sleeps', 'waits', 'waits for the host', 'waits for others', 'being cancelled', 'done', 'failed', 'cancelled', 'crashed', 'ended by the crash', 'stopped'];

/** After a number. */
const PLURALS = ['not started', 'ready', 'running', 'asleep', 'in line', 'in flight', 'wait for others', 'being cancelled', 'done', 'failed', 'cancelled', 'crashed', 'ended by the crash', 'stopped'];

/** @param {number} state */
export const glyphOf = (state) => (state & SHIELDED && isWaiting(state) ? 'shield' : GLYPHS[base(state)]);

/** @param {number} state */
export const toneOf = (state) => (state & SHIELDED && isWaiting(state) ? 'sleep' : TONES[base(state)]);

/** @param {number} state */
export const wordOf = (state) => WORDS[base(state)];

/** Of several tasks: "200 in flight". @param {number} state */
export const wordOfMany = (state) => PLURALS[base(state)];

/** Of several states on a line this order decides which is shown. */
export const MOST_ACTIVE = [RUNNING, CANCELLING, READY, HOST, SYNC, SLEEP, JOIN, CRASHED, SWEPT, STOPPED];
