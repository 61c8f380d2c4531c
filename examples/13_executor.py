"""An executor runs plain functions in other processes, on all processors, while the loop goes on."""
import asyncio, time
from concurrent.futures import ProcessPoolExecutor


def count_primes(numbers):
    """Runs in a worker, and has only what it is given."""
    start, end = numbers
    count = 0
    for n in range(start, end):
        if n > 1 and all(n % i for i in range(2, int(n**0.5) + 1)):
            count += 1
    return count


def blocking():
    time.sleep(0.5)
    return 42


def broken(number):
    raise ValueError(f"{number} is not in the table")


ticks = 0


async def ticker():
    global ticks
    while True:
        await asyncio.sleep(0.01)
        ticks += 1


async def compute():
    loop = asyncio.get_running_loop()
    ticking = asyncio.create_task(ticker())

    result = await loop.run_in_executor(None, blocking)  # None: the default executor
    print(f"blocking returned {result}; the loop went on: {'yes' if ticks > 5 else 'no'}")
    ticking.cancel()

    ranges = [(i * 50000, (i + 1) * 50000) for i in range(20)]
    with ProcessPoolExecutor(max_workers=2) as pool:
        counts = await asyncio.gather(*(loop.run_in_executor(pool, count_primes, each) for each in ranges))
        print(f"there are {sum(counts)} primes below 1000000")

        try:
            await loop.run_in_executor(pool, broken, 7)
        except ValueError as error:
            print(f"broken: {error}")


if __name__ == "__main__":
    asyncio.run(compute())
