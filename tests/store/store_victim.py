"""A process to be killed: files without end and prints each receipt once it is acknowledged."""

import asyncio
import os
import sys
from itertools import count
from pathlib import Path

from store_house import FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.store import Keys, open_store


async def main(url: str, folder: str, first: int) -> None:
    keys, ids = Keys.load(Path(folder)), SystemIds()
    store = open_store(url, keys=keys, judge=PlainJudge(keys, ids), clock=FixedClock())
    numbers = count(first)

    async def send() -> None:
        for number in numbers:
            answer = await store.journal.file(intake(ids, number, serial=number % 50))
            os.write(1, f"{answer.receipt}\n".encode())

    await asyncio.gather(*(send() for _ in range(8)))


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))
