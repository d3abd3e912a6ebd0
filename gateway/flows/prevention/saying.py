"""What the patient's side says of a rule: done, not done, no more reminders, not this document."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from gateway.errors import DeniedError, RefusedError
from gateway.flows.agenda.sight import admitted
from gateway.flows.prevention.listing import ListPrevention, Prevented
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.trace import ABSENT, trace_of
from gateway.mapping.prevention.examinations.lines import VACCINE, State
from gateway.records.patients.patient import PatientKey
from gateway.records.prevention import Said, Topic
from gateway.records.readers.access import Reader

ACTS: Mapping[tuple[Topic, bool], str] = {
    (Topic.DONE, True): "examination-done",
    (Topic.DONE, False): "examination-undone",
    (Topic.NOT_DONE, True): "examination-missed",
    (Topic.SILENT, True): "prevention-silenced",
    (Topic.SILENT, False): "prevention-heard",
    (Topic.NOT_THIS, True): "examination-refused",
}
OVER = frozenset({State.UNKNOWN, State.NOT_DONE})
MOST_OF_ONE = 100
"""Days on which one examination was done: more nobody says in a life."""


class _Word(NamedTuple):
    topic: Topic
    rule: str
    day: date | None = None
    document: str = ""
    holds: bool = True


class BadDayError(RefusedError):
    """Before the birth, in the future, or one too many."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SayPrevention:
    """Each verb raises DeniedError, traced, for what is not in this reader's list. A second click
    says the same again. Of a vaccination the record of vaccinations says that it was done."""

    list: ListPrevention

    async def done(self, reader: Reader, patient: PatientKey, rule: str, day: date) -> None:
        """« C'est fait ». Raises BadDayError."""

        def fits(found: Prevented) -> bool:
            if found.birth is None or not found.birth <= day <= found.today:
                raise BadDayError("an examination was done between the birth and today")
            others = {one.day for one in found.said_of(Topic.DONE, rule)} - {day}
            if len(others) >= MOST_OF_ONE:
                raise BadDayError(f"{MOST_OF_ONE} days are enough")
            return not rule.startswith(VACCINE)

        await self._say(reader, patient, _Word(Topic.DONE, rule, day), fits)

    async def undone(self, reader: Reader, patient: PatientKey, rule: str, day: date) -> None:
        """Takes that back."""

        def fits(found: Prevented) -> bool:
            return any(one.day == day for one in found.said_of(Topic.DONE, rule))

        await self._say(reader, patient, _Word(Topic.DONE, rule, day, holds=False), fits)

    async def not_done(self, reader: Reader, patient: PatientKey, rule: str, opened: date) -> None:
        """Of a period that is over."""

        def fits(found: Prevented) -> bool:
            over = (one for one in found.lines or () if one.rule == rule and one.state in OVER)
            return not rule.startswith(VACCINE) and any(one.opens == opened for one in over)

        await self._say(reader, patient, _Word(Topic.NOT_DONE, rule, opened), fits)

    async def silence(
        self, reader: Reader, patient: PatientKey, rule: str, *, silent: bool
    ) -> None:
        """« Ne plus me le rappeler », for ever and without a reason; or again."""
        await self._say(reader, patient, _Word(Topic.SILENT, rule, holds=silent), _any)

    async def not_this(self, reader: Reader, patient: PatientKey, rule: str, document: str) -> None:
        """The document that proposed it does not show it; it is not proposed of it again."""

        def fits(found: Prevented) -> bool:
            proposed = {(one.rule, one.document) for one in found.proposals.values()}
            settled = {one.document for one in found.said_of(Topic.NOT_THIS, rule)}
            return (rule, document) in proposed or document in settled

        await self._say(reader, patient, _Word(Topic.NOT_THIS, rule, document=document), fits)

    async def _say(
        self, reader: Reader, patient: PatientKey, word: _Word, fits: Callable[[Prevented], bool]
    ) -> None:
        asking, act = self.list.asking, ACTS[word.topic, word.holds]
        gate, decision = await admitted(asking, reader, patient, act)
        found = await self.list.of(gate)
        made = trace_of(gate, decision, action=act, door=asking.door)
        if not (any(one.rule == word.rule for one in found.lines or ()) and fits(found)):
            await asking.traces.write([replace(made, permitted=False, rule=ABSENT)])
            raise DeniedError(NOT_THERE)
        said = Said(
            patient=gate.patient,
            topic=word.topic,
            rule=word.rule,
            day=word.day,
            document=word.document,
            holds=word.holds,
            by=reader.id or "",
            said_at=gate.now,
        )
        await self.list.preventions.say(said, act=made)


def _any(_found: Prevented) -> bool:
    return True
