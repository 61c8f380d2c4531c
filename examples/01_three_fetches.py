"""Three requests of one second each, gathered: one second in all."""
import asyncio, sys
import aiohttp

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


async def fetch(session, fruit):
    async with session.get(f"{server}/delay/1000?fruit={fruit}") as response:
        return await response.text()


async def fetch_all():
    fruits = ["apple", "pear", "plum"]
    loop = asyncio.get_running_loop()
    start = loop.time()

    async with aiohttp.ClientSession() as session:
        texts = await asyncio.gather(*(fetch(session, fruit) for fruit in fruits))

    for text in texts:
        print(text)
    print(f"{loop.time() - start:.0f} second")


asyncio.run(fetch_all())
