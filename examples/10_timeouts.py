"""Once its time is up, all that awaits in a timeout block is cancelled."""
import asyncio


async def write_page(page):
    try:
        await asyncio.sleep(0.4)
        print(f"  {page}: written")
    except asyncio.CancelledError:
        print(f"  {page}: timed out")
        raise


async def write_book():
    try:
        for page in "page 1", "page 2", "page 3":
            await write_page(page)
    finally:
        await asyncio.shield(write_page("the end"))  # whatever happens around it


async def author():
    loop = asyncio.get_running_loop()
    start = loop.time()
    print("A block with a second for everything in it:")
    try:
        async with asyncio.timeout(1) as limit:
            await write_book()
    except TimeoutError:
        pass
    print(f"{'too late' if limit.expired() else 'in time'} after {loop.time() - start:.1f} s")

    print("One coroutine with a limit:")
    try:
        await asyncio.wait_for(write_book(), 2)
        print("in time")
    except TimeoutError:
        print("too late")


asyncio.run(author())
