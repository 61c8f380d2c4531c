import asyncio


async def write_letter():
    try:
        for page in range(1, 4):
            await asyncio.sleep(0.04)
            print(f"page {page}: written")
    finally:
        await asyncio.shield(asyncio.sleep(0.03))  # signed and folded, whatever happens
        print("the letter is in its envelope")


async def evening():
    try:
        async with asyncio.timeout(0.1):
            await write_letter()
    except TimeoutError:
        print("too late")
    else:
        print("in time")


asyncio.run(evening())
