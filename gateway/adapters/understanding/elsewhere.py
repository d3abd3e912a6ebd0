"""Where an input is understood: on the event loop, in a thread, or by a helper.

A small input that comes alone is understood at once on the event loop: nothing is faster. Where
several are in work at a time a helper is started; while it is there it reads what comes beside
others, and all that is large. It ends when nothing came for a while.
"""

import asyncio
import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

import structlog

from gateway.adapters.understanding.helper import Helper, Question
from gateway.errors import DeferredError
from gateway.mapping.understand import understand_at_door, unreadable
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Understanding

log = structlog.get_logger()
Answered = asyncio.Future[list[Understanding]]

INLINE_BYTES = 65_536
"""Above this an input is never understood on the event loop."""
BESIDE = 3
"""So many inputs in work besides make an input worth crossing to another process."""
PRESSED_BYTES, PRESSED_SECONDS = 400_000, 1.0
"""What comes beside others within a second, before a helper is worth its start."""
MUCH = 32
"""So many questions wait at every helper before one more is started."""
MAX_WAITING_BYTES = 64_000_000
IDLE_SECONDS = 10.0
LIMIT_SECONDS = 30.0
TRIES = 2
MOST_HELPERS = 4
TOO_MUCH = "Too much waits to be read. Send it again later."
ABANDONED = (
    "understanding-abandoned",
    "Reading this takes longer, or more memory, than the gateway gives to one input:"
    " send it in smaller parts.",
)


def helpers_for(processors: int | None = None) -> int:
    """One less than there are processors, at most MOST_HELPERS: the daemon needs one itself."""
    return min((processors or os.cpu_count() or 1) - 1, MOST_HELPERS)


