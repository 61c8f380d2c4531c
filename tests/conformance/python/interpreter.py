"""Runs programs (lib/ops.js) on asyncio and notes what happens: [task, statement, code, value, time] for each event."""
import asyncio
import contextvars
import functools
import json

from generators import compiled
from rules import *
from virtual_loop import Hang, VirtualLoop

START, END, RUN, NOTE = -1, -2, -3, -4
UNIT = 0.25  # seconds of a unit of time in programs
MAX_TASKS = 64
MAX_ARGS = 8
FOREVER = 9
NOBODY = -1
NAMES = {"yield": "yield_"}
# What a generator's body does not do: it is no task of its own.
FOR_TASKS = set(
    "join shield_task shield gather cancel cancel_self uncancel cancelling wait as_completed add_callback remove_callback"
    " lock unlock with_lock notify condition_wait condition_wait_for reschedule generator_next generator_close".split()
)


def seconds(units):
    return (units - 1) * UNIT  # 0 stands for a negative time


def limit(units):
    return None if units >= FOREVER else seconds(units)


async def cancelled():
    raise asyncio.CancelledError


class Entry:
    """A task as the program sees it."""

    __slots__ = ("number", "task", "owned", "ended", "given_back")

    def __init__(self, number):
        self.number = number
        self.task = None
        self.owned = False
        self.ended = False  # its done callbacks have been called
        self.given_back = False

    def note_end(self, task):
        self.ended = True


class Iteration:
    """A generator as the program sees it."""

    def __init__(self, program, entry, function):
        self.program = program
        self.entry = entry
        self.inside = Body()
        self.busy = self.ended = False
        self.values = program.bodies(function)(program, self)

    def enter(self):
        """The body begins, or goes on: in the task of who iterates."""
        task = asyncio.current_task()
        self.outside = task, getattr(task, "number", None), getattr(task, "body", False)
        task.number, task.body = self.entry.number, True
        task.scopes.append(self.inside)
        return task

    def leave(self):
        task, task.number, task.body = self.outside[0], *self.outside[1:]
        task.scopes.remove(self.inside)


