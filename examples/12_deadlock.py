"""Nobody can wake anybody: asyncio waits here for ever."""
import asyncio


async def ann(bell):
    await bell.acquire()  # and never gives it back


async def ben(bell):
    await bell.acquire()


async def school():
    bell = asyncio.Semaphore(1)  # rings once, for two
    async with asyncio.TaskGroup() as pupils:
        pupils.create_task(ann(bell))
        pupils.create_task(ben(bell))


asyncio.run(school())
