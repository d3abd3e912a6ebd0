"""ED: base64 of all kinds and the other encodings of ED-4, and what is no document in one."""

import base64

import pytest
from hl7_samples import PID, cda, document, errors, message, msh, read

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.er7 import encapsulated
from gateway.mapping.hl7v2.er7.encapsulated import find_cuts
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

CDA = cda()


def folded(text: str) -> str:
    return "\r\n".join(text[n : n + 76] for n in range(0, len(text), 76))


def spoilt(how: str) -> str:
    text = base64.b64encode(CDA + b" " * (-len(CDA) % 3 + 1)).decode()
    return {
        "padded": text,
        "unpadded": text.rstrip("="),
        "lines": folded(text),
        "layout": text[:100] + "\\.br\\" + text[100:200] + "\\X0D\\" + text[200:],
        "sequences": text[:99] + "\\X0D\\\\X0A\\" + text[99:200] + "\\x0d0a20\\" + text[200:],
        "blank": text[:100] + " " + text[100:],
    }[how]


@pytest.mark.parametrize("how", ["padded", "unpadded", "lines", "layout", "sequences", "blank"])
def test_base64_is_read_however_it_was_written(how: str) -> None:
    understood = read(document(CDA, encoded=spoilt(how)))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.contents[0].body.strip() == CDA.strip()
    assert (understood.contents[0].piece is not None) == (how == "padded")


@pytest.mark.parametrize(
    ("spare", "padding", "told"),
    [
        (0, "", False),
        (1, "==", False),
        (2, "=", False),
        (1, "==\\.br\\", False),
        (1, "", True),
        (1, "=", True),
        (2, "", True),
    ],
)
def test_padding_is_missed_only_where_it_is_needed(spare: int, padding: str, told: bool) -> None:
    body = CDA + b" " * (-len(CDA) % 3 + spare)
    text = base64.b64encode(body).decode().rstrip("=")
    understood = read(document(CDA, encoded=folded(text + padding)))
    assert understood.contents[0].body == body
    assert ("base64-padding" in [one.code for one in understood.findings]) is told


@pytest.mark.parametrize("encoded", ["PENsa", "pas du base64 !", "%%%%"])
def test_a_document_whose_base64_is_cut_or_wrong_is_refused_with_102(encoded: str) -> None:
    assert 102 in [condition for _, condition in errors(read(document(b"", encoded=encoded)))]


def test_a_mail_body_whose_base64_is_cut_is_only_warned_about() -> None:
    raw = document(CDA) + b"OBX|20|ED|CORPSMAIL_PS^Corps^MetaDMPMSS||^TEXT^^Base64^Q2hlc||||||F|\r"
    understood = read(raw)
    assert understood.verdict is Verdict.ACCEPT
    assert len(understood.documents) == 1
    assert understood.message is not None
    assert [payload.size for payload in understood.message.payloads] == [len(CDA), 3]


@pytest.mark.parametrize(
    "data", [b"Document medical au format CDA", b"<script>1</script>", b"%PDF-1.7", b""]
)
def test_what_is_no_cda_is_refused(data: bytes) -> None:
    understood = read(document(data))
    assert understood.verdict is Verdict.REFUSE
    assert understood.documents == ()


@pytest.mark.parametrize(
    ("encoding", "data"),
    [("Hex", CDA.hex()), ("A", CDA.decode().replace("\n", " ").replace("&", "\\T\\")), ("", "")],
)
def test_other_encodings_of_ed_4(encoding: str, data: str) -> None:
    raw = document(CDA, encoded="@@").replace(b"Base64^@@", f"{encoding}^{data}".encode())
    assert (read(raw).verdict is Verdict.ACCEPT) == bool(data)


def test_text_instead_of_an_ed_is_not_guessed() -> None:
    raw = message(
        msh("MDM^T02^MDM_T02"),
        PID,
        "TXA|1",
        "OBX|1|TX|11502-2||PENsaW5pY2FsRG9jdW1lbnQ+PC9DbGluaWNhbERvY3VtZW50Pg==||||||F",
    )
    assert errors(read(raw)) == [("document-in-text", 102)]


def test_an_ed_of_a_line_that_is_no_segment_takes_the_place_of_no_document() -> None:
    odd = b"\rOBXX|2|ED|a^b^LN||^TEXT^XML^Base64^QUFB||||||F\rOBX|2|"
    understood = understand(document(CDA).replace(b"\rOBX|2|", odd, 1), DEFAULT_READING)
    assert [one.body for one in understood.contents] == [CDA]


@pytest.mark.parametrize(
    ("kind", "behind"), [("ED", "^"), ("ED", "^^x"), ("ED ", ""), ("ED ", "^")]
)
def test_what_stands_behind_the_data_is_no_part_of_it(kind: str, behind: str) -> None:
    """Empty components may be written, and unknown ones are ignored (HL7 2.5, 2.5.3 and 2.8)."""
    raw = document(CDA, encoded=base64.b64encode(CDA).decode() + behind)
    understood = read(raw.replace(b"|ED|", f"|{kind}|".encode()))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.contents[0].body == CDA


def test_base64_that_nothing_declares_is_called_so() -> None:
    raw = document(CDA).replace(b"^Base64^", b"^^")
    (told,) = [one for one in read(raw).findings if one.code == "not-cda"]
    assert "ED.4" in told.message


def test_what_only_looks_like_the_field_of_a_document_is_looked_at_so_often_and_no_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    raw = b"OBX|1|ST|a||" + b"|ED|" * 3 + b"\rOBX|2|ED|a||^TEXT^XML^Base64^QUJD||||||F\r"
    assert [one.data for one in find_cuts(raw, b"|", b"^")] == [b"QUJD"]
    monkeypatch.setattr(encapsulated, "MAX_LOOKED_AT", 2)
    assert find_cuts(raw, b"|", b"^") == []
