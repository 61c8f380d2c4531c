"""The rules: where wasyncio differs from asyncio on purpose, and how the Python side follows.

Everything that is not here must be equal, pass by pass. Each rule says what the difference is, why it is there, and how
narrow it is kept: the classes below are asyncio's own with as little as possible on top.

LEVEL   A cancelled task's every wait fails until it returns, shields itself or uncancels; asyncio delivers each request
        once. C forgets return codes. Here: a wait that really blocks while a request is in force is met by a fresh
        cancel(), as if the task had cancelled itself just before. What need not block succeeds. A further request while the
        wait is being given up only counts; asyncio's would interrupt the clean-up again.
CODE    A wait that an expired timeout has struck fails with -ETIMEDOUT; asyncio raises CancelledError in it. Here: the scopes
        of a task are noted, and a CancelledError that struck the task's own wait gets the code that they call for.
SCOPE   LEVEL for what strikes a stretch of code: an expired timeout, an aborting group. The code with which a wait failed is
        what comes out of the scopes around it, whatever came later; asyncio's scopes decide by counting. uncancel takes back
        requests, not strikes.
ZERO    A timeout without time left strikes the first wait itself; asyncio's strikes it a pass later. C's wait_for with no
        time left returns at once; asyncio takes two passes to start and end a task that runs no step. A timeout that is due, or
        becomes so, is moved only by the task that it is about: in C that strikes the wait at once.
SHIELD  WIO_SHIELD keeps cancels and timeouts from outside away from a stretch of code; asyncio has nothing like it. Here:
        Task.cancel() from outside is put off until the stretch is left.
JOIN    gather returns when all have ended, because they write into its caller's frame. Here: gather with
        return_exceptions=True underneath, then the error that came first in time is raised.
LATE    A cancel that comes when all members of a gather have ended, and its caller has not resumed, finds nothing to cancel: the
        results arrive, and the next wait fails. asyncio's gathering future refuses it too; its task is cancelled all the same.
OWN     Every task is owned. A task created while the run is ending is cancelled at birth; asyncio drops it while it is
        pending. A group's task is not awaited by others: C refuses that, neither side does it.
ORDER   asyncio iterates sets and an unstable heap. Here: timers of equal time fire in the order of arming; children and
        leftovers are cancelled, and tasks of as_completed that have ended are seen, in the order of creation or registration.
DEAD    What hangs for ever ends with -EDEADLK. Here: when the loop has nothing ready and no timer, the trace ends; C's must
        end there too, with that error next.
ERR     An error is a code. A group's code is that of its first error; the errors of nested groups likewise.
HAND    A lock, an item and room in a queue are handed over at release, put and get; asyncio wakes somebody, who looks again, so
        that others may come in between. Here: a lock counts as taken while its next owner is on the way, and its release
        passes over waiters that were cancelled; an item or room for which a task was woken does not exist for others.
OWNER   A lock is owned: taken again by its owner, or released by another, it says so; asyncio hangs, or lets it happen. Here:
        the owner is asked before.
BARRIER After an arrival was cancelled asyncio gives two tasks the same index (gh-155233). Here: no index is compared then.
RETAKE  A condition's wait takes its lock back behind a shield, and keeps its place in line however often it is cancelled;
        asyncio's lines up anew. Here: cancels are put off while it stands in line, and then end the wait.
BODY    The body of a generator is a task of its own in C, so what strikes who iterates is a cancel there, and LEVEL holds: a yield
        is a wait, and when the generator is closed its waits fail. asyncio throws GeneratorExit once.
CIRCLE  An await that closes a circle of awaits, groups and gathers is refused; in asyncio all of them hang, and a cancel
        recurses until the stack ends. Here: who waits for whom is noted, and looked at before an await.
SELF    Awaiting oneself is refused at once; asyncio throws RuntimeError a pass later. Neither side does it (the tests in
        tests/c do).
"""
import asyncio
import types

from virtual_loop import Ordered as OrderedSet

OK = 0
CANCELED, TIMEDOUT, BROKEN, SHUTDOWN, EMPTY, FULL, PERM, INVAL, DEADLK, ALREADY, NONE, _, BUSY = range(-1, -14, -1)
LONGEST = 100  # chain of tasks that await one another; there are no more than 64 tasks
ERROR = -1000  # and below: the program's own


def acts(rule, loop=None):
    """Notes that a rule has made a difference in this program."""
    (loop or asyncio.get_running_loop()).rules.add(rule)


class Err(Exception):
    """An error that the program raises itself."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


class Code(Exception):
    """A refusal that has a code in C."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def closes_circle(task, awaited):
    """CIRCLE: what is awaited ends only after the task."""
    seen, left = set(), [awaited]
    while left:
        each = left.pop()
        if each is task:
            return True
        if each not in seen and not each.done():
            seen.add(each)
            left += each.ends_after
    return False


