"""Ports of listeners that start later, or again: none that somebody else may get meanwhile."""

import contextlib
import itertools
import os
import socket

FIRST, COUNT = 10_000, 20_000
"""Below those that the system gives to whoever asks for any (`ip_local_port_range`)."""
_NUMBERS = itertools.count(64 * os.getpid())
"""Each process of tests looks in a place of its own."""


def free_port() -> int:
    for number in _NUMBERS:
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port := FIRST + number % COUNT))
            return port
    raise AssertionError
