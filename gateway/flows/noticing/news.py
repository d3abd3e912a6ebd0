"""What stands under « Notifications »: the lines of the access log that tell this reader something.

Nothing is kept twice: a notice in the space is its entry of the log, decided anew each time it is
shown (VAULT NOT-03), with a mark of who has read it (decision 058).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import orjson

from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.reading.history import ReadHistory
from gateway.flows.sending.notices.words import PREVENTION
from gateway.ports.people.notices import NoticeMarks
from gateway.records.notices import OF_TEMPLATE, PREVENTION_DUE, Notice
from gateway.records.patients.account import Choice, ChoiceKind, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader, ReaderKind

MOST = 2_000
"""So many entries that may be notices are looked at; the whole log is under « Historique »."""
LEAVES_WITHIN = timedelta(hours=1)
"""The notice of a first access leaves by the quarter of an hour (NOT-04)."""
LOOKS = frozenset({"open", "preview", "contents", "download", "list", "search", "export"})
OF_ACT = {
    "deposit": Notice.DEPOSITED,
    "replace": Notice.CHANGED,
    "delete": Notice.CHANGED,
    "message-received": Notice.MESSAGE,
    "emergency": Notice.EMERGENCY,
    "sharing-accepted": Notice.SHARING,
    "sharing-refused": Notice.SHARING,
    "sharing-ended": Notice.SHARING,
    "sharing-left": Notice.SHARING,
    "parent-confirmed": Notice.SHARING,
    "guardian-confirmed": Notice.SHARING,
    "withdrawal-confirmed": Notice.SHARING,
    "majority-told": Notice.SHARING,
    "majority": Notice.SHARING,
    PREVENTION_DUE: Notice.REMINDER,
}
"""Of what others did, and what prevention reminds of."""
FILLING = frozenset(
    {"entry-added", "entry-changed", "entry-confirmed", "appointment-added", "appointment-changed"}
)
"""N6, of a professional or of a sender."""
FILLERS = frozenset({ReaderKind.PROFESSIONAL.value, ReaderKind.SYSTEM.value})
AS_SENT = frozenset({Notice.HIDDEN, Notice.REMINDER, Notice.SERVICES})
"""These are no act of anybody: they are told as they were sent, to whom they went."""
TOLD_ITSELF = frozenset({PREVENTION})
"""Of these each thing has an entry of its own, whatever became of the message."""
OF_ACCOUNT = frozenset(
    {
        *("opening", "activation", "activation-code", "code-renewed", "recovery"),
        *("opposition", "closing", "reopening", "deletion", "deletion-kept", "window-ends"),
    }
)
"""N7: told of whoever did it, for somebody else may have, in one's own name."""
OWN_TOLD = OF_ACCOUNT | {"notified"}
"""All that one's own account did and is told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """One notice of this reader."""

    notice: Notice
    trace: Trace
    is_read: bool

    @property
    def number(self) -> int:
        return self.trace.number


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticing:
    """`asking` decides on the log, `marks` keeps what was read and thrown away."""

    asking: ReadHistory
    marks: NoticeMarks

    async def news(self, reader: Reader, patient: PatientKey, *, limit: int = MOST) -> list[News]:
        """Unread first, each part newest first. Raises DeniedError."""
        traces = await self.asking.history(
            reader,
            patient,
            limit=limit,
            wanted=lambda one: tells(one, reader),
            besides=OWN_TOLD,
            act="notices",
        )
        return await self.among(reader, patient, traces)

    async def among(
        self, reader: Reader, patient: PatientKey, traces: Sequence[Trace]
    ) -> list[News]:
        """Those of traces that this reader may be told, in the order of `news`."""
        first = first_looks(traces, await self.asking.people.choices(patient))
        marked = await self.marks.of(patient, reader.id or "")
        found = [
            News(notice=notice, trace=one, is_read=one.number in marked.read)
            for one in traces
            if one.number not in marked.gone
            and (notice := notice_of(one, reader, first)) is not None
        ]
        return sorted(found, key=lambda one: (one.is_read, -one.number))

    async def read(self, reader: Reader, patient: PatientKey, numbers: Iterable[int]) -> None:
        """These, of those that this reader is told, are read by him."""
        known = {one.number for one in await self.news(reader, patient)}
        await self.marks.read(patient, reader.id or "", sorted(known & set(numbers)))

    async def drop(self, reader: Reader, patient: PatientKey, numbers: Iterable[int]) -> int:
        """Takes these away for every account of the profile (NOT-06); the log keeps them. How
        many they were."""
        known = {one.number for one in await self.news(reader, patient)}
        gone = sorted(known & set(numbers))
        if gone:
            gate = await self.asking.gate(reader, patient)
            seen = {"count": len(gone)}
            trace = trace_of(
                gate, gate.told(), action="notice-deleted", door=self.asking.door, said=seen
            )
            await self.marks.drop(patient, gone, act=trace)
        return len(gone)


def tells(one: Trace, reader: Reader) -> bool:
    """Whether this entry may be a notice; of looks only the first of each professional is."""
    return _looks(one) or notice_of(one, reader, frozenset()) is not None


def notice_of(one: Trace, reader: Reader, first: frozenset[int]) -> Notice | None:
    """The kind of notice that this entry is for this reader. `first` holds the numbers of first
    looks. Own acts make none (NOT-05), nor does what was refused: it stands in the history."""
    trace = one.trace
    if not trace.permitted:
        return None
    if one.number in first:
        return Notice.FIRST_ACCESS
    if trace.action == "notified":
        return _as_sent(one, reader)
    if trace.action in OF_ACCOUNT:
        return Notice.ACCOUNT
    if trace.actor == reader.id:
        return None
    if trace.action == "deposit" and b'"replaces"' in trace.details:
        return Notice.CHANGED
    if trace.action in FILLING and trace.kind in FILLERS:
        return Notice.FILLED
    return OF_ACT.get(trace.action)


def _as_sent(one: Trace, reader: Reader) -> Notice | None:
    said = orjson.loads(one.trace.details)
    template = said.get("notice", "")
    found = None if template in TOLD_ITSELF else OF_TEMPLATE.get(template)
    return found if found in AS_SENT and said.get("to") == reader.kind else None


def _looks(one: Trace) -> bool:
    trace = one.trace
    return trace.permitted and trace.action in LOOKS and trace.kind == ReaderKind.PROFESSIONAL.value


def first_looks(traces: Iterable[Trace], choices: Iterable[Choice]) -> frozenset[int]:
    """Of each time that a professional became known, the look that was told of (NOT-07): the
    earliest of those that this reader may hear of."""
    looks: dict[str, list[Trace]] = {}
    for one in traces:
        if _looks(one) and not one.trace.emergency:
            looks.setdefault(one.trace.actor, []).append(one)
    known: list[tuple[str, datetime]] = [
        (one.target, one.since) for one in choices if one.kind is ChoiceKind.KNOWN_READER
    ]
    found = set()
    for actor, since in known:
        near = [one for one in looks.get(actor, ()) if since - LEAVES_WITHIN <= one.at <= since]
        if near:
            found.add(min(near, key=lambda one: one.number).number)
    return frozenset(found)


def unread_by_kind(news: Iterable[News]) -> Mapping[Notice, int]:
    """How many nobody has read yet, for the first page."""
    counts: dict[Notice, int] = {}
    for one in news:
        if not one.is_read:
            counts[one.notice] = counts.get(one.notice, 0) + 1
    return counts
