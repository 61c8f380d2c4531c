/** A program as Python that can be read and run: asyncio as it is, without the rules that the oracle follows. */

/** @typedef {import('./ops.js').Program} Program @typedef {import('./ops.js').Statement} Statement */

const HEADER = `import asyncio, contextlib, contextvars

def log(*what):
    task = asyncio.current_task()
    print(f"{asyncio.get_running_loop().time() - start:.2f} s ", task.get_name() if task else "callback", *what)

class op:  # notes how an operation ends
    def __init__(self, number, name, swallow=False):
        self.what, self.swallow = f"#{number} {name}", swallow
    def __enter__(self):
        return self
    def __exit__(self, kind, error, traceback):
        log(self.what, repr(error) if error else "")
        return self.swallow and error is not None

slots, groups, handles, timeouts, generators, bumps = {}, {}, {}, {}, {}, [0, 0]
`;

/** @param {number} units */
const seconds = (units) => String((units - 1) * 0.25);
/** @param {number} units */
const limit = (units) => (units >= 9 ? 'None' : seconds(units));
/** @param {number[]} slots */
const tasks = (slots) => `[slots[n] for n in (${slots.join(', ')},) if n in slots]`;
/** @param {number} eager */
const start = (eager) => (eager ? ', eager_start=True' : '');
const MODES = ['ALL_COMPLETED', 'FIRST_COMPLETED', 'FIRST_EXCEPTION'];

