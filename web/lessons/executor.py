import asyncio
from concurrent.futures import ProcessPoolExecutor


# A job: it runs in another process, and has only what it is given.
def count_primes(limit):
    return sum(all(n % i for i in range(2, int(n**0.5) + 1)) for n in range(2, limit))


async def ticker(ticks):
    while True:
        await asyncio.sleep(0.005)
        ticks.append(1)


async def start():
    ticks = []
    ticking = asyncio.create_task(ticker(ticks))
    limit = 500000
    loop = asyncio.get_running_loop()
    with ProcessPoolExecutor() as pool:
        count = await loop.run_in_executor(pool, count_primes, limit)
    print(f"{count} primes below {limit}; the ticker {'went on' if ticks else 'stood still'}")
    ticking.cancel()
    await asyncio.wait([ticking])


if __name__ == "__main__":
    asyncio.run(start())
