import asyncio


# A coroutine is a function that may wait. While it does, its thread is free.
async def count(name):
    for n in range(1, 4):
        await asyncio.sleep(0.1)
        print(name, n)


async def ticker():
    while True:
        await asyncio.sleep(0.04)
        print("      tick")


async def start():
    ticking = asyncio.create_task(ticker())
    await count("counting")  # no task of its own
    ticking.cancel()
    await asyncio.wait([ticking])


asyncio.run(start())
