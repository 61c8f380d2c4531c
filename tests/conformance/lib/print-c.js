/** A program as C that can be read and run: `wasyncio run --virtual-time program.c`. */

/** @typedef {import('./ops.js').Program} Program @typedef {import('./ops.js').Statement} Statement */

const HEADER = `#include <stdio.h>
#include <wasyncio.h>

static int log_(const char *what, int number, int rc) {
    wio_task *task = wio_current_task();
    printf("%.2f s  %s #%d %s %s", wio_time(), task ? wio_task_name(task) : "callback", number, what,
           rc < 0 ? wio_error_name(rc) : "");
    if (rc > 0) printf("%d", rc);
    printf("\\n");
    return rc;
}

/* An operation: its error leaves the block (DO) or is swallowed (TRY). A block: 0, an error, or 1 and \`result\` is returned. */
#define DO(number, what, call) do { int rc_ = log_(what, number, call); if (rc_ < 0) return rc_; } while (0)
#define TRY(number, what, call) log_(what, number, call)
#define BLOCK(number, what, swallow, ...) do { int rc = 0; __VA_ARGS__ log_(what, number, rc); if (rc && !(rc < 0 && swallow)) return rc; } while (0)
`;

/** @param {number} units */
const seconds = (units) => String((units - 1) * 0.25);
/** @param {number} units */
const limit = (units) => (units >= 9 ? 'WIO_FOREVER' : seconds(units));
/** @param {number[]} slots */
const tasks = (slots) => `(wio_task *[]){${slots.map((slot) => `slots[${slot}]`).join(', ')}}, ${slots.length}`;
const MODES = ['WIO_ALL_COMPLETED', 'WIO_FIRST_COMPLETED', 'WIO_FIRST_EXCEPTION'];
/** @param {string} call */
const nothing = (call) => `(${call}, 0)`;
/** @param {number} eager */
const options = (eager) => (eager ? ', &(wio_task_options){.eager = true}' : ', NULL');

