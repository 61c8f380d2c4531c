"""500 URLs, never more than ten requests at a time."""
import asyncio, sys
import aiohttp

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"
urls = int(sys.argv[2]) if len(sys.argv) > 2 else 500
limit = int(sys.argv[3]) if len(sys.argv) > 3 else 10

in_flight = most = done = 0


async def fetch(session, url):
    async with session.get(url) as response:
        return await response.text()


async def fetch_limited(session, permits, id):
    global in_flight, most, done
    async with permits:
        in_flight += 1
        most = max(most, in_flight)
        await fetch(session, f"{server}/item/{id}?delay=40")
        in_flight -= 1
    done += 1
    if done % 100 == 0:
        print(f"{done} of {urls}")


async def fetch_all():
    permits = asyncio.Semaphore(limit)
    async with aiohttp.ClientSession() as session:
        async with asyncio.TaskGroup() as group:
            for id in range(1, urls + 1):
                group.create_task(fetch_limited(session, permits, id))
    print(f"{done} fetched, at most {most} at a time")


asyncio.run(fetch_all())
