"""The shape of a message: names and separators of the standard, and nothing of a person."""

import pytest

from gateway.mapping.hl7v2.er7.shape import MASK, MAX_FIELDS, FieldShape, MessageShape, shape_of
from gateway.records.intake.reading import DEFAULT_READING

MESSAGE = (
    "MSH|^~\\&|LABO|CLINIQUE|PFI|HOP|20260115093000||ORU^R01^ORU_R01|C1|P|2.5"
    "|||||FRA|UNICODE UTF-8\r"
    "PID|1||255089999999966^^^ASIP&1.2.250.1.213.1.4.10&ISO^INS~IPP7^^^LABO&1.2.3&ISO^PI||"
    "ZEBULONIX^Zoé^^^^^L||19550815|F|||1 rue X^^Reims||||||||||||||||||Y\r"
    "OBR|1|D1^LABO|R1^LABO|11502-2^CR^LN|||20260115||||||||||||||||||F\r"
    "OBX|1|NM|2160-0^Créatinine^LN||81|umol/L|49-90|H|||F|||20260115\r"
    "OBX|2|ED|11502-2^CR^LN||^TEXT^XML^Base64^PENsaW5pY2FsRG9jdW1lbnQvPg==||||||F\r"
    "TXA|1|11502-2^ZEBULONIX^LN|TEXT||||||||ZEBULONIX|1.2.3^LABO|||||AU|N\r"
    "ZZZ|ZEBULONIX\r"
)
PRIVATE = [
    *("255089999999966", "ZEBULONIX", "Zoé", "19550815", "Reims", "IPP7"),
    *("2160", "Créatinine", "81", "49-90", "PENsa", "D1", "R1"),
]


def shape(text: str = MESSAGE, first: int = 0, rows: int = 50) -> MessageShape:
    found = shape_of(text.encode(), DEFAULT_READING, first=first, rows=rows)
    assert found is not None
    return found


def fields(found: MessageShape, name: str) -> dict[str, FieldShape]:
    """Of the last segment of this name, by place."""
    (*_, one) = [each for each in found.segments if each.name == name]
    return {f"{name}-{each.number}": each for each in one.fields}


def test_nothing_of_the_person_and_no_result_is_left() -> None:
    shown = [each.shown for one in shape().segments for each in one.fields]
    assert [one for one in PRIVATE if any(one in each for each in shown)] == []


def test_separators_roots_and_kinds_of_identifiers_and_names_are_left() -> None:
    found = fields(shape(), "PID")
    wanted = f"{MASK}^^^{MASK}&1.2.250.1.213.1.4.10&ISO^INS~{MASK}^^^{MASK}&1.2.3&ISO^PI"
    assert found["PID-3"].shown == wanted
    assert (found["PID-3"].repetitions, found["PID-3"].type) == (2, "CX")
    assert found["PID-3"].name == "Patient identifier list"
    assert found["PID-5"].shown == f"{MASK}^{MASK}^^^^^L"
    assert (found["PID-7"].shown, found["PID-7"].characters) == (MASK, 8)
    assert found["PID-8"].shown == MASK
    assert "PID-2" not in found


def test_the_header_and_the_codes_of_the_message_are_read_as_they_stand() -> None:
    found = shape()
    header = fields(found, "MSH")
    assert [header[f"MSH-{n}"].shown for n in (1, 2, 9)] == ["|", "^~\\&", "ORU^R01^ORU_R01"]
    assert fields(found, "OBR")["OBR-25"].shown == "F"
    assert fields(found, "OBX")["OBX-11"].shown == "F"
    txa = fields(found, "TXA")
    assert (txa["TXA-2"].shown, txa["TXA-3"].shown) == (f"11502-2^{MASK}^{MASK}", "TEXT")
    assert (txa["TXA-17"].shown, txa["TXA-18"].shown) == ("AU", "N")


def test_of_a_document_its_kind_and_length_are_told() -> None:
    value = fields(shape(), "OBX")["OBX-5"]
    assert (value.shown, value.cut) == ("^TEXT^XML^Base64^", 28)


def test_a_result_is_masked_with_its_flag_and_its_analysis() -> None:
    (row, _) = [each for each in shape().segments if each.name == "OBX"]
    said = {each.number: each.shown for each in row.fields}
    assert said[3] == f"{MASK}^{MASK}^LN"
    assert (said[2], said[5], said[8], said[11]) == ("NM", MASK, MASK, "F")


def test_a_name_in_a_field_of_codes_is_masked() -> None:
    odd = shape(MESSAGE.replace("|TEXT||||||||", "|Zoé ZEBULONIX, née à Reims||||||||"))
    assert fields(odd, "TXA")["TXA-3"].shown == MASK


def test_a_segment_that_the_standard_has_not_is_masked_whole() -> None:
    (one,) = fields(shape(), "ZZZ").values()
    assert (one.shown, one.name, one.type) == (MASK, "", "")


def test_other_separators_are_those_of_the_message() -> None:
    other = MESSAGE.translate(str.maketrans("|^~&", "#*!%"))
    found = fields(shape(other), "PID")
    wanted = f"{MASK}***{MASK}%1.2.250.1.213.1.4.10%ISO*INS!{MASK}***{MASK}%1.2.3%ISO*PI"
    assert found["PID-3"].shown == wanted


@pytest.mark.parametrize(("said", "known"), [("2.3.1", "2.3.1"), ("2.9", "2.5"), ("", "2.5")])
def test_names_are_those_of_the_version_or_of_2_5(said: str, known: str) -> None:
    assert shape(MESSAGE.replace("|P|2.5|", f"|P|{said}|")).version == known


def test_a_page_has_its_own_segments_and_the_count_of_all() -> None:
    found = shape(first=2, rows=2)
    assert [(one.number, one.name) for one in found.segments] == [(3, "OBR"), (4, "OBX")]
    assert found.count == 7
    assert shape(first=50).segments == ()


def test_endless_fields_parts_and_values_are_cut_and_that_is_said() -> None:
    long = f"ZZZ{'|x' * (MAX_FIELDS + 1)}\rPID|{'&' * 9_000}|{'~' * 9_000}|{'^' * 9_000}\r"
    found = shape(MESSAGE + long)
    (*_, many, person) = found.segments
    assert (len(many.fields), many.more) == (MAX_FIELDS, True)
    assert max(len(one.shown) for one in person.fields) <= 161
    assert person.fields[1].repetitions == 9_001


@pytest.mark.parametrize("raw", [b"", b"<ClinicalDocument/>", b"MSH", b"MSHx"])
def test_bytes_that_are_no_message_have_no_shape(raw: bytes) -> None:
    assert shape_of(raw, DEFAULT_READING, first=0, rows=9) is None
