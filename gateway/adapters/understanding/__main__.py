"""The helper: `python -m gateway.adapters.understanding`, its standard input a socket.

Answers in the order of the questions, and ends when the daemon does.
"""

import os
import signal
import socket
import sys
from contextlib import suppress
from pathlib import Path

from gateway.adapters.understanding.crossing import (
    NO_TICKET,
    Failure,
    Frames,
    Manner,
    framed,
    manner_in,
    packed_answer,
)
from gateway.errors import place_of
from gateway.mapping.understand import understand_at_door

AT_ONCE = 1 << 18
OOM_SCORE = Path("/proc/self/oom_score_adj")
FIRST_TO_GO = "500"


def main() -> None:
    """Ends with the daemon, not by the signals that its terminal or its service sends to all."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    _go_first()
    with socket.socket(fileno=os.dup(sys.stdin.fileno())) as line, suppress(ConnectionError):
        serve(line)


def serve(line: socket.socket) -> None:
    """Until the other side closes."""
    frames, manners = Frames(), list[Manner]()
    line.sendall(b"".join(framed(NO_TICKET)))
    while data := line.recv(AT_ONCE):
        for ticket, manner, content in frames.feed(data):
            if ticket == NO_TICKET:
                manners.append(manner_in(content))
                continue
            line.sendall(b"".join(framed(ticket, _answer(content, manners[manner]))))


def _go_first() -> None:
    """Where memory is short, rather this process than the daemon; of the processors each has its
    part, for whoever waits for an acknowledgement waits for both."""
    with suppress(OSError):
        OOM_SCORE.write_text(FIRST_TO_GO)


def _answer(raw: bytes, manner: Manner) -> bytes:
    """No exception ends the helper: the daemon would take the input for a dangerous one."""
    try:
        return packed_answer(raw, understand_at_door(raw, *manner))
    except Exception as error:  # noqa: BLE001 - told to the daemon, whose log it belongs to
        return packed_answer(raw, Failure(type(error).__name__, place_of(error)))


if __name__ == "__main__":
    main()
