"""How the messages of one batch are filed: in order, many a commit, and none behind a failure."""

import asyncio
from dataclasses import dataclass, field

import pytest

from gateway.clock import SystemClock, SystemIds
from gateway.errors import DeferredError
from gateway.flows.receive import FILED_AT_ONCE, MAX_STRICT_MESSAGES, Delivery, Here, Receive
from gateway.records.intake.filing import Answer, Door, Intake
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format

MANY = 2 * FILED_AT_ONCE + 1


def batch(count: int) -> bytes:
    """Messages that nobody takes: what becomes of each is all the same here."""
    messages = [f"MSH|^~\\&|A|B|C|D|2026||XXX^X01|M{n}|P|2.5\r" for n in range(count)]
    return f"BHS|^~\\&\r{''.join(messages)}BTS|{count}\r".encode()


def delivery(count: int, *, strict: bool = False) -> Delivery:
    return Delivery(
        sender="labo",
        door=Door.MLLP,
        raw=batch(count),
        reading=Reading(strict=strict),
        declared=Format.HL7V2,
    )


@dataclass
class Committing:
    """A journal that commits, once a turn of the loop, all that came; `full` from that one on."""

    full: int | None = None
    commits: list[list[str]] = field(default_factory=list)
    waiting: list[str] = field(default_factory=list)

    async def file(self, intake: Intake) -> Answer:
        message = intake.understanding.message
        assert message is not None
        name = message.header.control_id
        self.waiting.append(name)
        await asyncio.sleep(0)
        if self.waiting:
            self.commits.append(self.waiting)
            self.waiting = []
        if self.full is not None and int(name[1:]) >= self.full:
            raise DeferredError("full")
        return Answer(receipt=name, verdict=Verdict.ACCEPT, findings=())


def receive(journal: Committing) -> Receive:
    return Receive(journal, SystemClock(), SystemIds(), Here())  # type: ignore[arg-type]  # files, and no more


async def test_messages_of_a_batch_share_commits_and_are_answered_in_order() -> None:
    journal = Committing()
    received = await receive(journal)(delivery(MANY))
    names = [f"M{n}" for n in range(MANY)]
    assert [one.answer.receipt for one in received] == names
    assert [name for commit in journal.commits for name in commit] == names
    assert [len(commit) for commit in journal.commits] == [FILED_AT_ONCE, FILED_AT_ONCE, 1]


async def test_behind_what_could_not_be_made_durable_nothing_more_is_begun() -> None:
    journal = Committing(full=FILED_AT_ONCE + 3)
    with pytest.raises(DeferredError):
        await receive(journal)(delivery(MANY))
    assert [len(commit) for commit in journal.commits] == [FILED_AT_ONCE, FILED_AT_ONCE]


async def test_a_strict_batch_that_would_take_minutes_is_refused_unvalidated() -> None:
    validated: list[bytes] = []

    async def validate(raw: bytes) -> list[Finding]:
        validated.append(raw)
        return []

    strict = Receive(Committing(), SystemClock(), SystemIds(), Here(), validate=validate)  # type: ignore[arg-type]  # files, and no more
    sent = delivery(MAX_STRICT_MESSAGES + 1, strict=True)
    (refused,) = await strict.understood(sent, strict.begin(sent))
    assert refused.verdict is Verdict.REFUSE
    assert refused.findings[-1].code == "batch-too-many"
    assert str(MAX_STRICT_MESSAGES) in refused.findings[-1].message
    assert (refused.raw, validated) == (None, [])
    sent = delivery(MAX_STRICT_MESSAGES, strict=True)
    assert len(await strict.understood(sent, strict.begin(sent))) == len(validated) == 200
