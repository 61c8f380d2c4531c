import asyncio
import aiohttp

limit = asyncio.Semaphore(4)


class Page:
    def __init__(self, id):
        self.id, self.status = id, 0


class ProtocolError(Exception):
    pass


async def fetch_page(session, page):
    async with limit:  # at most 4 in flight
        async with session.get(f"https://server.example/pages/{page.id}") as r:
            page.status = r.status
    if page.status != 200:
        raise ProtocolError(f"page {page.id}: {page.status}")


async def crawl(session):
    pages = [Page(id) for id in range(12)]
    async with asyncio.TaskGroup() as g:
        for page in pages:
            g.create_task(fetch_page(session, page))


async def ticker():
    n = 1
    try:
        while True:
            await asyncio.sleep(0.05)
            print(f"tick {n}")
            n += 1
    finally:
        await asyncio.shield(asyncio.sleep(0.03))


async def tour():
    async with aiohttp.ClientSession() as session:
        t = asyncio.create_task(ticker())
        try:
            await crawl(session)
        finally:
            t.cancel()
            await asyncio.wait([t])


asyncio.run(tour())
