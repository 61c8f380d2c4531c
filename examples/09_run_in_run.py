"""asyncio.run() is for the main program. In a coroutine, await the other one."""
import asyncio


async def inner():
    await asyncio.sleep(0.1)
    print("inner ran")


async def outer():
    coroutine = inner()
    try:
        asyncio.run(coroutine)
    except RuntimeError as error:
        print(f"{type(error).__name__}: {error}")
    await coroutine  # this is the way


asyncio.run(outer())
