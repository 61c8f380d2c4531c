import asyncio
import time

ticks = 0


async def ticker():
    global ticks
    while True:
        await asyncio.sleep(0.02)
        ticks += 1


async def compute(seconds, politely):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if politely:
            await asyncio.sleep(0)  # lets the others run


async def start():
    ticking = asyncio.create_task(ticker())
    await asyncio.sleep(0)
    await compute(0.2, False)
    print(ticks, "ticks while it computed")
    await compute(0.2, True)
    print("many" if ticks > 1 else "none", "while it yielded")
    ticking.cancel()
    await asyncio.wait([ticking])


asyncio.run(start())