class Shield:
    """SHIELD: marks the stretch in the list of scopes."""

    strikes = 0


class Body:
    """BODY: marks the body of a generator in the list of scopes, while it runs."""

    strikes = 0
    cancelled = False  # when it is closed, and when a wait in it was struck from outside


class Task(asyncio.Task):
    """asyncio's task, which knows the scopes around what it executes."""

    def __init__(self, coro, **options):
        self.scopes = []  # innermost last
        self.leaving = 0  # groups at their end whose strike is not taken back yet
        self.shields = 0
        self.hidden = 0  # requests put off by a shield
        self.inside = None  # how many shields were around whoever strikes just now
        self.interrupted = False
        self.blocked = False  # the last wait did
        self.told = False  # the current wait was struck already
        self.counted = 0  # requests since then
        self.ends_after = ()  # tasks, while it waits for them
        self.body = False  # it executes that of a generator
        super().__init__(coro, **options)

    def cancel(self, msg=None):
        if self.done():
            return False
        inside = 0 if self.inside is None else self.inside
        if inside < self.shields:
            self.hidden += 1
            acts("SHIELD", self.get_loop())
            return True
        if self.told and asyncio.current_task(self.get_loop()) is not self:  # LEVEL: a further request only counts
            self.counted += 1
            acts("LEVEL", self.get_loop())
            return True
        self.interrupted = True
        self.told = self._fut_waiter is not None and not self._fut_waiter.done()
        loop = self.get_loop()
        loop.depth += 1
        if loop.depth > LONGEST:  # a cycle: asyncio recurses until the stack ends (gh-80637)
            loop.gave_up = True
            return False
        try:
            return super().cancel(msg)
        finally:
            loop.depth -= 1

    def struck_by(self, scope, strike, *args):
        """A scope strikes: a shield opened inside it keeps that away, one around it does not."""
        self.inside = scope.shields
        try:
            strike(*args)
        finally:
            self.inside = None

    def cancelling(self):
        return super().cancelling() + self.hidden + self.counted

    def uncancel(self):
        if self.counted:
            self.counted -= 1
        elif self.hidden and not super().cancelling():
            self.hidden -= 1
        else:
            super().uncancel()
        return self.cancelling()

    def requests(self):
        """SCOPE: requests of others, without what scopes have struck."""
        return self.cancelling() - self.leaving - sum(scope.strikes for scope in self.scopes)

    def reason(self):
        """SCOPE: the code with which waits must fail now."""
        return self.reason_in(len(self.scopes))

    def reason_in(self, depth):
        reason = OK
        while depth:
            depth -= 1
            scope = self.scopes[depth]
            if type(scope) is Shield:
                return reason
            if type(scope) is Body:
                return CANCELED if scope.cancelled or self.reason_in(depth) else reason
            if not scope.strikes:
                continue
            if type(scope) is TaskGroup:
                return CANCELED
            reason = TIMEDOUT
        return CANCELED if self.requests() > 0 else reason

    def tell_bodies(self):
        """BODY: a wait was struck."""
        for depth, scope in enumerate(self.scopes):
            if type(scope) is Body and self.reason_in(depth):
                scope.cancelled = True

    def timed_out(self):
        """SCOPE: a timeout around has struck."""
        for scope in reversed(self.scopes):
            if type(scope) is Shield:
                return False
            if type(scope) is Timeout and scope.strikes:
                return True
        return False

    def strike(self):
        """A wait blocks. LEVEL: if a request is in force, it is made anew; ZERO. True: uncancel again afterwards."""
        for scope in reversed(self.scopes):
            if type(scope) is Shield:
                break
            if type(scope) is Timeout and scope.zero:
                scope.zero = False
                scope._on_timeout()
                acts("ZERO")
        if not self.reason():
            return False
        if not self._must_cancel:
            acts("LEVEL")
        super().cancel()
        return True

    def struck(self):
        super().uncancel()

    def enter_shield(self):
        acts("SHIELD")
        if self._must_cancel:  # not delivered yet: put off with the rest
            while super().cancelling():
                super().uncancel()
                self.hidden += 1
        self.scopes.append(Shield())
        self.shields += 1

    def leave_shield(self):
        self.scopes.pop()
        self.shields -= 1
        if self.shields:
            return
        hidden, self.hidden = self.hidden, 0
        for _ in range(hidden):
            super().cancel()


