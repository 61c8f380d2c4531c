"""asyncio's own loop on a clock that stands still while anything is ready, and then jumps to the next timer."""
import asyncio
import heapq
from asyncio import base_events


class Hang(BaseException):
    """Nothing is ready and no timer is armed: real asyncio would wait for ever."""


class Timer(asyncio.TimerHandle):
    """Rule ORDER: equal times fire in the order in which they were armed."""

    __slots__ = ("order",)

    def __lt__(self, other):
        return (self._when, self.order) < (other._when, other.order)


class Ordered(dict):
    """A set in the order of insertion."""

    def add(self, item):
        self[item] = True

    def discard(self, item):
        self.pop(item, None)

    def remove(self, item):
        del self[item]


class _NoSelector:
    def __init__(self, loop):
        self.loop = loop

    def select(self, timeout):
        if timeout is None:
            raise Hang
        if timeout > 0:
            self.loop.now = self.loop._scheduled[0]._when
        return ()


class VirtualLoop(base_events.BaseEventLoop):
    """Passes, timers, futures and tasks are BaseEventLoop's. Only time and the selector are ours."""

    def __init__(self):
        super().__init__()
        self.now = 0.0
        self._clock_resolution = 1e-9
        self._selector = _NoSelector(self)
        self._orders = 0
        self._asyncgens = Ordered()  # ORDER; and OWN: kept until the end of the run
        self.mistake = None
        self.rules = set()  # those that have made a difference
        self.depth = 0
        self.gave_up = False

    def time(self):
        return self.now

    def _process_events(self, event_list):
        pass

    def call_at(self, when, callback, *args, context=None):
        timer = Timer(when, callback, args, self, context)
        self._orders += 1
        timer.order = self._orders
        heapq.heappush(self._scheduled, timer)
        timer._scheduled = True
        return timer

    def call_exception_handler(self, context):
        if "handle" in context:  # a callback failed: a mistake of the interpreter
            self.mistake = context["exception"]

    def check(self):
        if self.mistake:
            raise self.mistake
