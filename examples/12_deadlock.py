"""Nobody can wake anybody. asyncio waits for ever here; wasyncio ends the run and says who waits for what."""
import asyncio


async def wait_for_bell(bell):
    await bell.acquire()


async def school():
    bell = asyncio.Semaphore(1)  # rings once, for two
    async with asyncio.TaskGroup() as pupils:
        pupils.create_task(wait_for_bell(bell), name="Ann")
        pupils.create_task(wait_for_bell(bell), name="Ben")


asyncio.run(school())