/** What an operation without a block is. @type {Record<string, (...args: number[]) => string>} */
const SIMPLE = {
  sleep: (units) => `await asyncio.sleep(${seconds(units)})`,
  spawn: (f, slot, eager) => `slots[${slot}] = asyncio.get_running_loop().create_task(f${f}()${start(eager)})`,
  join: (slot) => `if ${slot} in slots: await slots[${slot}]`,
  shield_task: (slot) => `if ${slot} in slots: await asyncio.shield(slots[${slot}])`,
  cancel: (slot) => `if ${slot} in slots: slots[${slot}].cancel()`,
  cancel_self: () => 'asyncio.current_task().cancel()',
  uncancel: () => 'asyncio.current_task().uncancel()',
  cancelling: () => 'log(asyncio.current_task().cancelling())',
  query: (slot) => `if ${slot} in slots: log(slots[${slot}].done(), slots[${slot}].cancelled())`,
  fail: (kind) => `raise ${['asyncio.CancelledError', 'TimeoutError'][kind] ?? `Exception(${kind})`}`,
  call: (f) => `await f${f}()`,
  wait_for: (f, units) => `await asyncio.wait_for(f${f}(), ${seconds(units)})`,
  spawn_in: (group, f, slot, eager) => `if ${group} in groups: slots[${slot}] = groups[${group}].create_task(f${f}()${start(eager)})`,
  gather: (every, ...fs) => `await asyncio.gather(${fs.map((f) => `f${f}()`).join(', ')}, return_exceptions=${every ? 'True' : 'False'})`,
  acquire: (n) => `await semaphores[${n}].acquire()`,
  release: (n) => `semaphores[${n}].release()`,
  semaphore_locked: (n) => `log(semaphores[${n}].locked())`,
  wait: (mode, units, ...slots) => `await asyncio.wait(${tasks(slots)}, timeout=${limit(units)}, return_when=asyncio.${MODES[mode]})`,
  add_callback: (slot, action) => `if ${slot} in slots: slots[${slot}].add_done_callback(action${action})`,
  remove_callback: (slot, action) => `if ${slot} in slots: slots[${slot}].remove_done_callback(action${action})`,
  future_await: (n) => `await futures[${n}]`,
  future_set: (n, value) => `futures[${n}].set_result(${value})`,
  future_fail: (n, kind) => `futures[${n}].set_exception(${kind <= 1 ? 'TimeoutError()' : `Exception(${kind})`})`,
  future_cancel: (n) => `futures[${n}].cancel()`,
  future_query: (n) => `log(futures[${n}].done(), futures[${n}].cancelled())`,
  future_renew: (n) => `if futures[${n}].done(): futures[${n}] = asyncio.get_running_loop().create_future()`,
  future_callback: (n, action) => `futures[${n}].add_done_callback(action${action})`,
  call_soon: (action, handle) => `handles[${handle}] = asyncio.get_running_loop().call_soon(action${action})`,
  call_later: (units, action, handle) => `handles[${handle}] = asyncio.get_running_loop().call_later(${seconds(units)}, action${action})`,
  cancel_handle: (handle) => `if ${handle} in handles: handles[${handle}].cancel()`,
  context_set: (n, value) => `variables[${n}].set(${value})`,
  context_get: (n) => `log(variables[${n}].get())`,
  lock: (n) => `await locks[${n}].acquire()`,
  unlock: (n) => `locks[${n}].release()`,
  locked: (n) => `log(locks[${n}].locked())`,
  event_wait: (n) => `await events[${n}].wait()`,
  event_set: (n) => `events[${n}].set()`,
  event_clear: (n) => `events[${n}].clear()`,
  event_is_set: (n) => `log(events[${n}].is_set())`,
  condition_wait: (n) => `await conditions[${n}].wait()`,
  condition_wait_for: (n, least) => `await conditions[${n}].wait_for(lambda: bumps[${n}] >= ${least})`,
  notify: (n, many) => `conditions[${n}].${many >= 9 ? 'notify_all()' : `notify(${many})`}`,
  bump: (n) => `bumps[${n}] += 1`,
  barrier_wait: () => 'log(await barrier.wait())',
  barrier_reset: () => 'await barrier.reset()',
  barrier_abort: () => 'await barrier.abort()',
  barrier_query: () => 'log(barrier.n_waiting, barrier.broken)',
  put: (n, item) => `await queues[${n}].put(${item})`,
  get: (n) => `log(await queues[${n}].get())`,
  put_nowait: (n, item) => `queues[${n}].put_nowait(${item})`,
  get_nowait: (n) => `log(queues[${n}].get_nowait())`,
  task_done: (n) => `queues[${n}].task_done()`,
  queue_join: (n) => `await queues[${n}].join()`,
  shutdown: (n, immediate) => `queues[${n}].shutdown(immediate=${immediate ? 'True' : 'False'})`,
  queue_size: (n) => `log(queues[${n}].qsize())`,
  generator_open: (f, register) => `generators[${register}] = g${f}()`,
  generator_next: (register) => `if ${register} in generators: log(await anext(generators[${register}], "the end"))`,
  generator_close: (register) => `if ${register} in generators: await generators[${register}].aclose()`,
  yield: () => 'pass  # yields nothing: no body of a generator, or inside another block',
  reschedule: (register, units) =>
    `if ${register} in timeouts: timeouts[${register}].reschedule(${units >= 9 ? 'None' : `asyncio.get_running_loop().time() + ${seconds(units)}`})`,
};

/** What stands before an operation's block, under which that is indented. @type {Record<string, (...args: number[]) => string[]>} */
const BLOCKS = {
  shield: () => ['if True:  # WIO_SHIELD: asyncio has nothing like it'],
  timeout: (units) => [`async with asyncio.timeout(${seconds(units)}):`],
  timeout_open: (units, register) => [`async with asyncio.timeout(${seconds(units)}) as timeouts[${register}]:`],
  group: (register) => [`async with asyncio.TaskGroup() as groups[${register}]:`],
  with_semaphore: (n) => [`async with semaphores[${n}]:`],
  with_lock: (n) => [`async with locks[${n}]:`],
  generator_for: (f) => [`async with contextlib.aclosing(g${f}()) as values:  # for value in values`, '    while (value := await anext(values, None)) is not None:', '        log(value)'],
  as_completed: (units, ...slots) => [`async for task in asyncio.as_completed(${tasks(slots)}, timeout=${limit(units)}):`, '    log(task.get_name())'],
};

const ACTIONS = [
  'log("callback")',
  'log("callback"); semaphores[0].release()',
  'log("callback"); slots[0].cancel() if 0 in slots else None',
  'log("callback"); events[0].set()',
  'log("callback"); futures[0].done() or futures[0].set_result(7)',
  'log("callback"); queues[0].put_nowait(8)',
];

