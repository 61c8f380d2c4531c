"""What CPython's asyncio reports by itself, for each thing that a program may have done with a failure. The twin: retrieved.c."""
import asyncio
import gc
import json

from virtual_loop import VirtualLoop


class Loop(VirtualLoop):
    def __init__(self):
        super().__init__()
        self.reports = 0

    def call_exception_handler(self, context):
        self.reports += 1


def reports(coroutine):
    asyncio.events._set_running_loop(None)  # Node's, which goes on when this returns
    loop = Loop()
    try:
        loop.run_until_complete(loop.create_task(coroutine()))
    except OSError:
        pass
    asyncio.runners._cancel_all_tasks(loop)
    gc.collect()
    loop.close()
    return loop.reports


async def bad():
    raise IOError("x")


async def badlater():
    await asyncio.sleep(0.01)
    raise IOError("x")


async def cancelled():
    raise asyncio.CancelledError


async def c_plain():
    asyncio.create_task(bad())
    await asyncio.sleep(0)


async def c_awaited():
    t = asyncio.create_task(bad())
    try:
        await t
    except OSError:
        pass


async def c_wait():
    await asyncio.wait([asyncio.create_task(bad())])


async def c_wait_exc():
    t = asyncio.create_task(bad())
    await asyncio.wait([t])
    t.exception()


async def c_done():
    t = asyncio.create_task(bad())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    t.done()


async def c_cancelled_task():
    t = asyncio.create_task(cancelled())
    await asyncio.sleep(0)


async def c_cancel_after():
    t = asyncio.create_task(bad())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    t.cancel()


async def c_gather_first():
    try:
        await asyncio.gather(bad(), bad())
    except OSError:
        pass
    await asyncio.sleep(0.02)


async def c_gather_exc():
    await asyncio.gather(bad(), bad(), return_exceptions=True)


async def c_shield():
    t = asyncio.create_task(badlater())
    async def w():
        await asyncio.shield(t)
    s = asyncio.create_task(w())
    await asyncio.sleep(0)
    s.cancel()
    try:
        await s
    except asyncio.CancelledError:
        pass
    await asyncio.sleep(0.03)


async def c_group():
    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(bad())
            g.create_task(bad())
    except BaseException:
        pass


async def c_future():
    f = asyncio.get_running_loop().create_future()
    f.set_exception(IOError("f"))


async def c_future_awaited():
    f = asyncio.get_running_loop().create_future()
    f.set_exception(IOError("f"))
    try:
        await f
    except OSError:
        pass


async def c_future_result():
    f = asyncio.get_running_loop().create_future()
    f.set_exception(IOError("f"))
    try:
        f.result()
    except OSError:
        pass


async def c_future_cancelled():
    f = asyncio.get_running_loop().create_future()
    f.cancel()


async def c_future_done():
    f = asyncio.get_running_loop().create_future()
    f.set_exception(IOError("f"))
    f.done()


async def c_as_completed():
    for f in asyncio.as_completed([bad(), bad()]):
        try:
            await f
        except OSError:
            pass


async def c_as_completed_broken():
    for f in asyncio.as_completed([bad(), bad()]):
        try:
            await f
        except OSError:
            break


async def c_leftover():
    async def cleanup_fails():
        try:
            await asyncio.sleep(10)
        finally:
            raise IOError("clean")
    asyncio.create_task(cleanup_fails())
    await asyncio.sleep(0)


async def c_callback():
    t = asyncio.create_task(bad())
    t.add_done_callback(lambda t: None)
    await asyncio.sleep(0.01)


async def c_callback_exc():
    t = asyncio.create_task(bad())
    t.add_done_callback(lambda t: t.exception())
    await asyncio.sleep(0.01)


async def c_main():
    raise IOError("m")


async def c_waitfor_timeout():
    async def slow():
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            raise IOError("z")
    try:
        await asyncio.wait_for(slow(), 0.01)
    except BaseException:
        pass


def all_reports():
    return json.dumps({name[2:]: reports(case) for name, case in globals().items() if name.startswith("c_")})