/** @type {Record<string, (...args: number[]) => string>} */
const SIMPLE = {
  sleep: (units) => `wio_sleep(${seconds(units)})`,
  spawn: (f, slot, eager) => nothing(`slots[${slot}] = wio_create_task_with(f${f}, NULL${options(eager)})`),
  join: (slot) => `slots[${slot}] ? wio_await(slots[${slot}]) : 0`,
  shield_task: (slot) => `slots[${slot}] ? wio_shield(slots[${slot}]) : 0`,
  cancel: (slot) => nothing(`slots[${slot}] ? wio_task_cancel(slots[${slot}]) : (void)0`),
  cancel_self: () => nothing('wio_task_cancel(wio_current_task())'),
  uncancel: () => 'wio_uncancel()',
  cancelling: () => 'wio_cancelling()',
  query: (slot) => `slots[${slot}] ? wio_task_done(slots[${slot}]) + 2 * wio_task_cancelled(slots[${slot}]) : 0`,
  fail: (kind) => ['-ECANCELED', '-ETIMEDOUT'][kind] ?? `wio_fail(-EIO, "error ${kind}")`,
  call: (f) => `f${f}(NULL)`,
  wait_for: (f, units) => `wio_wait_for(f${f}, NULL, ${seconds(units)})`,
  spawn_in: (group, f, slot, eager) => nothing(`slots[${slot}] = groups[${group}] ? wio_group_create_task_with(groups[${group}], f${f}, NULL${options(eager)}) : NULL`),
  gather: (every, ...fs) => `wio_gather((wio_call[]){${fs.map((f) => `{f${f}, NULL}`).join(', ')}}, ${fs.length}, ${every ? `(int[${fs.length}]){0}` : 'NULL'})`,
  acquire: (n) => `wio_semaphore_acquire(&semaphores[${n}])`,
  release: (n) => nothing(`wio_semaphore_release(&semaphores[${n}])`),
  semaphore_locked: (n) => `wio_semaphore_locked(&semaphores[${n}])`,
  wait: (mode, units, ...slots) => `wio_wait(${tasks(slots)}, ${MODES[mode]}, ${limit(units)})`,
  add_callback: (slot, action) => `slots[${slot}] ? wio_task_add_done_callback(slots[${slot}], done${action}, NULL) : 0`,
  remove_callback: (slot, action) => `slots[${slot}] ? wio_task_remove_done_callback(slots[${slot}], done${action}) : 0`,
  future_await: (n) => `wio_future_await(&futures[${n}])`,
  future_set: (n, value) => `wio_future_set_result(&futures[${n}], ${value})`,
  future_fail: (n, kind) => `wio_future_set_error(&futures[${n}], ${kind <= 1 ? '-ETIMEDOUT' : `wio_fail(-EIO, "error ${kind}")`})`,
  future_cancel: (n) => `wio_future_cancel(&futures[${n}])`,
  future_query: (n) => `wio_future_done(&futures[${n}]) + 2 * wio_future_cancelled(&futures[${n}])`,
  future_renew: (n) => nothing(`wio_future_done(&futures[${n}]) ? wio_future_init(&futures[${n}]) : (void)0`),
  future_callback: (n, action) => `wio_future_add_done_callback(&futures[${n}], future_done${action}, NULL)`,
  call_soon: (action, handle) => nothing(`handles[${handle}] = wio_call_soon(action${action}, NULL)`),
  call_later: (units, action, handle) => nothing(`handles[${handle}] = wio_call_later(${seconds(units)}, action${action}, NULL)`),
  cancel_handle: (handle) => nothing(`wio_handle_cancel(handles[${handle}])`),
  context_set: (n, value) => `wio_context_set(&variables[${n}], (void *)${value})`,
  context_get: (n) => `(int)(long)wio_context_get(&variables[${n}])`,
  lock: (n) => `wio_lock_acquire(&locks[${n}])`,
  unlock: (n) => `wio_lock_release(&locks[${n}])`,
  locked: (n) => `wio_lock_locked(&locks[${n}])`,
  event_wait: (n) => `wio_event_wait(&events[${n}])`,
  event_set: (n) => nothing(`wio_event_set(&events[${n}])`),
  event_clear: (n) => nothing(`wio_event_clear(&events[${n}])`),
  event_is_set: (n) => `wio_event_is_set(&events[${n}])`,
  condition_wait: (n) => `wio_condition_wait(&conditions[${n}])`,
  condition_wait_for: (n, least) => `wio_condition_wait_for(&conditions[${n}], enough, (int[]){${n}, ${least}})`,
  notify: (n, many) => (many >= 9 ? `wio_condition_notify_all(&conditions[${n}])` : `wio_condition_notify(&conditions[${n}], ${many})`),
  bump: (n) => `++bumps[${n}]`,
  barrier_wait: () => 'wio_barrier_wait(&barrier)',
  barrier_reset: () => nothing('wio_barrier_reset(&barrier)'),
  barrier_abort: () => nothing('wio_barrier_abort(&barrier)'),
  barrier_query: () => '(int)wio_barrier_n_waiting(&barrier)',
  put: (n, item) => `wio_queue_put(&queues[${n}], &(int){${item}})`,
  get: (n) => `wio_queue_get(&queues[${n}], &(int){0})`,
  put_nowait: (n, item) => `wio_queue_put_nowait(&queues[${n}], &(int){${item}})`,
  get_nowait: (n) => `wio_queue_get_nowait(&queues[${n}], &(int){0})`,
  task_done: (n) => `wio_queue_task_done(&queues[${n}])`,
  queue_join: (n) => `wio_queue_join(&queues[${n}])`,
  shutdown: (n, immediate) => nothing(`wio_queue_shutdown(&queues[${n}], ${immediate ? 'true' : 'false'})`),
  queue_size: (n) => `(int)wio_queue_size(&queues[${n}])`,
  generator_open: (f, register) => nothing(`generators[${register}] = (open){.used = true}, wio_generator_open(&generators[${register}].generator, g${f}, NULL)`),
  generator_next: (register) => `next(&generators[${register}])`,
  generator_close: (register) => nothing(`generators[${register}].used ? wio_generator_close(&generators[${register}].generator) : (void)0`),
  yield: (value) => `generator ? wio_generator_yield(generator, &(int){${value}}) : 0`,
  reschedule: (register, units) => `timeouts[${register}] ? wio_timeout_reschedule(timeouts[${register}], wio_time() + ${limit(units)}) : 0`,
};

