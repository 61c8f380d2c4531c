"""Letters are answered as they come, not in the order in which they were asked for."""
import asyncio


async def post(days):
    await asyncio.sleep(days / 10)  # a day takes a tenth of a second here
    return days * 10  # lines


async def morning():
    letters = {"Lima": 4, "Bern": 1, "Oslo": 2, "Perth": 9}
    tasks = [asyncio.create_task(post(days), name=sender) for sender, days in letters.items()]

    try:
        async for task in asyncio.as_completed(tasks, timeout=0.5):
            print(f"{task.get_name()} wrote {await task} lines")
    except TimeoutError:
        print("the others after five days")

    await asyncio.gather(*tasks)
    print("Perth wrote too")


asyncio.run(morning())
