"""Standard input, line by line, while a clock ticks: waiting for input stops nobody."""
import asyncio, sys

ticks = 0


async def tick():
    global ticks
    while True:
        await asyncio.sleep(0.5)
        ticks += 1


async def standard_input():
    reader = asyncio.StreamReader()
    protocol = asyncio.StreamReaderProtocol(reader)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, sys.stdin)
    return reader


async def count():
    clock = asyncio.create_task(tick())
    lines = words = 0
    stdin = await standard_input()
    while line := await stdin.readline():
        lines += 1
        words += len(line.split())
    clock.cancel()
    print(f"{lines} lines, {words} words")
    print(f"{ticks} half seconds went by", file=sys.stderr)


asyncio.run(count())