class Timeout(asyncio.Timeout):
    zero = False
    over = False

    async def __aenter__(self):
        task = asyncio.current_task()
        self.shields = task.shields
        await super().__aenter__()
        task.scopes.append(self)
        return self

    async def __aexit__(self, *error):
        task = self._task
        task.scopes.remove(self)
        if not isinstance(error[1], asyncio.CancelledError):
            return await super().__aexit__(*error)
        # SCOPE: the code with which the wait failed is what comes out.
        code = code_of(task, error[1])
        expired = self.expired()
        await super().__aexit__(None, None, None)
        theirs = expired and task.cancelling() <= self._cancelling
        ours = expired and code == TIMEDOUT and task.reason() != TIMEDOUT
        if ours != theirs:
            acts("SCOPE")
        if ours:
            raise TimeoutError
        return None

    def reschedule(self, when):
        self.zero = when is not None and when <= asyncio.get_running_loop().time()
        super().reschedule(None if self.zero else when)
        self._when = when

    def _on_timeout(self):
        self._task.struck_by(self, super()._on_timeout)

    @property
    def strikes(self):
        return 1 if self.expired() else 0


class TaskGroup(asyncio.TaskGroup):
    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()

    async def __aenter__(self):
        task = asyncio.current_task()
        self.shields = task.shields
        await super().__aenter__()
        task.scopes.append(self)
        return self

    async def __aexit__(self, *error):
        task = self._parent_task
        task.scopes.remove(self)
        if isinstance(error[1], TimeoutError) and task.timed_out():
            # SCOPE: as a code it is that of the timeout outside, which is no error of the group.
            error = (asyncio.CancelledError, asyncio.CancelledError(), None)
            error[1].noted = (task, TIMEDOUT)
            acts("SCOPE")
        if self._parent_cancel_requested:
            self.left = True
            task.leaving += 1
        try:
            return await super().__aexit__(*error)
        finally:
            if self.left:
                task.leaving -= 1

    left = False
    finished = False

    def _on_task_done(self, task):
        self._parent_task.struck_by(self, super()._on_task_done, task)
        if self._exiting and self._parent_cancel_requested and not self.left:
            self.left = True
            self._parent_task.leaving += 1

    @property
    def strikes(self):
        return 1 if self._parent_cancel_requested else 0


class Lock(asyncio.Lock):
    """HAND and OWNER."""

    owner = None

    async def acquire(self):
        await asyncio.Lock.acquire(self)
        self.owner = asyncio.current_task()
        return True

    def release(self):
        asyncio.Lock.release(self)
        self.owner = None

    def taken(self):
        if not self._locked and self._waiters:
            acts("HAND")
        return self._locked or any(waiter.done() and not waiter.cancelled() for waiter in self._waiters or ())

    def _wake_up_first(self):
        if self._waiters and self._waiters[0].cancelled():
            acts("HAND")
        for waiter in self._waiters or ():
            if not waiter.done():
                waiter.set_result(True)
                return
            if not waiter.cancelled():
                return


class Condition(asyncio.Condition):
    """RETAKE."""

    def __init__(self, lock):
        super().__init__(lock)
        self.acquire = self._retake

    async def _retake(self):
        task = asyncio.current_task()
        task.enter_shield()
        if self._lock.taken():
            acts("RETAKE")
        try:
            await self._lock.acquire()
        finally:
            task.scopes.pop()
            task.shields -= 1
            if not task.shields:
                task.counted += task.hidden  # delivered by wait()
                task.hidden = 0

    async def wait(self):
        task = asyncio.current_task()
        before = task.counted
        await super().wait()
        if task.counted > before:
            task.interrupted = True
            self._notify(1)  # as for any wait that fails
            raise asyncio.CancelledError
        return True


class OnTheWay(asyncio.Future):
    """HAND: somebody who waits in a queue and may have been promised something."""

    def __await__(self):
        try:
            yield from super().__await__()
        finally:
            self.queue.promised.discard(self)

    __iter__ = __await__


class _Hand:
    def _init(self, maxsize):
        self.promised = OrderedSet()
        super()._init(maxsize)

    def _get_loop(self):
        super()._get_loop()
        return self

    def create_future(self):
        future = OnTheWay(loop=self._loop)
        future.queue = self
        future.gets = False
        return future

    def _promises(self, gets):
        return sum(waiter.gets == gets for waiter in self.promised)

    def empty(self):
        if self.promised:
            acts("HAND")
        return len(self._queue) <= self._promises(True)

    def full(self):
        if self.promised:
            acts("HAND")
        return self._maxsize > 0 and len(self._queue) + self._promises(False) >= self._maxsize

    def _wakeup_next(self, waiters):
        gets = waiters is self._getters
        if self.empty() if gets else self.full():
            return
        while waiters:
            waiter = waiters.popleft()
            if not waiter.done():
                waiter.gets = gets
                self.promised.add(waiter)
                waiter.set_result(None)
                break

    async def get(self):
        """asyncio's, but that the last items of a queue that was shut down may still be given back by their owners."""
        while self.empty():
            if self._is_shutdown and not self._queue:
                raise asyncio.QueueShutDown
            getter = self.create_future()
            self._getters.append(getter)
            try:
                await getter
            except:
                getter.cancel()
                if getter in self._getters:
                    self._getters.remove(getter)
                if not self.empty() and not getter.cancelled():
                    self._wakeup_next(self._getters)
                raise
        return self.get_nowait()

    def get_nowait(self):
        if self._is_shutdown:
            acts("HAND")
        if self._is_shutdown and self.empty() and self._queue:
            raise asyncio.QueueEmpty
        item = super().get_nowait()
        while self._is_shutdown and not self._queue and self._getters:
            getter = self._getters.popleft()
            if not getter.done():
                getter.set_result(None)
        return item

    def shutdown(self, immediate=False):
        if immediate:
            self.promised.clear()
        super().shutdown(immediate)


