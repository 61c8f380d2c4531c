"""A web server: each request is a task, which is cancelled when its client goes away."""
import asyncio
from aiohttp import web


# One line a second, or as fast as the client asks for; whoever leaves is noticed at once.
async def count(request):
    response = web.StreamResponse()
    await response.prepare(request)
    for i in range(1, int(request.query.get("to", 3)) + 1):
        await response.write(f"{i}\n".encode())  # a slow client slows us down
        await asyncio.sleep(float(request.query.get("pause", 1)))
    return response


async def shout(request):
    return web.Response(text=(await request.text()).upper())


async def hello(request):
    return web.Response(text="hello\n")


async def not_found(request):
    return web.Response(status=404, headers={"x-reason": "no such page"}, text="not found\n")


app = web.Application(handler_args={"handler_cancellation": True})
app.add_routes([web.get("/", hello), web.get("/count", count), web.post("/shout", shout)])
app.add_routes([web.route("*", "/{path:.*}", not_found)])
web.run_app(app, port=8000)
