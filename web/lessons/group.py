import asyncio


async def run_errand(name, seconds, fails=False):
    await asyncio.sleep(seconds)
    print(f"{name}: {'failed' if fails else 'done'}")
    if fails:
        raise OSError(name)


async def day():
    print("gather: the others go on")
    errands = [asyncio.ensure_future(run_errand(*e)) for e in (("post", 0.1), ("bank", 0.05, True), ("shop", 0.2))]
    try:
        await asyncio.gather(*errands)
    except OSError as e:
        await asyncio.wait(errands)
        print(" ", type(e).__name__)

    print("a group: one fails, all are called off")
    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(run_errand("post", 0.1))
            g.create_task(run_errand("bank", 0.05, True))
            g.create_task(run_errand("shop", 0.2))
    except* OSError as e:
        print(" ", type(e.exceptions[0]).__name__)


asyncio.run(day())