/** @param {Statement[]} block @param {boolean} [yields] it is of a generator's body @returns {string[]} */
function lines(block, yields = false) {
  /** @type {string[]} */
  const out = [];
  for (const [op, catches, args, blocks, number] of block) {
    const deeper = op === 'generator_for' ? '        ' : '    ';
    const inner = (/** @type {number} */ i) => (blocks[i]?.length ? lines(blocks[i], yields && (op === 'repeat' || op === 'attempt')) : ['pass']).map((line) => deeper + line);
    if (op === 'return') {
      out.push(`log("#${number} return"); return ${yields ? '' : args[0]}`);
      continue;
    }
    if (op === 'repeat') {
      out.push(`for _ in range(${args[0]}):`, ...inner(0));
      continue;
    }
    const body =
      op === 'attempt'
        ? ['try:', ...inner(0), 'except BaseException:', ...inner(1), ...(args[0] ? ['    raise'] : [])]
        : BLOCKS[op]
          ? [...BLOCKS[op](...args), ...inner(0)]
          : yields && op === 'yield'
            ? [`yield ${args[0]}`]
            : [SIMPLE[op](...args)];
    out.push(`with op(${number}, "${op}"${catches ? ', swallow=True' : ''}):`, ...body.map((line) => `    ${line}`));
  }
  return out;
}

/** What main makes first; only what the program uses. @param {Program} program @param {string} text */
function objects({ setup }, text) {
  const semaphore = setup.semaphores.map(([value, bounded]) => `asyncio.${bounded ? 'BoundedSemaphore' : 'Semaphore'}(${value})`);
  const queue = setup.queues.map(([kind, capacity]) => `asyncio.${['Queue', 'LifoQueue', 'PriorityQueue'][kind]}(${capacity})`);
  const all = {
    semaphores: `[${semaphore.join(', ')}]`,
    locks: '[asyncio.Lock(), asyncio.Lock(), asyncio.Lock()]',
    conditions: '[asyncio.Condition(locks[0]), asyncio.Condition(locks[2])]',
    events: '[asyncio.Event(), asyncio.Event()]',
    barrier: `asyncio.Barrier(${setup.parties})`,
    queues: `[${queue.join(', ')}]`,
    futures: '[asyncio.get_running_loop().create_future() for _ in range(3)]',
    variables: '[contextvars.ContextVar(name, default=0) for name in "ab"]',
  };
  const used = new Set(Object.keys(all).filter((name) => text.includes(name)));
  if (used.has('conditions')) used.add('locks');
  return Object.entries(all).filter(([name]) => used.has(name));
}

/** @param {Program} program */
export function toPython(program) {
  const functions = program.functions.flatMap((block, i) => {
    const define = (/** @type {string} */ name, /** @type {string[]} */ body) => [`async def ${name}():`, ...body.map((line) => `    ${line}`)].join('\n');
    const task = define(`f${i}`, block.length ? lines(block) : ['pass']);
    const iterated = JSON.stringify(program.functions).match(new RegExp(`"generator_(open|for)",\\d,\\[${i}\\b`));
    return iterated ? [task, define(`g${i}`, [...lines(block, true), 'return', 'yield'])] : [task];
  });
  const named = new Set([...functions.join('\n').matchAll(/\baction(\d)\b/g)].map((match) => Number(match[1])));
  const actions = [...named].sort().map((n) => `def action${n}(*_):\n    ${ACTIONS[n]}`);
  const text = [...functions, ...actions].join('\n\n');
  const made = objects(program, text);
  const main = [
    'async def main():',
    `    global start${made.map(([name]) => `, ${name}`).join('')}`,
    '    start = asyncio.get_running_loop().time()',
    ...made.map(([name, value]) => `    ${name} = ${value}`),
    '    return await f0()',
  ].join('\n');
  return `${HEADER}\n${text}\n\n${main}\n\nasyncio.run(main())\n`;
}
