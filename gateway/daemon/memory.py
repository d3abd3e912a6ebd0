"""Memory that stays flat: what is large goes back to the machine, what is loaded stays put."""

import contextlib
import ctypes
import gc

# Names and numbers of glibc's malloc.h (mallopt(3)).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 1 << 20
ARENAS = 2


def return_memory() -> None:
    """Before the first thread starts: a block of LARGE_BYTES or more is mapped by itself, so that
    a message of 25 MB leaves nothing behind.

    Left alone, glibc raises that threshold to 32 MB at the first large block it frees. Another C
    library than glibc keeps its own ways.
    """
    with contextlib.suppress(AttributeError, OSError):
        mallopt = ctypes.CDLL(None).mallopt
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)
        mallopt(M_TRIM_THRESHOLD, LARGE_BYTES)
        mallopt(M_ARENA_MAX, ARENAS)


def freeze_memory() -> None:
    """What is loaded now lives as long as the process: the collector need not look at it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)
