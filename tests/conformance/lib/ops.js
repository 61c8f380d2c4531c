/**
 * What programs are made of. A program is data:
 *
 *   { setup: {…}, functions: [block, …] }     block: [statement, …]     statement: [op, catch, args, blocks, number]
 *
 * Function 0 is the main coroutine; a function calls or starts only functions behind it, so every program ends. `catch` 1:
 * an error of the operation is noted and swallowed, 0: it leaves the function, as an exception does and as `return rc` in C.
 * Times are units of a quarter second, plus one: 0 is a negative time.
 *
 * @typedef {[op: string, catches: number, args: number[], blocks: Statement[][], number: number]} Statement
 * @typedef {{semaphores: [value: number, bounded: number][], parties: number, queues: [kind: number, capacity: number][]}} Setup
 * @typedef {{setup: Setup, functions: Statement[][]}} Program
 */

/** In the order of their numbers in the C program. The list only grows at its end. */
export const OPS = [
  'sleep', // units
  'spawn', // function, slot, eager
  'join', // slot
  'shield_task', // slot
  'cancel', // slot
  'cancel_self',
  'uncancel',
  'cancelling',
  'query', // slot
  'fail', // 0 CancelledError, 1 TimeoutError, from 2 on an error of its own
  'return', // value
  'call', // function
  'attempt', // again; {try} {except, and again: raise}
  'shield', // {}
  'timeout', // units {}
  'wait_for', // function, units
  'group', // register {}
  'spawn_in', // register, function, slot, eager
  'gather', // return_exceptions, functions…
  'repeat', // times {}
  'acquire', // semaphore
  'release', // semaphore
  'with_semaphore', // semaphore {}
  'semaphore_locked', // semaphore
  'wait', // mode, units (9: none), slots…
  'as_completed', // units (9: none), slots… {}
  'add_callback', // slot, action
  'remove_callback', // slot, action
  'future_await', // future
  'future_set', // future, value
  'future_fail', // future, kind as of fail
  'future_cancel', // future
  'future_query', // future
  'future_renew', // future: a new one in its place, if it is done
  'future_callback', // future, action
  'call_soon', // action, handle
  'call_later', // units, action, handle
  'cancel_handle', // handle
  'context_set', // variable, value
  'context_get', // variable
  'lock', // lock
  'unlock', // lock
  'with_lock', // lock {}
  'locked', // lock
  'event_wait', // event
  'event_set', // event
  'event_clear', // event
  'event_is_set', // event
  'condition_wait', // condition; condition 0 has lock 0, condition 1 has lock 2
  'condition_wait_for', // condition, at least so many bumps
  'notify', // condition, how many (9: all)
  'bump', // condition
  'barrier_wait',
  'barrier_reset',
  'barrier_abort',
  'barrier_query',
  'put', // queue, item
  'get', // queue
  'put_nowait', // queue, item
  'get_nowait', // queue
  'task_done', // queue
  'queue_join', // queue
  'shutdown', // queue, immediate
  'queue_size', // queue
  'timeout_open', // units, register {}
  'reschedule', // register, units
  'generator_open', // function, register
  'generator_next', // register
  'generator_close', // register
  'generator_for', // function {}
  'yield', // value: in a generator's body, but for attempt and repeat in no block
];

/** What callbacks do, by number: nothing, or one thing to the first of its kind. */
export const ACTIONS = ['nothing', 'release a permit', 'cancel the task in slot 0', 'set event 0', 'set future 0', 'put into queue 0'];

const NUMBERS = new Map(OPS.map((name, i) => [name, i]));

/**
 * Numbers the statements in order, as the decoder in C does.
 * @param {Program} program
 */
export function number(program) {
  let next = 0;
  /** @param {Statement[]} block */
  const walk = (block) => {
    for (const statement of block) {
      statement[4] = next++;
      statement[3].forEach(walk);
    }
  };
  program.functions.forEach(walk);
  return program;
}

/**
 * The bytes that c/decode.c reads.
 * @param {Program} program
 */
export function encode({ setup, functions }) {
  /** @type {number[]} */
  const bytes = [];
  /** @param {Statement[]} block */
  const putBlock = (block) => {
    bytes.push(block.length);
    for (const [op, catches, args, blocks] of block) {
      bytes.push(/** @type {number} */ (NUMBERS.get(op)), catches, args.length, ...args, blocks.length);
      blocks.forEach(putBlock);
    }
  };
  for (const [value, bounded] of setup.semaphores) bytes.push(value, bounded);
  bytes.push(setup.parties - 1);
  for (const [kind, capacity] of setup.queues) bytes.push(kind, capacity);
  bytes.push(functions.length);
  functions.forEach(putBlock);
  return bytes;
}
