import asyncio


async def make(what, seconds):
    print(what, "...")
    await asyncio.sleep(seconds)
    print(what, "is ready")


async def breakfast():
    await make("tea", 0.2)
    await make("toast", 0.1)


asyncio.run(breakfast())
