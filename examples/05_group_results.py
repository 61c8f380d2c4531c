"""A group joins its tasks at the end of the block: their results are there."""
import asyncio, sys
import aiohttp

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


async def fetch_item(session, id):
    async with session.get(f"{server}/item/{id}?delay=300") as response:
        item = await response.json()
        return item["square"]


async def add_squares():
    async with aiohttp.ClientSession() as session:
        async with asyncio.TaskGroup() as group:
            tasks = {id: group.create_task(fetch_item(session, id)) for id in range(1, 6)}

    for id, task in tasks.items():
        print(f"{id} squared is {task.result()}")
    print(f"in all {sum(task.result() for task in tasks.values())}")


asyncio.run(add_squares())
