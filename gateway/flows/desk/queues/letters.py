"""Dead letters at the desk (PAGES section 7): where they went and what was answered, never to whom,
about whom, or what they hold. To try one again, or to abandon it, is traced with who did it.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.desk.agent import act_of
from gateway.flows.desk.messages.last_word import LastWord, last_word, why_again
from gateway.flows.desk.messages.masking import MASK
from gateway.flows.desk.named import domain_of, lane_name
from gateway.ports.tasks import Letters
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.readers.access import Reader
from gateway.records.task import AnyKind, TaskKind, TaskLine, Undelivered

MAX_LETTERS = 1_000
MAX_AGAIN, AMONG = 50, 100_000
"""Of what is tried again those that are due first, looked for among so many."""
RETRIED, ABANDONED = "letter-retried", "letter-abandoned"
TO_PATIENTS = frozenset({TaskKind.NOTICE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """`to` is a mail domain, the name of a forward or of a sender, "" where it is nobody's to read;
    `to_patient` that it was for a patient's own box or telephone, `in_turn` that others wait behind
    it. `at` is when it ended, None while it is tried again; `due_at` the next try."""

    number: int
    kind: AnyKind
    to: str
    to_patient: bool
    in_turn: bool
    said: LastWord
    tries: int
    at: datetime | None
    due_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """The latest MAX_LETTERS that ended undone, and whether there are more; what is tried again."""

    ended: tuple[Letter, ...]
    more: bool
    again: tuple[Letter, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterDesk:
    letters: Letters
    clock: Clock

    async def listed(self) -> Failing:
        ended = await self.letters.failed(limit=MAX_LETTERS + 1)
        again = await self.letters.again(among=AMONG, limit=MAX_AGAIN)
        return Failing(
            ended=tuple(map(letter_of, ended[:MAX_LETTERS])),
            more=len(ended) > MAX_LETTERS,
            again=tuple(map(letter_of, again)),
        )

    async def show(self, number: int) -> Letter:
        """Raises RefusedError for what is no dead letter, or no longer."""
        found = await self.letters.one(number)
        if found is None:
            raise RefusedError(f"task {number} is no dead letter")
        return letter_of(found)

    async def retry(self, agent: Reader, number: int) -> None:
        """What `gateway task retry` does of a dead letter. Raises RefusedError as `show`, and does
        nothing then: what somebody else ended is not sent a second time."""
        act = act_of(agent, RETRIED, {"task": number})
        if not await self.letters.retry(number, self.clock.now(), act):
            raise RefusedError(f"task {number} is no dead letter any more")

    async def abandon(self, agent: Reader, number: int, reason: str) -> None:
        """Nobody waits for it any more. Raises RefusedError as `retry`."""
        act = act_of(agent, ABANDONED, {"task": number, "reason": reason})
        if not await self.letters.abandon(number, act):
            raise RefusedError(f"task {number} is no dead letter any more")


def letter_of(one: Undelivered) -> Letter:
    line = one.line
    to_patient, to = _whither(line, one.payload)
    said = (
        why_again(line.reason or "") if line.settled_at is None else last_word(line.outcome or "")
    )
    return Letter(
        number=line.id,
        kind=line.kind,
        to=to,
        to_patient=to_patient,
        in_turn=line.lane is not None,
        said=said,
        tries=line.attempts,
        at=line.settled_at,
        due_at=None if line.settled_at else line.due_at,
    )


def _whither(line: TaskLine, payload: bytes | None) -> tuple[bool, str]:
    if line.lane is not None:
        return False, lane_name(line.lane)
    if line.kind in TO_PATIENTS:
        return True, ""
    if not isinstance(line.kind, TaskKind):
        return False, MASK
    if line.kind is not TaskKind.MAIL:
        return False, ""
    address = _address(payload)
    if address is None:
        return False, MASK
    return (True, "") if is_patient_box(address) else (False, domain_of(address))


def _address(payload: bytes | None) -> str | None:
    try:
        read: Any = orjson.loads(payload or b"")
    except orjson.JSONDecodeError:
        return None
    to = read.get("to") if isinstance(read, dict) else None
    return to if isinstance(to, str) else None
