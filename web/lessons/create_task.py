import asyncio


async def letter(to):
    print("the letter is on its way")
    await asyncio.sleep(0.1)
    print("the letter has come to", to)


async def office():
    sent = asyncio.create_task(letter("Zoe"))
    print("the task is created")  # and has not begun: nobody has waited yet
    await asyncio.sleep(0.03)
    print("other work is done")
    await sent


asyncio.run(office())
