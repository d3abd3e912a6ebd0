"""What every parser must keep on any input: an answer within a second, and memory in proportion.

Time is processor time, so that a busy machine convicts nobody; memory is the resident peak of the
process (Linux), so that what lxml, zlib or PDFium take is counted too.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

max_seconds = 1.0
TRIES = 3
"""What shares the core or its memory makes a second longer: who is slow, is slow each time."""
max_megabytes = 64.0
max_growth_ratio = 64
"""Bytes of memory for each byte of the input, above `max_megabytes`."""

Run = Callable[[bytes], None]
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")


class BrokenBoundError(AssertionError):
    """Too slow, or too much memory."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """`seconds` of processor time, `megabytes` of growth of the resident peak (0 if unknown)."""

    seconds: float
    megabytes: float


def timed(run: Run, data: bytes) -> float:
    """Seconds of processor time. Raises BrokenBoundError, and whatever `run` raises."""
    seconds = 0.0
    for _ in range(TRIES):
        start = time.process_time()
        run(data)
        seconds = time.process_time() - start
        if seconds <= max_seconds:
            return seconds
    raise BrokenBoundError(f"{seconds:.1f} s for {len(data)} bytes")


def measured(run: Run, data: bytes) -> Cost:
    """Time and memory. Raises BrokenBoundError, and whatever `run` raises."""
    before = _forget_peak()
    seconds = timed(run, data)
    grown = max(_resident("VmHWM") - before, 0.0) if before else 0.0
    if grown > max_megabytes + max_growth_ratio * len(data) / 1_000_000:
        raise BrokenBoundError(f"{grown:.0f} MB for {len(data)} bytes")
    return Cost(seconds=seconds, megabytes=grown)


def _forget_peak() -> float:
    """Resident megabytes now, the peak set back to it; 0 where the system does not tell."""
    try:
        _RESET.write_text("5")
    except OSError:
        return 0.0
    return _resident("VmRSS")


def _resident(field: str) -> float:
    found = re.search(rf"{field}:\s+(\d+)", _STATUS.read_text())
    return int(found[1]) / 1024 if found else 0.0
