"""Three roads lead home; whoever arrives first is asked, the others need not go on."""
import asyncio


async def drive(name, hours):
    try:
        await asyncio.sleep(hours)
        print(f"{name}: arrived")
    except asyncio.CancelledError:
        print(f"{name}: cancelled")
        raise


async def race():
    roads = ("over the hill", 3), ("along the river", 2), ("through the wood", 5)
    cars = [asyncio.create_task(drive(*road)) for road in roads]

    home, _ = await asyncio.wait(cars, return_when=asyncio.FIRST_COMPLETED, timeout=1)
    print(f"after an hour: {len(home)} at home")

    home, _ = await asyncio.wait(cars, return_when=asyncio.FIRST_COMPLETED)
    print(f"then: {len(home)} at home")

    for car in cars:
        car.cancel()  # wait() itself cancels nothing; the one at home is left as it is
    await asyncio.gather(*cars, return_exceptions=True)


asyncio.run(race())
