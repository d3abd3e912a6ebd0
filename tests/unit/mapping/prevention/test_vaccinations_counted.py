"""Which entries of a record the calendar and an attestation count (VAC-04, VAC-05)."""

from datetime import UTC, date, datetime

import pytest

from gateway.mapping.prevention.vaccines.recorded import contraindicated_in, given_in
from gateway.records.entries.entry import Entry, EntryState, Word, Writer, WriterRole
from gateway.records.entries.immunization import Immunization
from gateway.records.entries.kind import EntryKind
from gateway.records.patients.patient import PatientKey

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)


def noted(
    by: WriterRole,
    *,
    contraindicated: bool = False,
    state: EntryState = EntryState.ACTIVE,
    confirmed: Word | None = None,
) -> Entry:
    return Entry(
        id="v1",
        patient=PatientKey(b"l" * 16),
        kind=EntryKind.IMMUNIZATION,
        content=Immunization(
            date="2026-02",
            vaccine="Priorix",
            valences=("rougeole",),
            contraindicated=contraindicated,
        ),
        writer=Writer(role=by),
        added_at=NOW,
        written_at=NOW,
        state=state,
        confirmed=confirmed,
    )


@pytest.mark.parametrize(
    ("by", "confirmer", "counts"),
    [
        (WriterRole.PROFESSIONAL, None, True),
        (WriterRole.REPRESENTATIVE, WriterRole.PROFESSIONAL, True),
        (WriterRole.REPRESENTATIVE, None, False),
        (WriterRole.DOCUMENT, WriterRole.REPRESENTATIVE, False),
    ],
)
def test_that_a_vaccine_must_not_be_given_a_professional_says(
    by: WriterRole, confirmer: WriterRole | None, *, counts: bool
) -> None:
    said = Word(by=Writer(role=confirmer), at=NOW) if confirmer else None
    entry = noted(by, contraindicated=True, confirmed=said)
    assert contraindicated_in([entry]) == (frozenset({"rougeole"}) if counts else frozenset())


def test_a_dose_counts_from_the_first_day_that_it_may_be_and_only_while_it_stands() -> None:
    own = WriterRole.SELF
    (given,) = given_in([noted(own), noted(own, state=EntryState.DELETED)])
    assert (given.day, given.valences) == (date(2026, 2, 1), frozenset({"rougeole"}))
    assert given_in([noted(WriterRole.PROFESSIONAL, contraindicated=True)]) == []
