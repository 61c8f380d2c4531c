"""500 items in JSON from one session, which lets ten requests at a time through."""
import asyncio, sys
import aiohttp

ITEMS = 500

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


async def fetch_item(session, id):
    async with session.get(f"/item/{id}") as response:
        response.raise_for_status()
        item = await response.json()
        return item["square"]


async def fetch_all():
    connector = aiohttp.TCPConnector(limit=10)
    async with aiohttp.ClientSession(server, connector=connector) as session:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(fetch_item(session, id)) for id in range(1, ITEMS + 1)]
    total = sum(task.result() for task in tasks)
    print(f"the squares of {ITEMS} items: {total}")


asyncio.run(fetch_all())