class Elsewhere:
    """Satisfies `ports.understanding.Elsewhere`, on one event loop.

    `in_work` tells how many inputs are understood and not durable yet; `most` how many helpers
    there may be, 0 for none; `limit_seconds` what one input may take of a helper.
    """

    def __init__(
        self, in_work: Callable[[], int], *, most: int, limit_seconds: float = LIMIT_SECONDS
    ) -> None:
        self._in_work = in_work
        self._most = most
        self._limit_seconds = limit_seconds
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="understand")
        self._helpers: list[Helper] = []
        self._starting: asyncio.Task[None] | None = None
        self._ending: set[asyncio.Task[None]] = set()
        self._thread_inputs = self._thread_bytes = 0
        self._pressed_bytes = 0
        self._pressed_until = 0.0
        self._is_closed = False

    @property
    def helpers(self) -> int:
        """How many there are now."""
        return len(self._helpers)

    @property
    def waiting(self) -> int:
        """Questions that no helper has answered yet."""
        return sum(len(helper.waiting) for helper in self._helpers)

    def is_better(self, size: int) -> bool:
        if size > INLINE_BYTES:
            return True
        return self._is_beside() and self._freest() is not None

    def was_here(self, size: int) -> None:
        self._count(size)

    def understand(self, raw: bytes, reading: Reading, declared: Format | None) -> Answered:
        """Begins at once. The future may raise DeferredError."""
        self._count(len(raw))
        helper = self._freest()
        if helper is None:
            return self._in_thread(raw, reading, declared)
        answered: Answered = asyncio.get_running_loop().create_future()
        helper.ask(Question(raw, (reading, declared), answered))
        return answered

    async def close(self) -> None:
        """What is not understood yet is put off: its sender sends it again."""
        self._is_closed = True
        if self._starting is not None:
            self._starting.cancel()
        for helper in self._helpers:
            helper.hang_up()
            self._await_end(helper)
        if self._ending:
            await asyncio.wait(self._ending)
        self._thread.shutdown(wait=False, cancel_futures=True)

    def _in_thread(self, raw: bytes, reading: Reading, declared: Format | None) -> Answered:
        """In turn with all others there; put off where too much waits already."""
        loop = asyncio.get_running_loop()
        if self._thread_bytes and self._thread_bytes + len(raw) > MAX_WAITING_BYTES:
            refused: Answered = loop.create_future()
            refused.set_exception(DeferredError(TOO_MUCH))
            return refused
        answered = loop.run_in_executor(self._thread, understand_at_door, raw, reading, declared)
        self._thread_inputs += 1
        self._thread_bytes += len(raw)
        answered.add_done_callback(lambda _: self._leave_thread(len(raw)))
        return answered

    def _leave_thread(self, size: int) -> None:
        self._thread_inputs -= 1
        self._thread_bytes -= size

    # Which helper

    def _is_beside(self) -> bool:
        """Whether an input that comes now comes beside others."""
        return self._in_work() + self.waiting + self._thread_inputs >= BESIDE

    def _count(self, size: int) -> None:
        """Where much comes beside others for a while, a helper is started."""
        if self._starting is not None or not self._is_beside() or not self._wants_one_more():
            return
        now = asyncio.get_running_loop().time()
        if now > self._pressed_until:
            self._pressed_bytes, self._pressed_until = 0, now + PRESSED_SECONDS
        self._pressed_bytes += size
        if self._pressed_bytes >= PRESSED_BYTES:
            self._start(())

    def _wants_one_more(self) -> bool:
        if len(self._helpers) >= self._most or self._is_closed:
            return False
        return all(len(one.waiting) >= MUCH for one in self._helpers)

    def _freest(self) -> Helper | None:
        ready = [one for one in self._helpers if one.is_ready]
        if not ready:
            return None
        freest = ready[0] if len(ready) == 1 else min(ready, key=lambda one: one.bytes_waiting)
        return freest if freest.bytes_waiting < MAX_WAITING_BYTES else None

    # How helpers come and go

    def _start(self, questions: Iterable[Question]) -> None:
        self._starting = asyncio.ensure_future(self._started(tuple(questions)))

    async def _started(self, questions: tuple[Question, ...]) -> None:
        """A new helper, and what it is asked first."""
        helper = Helper(self._left, limit_seconds=self._limit_seconds)
        self._helpers.append(helper)
        try:
            await helper.start(questions)
        except Exception as error:  # noqa: BLE001 - whatever it is, somebody waits for an answer
            self._helpers.remove(helper)
            log.warning("understanding.no_helper", error=str(error))
            put_off(questions)
        except asyncio.CancelledError:
            put_off(questions)
            raise
        finally:
            self._starting = None
        self._look(helper)

    def _look(self, helper: Helper) -> None:
        """Ends a helper that nobody needed for a while."""
        loop = asyncio.get_running_loop()
        if helper not in self._helpers:
            return
        unused = loop.time() - helper.used_at if helper.is_ready else 0.0
        if not helper.waiting and unused >= IDLE_SECONDS:
            helper.hang_up()
        else:
            loop.call_later(IDLE_SECONDS / 2, self._look, helper)

    def _left(self, helper: Helper) -> None:
        """A helper is gone: who it may have died of, and who asks again.

        A fresh helper is asked, never this process: what ended one may end the other. One that
        died before it could begin died of no input.
        """
        self._helpers.remove(helper)
        self._await_end(helper)
        left = [one for one in helper.waiting.values() if not one.answered.done()]
        if self._is_closed or not helper.was_ready:
            put_off(left)
            return
        if left:
            suspect = left[0]
            suspect.tries += 1
            if helper.took_too_long or suspect.tries >= TRIES:
                log.warning("understanding.abandoned", bytes=len(suspect.raw))
                suspect.answered.set_result([unreadable(*ABANDONED)])
                left = left[1:]
        if left:
            self._start(left)

    def _await_end(self, helper: Helper) -> None:
        """No process is left behind that nobody asked how it ended."""
        ending = asyncio.ensure_future(helper.ended())
        self._ending.add(ending)
        ending.add_done_callback(self._ending.discard)


def put_off(questions: Iterable[Question]) -> None:
    for question in questions:
        if not question.answered.done():
            question.answered.set_exception(DeferredError("Nobody can read it now. Send it again."))
