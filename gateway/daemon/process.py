"""How this process behaves: memory that stays flat, threads that give way to each other soon."""

import contextlib
import ctypes
import gc
import resource
import signal
import sys

# Names and numbers of glibc's malloc.h (mallopt(3)).
M_TRIM_THRESHOLD, M_MMAP_THRESHOLD, M_ARENA_MAX = -1, -3, -8
LARGE_BYTES = 1 << 20
ARENAS = 2
MAX_FILES = 65_536
YOUNG_OBJECTS = 10_000
"""What waits in cycles for the collector at most, beside what lives: 2 MB, where 50,000 were 8. A
message leaves hardly any, so it comes no more often than every few thousand of them."""
SWITCH_SECONDS = 0.0005
"""How long the event loop and the writer let each other wait for the interpreter lock: a tenth of
Python's own, for each has little to do at a time and the other waits idle meanwhile."""


def prepare_process() -> None:
    """Before the first thread starts."""
    return_memory()
    open_more_files()
    sys.setswitchinterval(SWITCH_SECONDS)


def endings() -> tuple[signal.Signals, ...]:
    """What ends a daemon in good order. SIGHUP is one of them, for a terminal that closes or a
    rotation of logs that sends it must cut no open message; not under nohup, which ignores it."""
    always = (signal.SIGTERM, signal.SIGINT)
    under_nohup = signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    return always if under_nohup else (*always, signal.SIGHUP)


def open_more_files() -> None:
    """As many as this user may open, up to MAX_FILES: the usual 1,024 are fewer than all doors may
    have connections, and where none is left the database cannot be read either."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MAX_FILES if hard == resource.RLIM_INFINITY else min(hard, MAX_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


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
    gc.set_threshold(YOUNG_OBJECTS, 20, 50)
