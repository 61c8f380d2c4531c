"""An asynchronous generator: values that take their time, taken by a for loop that may leave early."""
import asyncio
from contextlib import aclosing


async def trains(minutes):
    train = 1
    try:
        while True:
            await asyncio.sleep(minutes)
            yield train
            train += 1
    finally:
        print("(the board goes dark: cancelled)")


async def platform():
    loop = asyncio.get_running_loop()
    start = loop.time()
    async with aclosing(trains(7)) as board:
        async for train in board:
            print(f"train {train} after {loop.time() - start:.0f} minutes")
            if train == 3:
                break

    print("half an hour later:")
    try:
        async with asyncio.timeout(30):
            async for train in trains(7):
                print(f"train {train}")
        print("no more trains")
    except TimeoutError:
        print("enough")


asyncio.run(platform())
