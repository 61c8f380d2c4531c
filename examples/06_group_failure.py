"""One fails: the others are cancelled, and their connections closed."""
import asyncio, sys
import aiohttp

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


async def fetch_json(session, path):
    async with session.get(server + path) as response:  # a cancel aborts it
        text = await response.text()
        if not text.startswith("{"):
            raise ValueError(f'{path}: no JSON but "{text}"')


async def fetch_three():
    paths = ["/hang?1", "/delay/300?busy=yes", "/hang?2"]
    tasks = []
    try:
        async with aiohttp.ClientSession() as session:
            async with asyncio.TaskGroup() as group:
                tasks = [group.create_task(fetch_json(session, path)) for path in paths]
    except* ValueError as group_error:
        errors = group_error.exceptions

    for path, task in zip(paths, tasks):
        print(f"{path}: {'CancelledError' if task.cancelled() else type(task.exception()).__name__}")

    print(f"the group ended with {len(errors)} error")
    for error in errors:
        print(f"  {type(error).__name__}: {error}")


asyncio.run(fetch_three())
