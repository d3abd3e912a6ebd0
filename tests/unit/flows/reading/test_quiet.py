"""Refused and not there: the same questions to the store, an entry of the log each, one tick."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st
from reading_twins import ANNE, DOCTOR, PAUL, House, MemoryPeople, MemoryShelf, card

from gateway.errors import DeniedError
from gateway.flows.choices.care import agree
from gateway.flows.reading.coded.contents import open_contents
from gateway.flows.reading.decided.asking import NOBODY
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.decided.quiet import TICK_SECONDS, Quiet, left_of_tick
from gateway.flows.reading.read import ReadShelf
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.account import Choice, Person
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader

PHYSICIAN = professional_reader(DOCTOR)
STRANGER = patient_reader(PAUL, name="Paul AUTRE")
THERE, ABSENT = "1" * 32, "2" * 32
ELSEWHERE = PatientKey(b"x" * 16)
Asked = Callable[[ReadShelf, Reader, PatientKey, str], Awaitable[object]]


@dataclass
class Noted:
    """What a shelf and an index were asked, in its order."""

    words: list[str] = field(default_factory=list)


@dataclass
class NotedShelf(MemoryShelf):
    noted: Noted = field(default_factory=Noted)

    async def find(self, document: str) -> Shelved | None:
        self.noted.words.append("find")
        return await super().find(document)

    async def cards(self, patient: PatientKey, *, current_only: bool = True) -> list[Card]:
        self.noted.words.append("cards")
        return await super().cards(patient, current_only=current_only)


@dataclass
class NotedPeople(MemoryPeople):
    noted: Noted = field(default_factory=Noted)

    async def person(self, patient: PatientKey) -> Person | None:
        self.noted.words.append("person")
        return await super().person(patient)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        self.noted.words.append("choices")
        return await super().choices(patient)


async def steps(reader: Reader, asked: Asked, record: PatientKey, document: str) -> list[str]:
    """What the store was asked, and how many entries were written in which log."""
    noted = Noted()
    house = House(shelf=NotedShelf(noted=noted), people=NotedPeople(noted=noted))
    house.shelf.put(card(THERE))
    try:
        await asked(house.read, reader, record, document)
    except DeniedError:
        noted.words.append("denied")
    traces = house.traces.written
    assert [one.permitted for one in traces] == [False]
    assert (traces[0].patient == NOBODY) is (record == ELSEWHERE or document == ABSENT)
    return noted.words


VERBS: dict[str, Asked] = {
    "open": lambda read, reader, _, document: read.open_document(reader, document),
    "list": lambda read, reader, record, _: read.list_documents(reader, record),
    "contents": lambda read, reader, record, _: open_contents(read, reader, record, lambda _: True),
    "history": lambda read, reader, record, _: read.history(reader, record),
    "manage": lambda read, reader, record, _: agree(read, reader, record, "somebody"),
}


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("reader", [PHYSICIAN, STRANGER], ids=["professional", "patient"])
async def test_a_refusal_asks_the_store_what_an_absence_asks(verb: str, reader: Reader) -> None:
    refused = await steps(reader, VERBS[verb], ANNE, THERE)
    record, document = (ANNE, ABSENT) if verb == "open" else (ELSEWHERE, THERE)
    absent = await steps(reader, VERBS[verb], record, document)
    assert [one for one in refused if one != "denied"] == [one for one in absent if one != "denied"]


async def test_a_try_at_nothing_is_told_in_the_log_of_nobody() -> None:
    house = House()
    for asked in (ABSENT, "../../etc/passwd"):
        with pytest.raises(DeniedError):
            await house.read.open_document(PHYSICIAN, asked, action="download")
    first, second = house.traces.written
    told = (first.patient, first.action, first.rule, first.actor, first.document)
    assert told == (NOBODY, "download", "X00", DOCTOR.id, ABSENT)
    assert second.document is None


async def test_an_answer_leaves_a_whole_number_of_ticks_after_it_was_asked() -> None:
    spent: list[float] = []

    class At:
        def __init__(self, *times: float) -> None:
            self.times = list(times)

        def monotonic(self) -> float:
            return self.times.pop(0)

        def now(self) -> None:
            raise AssertionError

    async def pause(seconds: float) -> None:
        spent.append(seconds)

    quiet = Quiet(At(5.0, 5.004), pause)  # type: ignore[arg-type]  # a clock of durations only
    await quiet.leave(quiet.came())
    assert spent == [pytest.approx(TICK_SECONDS - 0.004)]


@given(st.floats(min_value=0, max_value=100))
def test_a_wait_ends_on_a_tick(spent: float) -> None:
    left = left_of_tick(spent)
    assert 0 < left <= TICK_SECONDS
    whole = (spent + left) / TICK_SECONDS
    assert whole == pytest.approx(round(whole))
