"""The disk's own figure, without which no figure of a store means anything."""

import os
from pathlib import Path
from time import perf_counter

TIMES = 100


def fsync_milliseconds(folder: Path) -> float:
    """The median of a hundred writes of 4 KB, each made durable."""
    times = []
    with (folder / "probe").open("wb") as file:
        for _ in range(TIMES):
            file.write(bytes(4096))
            file.flush()
            begun = perf_counter()
            os.fdatasync(file.fileno())
            times.append(perf_counter() - begun)
    return sorted(times)[TIMES // 2] * 1000
