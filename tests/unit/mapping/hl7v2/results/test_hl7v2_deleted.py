"""Two quotation marks delete a value: they are no value themselves (HL7V2 section 4)."""

import pytest
from hl7_samples import INS, PID, ROWS, read, results

from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Understanding

LOCAL = "7001^^^CLINIQUE&1.2.250.1.999.3&ISO^PI"
ORDER, FIRST, SECOND = ROWS[1:]


def emptied(*replaced: tuple[str, str]) -> Understanding:
    raw = results().decode()
    for plain, other in replaced:
        assert plain in raw
        raw = raw.replace(plain, other)
    return read(raw.encode())


@pytest.mark.parametrize("order", ['""', '""^labo', "  ", ""])
def test_two_orders_without_a_number_are_not_one(order: str) -> None:
    """Else the later one would take the place of the earlier one, of whatever patient."""
    (document,) = emptied(("|A1^labo|", f"|{order}|")).documents
    assert document.set_id is None
    assert document.identifiers == ("M1",)


def test_no_deleted_field_of_a_result_is_shown() -> None:
    rows = (
        'OBR|1|P1|""|58410-2^""^LN',
        'NTE|1||""',
        'OBX|1|NM|718-7^""^LN^^Hb^L|""|13.4|g/dL|""|""|||F|||""|""',
        'NTE|1||""',
    )
    (row,) = read(results(*rows)).observations[0]
    shown = (row.text, row.sub_id, row.range, row.flag, row.time, row.producer, row.note)
    assert shown == ("Hb", "", "", "", None, "", "")
    assert (row.group_id, row.group_text, row.group_note) == ("", "", "")


@pytest.mark.parametrize(
    ("facility", "author"), [('""', "LAB"), ('""^1.2^ISO', "LAB"), ("", "LAB")]
)
def test_a_deleted_facility_is_no_author(facility: str, author: str) -> None:
    (document,) = emptied(("|LAB|TESTEUR|", f"|LAB|{facility}|")).documents
    assert [one.organization_name for one in document.authors] == [author]


def test_a_deleted_authority_makes_no_identifier() -> None:
    """Two houses that name none would share their numbers."""
    (document,) = emptied((LOCAL, '7001^^^""^PI~7002^^^&""&ISO^PI')).documents
    assert (document.patient.ins, document.patient.other_ids) == (INS, ())


def test_a_name_of_deleted_type_is_one_without_type() -> None:
    (document,) = emptied(("PATTE^Ana^Ana Lea^^^^L~DURAND^Ana^^^^^D", 'PATTE^Ana^^^^^""')).documents
    assert document.patient.birth_family == "PATTE"


def test_a_status_that_is_taken_back_is_a_contrary_sign() -> None:
    understood = emptied(("|N|VALI", '|N|""'))
    assert understood.verdict is Verdict.HOLD
    assert [one.code for one in understood.findings if one.holds] == ["ins-not-qualified"]
    assert read(results(pid=PID.removesuffix("|VALI"))).verdict is Verdict.ACCEPT


def test_a_deleted_date_of_the_message_is_none() -> None:
    assert emptied(("|20260115101500+0100|", '|""|')).verdict is Verdict.REFUSE