/** How an operation runs its block. @type {Record<string, (inner: string, ...args: number[]) => string>} */
const BLOCKS = {
  shield: (inner) => `WIO_SHIELD { rc = ${inner}(); }`,
  timeout: (inner, units) => `WIO_TIMEOUT(${seconds(units)}) { rc = ${inner}(); }`,
  timeout_open: (inner, units, register) =>
    `wio_scope scope = {0}, *outer = timeouts[${register}]; wio_timeout_open(timeouts[${register}] = &scope, ${seconds(units)}); rc = ${inner}(); wio_timeout_close(&scope); timeouts[${register}] = outer;`,
  group: (inner, register) =>
    `wio_group group = {0}, *outer = groups[${register}]; wio_group_open(groups[${register}] = &group); rc = ${inner}(); if (rc < 0) wio_group_fail(&group, rc); int joined = wio_group_join(&group); groups[${register}] = outer; if (joined < 0) rc = joined;`,
  with_semaphore: (inner, n) => `rc = wio_semaphore_acquire(&semaphores[${n}]); if (rc == 0) { rc = ${inner}(); wio_semaphore_release(&semaphores[${n}]); }`,
  with_lock: (inner, n) => `rc = wio_lock_acquire(&locks[${n}]); if (rc == 0) { rc = ${inner}(); wio_lock_release(&locks[${n}]); }`,
  as_completed: (inner, units, ...slots) =>
    `wio_as_completed it; wio_as_completed_init(&it, ${tasks(slots)}, ${limit(units)}); while (!rc && wio_as_completed_next(&it)) rc = ${inner}(); if (!rc) rc = wio_as_completed_status(&it); wio_as_completed_close(&it);`,
  generator_for: (inner, f) => `WIO_ASYNC_FOR(g, int *, value, g${f}, NULL) { log_("value", -1, *value); rc = ${inner}(); if (rc) break; } if (!rc) rc = wio_generator_status(&g);`,
};

/** Generators by register: one that nothing opened is asked for nothing. */
const OPEN = `typedef struct { wio_generator generator; bool used; } open;
static open generators[2];
static inline int next(open *of) {
    void *value;
    return of->used ? wio_generator_next(&of->generator, &value) ? *(int *)value + 1 : wio_generator_status(&of->generator) : 0;
}`;

const ACTIONS = ['', 'wio_semaphore_release(&semaphores[0]);', 'if (slots[0]) wio_task_cancel(slots[0]);', 'wio_event_set(&events[0]);', 'wio_future_set_result(&futures[0], 7);', 'wio_queue_put_nowait(&queues[0], &(int){8});'];

class Printer {
  /** @type {string[]} */
  blocks = [];

  /** What is yielded in a block goes to `generator`, if the block is not inside another's. */
  generates = false;

  /** @param {string} name @param {boolean} [outer] */
  call = (name, outer = false) => `${name}(${!this.generates ? '' : outer ? 'generator' : 'NULL'})`;

  /** A block as a function; its name. @param {Statement[]} block */
  block(block) {
    const body = this.lines(block);
    const name = `block${this.blocks.length}`;
    this.blocks.push(`static int ${name}(${this.generates ? 'wio_generator *generator' : 'void'}) {\n${this.generates ? '    (void)generator;\n' : ''}${body.map((line) => `    ${line}\n`).join('')}    return 0;\n}`);
    return name;
  }

  /** @param {Statement[]} block @returns {string[]} */
  lines(block) {
    /** @type {string[]} */
    const out = [];
    for (const [op, catches, args, blocks, number] of block) {
      if (op === 'return') out.push(`result = ${args[0]};`, `log_("return", ${number}, result);`, 'return 1;');
      else if (op === 'repeat') {
        const inner = this.block(blocks[0]);
        out.push(`for (int i = 0; i < ${args[0]}; i++) {`, `    int rc = ${this.call(inner, true)};`, '    if (rc) return rc;', '}');
      } else if (op === 'attempt') {
        const [first, second] = [this.block(blocks[0]), this.block(blocks[1])];
        const after = `if (rc < 0) { int failed = rc; rc = ${this.call(second, true)}; ${args[0] ? 'if (rc == 0) rc = failed; ' : '(void)failed; '}}`;
        out.push(`BLOCK(${number}, "attempt", ${catches}, rc = ${this.call(first, true)}; ${after});`);
      } else if (BLOCKS[op]) {
        const inner = this.block(blocks[0]);
        out.push(`BLOCK(${number}, "${op}", ${catches}, ${BLOCKS[op](inner, ...args).replaceAll(`${inner}()`, this.call(inner))});`);
      }
      else out.push(`${catches ? 'TRY' : 'DO'}(${number}, "${op}", ${SIMPLE[op](...args)});`);
      if (op === 'return' || (op === 'fail' && !catches)) break;
    }
    return out;
  }
}

