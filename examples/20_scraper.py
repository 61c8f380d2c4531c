"""A scraper: follows the links from page to page through a site that is sometimes slow, busy or broken."""
import asyncio, random, re, sys
import aiohttp

PAGES, LIMIT = 2000, 20

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"

seen = set()
correct = wrong = 0


async def get_text(session, path):
    for attempt in range(6):
        try:
            async with session.get(path) as response:
                response.raise_for_status()
                return await response.text()
        except (aiohttp.ClientError, asyncio.TimeoutError):
            if attempt == 5:
                raise
        await asyncio.sleep(0.1 * 2**attempt * random.uniform(0.5, 1))


def follow(session, group, page):
    if 0 <= page < PAGES and page not in seen:
        seen.add(page)
        group.create_task(scrape(session, group, page))


async def scrape(session, group, page):
    global correct, wrong
    text = await get_text(session, f"/page/{page}")
    for link in re.findall(r'href="/page/(\d+)', text):
        follow(session, group, int(link))
    if f"<title>Page {page}</title>" in text and text.endswith(f"<!-- end of {page} -->\n"):
        correct += 1
    else:
        wrong += 1
    if (correct + wrong) % 500 == 0:
        print(f"{correct + wrong} pages")


async def scrape_all():
    connector = aiohttp.TCPConnector(limit=LIMIT)
    timeout = aiohttp.ClientTimeout(sock_read=1)
    async with aiohttp.ClientSession(server, connector=connector, timeout=timeout) as session:
        async with asyncio.TaskGroup() as group:
            follow(session, group, 0)
    print(f"{correct} pages correct, {wrong} wrong")


asyncio.run(scrape_all())
