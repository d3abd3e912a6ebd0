"""One helper: a process, the line to it, and the questions it has not answered."""

import asyncio
import socket
import sys
from asyncio.subprocess import Process
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from typing import cast

import structlog

from gateway.adapters.understanding.crossing import (
    NO_TICKET,
    Failure,
    Frames,
    Manner,
    answer_in,
    framed,
    packed_manner,
)
from gateway.records.intake.understanding import Understanding

log = structlog.get_logger()
COMMAND = ("-m", "gateway.adapters.understanding")
FAILED = "An input could not be understood: the log says why."


@dataclass(slots=True, eq=False)
class Question:
    """An input, and who waits for what it says; `tries` ended with the death of a helper."""

    raw: bytes
    manner: Manner
    answered: "asyncio.Future[list[Understanding]]"
    tries: int = 0


class Helper(asyncio.Protocol):
    """Answers come in the order of the questions. `gone` hears once that no more will come."""

    def __init__(self, gone: Callable[["Helper"], None], *, limit_seconds: float) -> None:
        self.is_ready = self.was_ready = False
        self.waiting: dict[int, Question] = {}
        self.bytes_waiting = 0
        self.used_at = 0.0
        self.took_too_long = False
        self._gone = gone
        self._limit_seconds = limit_seconds
        self._loop = asyncio.get_running_loop()
        self._frames = Frames()
        self._tickets = count(NO_TICKET + 1)
        self._manners: dict[Manner, int] = {}
        self._line: asyncio.Transport | None = None
        self._process: Process | None = None
        self._watch: asyncio.TimerHandle | None = None
        self._first: tuple[Question, ...] = ()

    async def start(self, questions: Iterable[Question]) -> None:
        """Begins with `questions`. Raises where no process can be made."""
        self._first = tuple(questions)
        ours, its = socket.socketpair()
        try:
            with its:
                self._process = await asyncio.create_subprocess_exec(
                    sys.executable, *COMMAND, stdin=its.fileno()
                )
            await self._loop.create_connection(lambda: self, sock=ours)
        except BaseException:
            ours.close()
            raise

    def ask(self, question: Question) -> None:
        """Only while there is a line: between `start` and `gone`."""
        line = self._line
        assert line is not None  # noqa: S101 - a helper that is gone is asked nothing
        if not self.waiting:
            self.used_at = self._loop.time()
        ticket = next(self._tickets)
        self.waiting[ticket] = question
        self.bytes_waiting += len(question.raw)
        manner = self._number_of(question.manner, line)
        line.writelines(framed(ticket, question.raw, manner=manner))
        if self._watch is None:
            self._watch = self._loop.call_later(self._limit_seconds, self._look)

    def hang_up(self) -> None:
        """The process ends, at once: it keeps nothing."""
        self.is_ready = False
        if self._process is not None:
            with suppress(ProcessLookupError):
                self._process.kill()
        if self._line is not None:
            self._line.abort()

    async def ended(self) -> None:
        """Once the process is gone."""
        if self._process is not None:
            await self._process.wait()

    # What the transport calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._line = cast(asyncio.Transport, transport)  # uvloop's is no subclass
        self.used_at = self._loop.time()
        for question in self._first:
            self.ask(question)
        self._first = ()

    def data_received(self, data: bytes) -> None:
        self.used_at = self._loop.time()
        for ticket, _manner, content in self._frames.feed(data):
            if ticket == NO_TICKET:
                self.is_ready = self.was_ready = True
                continue
            question = self.waiting.pop(ticket)
            self.bytes_waiting -= len(question.raw)
            if not question.answered.done():
                _settle(question, content)

    def connection_lost(self, _problem: Exception | None) -> None:
        self._line = None
        self.is_ready = False
        if self._watch is not None:
            self._watch.cancel()
        self.hang_up()
        self._gone(self)

    def _look(self) -> None:
        """Ends a helper whose oldest question takes too long."""
        self._watch = None
        if not self.waiting or self._line is None:
            return
        left = self.used_at + self._limit_seconds - self._loop.time()
        if left > 0:
            self._watch = self._loop.call_later(left, self._look)
            return
        self.took_too_long = True
        self.hang_up()

    def _number_of(self, manner: Manner, line: asyncio.Transport) -> int:
        """The number of a manner, which is told once: a house has a handful of them."""
        number = self._manners.get(manner)
        if number is None:
            number = self._manners[manner] = len(self._manners)
            line.writelines(framed(NO_TICKET, packed_manner(manner)))
        return number


def _settle(question: Question, content: bytes) -> None:
    try:
        answer = answer_in(content, question.raw)
    except Exception:  # whatever it is, somebody waits for an answer
        log.exception("understanding.unreadable_answer")
        question.answered.set_exception(RuntimeError(FAILED))
        return
    if isinstance(answer, Failure):
        log.error("understanding.failed", error=answer.error, where=answer.where)
        question.answered.set_exception(RuntimeError(FAILED))
    else:
        question.answered.set_result(answer)
