"""A TCP server and its clients: each connection is a task, and three talk at once."""
import asyncio


# One connection: every line goes back, in order, until the client has no more.
async def echo(reader, writer):
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()  # a slow client slows us down
    writer.close()


async def talk(port, name):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = ""
    for i in range(1, 3):
        writer.write(f"{name} says {i}\n".encode())
        answers += (await reader.readline()).decode()
    writer.close()
    return answers


async def run():
    server = await asyncio.start_server(echo, "127.0.0.1", 0)  # port 0: any that is free

    port = server.sockets[0].getsockname()[1]
    answers = await asyncio.gather(*(talk(port, name) for name in ["Ann", "Ben", "Cem"]))

    print("".join(answers), end="")
    server.close()
    await server.wait_closed()


asyncio.run(run())
