"""An asynchronous generator: values that take their time, taken by a for loop that may leave early."""
import asyncio
from contextlib import aclosing


async def trains(interval):
    train = 1
    try:
        while True:
            await asyncio.sleep(interval)
            yield train
            train += 1
    finally:
        print("(the board goes dark: cancelled)")


async def platform():
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with aclosing(trains(0.7)) as board:
        async for train in board:
            print(f"train {train} after {loop.time() - start:.1f} s")
            if train == 3:
                break

    print("three more seconds:")
    try:
        async with asyncio.timeout(3):
            async for train in trains(0.7):
                print(f"train {train}")
        print("no more trains")
    except TimeoutError:
        print("enough")


asyncio.run(platform())
