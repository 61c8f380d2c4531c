"""A function of a program as the body of a generator. Python yields only where `yield` is written, so it is written."""
import asyncio

from rules import OK, acts, code_of, waits

START, END = -1, -2

BODY = """
async def body(program, self):
    task = self.enter()
    number = self.entry.number
    program.emit(number, START)
    code = OK
    try:
{statements}
    except BaseException as error:
        code = code_of(task, error)
        raise
    finally:
        program.emit(number, END, code)
        self.leave()
    if False:
        yield
"""

YIELD = """
try:
    await wanted(task, self)
    self.leave()
    try:
        yield {value}
    finally:
        task = self.enter()
except BaseException as error:
    program.emit(number, {where}, code_of(task, error))
    {after}
else:
    program.emit(number, {where})
"""

ATTEMPT = """
code{where}, value{where} = OK, 0
try:
    try:
{first}
    except BaseException:
        value{where} = 1
{second}
{again}
except BaseException as error:
    code{where}, value{where} = code_of(task, error), 0
    {after}
finally:  # left by return, too
    program.emit(number, {where}, code{where}, value{where})
"""

OTHER = """
if await program.statement(task, *statements[{at}]):
    return
"""


def indented(text, by):
    return "\n".join(" " * by + line for line in text.strip("\n").split("\n"))


def compiled(statements):
    table = []

    def lines(block):
        return "\n".join(map(line, block)) or "pass"

    def line(statement):
        op, catch, args, blocks, where = statement
        after = "pass" if catch else "raise"
        if op == "yield":
            return YIELD.format(value=args[0], where=where, after=after)
        if op == "repeat":
            return f"for _ in range({args[0]}):\n{indented(lines(blocks[0]), 4)}"
        if op == "attempt":
            first, second = (indented(lines(block), 8) for block in blocks)
            again = "        raise" if args[0] else ""
            return ATTEMPT.format(first=first, second=second, again=again, where=where, after=after)
        table.append(statement)
        return OTHER.format(at=len(table) - 1)

    source = BODY.format(statements=indented(lines(statements), 8))
    inside = {"START": START, "END": END, "OK": OK, "code_of": code_of, "wanted": wanted, "statements": table}
    exec(source, inside)
    return inside["body"]


async def wanted(task, self):
    """BODY: a yield is a wait, which fails in a body that was cancelled."""
    if self.inside.cancelled:
        acts("BODY")
        await waits(task, asyncio.sleep(0))
