"""One bakes, two sell: what is not sold yet stands in a queue, and when it is full the baker waits."""
import asyncio


async def sell(shelf, name, seconds):
    sold = 0
    try:
        while True:
            loaf = await shelf.get()
            await asyncio.sleep(seconds)
            print(f"{name} has sold loaf {loaf}")
            shelf.task_done()
            sold += 1
    except asyncio.QueueShutDown:
        print(f"{name} has sold {sold} and goes home")


async def bakery():
    shelf = asyncio.Queue(2)
    async with asyncio.TaskGroup() as staff:
        staff.create_task(sell(shelf, "Ann", 0.7))
        staff.create_task(sell(shelf, "Ben", 1))
        for loaf in range(1, 7):
            await asyncio.sleep(0.2)
            await shelf.put(loaf)  # waits while the shelf is full
            print(f"loaf {loaf} is baked, {shelf.qsize()} on the shelf")
        await shelf.join()  # until all is sold
        shelf.shutdown()


asyncio.run(bakery())
