"""An entry as the document on which ACCESS decides (PRO-11, PRO-04)."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from gateway.flows.entries.sight import facts_for, facts_of, facts_of_new, is_of_patient
from gateway.flows.reading.decided.facts import MASKED, patient_reader
from gateway.records.entries.entry import Entry, EntryState, Source, Word, Writer, WriterRole
from gateway.records.entries.kind import KINDS, EntryKind
from gateway.records.entries.medical import Condition
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    AccessAction,
    DocumentFacts,
    FactStatus,
    Hide,
    Reader,
    ReaderKind,
)

NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
CLAIRE = PatientKey(b"c" * 16)
OWN = Entry(
    id="e1",
    patient=CLAIRE,
    kind=EntryKind.CONDITION,
    content=Condition(name="Asthme"),
    writer=Writer(role=WriterRole.SELF, id=CLAIRE.hex()),
    added_at=NOW,
    written_at=NOW,
)
READ_IN = structs.replace(
    OWN, writer=Writer(role=WriterRole.DOCUMENT), source=Source(document="d1")
)
HIDE = Hide(id="d1", since=NOW, to="802")
SOURCE = DocumentFacts(
    type="60591-5",
    author=("801",),
    codes=("INVISIBLE_REPRESENTANTS_LEGAUX", "R"),
    deposited=NOW - timedelta(days=9),
    hidden_from=NOW - timedelta(days=8),
    announced=NOW - timedelta(days=7),
    status=FactStatus.DELETED,
    hides=(HIDE,),
)


def test_what_was_read_in_a_document_is_hidden_and_dated_as_the_document_is() -> None:
    facts = facts_of(READ_IN, SOURCE)
    same = ("codes", "deposited", "hidden_from", "announced", "hides", "author")
    assert [getattr(facts, name) for name in same] == [getattr(SOURCE, name) for name in same]


def test_that_its_document_was_taken_away_takes_no_entry_away() -> None:
    assert facts_of(READ_IN, SOURCE).status is FactStatus.CURRENT
    gone = structs.replace(READ_IN, state=EntryState.DELETED)
    assert facts_of(gone, SOURCE).status is FactStatus.DELETED


def test_a_mask_of_its_own_stands_beside_those_of_its_document() -> None:
    hidden = structs.replace(READ_IN, state=EntryState.HIDDEN)
    assert set(facts_of(hidden, SOURCE).codes) == {MASKED, *SOURCE.codes}
    assert facts_of(structs.replace(OWN, state=EntryState.HIDDEN)).codes == (MASKED,)


@pytest.mark.parametrize(
    ("writer", "by", "own"),
    [
        (WriterRole.SELF, None, True),
        (WriterRole.APPLICATION, None, True),
        (WriterRole.PROFESSIONAL, None, False),
        (WriterRole.DOCUMENT, None, False),
        (WriterRole.SELF, WriterRole.PROFESSIONAL, False),
        (WriterRole.DOCUMENT, WriterRole.SELF, True),
        (WriterRole.DOCUMENT, WriterRole.PROFESSIONAL, False),
    ],
)
def test_whose_an_entry_is_says_its_writer_or_who_confirmed_it(
    writer: WriterRole, by: WriterRole | None, *, own: bool
) -> None:
    said = Word(by=Writer(role=by), at=NOW) if by else None
    entry = structs.replace(OWN, writer=Writer(role=writer), confirmed=said)
    assert is_of_patient(entry) is own
    assert facts_of(entry).by_patient is own


def test_the_patients_side_brings_its_own_type_and_reads_that_of_the_rubrique() -> None:
    claire, physician = patient_reader(CLAIRE), Reader(kind=ReaderKind.PROFESSIONAL, id="801")
    kind, facts = KINDS[EntryKind.CONDITION], facts_of(OWN)
    for action in (AccessAction.DEPOSIT, AccessAction.REPLACE):
        assert facts_for(action, OWN.kind, facts, claire).type == kind.own_type
        assert facts_for(action, OWN.kind, facts, physician).type == kind.type_code
    assert facts_for(AccessAction.LIST, OWN.kind, facts, claire).type == kind.type_code
    assert facts_of_new(OWN.kind, claire).by_patient
    assert not facts_of_new(OWN.kind, physician).by_patient
