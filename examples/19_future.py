"""A future is a result that somebody will set: a callback, another task, code that knows nothing of coroutines."""
import asyncio


def opened(future):
    print(f"callback: {future.exception() or future.result()}")


async def waits(future):
    try:
        print(f"task: {await future}")
    except OSError as error:
        print(f"task: {error}")


async def house():
    loop = asyncio.get_running_loop()
    present, lost = loop.create_future(), loop.create_future()
    present.add_done_callback(opened)
    loop.call_later(2, present.set_result, "a book")
    await waits(present)

    other = asyncio.create_task(waits(lost))
    await asyncio.sleep(0)  # so that it waits before the callback is added
    lost.add_done_callback(opened)
    await asyncio.sleep(1)
    lost.set_exception(OSError("the van was empty"))
    await other


asyncio.run(house())
