"""Runs programs (lib/ops.js) on asyncio and notes what happens: [task, statement, code, value, time] for each event."""
import asyncio
import json

from rules import *
from virtual_loop import Hang, VirtualLoop

START, END, RUN, NOTE = -1, -2, -3, -4
UNIT = 0.25  # seconds of a unit of time in programs
MAX_TASKS = 64


def seconds(units):
    return (units - 1) * UNIT  # 0 stands for a negative time


async def cancelled():
    raise asyncio.CancelledError


class Entry:
    """A task as the program sees it."""

    __slots__ = ("number", "task", "owned")

    def __init__(self, number):
        self.number = number
        self.task = None
        self.owned = False


class Program:
    def __init__(self, program):
        self.functions = program["functions"]
        self.setup = program["setup"]
        self.loop = VirtualLoop()
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

    def new_task(self, coro, options):
        if self.ending and options.get("eager_start"):  # OWN
            coro.close()
            coro = cancelled()
        task = Task(coro, loop=self.loop, **options)
        if self.ending:  # OWN
            task.cancel()
        return task

    def emit(self, number, statement, code=0, value=0):
        if self.over:
            return
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
        for op, catch, args, blocks, where in statements:
            if op == "return":
                self.emit(task.number, where, 0, args[0])
                return (args[0],)
            if op == "repeat":
                for _ in range(args[0]):
                    returned = await self.block(task, blocks[0])
                    if returned:
                        return returned
                continue
            try:
                value = await getattr(self, op)(task, blocks, *args)
            except BaseException as error:
                if isinstance(error, GeneratorExit):
                    raise
                self.emit(task.number, where, code_of(task, error))
                if not catch:
                    raise
                continue
            returned = None
            if type(value) is tuple:  # a block was left by return
                value, returned = value
            self.emit(task.number, where, 0, value or 0)
            if returned:
                return returned
        return None

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
        return None if loop.gave_up else self.trace

    def end(self, main):
        """asyncio.run()'s end: leftovers are cancelled and joined. ORDER: in order of creation."""
        self.ending = True
        for task in self.unfinished():
            task.cancel()
        while left := self.unfinished():
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
        self.loop.set_task_factory(None)
        self.loop.run_until_complete(self.loop.shutdown_asyncgens())
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
        return entry.number

    def pick(self, task, slot):
        """The task in a slot, unless there is none or the caller must not wait for it."""
        entry = self.slots.get(slot)
        if not entry or entry.owned or entry.task is task:
            return None
        return entry.task

    async def join(self, task, blocks, slot):
        target = self.pick(task, slot)
        return await waits(task, target) if target else 0

    async def shield_task(self, task, blocks, slot):
        target = self.pick(task, slot)
        return await waits(task, asyncio.shield(target)) if target else 0

    async def cancel(self, task, blocks, slot):
        entry = self.slots.get(slot)
        if not entry or not entry.task:
            return 0
        entry.task.cancel()

    async def cancel_self(self, task, blocks):
        task.cancel()

    async def uncancel(self, task, blocks):
        if task.requests() > 0:  # SCOPE
            task.uncancel()
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
        timeout = Timeout(self.loop.time() + seconds(units))
        try:
            async with timeout:
                returned = await self.block(task, blocks[0])
        finally:
            self.emit(task.number, NOTE, 1, int(timeout.expired()))
        return 0, returned

    async def wait_for(self, task, blocks, function, units):
        if seconds(units) <= 0:
            raise TimeoutError  # ZERO
        return await asyncio.wait_for(self.function(task, function), seconds(units))

    async def group(self, task, blocks, slot):
        group = TaskGroup()
        outer = self.groups.get(slot)
        errors = 0
        try:
            await group.__aenter__()
            self.groups[slot] = group
            try:
                returned = await self.block(task, blocks[0])
            except BaseException as error:
                await waits(task, self.leave(group, type(error), error))
                raise
            await waits(task, self.leave(group, None, None))
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

    async def leave(self, group, kind, error):
        try:
            await group.__aexit__(kind, error, None)
        finally:
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
        for entry, function in zip(entries, functions):
            entry.task = self.loop.create_task(self.body(entry, function))
            entry.task.add_done_callback(ended.append)
            children.append(entry.task)
        results = await waits(task, asyncio.gather(*children, return_exceptions=True))  # JOIN
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


def run_all(text):
    """JSON in, JSON out: a trace for each program, or null where asyncio itself gave up (cancelling a cycle of awaits)."""
    traces = []
    outer = asyncio.events._get_running_loop()  # the page's or Node's
    asyncio.events._set_running_loop(None)
    try:
        for program in json.loads(text):
            traces.append(Program(program).run())
    finally:
        asyncio.events._set_running_loop(outer)
    return json.dumps(traces)
