"""Start something, do other work, ask for the result when you need it."""
import asyncio


async def count_stars(sky):
    print(f"counting {sky} parts of the sky")
    stars = 0
    for part in range(1, sky + 1):
        await asyncio.sleep(0.3)
        stars += part * 100
    print("counted")
    return stars


async def evening():
    count = asyncio.create_task(count_stars(4))

    for cup in range(1, 4):
        await asyncio.sleep(0.5)  # the task goes on whenever this one waits
        print(f"tea, cup {cup}{', and the count is there' if count.done() else ''}")

    stars = await count  # it has ended, so this does not wait
    print(f"{stars} stars")


asyncio.run(evening())