class Queue(_Hand, asyncio.Queue):
    pass


class LifoQueue(_Hand, asyncio.LifoQueue):
    pass


class PriorityQueue(_Hand, asyncio.PriorityQueue):
    pass


class AsCompleted(asyncio.tasks._AsCompletedIterator):
    """ORDER."""

    def __init__(self, tasks, timeout):
        super().__init__((), None)
        self._todo = OrderedSet.fromkeys(tasks, True)
        for task in self._todo:
            task.add_done_callback(self._handle_completion)
        if self._todo and timeout is not None:
            self._timeout_handle = asyncio.get_running_loop().call_later(timeout, self._handle_timeout)
        self._todo_left = len(self._todo)


class PlainTask(asyncio.Task):
    """asyncio's, with what the interpreter asks of a task: to see that where no rule has acted, none was needed."""

    interrupted = blocked = told = body = False

    def __init__(self, coro, **options):
        self.scopes = []
        self.ends_after = ()
        super().__init__(coro, **options)

    def reason(self):
        return OK

    def tell_bodies(self):
        pass

    def requests(self):
        return self.cancelling()

    def strike(self):
        return False


class PlainTimeout(asyncio.Timeout):
    over = False


class PlainTaskGroup(asyncio.TaskGroup):
    finished = False

    def __init__(self):
        super().__init__()
        self._tasks = OrderedSet()


class PlainLock(asyncio.Lock):
    owner = None
    acquire = Lock.acquire
    release = Lock.release
    taken = asyncio.Lock.locked


class Ruled:
    """What programs are run with."""

    Task, Timeout, TaskGroup, Lock, Condition = Task, Timeout, TaskGroup, Lock, Condition
    queues = (Queue, LifoQueue, PriorityQueue)
    plain = False


class Plain:
    Task, Timeout, TaskGroup, Lock, Condition = PlainTask, PlainTimeout, PlainTaskGroup, PlainLock, asyncio.Condition
    queues = (asyncio.Queue, asyncio.LifoQueue, asyncio.PriorityQueue)
    plain = True


def _timeout(delay):  # wait_for's
    loop = asyncio.get_running_loop()
    return loop.kinds.Timeout(loop.time() + delay)


asyncio.timeouts.timeout = _timeout


@types.coroutine
def waits(task, awaitable):
    """Awaits, following LEVEL and ZERO."""
    inner = awaitable.__await__()
    task.interrupted = task.blocked = False
    try:
        future = next(inner)
    except StopIteration as end:
        return end.value
    again = task.strike()
    task.blocked = True
    task.interrupted = task.told = again or task._must_cancel
    struck = False
    try:
        while True:
            try:
                value = yield future
            except BaseException as error:
                future = inner.throw(error)
            else:
                future = inner.send(value)
    except StopIteration as end:
        return end.value
    except asyncio.CancelledError:
        struck = True
        raise
    finally:
        task.told = False
        if again:
            task.struck()
        if struck:
            task.tell_bodies()


def code_of(task, error):
    """The code that C has for an exception that comes out of an operation of the task."""
    if isinstance(error, asyncio.CancelledError):
        noted = getattr(error, "noted", None)
        if noted and task and noted[0] is task:
            return noted[1]
        code = (task.reason() if task and task.interrupted else OK) or CANCELED
        if code == TIMEDOUT:
            acts("CODE", task.get_loop())
        error.noted = (task, code)
        return code
    if isinstance(error, GeneratorExit):
        return CANCELED
    if isinstance(error, (Err, Code)):
        return error.code
    if isinstance(error, TimeoutError):
        return TIMEDOUT
    if isinstance(error, BaseExceptionGroup):  # ERR
        return code_of(task, error.exceptions[0])
    if isinstance(error, asyncio.BrokenBarrierError):
        return BROKEN
    if isinstance(error, asyncio.QueueShutDown):
        return SHUTDOWN
    if isinstance(error, asyncio.QueueEmpty):
        return EMPTY
    if isinstance(error, asyncio.QueueFull):
        return FULL
    if isinstance(error, asyncio.InvalidStateError):
        return ALREADY
    raise error
