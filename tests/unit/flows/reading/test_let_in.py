"""A record that is opened to somebody is news to him, all of it, from then on."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from reading_twins import HOLDER, NOW, PHYSICIAN, card

from gateway.flows.reading.changes import last_change
from gateway.flows.reading.let_in import ALWAYS, LetIn, let_in
from gateway.records.readers.access import (
    Application,
    CareConsent,
    Entry,
    Reader,
    ReaderKind,
    RecordFacts,
    Representative,
)

CAME = datetime(2026, 3, 10, tzinfo=UTC)
DAY = timedelta(days=1)
ME = "1"
DOCTOR = replace(PHYSICIAN, id=ME, team="team")


def reader(kind: ReaderKind) -> Reader:
    return replace(HOLDER, kind=kind, id=ME)


@pytest.mark.parametrize(
    ("who", "record", "opened"),
    [
        (DOCTOR, {"consents": (CareConsent(id=ME, to="professional", since=CAME),)}, CAME),
        (DOCTOR, {"consents": (CareConsent(id="team", to="team", since=CAME),)}, CAME),
        (DOCTOR, {"consents": (CareConsent(id="2", to="professional", since=CAME),)}, None),
        (DOCTOR, {"consents": (CareConsent(id=ME, to="team", since=CAME),)}, None),
        (DOCTOR, {"consents": (CareConsent(id=ME, to="professional", until=CAME),)}, None),
        (DOCTOR, {"blocks": (Entry(id=ME, since=CAME - DAY, until=CAME),)}, CAME),
        (DOCTOR, {"blocks": (Entry(id=ME, since=CAME, until=NOW + DAY),)}, None),
        (DOCTOR, {"blocks": (Entry(id="2", until=CAME),)}, None),
        (
            reader(ReaderKind.REPRESENTATIVE),
            {"representatives": (Representative(id=ME, role="parent", since=CAME),)},
            CAME,
        ),
        (reader(ReaderKind.CAREGIVER), {"caregivers": (Entry(id=ME, since=CAME),)}, CAME),
        (reader(ReaderKind.CAREGIVER), {"caregivers": (Entry(id=ME, since=NOW + DAY),)}, None),
        (reader(ReaderKind.APPLICATION), {"applications": (Application(id=ME, since=CAME),)}, CAME),
        (HOLDER, {"caregivers": (Entry(id=HOLDER.id or "", since=CAME),)}, None),
    ],
)
def test_a_record_opens_with_the_fact_that_opens_it(
    who: Reader, record: dict[str, tuple[Entry, ...]], opened: datetime | None
) -> None:
    facts = RecordFacts(**record)  # type: ignore[arg-type]  # names are checked by the class
    assert let_in(facts, who, NOW) == LetIn(opened)


def test_what_is_masked_opens_to_the_treating_doctor_and_to_administrators_alone() -> None:
    treating = let_in(RecordFacts(treating=Entry(id=ME, since=CAME)), DOCTOR, NOW)
    named = let_in(RecordFacts(administrators=(Entry(id=ME, since=CAME),)), DOCTOR, NOW)
    assert treating == named == LetIn(masked=CAME)
    later = CAME + DAY
    masked = card("d", codes=("N", "MASQUE_PS"))
    opened = LetIn(masked=later)
    assert last_change(masked, DOCTOR, NOW, {}, opened) == later
    assert last_change(card("e"), DOCTOR, NOW, {}, opened) == CAME


def test_every_document_is_news_of_that_moment_unless_it_came_later() -> None:
    early, late = LetIn(CAME - DAY), LetIn(CAME + DAY)
    assert last_change(card("d"), DOCTOR, NOW, {}, ALWAYS) == CAME
    assert last_change(card("d"), DOCTOR, NOW, {}, early) == CAME
    assert last_change(card("d"), DOCTOR, NOW, {}, late) == CAME + DAY
