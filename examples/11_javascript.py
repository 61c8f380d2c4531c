"""A module for JavaScript (with Pyodide): its functions are async there, those of JavaScript are awaited here."""
import asyncio
from js import ask


async def add_later(a, b):
    await asyncio.sleep(0.1)
    return a + b


async def greet(title):
    name = await ask(f"What is your name, {title}?")  # rejected, it raises here, and greet is rejected
    return f"Hello, {title} {name}!"


async def divide(a, b):
    if b == 0:
        raise ValueError(f"{a} cannot be divided by zero")
    return a // b
