"""XDS.md section 10, cell by cell where it says most, and the laws that hold for all of it."""

from datetime import UTC, datetime
from itertools import product

import pytest

from gateway.access.dmp.rights import (
    Column,
    Right,
    Transaction,
    column_of,
    is_occupational,
    is_professional,
    permits,
    rights,
)
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

NOW = datetime(2026, 11, 23, tzinfo=UTC)
DIRECT, INDIRECT, AIR = Authentication
READS = (Transaction.FIND, Transaction.RETRIEVE, Transaction.RETRIEVE_MASKED)
FACTS = ("is_treating", "is_author", "is_structures", "is_allowed")
EVERYTHING = dict.fromkeys(FACTS, True)


def vihf(
    profession: str = "G15_60",
    authentication: Authentication = DIRECT,
    mode: Mode = Mode.NORMAL,
    subject: str = "899700218896",
) -> Vihf:
    return Vihf(
        id="_1",
        issued_at=NOW,
        until=NOW,
        subject=subject,
        name="",
        structure="10B0127189",
        sector=None,
        profession=profession,
        authentication=authentication,
        mode=mode,
        certificate="",
        software="",
    )


NURSE, DOCTOR = vihf(), vihf("G15_10/SM26")


def test_every_cell_of_the_table_is_there() -> None:
    assert set(rights()) == set(product(Transaction, Column, Mode))


@pytest.mark.parametrize(
    ("asker", "is_treating", "column"),
    [
        (NURSE, False, Column.CPS),
        (NURSE, True, Column.CPS),
        (DOCTOR, False, Column.DOCTOR),
        (DOCTOR, True, Column.TREATING),
        (vihf("G15_10/SM25"), True, Column.OCCUPATIONAL),
        (vihf("G15_10/SM25", AIR), False, Column.OCCUPATIONAL),
        (vihf("G16_10"), False, Column.CPS),
        (vihf("G15_60", AIR), True, Column.AIR),
        (vihf("G15_10/SM26", AIR), False, Column.AIR_DOCTOR),
        (vihf("G15_10/SM26", AIR), True, Column.AIR_TREATING),
        (vihf("G15_10/SM26", INDIRECT), True, Column.INDIRECT),
        (vihf("AUTOMATE", INDIRECT), False, Column.INDIRECT),
        (vihf("G15_60", DIRECT, subject="10B0127189/42"), False, Column.CPE),
        (vihf("AUTOMATE", DIRECT), False, Column.CPE),
        (vihf("G15_60", AIR, subject="10B0127189/42"), False, Column.INDIRECT),
    ],
)
def test_by_what_one_asks_is_a_column(asker: Vihf, is_treating: bool, column: Column) -> None:
    assert column_of(asker, is_treating=is_treating) is column


def test_a_person_is_proved_by_a_card_or_by_pro_sante_connect_alone() -> None:
    assert is_professional(DOCTOR)
    assert is_professional(vihf(authentication=AIR))
    assert not is_professional(vihf(authentication=INDIRECT))
    assert not is_professional(vihf(subject="10B0127189/42"))
    assert not is_professional(vihf("AUTOMATE"))


def test_occupational_medicine_is_told_by_the_know_how() -> None:
    assert is_occupational(vihf("G15_10/SM25"))
    assert not is_occupational(DOCTOR)
    assert not is_occupational(vihf("G15_60/SM25"))


@pytest.mark.parametrize("transaction", READS)
@pytest.mark.parametrize("mode", Mode)
@pytest.mark.parametrize("profession", ["G15_10/SM26", "G15_60", "AUTOMATE"])
def test_an_establishments_certificate_never_reads(
    transaction: Transaction, mode: Mode, profession: str
) -> None:
    for asker in (vihf(profession, INDIRECT, mode), vihf(profession, DIRECT, mode, "10B0127189/1")):
        assert not permits(transaction, asker, **EVERYTHING)


def test_an_establishments_certificate_feeds_and_deletes_its_own() -> None:
    machine = vihf("AUTOMATE", INDIRECT)
    assert permits(Transaction.FEED, machine)
    assert permits(Transaction.FIND_IDS, machine)
    assert permits(Transaction.DELETE, machine, is_structures=True)
    assert not permits(Transaction.DELETE, machine, is_author=True)
    assert not permits(Transaction.FEED, vihf("AUTOMATE", INDIRECT, Mode.BRIS_DE_GLACE))


def test_who_is_proved_by_pro_sante_connect_reads_and_does_not_feed() -> None:
    for profession in ("G15_10/SM26", "G15_60"):
        for mode in Mode:
            asker = vihf(profession, AIR, mode)
            assert permits(Transaction.RETRIEVE, asker)
            assert not permits(Transaction.FEED, asker, **EVERYTHING)


def test_a_masked_document_is_for_its_author_and_the_treating_doctor() -> None:
    assert not permits(Transaction.RETRIEVE_MASKED, DOCTOR)
    assert permits(Transaction.RETRIEVE_MASKED, DOCTOR, is_author=True)
    assert permits(Transaction.RETRIEVE_MASKED, DOCTOR, is_treating=True)
    assert not permits(Transaction.RETRIEVE_MASKED, NURSE, is_treating=True)


@pytest.mark.parametrize("mode", [Mode.SAMU, Mode.BRIS_DE_GLACE])
def test_in_an_emergency_the_patient_allows_masked_documents_or_not(mode: Mode) -> None:
    for asker in (vihf("G15_10/SM26", mode=mode), vihf("G15_60", AIR, mode)):
        assert permits(Transaction.RETRIEVE_MASKED, asker, is_allowed=True)
        assert not permits(Transaction.RETRIEVE_MASKED, asker, is_author=True, is_treating=True)


def test_an_occupational_physician_opens_nothing() -> None:
    for mode in Mode:
        asker = vihf("G15_10/SM25", mode=mode)
        assert not permits(Transaction.RETRIEVE, asker, **EVERYTHING)
        assert not permits(Transaction.RETRIEVE_MASKED, asker, **EVERYTHING)
    assert permits(Transaction.FIND, vihf("G15_10/SM25"))


def test_a_patient_without_ins_is_searched_by_the_samu_alone() -> None:
    for asker in (DOCTOR, NURSE):
        assert not permits(Transaction.SEARCH_PATIENT, asker, **EVERYTHING)
    assert permits(Transaction.SEARCH_PATIENT, vihf("G15_10/SM26", mode=Mode.SAMU))


def test_a_document_is_shown_to_professionals_again_by_its_author_or_the_treating_doctor() -> None:
    assert permits(Transaction.HIDE, NURSE)
    assert not permits(Transaction.UNHIDE, NURSE)
    assert permits(Transaction.UNHIDE, NURSE, is_author=True)
    assert permits(Transaction.UNHIDE, DOCTOR, is_treating=True)


def test_no_fact_takes_a_right_away() -> None:
    for transaction, asker in product(Transaction, (NURSE, DOCTOR, vihf("AUTOMATE", INDIRECT))):
        if permits(transaction, asker):
            assert permits(transaction, asker, is_author=True, is_structures=True, is_allowed=True)


def test_masks_and_authorisations_are_changed_in_the_normal_mode_alone() -> None:
    for transaction in (Transaction.HIDE, Transaction.SHOW_TO_PATIENT, Transaction.AUTHORISE):
        for column, mode in product(Column, (Mode.SAMU, Mode.BRIS_DE_GLACE)):
            assert rights()[transaction, column, mode] is Right.NO
