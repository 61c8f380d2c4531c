import asyncio


async def make(name, seconds):
    print(name, "...")
    await asyncio.sleep(seconds)
    print(name, "is ready")


async def breakfast():
    await asyncio.gather(make("tea", 0.2), make("toast", 0.1), make("egg", 0.15))
    print("all of it is ready")


asyncio.run(breakfast())
