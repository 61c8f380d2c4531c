"""One of three fails. gather raises the first error, or returns every outcome."""
import asyncio


async def deliver(to, hours):
    await asyncio.sleep(hours)
    if to.startswith("?"):
        raise LookupError(f"nobody lives at {to}")
    print(f"  delivered to {to}")


def parcels():
    return deliver("Ann", 0.1), deliver("?", 0.2), deliver("Zoe", 0.3)


async def post_office():
    print("The first error:")
    try:
        await asyncio.gather(*parcels())  # raises at once; C waits for all, as they may use its locals
    except LookupError as error:
        print(f"  {type(error).__name__}: {error}")

    print("Every outcome:")
    outcomes = await asyncio.gather(*parcels(), return_exceptions=True)
    for i, outcome in enumerate(outcomes):
        print(f"  {i}: {type(outcome).__name__ if outcome else 'fine'}")


asyncio.run(post_office())
