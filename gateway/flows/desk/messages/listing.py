"""Messages at the desk (PAGES section 7): envelopes, verdicts, finding codes, what followed.

Who follows them has the role for it (VAULT DSK-01), and reads no content, title, label or trait.
A list is one entry in the log of the desk; a message that is opened, one in the log of whose
record it is about. Counts are about nobody, and no entry.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.errors import RefusedError
from gateway.flows.desk.agent import DeskGate
from gateway.flows.desk.counting import AMONG, commonest, span
from gateway.flows.desk.messages.masking import MASK, masked, masked_place
from gateway.flows.desk.named import shown_sender
from gateway.ports.documents.messages import Messages
from gateway.records.intake.filing import Door
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.messages import Beat, Envelope, Envelopes, Message, Place, Search, Tally
from gateway.records.patients.patient import DESK, PatientKey
from gateway.records.readers.access import Decision, Reader, ReaderKind
from gateway.records.task import TaskLine

PAGE_ROWS = 25
MAX_TAKEN_AWAY = 5_000
"""Rows of a list that is taken away."""
FOLLOWS = Decision(
    permitted=True, rule="DSK-01", because="Le support suit les messages sans voir leur contenu."
)
NOBODY_ELSE = replace(FOLLOWS, permitted=False)
DAY, DAY_PARTS = timedelta(hours=24), 8
"""How the last day of a sender is told: by three hours."""
RECEIPT = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderLine:
    """What one sender sent: how many by verdict, when last, and its commonest finding. `day` counts
    what came in each part of the last DAY, whatever time the rest is about."""

    sender: str
    counts: Mapping[Verdict, int]
    last: datetime
    commonest: str = ""
    times: int = 0
    day: tuple[int, ...] = ()

    @property
    def received(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Everything that came in a while, and by sender, who sent most first; `more` where only the
    newest AMONG are counted."""

    counts: Mapping[Verdict, int]
    senders: tuple[SenderLine, ...]
    more: bool

    @property
    def received(self) -> int:
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageDesk:
    gate: DeskGate
    messages: Messages

    async def flow(self, agent: Reader, period: timedelta) -> Flow:
        """Up to now. Raises DeniedError."""
        if not _decision(agent).permitted:
            await self._demand(agent, "messages", {})
        since, until = span(now := self.gate.clock.now(), period)
        day, _ = span(now, DAY)
        tallies = await self.messages.tallies(since=since, until=until, limit=AMONG)
        beats = await self.messages.beats(since=day, until=until, parts=DAY_PARTS, limit=AMONG)
        return Flow(
            counts=_counts(tallies.rows),
            senders=_by_sender(tallies.rows, _days(beats)),
            more=tallies.more,
        )

    async def page(
        self,
        agent: Reader,
        search: Search,
        *,
        said: Mapping[str, str],
        before: Place | None = None,
        rows: int = PAGE_ROWS,
    ) -> Envelopes:
        """Those that suit; `said` is what the log keeps of the filters. Raises DeniedError."""
        await self._demand(agent, "messages", {"filters": dict(said), "rows": rows})
        found = await self.messages.page(search, before=before, rows=rows, limit=AMONG)
        return replace(found, rows=tuple(map(_shown, found.rows)))

    async def show(self, agent: Reader, receipt: str) -> Message:
        """Raises DeniedError, and RefusedError for a receipt that there is not."""
        named = receipt if RECEIPT.fullmatch(receipt) else ""
        found = await self.messages.message(named) if named else None
        whose = found.patient if found else None
        await self._demand(agent, "message", {"receipt": named}, whose or DESK)
        if found is None:
            raise RefusedError("there is no such receipt")
        answer = found.answer
        if answer is not None:
            answer = replace(answer, findings=tuple(map(shown_finding, answer.findings)))
        return replace(
            found,
            envelope=_shown(found.envelope),
            answer=answer,
            control_id=shown_control(found),
            tasks=tuple(map(_shown_task, found.tasks)),
        )

    async def _demand(
        self, agent: Reader, traced_as: str, said: Mapping[str, object], whose: PatientKey = DESK
    ) -> None:
        await self.gate.demand(
            agent, _decision(agent), traced_as=traced_as, patient=whose, said=said
        )


def _decision(agent: Reader) -> Decision:
    """Which operator it is, the door asks: here nobody else gets in."""
    return FOLLOWS if agent.kind is ReaderKind.OPERATOR else NOBODY_ELSE


def shown_finding(finding: Finding) -> Finding:
    """With what may be its sender's own masked."""
    return replace(finding, where=masked_place(finding.where), message=masked(finding.message))


def shown_control(message: Message) -> str:
    """The key of a form that a person filled in names his record: it is nobody's control id."""
    by_person = message.envelope.door is Door.PAGES
    return MASK if by_person and message.control_id else message.control_id


def _shown(envelope: Envelope) -> Envelope:
    return replace(envelope, sender=shown_sender(envelope.sender))


def _shown_task(task: TaskLine) -> TaskLine:
    return replace(
        task,
        outcome=task.outcome and masked(task.outcome),
        reason=task.reason and masked(task.reason),
        lane=None,
    )


def _counts(rows: Iterable[Tally]) -> dict[Verdict, int]:
    counts = dict.fromkeys(Verdict, 0)
    for row in rows:
        counts[row.verdict] += row.count
    return counts


def _days(beats: Iterable[Beat]) -> dict[str, list[int]]:
    """The last day of each, as it may be named."""
    days: dict[str, list[int]] = {}
    for one in beats:
        day = days.setdefault(shown_sender(one.sender), [0] * DAY_PARTS)
        day[min(one.part, DAY_PARTS - 1)] += one.count
    return days


def _by_sender(rows: Iterable[Tally], days: Mapping[str, list[int]]) -> tuple[SenderLine, ...]:
    grouped: dict[str, list[Tally]] = {}
    for row in rows:
        grouped.setdefault(shown_sender(row.sender), []).append(row)
    quiet = [0] * DAY_PARTS
    lines = [_line(sender, own, days.get(sender, quiet)) for sender, own in grouped.items()]
    return tuple(sorted(lines, key=lambda one: (-one.received, one.sender)))


def _line(sender: str, rows: list[Tally], day: list[int]) -> SenderLine:
    found: Counter[str] = Counter()
    for row in rows:
        found.update(dict.fromkeys(row.codes, row.count))
    code, times = next(iter(commonest(found, 1)), ("", 0))
    return SenderLine(
        sender=sender,
        counts=_counts(rows),
        last=max(row.last for row in rows),
        commonest=code,
        times=times,
        day=tuple(day),
    )