/** @param {Program} program @param {string} text */
function objects({ setup }, text) {
  const all = {
    slots: 'static wio_task *slots[8];',
    groups: 'static wio_group *groups[4];',
    generators: OPEN,
    timeouts: 'static wio_scope *timeouts[2];',
    handles: 'static wio_handle *handles[3];',
    semaphores: 'static wio_semaphore semaphores[2];',
    locks: 'static wio_lock locks[3];',
    conditions: 'static wio_condition conditions[2];',
    bumps: 'static int bumps[2];',
    events: 'static wio_event events[2];',
    barrier: 'static wio_barrier barrier;',
    queues: 'static wio_queue queues[2];',
    futures: 'static wio_future futures[3];',
    variables: 'static const char variables[2];',
  };
  const used = new Set(Object.keys(all).filter((name) => new RegExp(`\\b${name}\\b`).test(text)));
  if (used.has('conditions')) used.add('locks');
  /** @type {Record<string, string[]>} */
  const made = {
    semaphores: setup.semaphores.map(([value, bounded], i) => `wio_semaphore_init${bounded ? '_bounded' : ''}(&semaphores[${i}], ${value});`),
    conditions: ['wio_condition_init(&conditions[0], &locks[0]);', 'wio_condition_init(&conditions[1], &locks[2]);'],
    barrier: [`wio_barrier_init(&barrier, ${setup.parties});`],
    queues: setup.queues.map(([kind, capacity], i) => `wio_queue_init${['', '_lifo', '_priority'][kind]}(&queues[${i}], sizeof(int), ${capacity}${kind === 2 ? ', compare' : ''});`),
  };
  const begin = Object.entries(made).flatMap(([name, lines]) => (used.has(name) ? lines : []));
  const compare = begin.some((line) => line.includes('compare')) ? ['static int compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }'] : [];
  if (/\benough\b/.test(text)) used.add('bumps');
  const enough = /\benough\b/.test(text) ? ['static bool enough(void *arg) { return bumps[((int *)arg)[0]] >= ((int *)arg)[1]; }'] : [];
  return { declared: [...Object.entries(all).filter(([name]) => used.has(name)).map(([, line]) => line), 'static int result;', ...enough], begin, compare };
}

/** @param {Program} program */
export function toC(program) {
  const printer = new Printer();
  const all = JSON.stringify(program.functions);
  printer.generates = /"(generator_|yield)/.test(all);
  const functions = program.functions.map((block, i) => {
    const name = printer.block(block);
    const body = `int g${i}(wio_generator *generator, void *arg) {\n    (void)arg;\n    int rc = ${name}(generator);\n    return rc < 0 ? rc : 0;\n}\n\n`;
    const iterated = new RegExp(`"generator_(open|for)",\\d,\\[${i}\\b`).test(all);
    return `${iterated ? body : ''}int f${i}(void *arg) {\n    (void)arg;\n    int rc = log_("f${i} starts", -1, 0);\n    rc = ${printer.call(name)};\n    return log_("f${i} ends", -1, rc > 0 ? result : rc);\n}`;
  });
  const body = [...printer.blocks, ...functions].join('\n\n');
  const forward = functions.flatMap((text, i) => [`int f${i}(void *arg);`, ...(text.startsWith('int g') ? [`int g${i}(wio_generator *generator, void *arg);`] : [])]);
  const callbacks = [...new Set([...body.matchAll(/\b(action|done|future_done)(\d)\b/g)].map((match) => match[0]))].sort().map((name) => {
    const parameters = name.startsWith('action') ? 'void *arg' : name.startsWith('done') ? 'wio_task *of, void *arg' : 'wio_future *of, void *arg';
    const unused = name.startsWith('action') ? '(void)arg;' : '(void)arg, (void)of;';
    return `static void ${name}(${parameters}) {\n    ${unused}\n    log_("${name}", -1, 0);\n    ${ACTIONS[Number(name.slice(-1))]}\n}`;
  });
  const { declared, begin, compare } = objects(program, [body, ...callbacks].join('\n'));
  const main = `int main(void) {\n${begin.map((line) => `    ${line}\n`).join('')}    return log_("the run ends", -1, wio_run(f0, NULL)) < 0;\n}`;
  return `${HEADER}\n${[...declared, ...compare, ...forward].join('\n')}\n\n${[...callbacks, body, main].join('\n\n')}\n`;
}
