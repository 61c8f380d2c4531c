"""`python3 bench/peers/asyncio_peer.py WORKLOAD - NUMBERS…`: the workloads on CPython's asyncio, natively; and, as a module
whose mark() the host replaces, on Pyodide's."""

import asyncio
import json
import os
import sys
import time

values = {"each": []}
began = {}


def rss():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def mark(moment):
    """Memory and processor time between mark("before") and mark("after")."""
    if moment == "before":
        began.update(rss=rss(), cpu=time.process_time_ns())
    else:
        values.update(rss=rss() - began["rss"], cpu=time.process_time_ns() - began["cpu"])


async def yield_many(count):
    sleep = asyncio.sleep
    for _ in range(count):
        await sleep(0)


async def yield_once(tasks, count):
    start = time.perf_counter_ns()
    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            group.create_task(yield_many(count))
    return (time.perf_counter_ns() - start) / tasks / count


async def measure_yield(tasks, count):
    await yield_once(tasks, count // 10)
    values["each"].append(await yield_once(tasks, count))


async def one_yield():
    await asyncio.sleep(0)


async def measure_spawn(tasks, batches, repeats):
    for _ in range(repeats):
        start = time.perf_counter_ns()
        for _ in range(batches):
            async with asyncio.TaskGroup() as group:
                for _ in range(tasks):
                    group.create_task(one_yield())
        values["each"].append((time.perf_counter_ns() - start) / tasks / batches)


async def measure_memory(tasks):
    mark("before")
    all = [asyncio.create_task(asyncio.sleep(1000)) for _ in range(tasks)]
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    mark("after")
    return all


async def measure_sleep(tasks):
    random = 1
    mark("before")
    start = time.perf_counter_ns()
    async with asyncio.TaskGroup() as group:
        for _ in range(tasks):
            random = (random * 1664525 + 1013904223) & 0xFFFFFFFF
            group.create_task(asyncio.sleep((random >> 16) % 101 / 1000))
    values["each"].append(time.perf_counter_ns() - start)
    mark("after")


async def ping(count, table, net):
    for _ in range(count):
        net.release()
        await table.acquire()


async def pong(count, table, net):
    for _ in range(count):
        await net.acquire()
        table.release()


async def pingpong_once(count):
    table, net = asyncio.Semaphore(0), asyncio.Semaphore(0)
    start = time.perf_counter_ns()
    await asyncio.gather(ping(count, table, net), pong(count, table, net))
    return (time.perf_counter_ns() - start) / count / 2


async def measure_pingpong(count):
    await pingpong_once(count // 10)
    values["each"].append(await pingpong_once(count))


async def channel_once(count):
    there, back = asyncio.Queue(1), asyncio.Queue(1)

    async def serve():
        for n in range(count):
            await there.put(n)
            await back.get()

    async def answer():
        for _ in range(count):
            await back.put(await there.get())

    start = time.perf_counter_ns()
    await asyncio.gather(serve(), answer())
    return (time.perf_counter_ns() - start) / count / 2


async def measure_channel(count):
    await channel_once(count // 10)
    values["each"].append(await channel_once(count))


workloads = {
    "yield": measure_yield,
    "spawn": measure_spawn,
    "memory": measure_memory,
    "sleep": measure_sleep,
    "pingpong": measure_pingpong,
    "channel": measure_channel,
}


async def main():
    await workloads[sys.argv[1]](*map(int, sys.argv[3:]))
    print(json.dumps(values), flush=True)
    os._exit(0)  # 100,000 tasks that still sleep need not be told


if __name__ == "__main__":
    asyncio.run(main())
