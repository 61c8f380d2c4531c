"""Awaiting a coroutine runs it to its end. A task runs beside its creator."""
import asyncio


async def boil(what):
    print(f"{what}: in the water")
    await asyncio.sleep(1)
    print(f"{what}: done")


async def cook():
    loop = asyncio.get_running_loop()
    start = loop.time()
    await boil("rice")
    await boil("peas")
    print(f"one after the other: {loop.time() - start:.0f} s\n")

    start = loop.time()
    rice = asyncio.create_task(boil("rice"))  # has not begun yet
    peas = asyncio.create_task(boil("peas"))
    print("two pots are on")
    await rice  # now they run
    await peas
    print(f"side by side: {loop.time() - start:.0f} s")


asyncio.run(cook())