class Program:
    def __init__(self, program, kinds=Ruled):
        self.functions = program["functions"]
        self.setup = program["setup"]
        self.loop = VirtualLoop()
        self.loop.kinds = self.kinds = kinds
        self.loop.set_task_factory(lambda loop, coro, **options: self.new_task(coro, options))
        self.trace = []
        self.entries = []
        self.slots = {}
        self.groups = {}
        self.ending = False
        self.over = False
        setup = self.setup
        self.semaphores = [
            (asyncio.BoundedSemaphore if bounded else asyncio.Semaphore)(value) for value, bounded in setup["semaphores"]
        ]
        self.locks = [kinds.Lock(), kinds.Lock()]
        self.conditions = [kinds.Condition(self.locks[0]), kinds.Condition(kinds.Lock())]
        self.locks.append(self.conditions[1]._lock)
        self.bumps = [0, 0]
        self.events = [asyncio.Event(), asyncio.Event()]
        self.barrier = asyncio.Barrier(setup["parties"])
        self.uncertain = False
        self.queues = [kinds.queues[kind](capacity) for kind, capacity in setup["queues"]]
        self.futures = [self.loop.create_future() for _ in range(3)]
        self.renewed = len(self.futures)
        self.handles = {}
        self.iterations = {}
        self.opened = []
        self.compiled = {}
        self.timeouts = {}
        self.variables = [contextvars.ContextVar(name, default=0) for name in "ab"]
        self.actions = [functools.partial(self.act, action) for action in range(6)]
        self.task_actions = [functools.partial(self.task_called, action) for action in range(6)]
        self.future_actions = [functools.partial(self.future_called, action) for action in range(6)]

    def new_task(self, coro, options):
        ends = self.ending and getattr(coro, "__name__", "") == "body"  # not what closes generators
        if ends:
            acts("OWN", self.loop)
        if ends and options.get("eager_start"):  # OWN
            coro.close()
            coro = cancelled()
        task = self.kinds.Task(coro, loop=self.loop, **options)
        if ends:  # OWN
            task.cancel()
        return task

    def emit(self, number, statement, code=0, value=0):
        if self.over:
            return
        self.loop.check()
        self.trace += (number, statement, code, value, round(self.loop.now / UNIT))

    # ------------------------------------------------------------------------------------------------ Tasks

    def entry(self):
        if len(self.entries) >= MAX_TASKS:
            return None
        entry = Entry(len(self.entries))
        self.entries.append(entry)
        return entry

    async def body(self, entry, function):
        task = asyncio.current_task()
        task.number = entry.number
        entry.task = task
        self.watch(entry)
        self.emit(entry.number, START)
        try:
            value = await self.function(task, function)
        except BaseException as error:
            if not isinstance(error, GeneratorExit):
                self.emit(entry.number, END, code_of(task, error))
            raise
        self.emit(entry.number, END, 0, value)
        return value

    async def function(self, task, number):
        returned = await self.block(task, self.functions[number])
        return returned[0] if returned else 0

    async def block(self, task, statements):
        """None, or what the function returns in a tuple."""
        for statement in statements:
            returned = await self.statement(task, *statement)
            if returned:
                return returned
        return None

    async def statement(self, task, op, catch, args, blocks, where):
        if op == "return":
            self.emit(task.number, where, 0, args[0])
            return (args[0],)
        if op == "repeat":
            for _ in range(args[0]):
                returned = await self.block(task, blocks[0])
                if returned:
                    return returned
            return None
        try:
            skipped = task.body and op in FOR_TASKS
            value = 0 if skipped else await getattr(self, NAMES.get(op, op))(task, blocks, *args)
        except BaseException as error:
            if isinstance(error, GeneratorExit):
                raise
            self.emit(task.number, where, code_of(task, error))
            if not catch:
                raise
            return None
        returned = None
        if type(value) is tuple:  # a block was left by return
            value, returned = value
        self.emit(task.number, where, 0, value or 0)
        return returned

    def run(self):
        loop = self.loop
        main = self.entry()
        try:
            task = loop.create_task(self.body(main, 0))
            try:
                loop.run_until_complete(task)
            except Hang:
                raise
            except BaseException:
                pass  # the program's
            self.end(task)
            code = 0
            value = 0
            try:
                value = task.result()
            except BaseException as error:
                code = code_of(task, error)
            self.emit(0, RUN, code, value)
        except Hang:
            self.emit(0, RUN, DEADLK)
        finally:
            self.over = True
        loop.check()
        return None if loop.gave_up else self.trace

    def end(self, main):
        """asyncio.run()'s end: leftovers are cancelled and joined. ORDER: in order of creation."""
        self.ending = True
        for task in self.unfinished():
            task.cancel()
        while left := self.unfinished():
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        while self.loop._asyncgens:  # OWN: also those that were opened meanwhile
            for iteration in self.opened:  # BODY
                iteration.inside.cancelled = True
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
        self.loop.set_task_factory(None)
        self.loop.run_until_complete(self.loop.shutdown_default_executor())

    def unfinished(self):
        return [entry.task for entry in self.entries if entry.task and not entry.task.done()]

    # ------------------------------------------------------------------------------------------------ Operations
    # A method for each; its result is the value noted. (value, returned) if a block was left by return.

    async def sleep(self, task, blocks, units):
        await waits(task, asyncio.sleep(seconds(units)))

    async def spawn(self, task, blocks, function, slot, eager):
        entry = self.entry()
        if not entry:
            return 0
        self.slots[slot] = entry
        entry.task = self.loop.create_task(self.body(entry, function), **({"eager_start": True} if eager else {}))
        self.watch(entry)
        return entry.number

    def watch(self, entry):
        """As the C side does: first thing in an eager task, otherwise when the task is created."""
        if not hasattr(entry.task, "number_of_entry"):
            entry.task.number_of_entry = entry.number
            entry.task.add_done_callback(entry.note_end)

    def pick(self, task, slot):
        """The task in a slot, unless there is none or the caller must not wait for it."""
        entry = self.slots.get(slot)
        if not entry or entry.owned or entry.task is task:
            return None
        return entry

    async def join(self, task, blocks, slot):
        entry = self.pick(task, slot)
        if not entry:
            return 0
        if closes_circle(task, entry.task):
            acts("CIRCLE")
            raise Code(DEADLK)
        task.ends_after = (entry.task,)
        try:
            return await waits(task, entry.task)
        finally:
            task.ends_after = ()
            entry.given_back = True

    async def shield_task(self, task, blocks, slot):
        entry = self.pick(task, slot)
        if not entry:
            return 0
        if entry.task.done():
            entry.given_back = True
        try:
            value = await waits(task, asyncio.shield(entry.task))
        except BaseException as error:
            if entry.ended and code_of(task, error) == self.code_of_end(entry.task):
                entry.given_back = True
            raise
        entry.given_back = True
        return value

    def code_of_end(self, ended):
        if ended.cancelled():
            return CANCELED
        return code_of(None, ended.exception()) if ended.exception() else OK

    async def cancel(self, task, blocks, slot):
        entry = self.slots.get(slot)
        if not entry or not entry.task:
            return 0
        entry.task.cancel()

    async def cancel_self(self, task, blocks):
        task.cancel()

    async def uncancel(self, task, blocks):
        if task.requests() > 0:
            task.uncancel()
        elif task.cancelling():
            acts("SCOPE")
        return task.requests()

    async def cancelling(self, task, blocks):
        return task.cancelling()

    async def query(self, task, blocks, slot):
        entry = self.slots.get(slot)
        if not entry or not entry.task:
            return 0
        return (1 if entry.task.done() else 0) + (2 if entry.task.cancelled() else 0)

    async def fail(self, task, blocks, kind):
        if kind == 0:
            error = asyncio.CancelledError()
            error.noted = (task, CANCELED)
            raise error
        if kind == 1:
            raise TimeoutError
        raise Err(ERROR - kind)

    async def call(self, task, blocks, function):
        return await self.function(task, function)

    async def attempt(self, task, blocks, again):
        try:
            returned = await self.block(task, blocks[0])
        except BaseException as error:
            if isinstance(error, GeneratorExit):
                raise
            returned = await self.block(task, blocks[1])
            if returned or not again:
                return 1, returned
            raise
        return 0, returned

    async def shield(self, task, blocks):
        task.enter_shield()
        try:
            return 0, await self.block(task, blocks[0])
        finally:
            task.leave_shield()

    async def timeout(self, task, blocks, units):
        timeout = self.kinds.Timeout(self.loop.time() + seconds(units))
        try:
            async with timeout:
                returned = await self.block(task, blocks[0])
        finally:
            self.emit(task.number, NOTE, 1, int(timeout.expired()))
        return 0, returned

    async def wait_for(self, task, blocks, function, units):
        if seconds(units) <= 0:
            acts("ZERO")
            raise TimeoutError
        return await asyncio.wait_for(self.function(task, function), seconds(units))

    async def group(self, task, blocks, slot):
        group = self.kinds.TaskGroup()
        outer = self.groups.get(slot)
        errors = 0
        try:
            await group.__aenter__()
            self.groups[slot] = group
            try:
                returned = await self.block(task, blocks[0])
            except BaseException as error:
                await waits(task, self.leave(task, group, type(error), error))
                raise
            await waits(task, self.leave(task, group, None, None))
        except asyncio.CancelledError as error:
            if group.finished and task.blocked:  # SCOPE: the code is that of the moment at which the wait ended
                error.noted = (task, task.reason() or CANCELED)
            raise
        except BaseExceptionGroup as error:
            errors = len(error.exceptions)
            self.emit(task.number, NOTE, 2, errors)
            for each in error.exceptions:
                self.emit(task.number, NOTE, 3, code_of(task, each))
            raise
        finally:
            if self.groups.get(slot) is group:
                self.groups[slot] = outer
        return 0, returned

    async def leave(self, task, group, kind, error):
        task.ends_after = group._tasks
        try:
            await group.__aexit__(kind, error, None)
        finally:
            task.ends_after = ()
            group.finished = True

    async def spawn_in(self, task, blocks, slot, function, into, eager):
        group = self.groups.get(slot)
        if not group or group.finished:
            return 0
        entry = self.entry()
        if not entry:
            return 0
        coro = self.body(entry, function)
        try:
            entry.owned = True
            entry.task = group.create_task(coro, **({"eager_start": True} if eager else {}))
        except RuntimeError:
            return 0
        self.slots[into] = entry
        return entry.number

    async def gather(self, task, blocks, every, *functions):
        entries = []
        for _ in functions:
            entry = self.entry()
            if entry:
                entries.append(entry)
        if not entries:
            return 0
        children = []
        ended = []

        def note(child):
            ended.append(child)
            if not every and (child.cancelled() or child.exception()):
                acts("JOIN")

        for entry, function in zip(entries, functions):
            entry.task = self.loop.create_task(self.body(entry, function))
            entry.task.add_done_callback(note)
            children.append(entry.task)
        task.ends_after = children
        if self.kinds.plain:
            results = await waits(task, asyncio.gather(*children, return_exceptions=bool(every)))
        else:
            gathering = asyncio.gather(*children, return_exceptions=True)  # JOIN
            try:
                results = await waits(task, gathering)
            except asyncio.CancelledError:
                if not gathering.done() or gathering.cancelled() or gathering._cancel_requested:
                    raise
                acts("LATE")
                asyncio.Task.cancel(task)  # is still to be delivered
                asyncio.Task.uncancel(task)
                results = gathering.result()
            finally:
                task.ends_after = ()
        if every:
            for result in results:
                failed = isinstance(result, BaseException)
                self.emit(task.number, NOTE, 4, code_of(None, result) if failed else result)
            return 0
        for child in ended:
            if child.cancelled() or child.exception():
                child.result()
        return 0

    async def acquire(self, task, blocks, index):
        await waits(task, self.semaphores[index].acquire())

    async def release(self, task, blocks, index):
        try:
            self.semaphores[index].release()
        except ValueError:
            pass

    async def with_semaphore(self, task, blocks, index):
        semaphore = self.semaphores[index]
        await waits(task, semaphore.acquire())
        try:
            return 0, await self.block(task, blocks[0])
        finally:
            await self.release(task, None, index)

    async def semaphore_locked(self, task, blocks, index):
        return int(self.semaphores[index].locked())

    # ------------------------------------------------------------------------------------------------ Several

    def pick_all(self, task, slots):
        picked = [self.pick(task, slot) for slot in slots]
        return [entry for entry in picked if entry and not entry.given_back]

    async def wait(self, task, blocks, mode, units, *slots):
        entries = self.pick_all(task, slots)
        if not entries:
            return 0
        modes = (asyncio.ALL_COMPLETED, asyncio.FIRST_COMPLETED, asyncio.FIRST_EXCEPTION)
        tasks = [entry.task for entry in entries]
        ended, _ = await waits(task, asyncio.wait(tasks, timeout=limit(units), return_when=modes[mode % 3]))
        return len(ended) << MAX_ARGS | sum((each in ended) << i for i, each in enumerate(tasks))

    async def as_completed(self, task, blocks, units, *slots):
        entries = self.pick_all(task, slots)
        iterator = AsCompleted([entry.task for entry in entries], limit(units))
        while True:
            try:
                each = await waits(task, iterator.__anext__())
            except StopAsyncIteration:
                return 0
            self.emit(task.number, NOTE, 5, each.number_of_entry)
            returned = await self.block(task, blocks[0])
            if returned:
                return 0, returned

    # ------------------------------------------------------------------------------------------------ Callbacks

    def act(self, action):
        self.emit(NOBODY, NOTE, 6, action * 1000 + self.variables[0].get())
        first = self.slots.get(0)
        if action == 1:
            try:
                self.semaphores[0].release()
            except ValueError:
                pass
        if action == 2 and first and first.task:
            first.task.cancel()
        if action == 3:
            self.events[0].set()
        if action == 4 and not self.futures[0].done():
            self.futures[0].set_result(7)
        if action == 5:
            try:
                self.queues[0].put_nowait(8)
            except (asyncio.QueueFull, asyncio.QueueShutDown):
                pass

    def task_called(self, action, task):
        self.emit(NOBODY, NOTE, 7, task.number_of_entry)
        self.act(action)

    def future_called(self, action, future):
        self.emit(NOBODY, NOTE, 8, int(future.cancelled()))
        self.act(action)

    async def add_callback(self, task, blocks, slot, action):
        entry = self.pick(task, slot)
        if entry and not entry.given_back:
            entry.task.add_done_callback(self.task_actions[action])

    async def remove_callback(self, task, blocks, slot, action):
        entry = self.pick(task, slot)
        if entry and not entry.given_back:
            return entry.task.remove_done_callback(self.task_actions[action])

    async def call_soon(self, task, blocks, action, handle):
        self.handles[handle] = self.loop.call_soon(self.actions[action])

    async def call_later(self, task, blocks, units, action, handle):
        self.handles[handle] = self.loop.call_later(seconds(units), self.actions[action])

    async def cancel_handle(self, task, blocks, handle):
        if handle in self.handles:
            self.handles[handle].cancel()

    async def context_set(self, task, blocks, variable, value):
        self.variables[variable].set(value)

    async def context_get(self, task, blocks, variable):
        return self.variables[variable].get()

    # ------------------------------------------------------------------------------------------------ Futures

    async def future_await(self, task, blocks, future):
        return await waits(task, self.futures[future])

    async def future_set(self, task, blocks, future, value):
        self.futures[future].set_result(value)

    async def future_fail(self, task, blocks, future, kind):
        self.futures[future].set_exception(TimeoutError() if kind <= 1 else Err(ERROR - kind))

    async def future_cancel(self, task, blocks, future):
        if not self.futures[future].cancel():
            raise asyncio.InvalidStateError

    async def future_query(self, task, blocks, future):
        return self.futures[future].done() + 2 * self.futures[future].cancelled()

    async def future_renew(self, task, blocks, future):
        if not self.futures[future].done() or self.renewed == 64:
            return 0
        self.renewed += 1
        self.futures[future] = self.loop.create_future()
        return 1

    async def future_callback(self, task, blocks, future, action):
        self.futures[future].add_done_callback(self.future_actions[action])

    # ------------------------------------------------------------------------------------------------ Locks

    async def lock(self, task, blocks, lock):
        if self.locks[lock].owner is task:  # OWNER
            raise self.refusal(INVAL)
        await waits(task, self.locks[lock].acquire())

    async def unlock(self, task, blocks, lock):
        self.hold(task, self.locks[lock])
        self.locks[lock].release()

    def refusal(self, code):
        acts("OWNER")
        return Code(code)

    def hold(self, task, lock):
        if lock.owner is not task:
            # A free lock asyncio refuses too.
            raise self.refusal(PERM) if lock.locked() else Code(PERM)

    async def with_lock(self, task, blocks, lock):
        await self.lock(task, blocks, lock)
        try:
            return 0, await self.block(task, blocks[0])
        finally:
            if self.locks[lock].owner is task:
                self.locks[lock].release()

    async def locked(self, task, blocks, lock):
        return int(self.locks[lock].taken())

    async def event_wait(self, task, blocks, event):
        await waits(task, self.events[event].wait())

    async def event_set(self, task, blocks, event):
        self.events[event].set()

    async def event_clear(self, task, blocks, event):
        self.events[event].clear()

    async def event_is_set(self, task, blocks, event):
        return int(self.events[event].is_set())

    async def condition_wait(self, task, blocks, condition):
        self.hold(task, self.conditions[condition]._lock)
        await waits(task, self.conditions[condition].wait())

    async def condition_wait_for(self, task, blocks, condition, least):
        while self.bumps[condition] < least:  # asyncio's wait_for(), with each wait a wait of its own for LEVEL
            await self.condition_wait(task, blocks, condition)

    async def notify(self, task, blocks, condition, n):
        self.hold(task, self.conditions[condition]._lock)
        if n >= FOREVER:
            self.conditions[condition].notify_all()
        else:
            self.conditions[condition].notify(n)

    async def bump(self, task, blocks, condition):
        self.bumps[condition] += 1
        return self.bumps[condition]

    async def barrier_wait(self, task, blocks):
        try:
            index = await waits(task, self.barrier.wait())
        except asyncio.CancelledError:
            self.uncertain = True
            raise
        if self.uncertain:
            acts("BARRIER")
            return 0
        return index

    async def barrier_reset(self, task, blocks):
        await self.barrier.reset()

    async def barrier_abort(self, task, blocks):
        await self.barrier.abort()

    async def barrier_query(self, task, blocks):
        return self.barrier.n_waiting * 2 + self.barrier.broken

    # ------------------------------------------------------------------------------------------------ Queues

    async def put(self, task, blocks, queue, item):
        await waits(task, self.queues[queue].put(item))

    async def get(self, task, blocks, queue):
        return await waits(task, self.queues[queue].get())

    async def put_nowait(self, task, blocks, queue, item):
        self.queues[queue].put_nowait(item)

    async def get_nowait(self, task, blocks, queue):
        return self.queues[queue].get_nowait()

    async def task_done(self, task, blocks, queue):
        try:
            self.queues[queue].task_done()
        except ValueError:
            raise Code(INVAL)

    async def queue_join(self, task, blocks, queue):
        await waits(task, self.queues[queue].join())

    async def shutdown(self, task, blocks, queue, immediate):
        self.queues[queue].shutdown(bool(immediate))

    async def queue_size(self, task, blocks, queue):
        return self.queues[queue].qsize()

    # ------------------------------------------------------------------------------------------------ Generators

    def bodies(self, function):
        if function not in self.compiled:
            self.compiled[function] = compiled(self.functions[function])
        return self.compiled[function]

    def iteration(self, function):
        entry = self.entry()
        if not entry:
            return None
        made = Iteration(self, entry, function)
        self.opened.append(made)
        return made

    async def next(self, task, iteration):
        """Its next value plus one, 0 at its end, or its error."""
        iteration.busy = True
        try:
            return 1 + await iteration.values.__anext__()
        except StopAsyncIteration:
            iteration.ended = True
            return 0
        except asyncio.CancelledError as error:
            iteration.ended = True
            error.noted = (task, (task.interrupted and task.reason()) or CANCELED)
            raise
        except BaseException:
            iteration.ended = True
            raise
        finally:
            iteration.busy = False

    async def end_of(self, iteration):
        iteration.inside.cancelled = iteration.busy = True
        try:
            await iteration.values.aclose()
        except asyncio.CancelledError:
            pass  # BODY: that it was cancelled is no error of its clean-up
        finally:
            iteration.busy = False
            iteration.ended = True

    async def generator_open(self, task, blocks, function, register):
        made = self.iteration(function)
        if not made:
            return 0
        self.iterations[register] = made
        return made.entry.number

    async def generator_next(self, task, blocks, register):
        iteration = self.iterations.get(register)
        if not iteration or iteration.ended:
            return 0
        if iteration.busy:
            return await self.busy(iteration.values.__anext__())
        return await self.next(task, iteration)

    async def generator_close(self, task, blocks, register):
        iteration = self.iterations.get(register)
        if not iteration or iteration.ended:
            return 0
        if iteration.busy:
            return await self.busy(iteration.values.aclose())
        await self.end_of(iteration)

    async def busy(self, awaitable):
        try:
            await awaitable
        except RuntimeError:
            raise Code(BUSY) from None

    async def generator_for(self, task, blocks, function):
        iteration = self.iteration(function)
        if not iteration:
            return 0
        while value := await self.next(task, iteration):
            self.emit(task.number, NOTE, 9, value - 1)
            try:
                returned = await self.block(task, blocks[0])
            except BaseException:
                await self.end_of(iteration)
                raise
            if returned:
                await self.end_of(iteration)
                return 0, returned

    # in a body it is compiled (generators.py)
    async def yield_(self, task, blocks, value):
        pass

    # ------------------------------------------------------------------------------------------------ Timeouts by hand

    async def timeout_open(self, task, blocks, units, register):
        outer = self.timeouts.get(register)
        timeout = self.timeouts[register] = self.kinds.Timeout(self.loop.time() + seconds(units))
        try:
            async with timeout:
                returned = await self.block(task, blocks[0])
        finally:
            timeout.over = True
            self.emit(task.number, NOTE, 1, int(timeout.expired()))
            if self.timeouts[register] is timeout:
                self.timeouts[register] = outer
        return 0, returned

    async def reschedule(self, task, blocks, register, units):
        timeout = self.timeouts.get(register)
        if not timeout or timeout.over:
            return 0
        now = self.loop.time()
        when = None if units >= FOREVER else now + seconds(units)
        if timeout._task is not task and any(each is not None and each <= now for each in (when, timeout.when())):
            acts("ZERO")
            return 0
        if timeout.expired():
            raise TimeoutError
        timeout.reschedule(when)


def without_codes(trace):
    """CODE taken back: what operations inside a timeout say when it has struck."""
    return [CANCELED if i % 5 == 2 and each == TIMEDOUT else each for i, each in enumerate(trace)]


def judge(program):
    """The trace, null if asyncio gave up; the rules that made a difference. Without any (CODE, which only tells apart
    what asyncio does not, is none), asyncio as it is does the same."""
    ruled = Program(program)
    trace = ruled.run()
    rules = ruled.loop.rules
    if trace and rules <= {"CODE"}:
        plain = Program(program, Plain).run()
        if without_codes(plain) != without_codes(trace):
            raise AssertionError(f"a rule acts unnoticed in {json.dumps(program)}: {trace} {plain}")
    return {"trace": trace, "rules": sorted(rules)}


def run_all(text):
    """JSON in, JSON out: what judge() says of each program."""
    outer = asyncio.events._get_running_loop()  # the page's or Node's
    asyncio.events._set_running_loop(None)
    try:
        return json.dumps([judge(program) for program in json.loads(text)])
    finally:
        asyncio.events._set_running_loop(outer)
