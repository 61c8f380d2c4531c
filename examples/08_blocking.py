"""One thread runs all: what computes without awaiting stops the loop."""
import asyncio, time

longest = 0  # that the ticker had to wait


async def ticker():
    global longest
    while True:
        last = time.monotonic()
        await asyncio.sleep(0.01)
        longest = max(longest, time.monotonic() - last)


def compute(seconds):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pass


async def polite():
    for _ in range(100):
        compute(0.01)
        await asyncio.sleep(0)  # lets the others run


async def blocking():
    compute(1)


async def compare():
    loop = asyncio.get_running_loop()
    loop.set_debug(True)
    loop.slow_callback_duration = 0.5  # reports who holds the loop for so long
    ticking = asyncio.create_task(ticker())

    await asyncio.create_task(polite())
    print(f"polite: the ticker waited for {longest:.0f} s")

    await asyncio.create_task(blocking())
    await asyncio.sleep(0.02)  # lets the ticker look at the clock
    print(f"blocking: the ticker waited for {longest:.0f} s")


asyncio.run(compare())
