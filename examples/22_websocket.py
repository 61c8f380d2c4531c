"""A WebSocket: one task sends, another receives, and the answers come while questions are still going out."""
import asyncio, sys
import aiohttp

server = sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000"


async def ask(websocket):
    for word in ["apple", "pear", "plum"]:
        await websocket.send_str(word)  # waits while the server is slow
    await websocket.send_bytes(bytes([1, 2, 3, 4]))


async def listen(websocket):
    for _ in range(4):
        message = await websocket.receive()
        if message.type == aiohttp.WSMsgType.TEXT:
            print("text:", message.data)
        else:
            print("bytes:", len(message.data))


async def run():
    async with aiohttp.ClientSession() as session:
        websocket = await session.ws_connect(f"{server}/ws-echo")
        await asyncio.gather(ask(websocket), listen(websocket))
        await websocket.close(code=1000, message=b"thank you")
        print("closed with", websocket.close_code)


asyncio.run(run())
