"""Where message and document must say the same: ORC, OBX-11, TXA, OBX-3, in all versions."""

import base64

import pytest
from hl7_samples import PID, cda, document, flag_rows, message, msh

from gateway.mapping.hl7v2 import understand
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

CDA = cda()
ED = f"^TEXT^XML^Base64^{base64.b64encode(CDA).decode()}"
STRICT = Reading(strict=True)


def found(raw: bytes, reading: Reading = DEFAULT_READING) -> dict[str, Finding]:
    return {one.code: one for one in understand(raw, reading).findings}


def with_txa_12(value: str, body: bytes = CDA) -> bytes:
    return document(body).replace(b"|1.2.250.1.999.1.77|", f"|{value}|".encode())


@pytest.mark.parametrize(
    "value",
    [
        "1.2.250.1.999.1.77",
        "1.2.250.1.999.1.77^Organisation-Y",
        "1.2.250.1.999.1.77^^1.2.250.1.999.1.77^ISO",
        "urn:oid:1.2.250.1.999.1.77",
        " 1.2.250.1.999.1.77 ",
        "1.2.250.1.999.1.77&x^Y",
    ],
)
def test_txa_12_names_the_document_in_every_form_seen(value: str) -> None:
    assert not {"id-differs", "required"} & set(found(with_txa_12(value)))


@pytest.mark.parametrize(
    ("value", "code", "severity"),
    [
        ("77^^1.2.250.1.999.1^ISO", None, None),
        ("77^Labo^1.2.250.1.999.1^ISO", None, None),
        ("1.2.250.1.999.1.77", "id-joined", Severity.INFO),
        ("78^^1.2.250.1.999.1^ISO", "id-differs", Severity.WARNING),
        ("", "required", Severity.WARNING),
        ('""', "required", Severity.WARNING),
    ],
)
def test_txa_12_with_an_extension_has_it_first_and_the_root_third(
    value: str, code: str | None, severity: Severity | None
) -> None:
    body = CDA.replace(
        b'<id root="1.2.250.1.999.1.77"/>', b'<id root="1.2.250.1.999.1" extension="77"/>'
    )
    told = found(with_txa_12(value, body))
    named = {"id-joined", "id-differs", "required"} & set(told)
    assert named == ({code} if code else set())
    assert not code or told[code].severity is severity


@pytest.mark.parametrize(
    ("previous", "replaces"),
    [
        ("1.2.3^Organisation-Y", "1.2.3"),
        ("9^^1.2.3^ISO", "1.2.3^9"),
        ("", None),
        ('""', None),
        ("^^1.2.3^ISO", "1.2.3"),
    ],
)
def test_txa_13_names_what_is_replaced_where_the_cda_does_not(
    previous: str, replaces: str | None
) -> None:
    raw = document(CDA, event="MDM^T10^MDM_T02", order="RO", status="C", previous=previous)
    understood = understand(raw, DEFAULT_READING)
    assert understood.documents[0].replaces == replaces
    assert ("replaces" in found(raw)) == (replaces is None)


def test_txa_13_that_contradicts_the_cda_is_told_and_the_cda_counts() -> None:
    raw = document(
        cda(replaces="1.2.4"), event="MDM^T10^MDM_T02", order="RO", status="C", previous="1.2.3"
    )
    assert found(raw)["replaces-differs"].severity is Severity.WARNING
    assert found(raw, STRICT)["replaces-differs"].condition == 199
    assert understand(raw, DEFAULT_READING).documents[0].replaces == "1.2.4"


@pytest.mark.parametrize(
    ("replaces", "previous", "where"), [("1.2.4", "", "OBX-11"), ("", "1.2.3", "TXA-13")]
)
def test_a_first_transmission_that_names_an_earlier_document_is_told_that_it_stays(
    replaces: str, previous: str, where: str
) -> None:
    told = found(document(cda(replaces=replaces), previous=previous))["action-differs"]
    assert (told.severity, told.where) == (Severity.WARNING, where)
    again = document(
        cda(replaces=replaces), event="MDM^T10^MDM_T02", order="RO", status="C", previous=previous
    )
    assert "action-differs" not in found(again)


def test_txa_2_and_obx_3_are_the_code_of_the_document() -> None:
    raw = document(CDA).replace(b"TXA|1|11502-2|", b"TXA|1|18748-4|")
    assert found(raw)["type-differs"].where == "TXA-2"
    raw = document(CDA).replace(b"|ED|11502-2^", b"|ED|18748-4^")
    assert found(raw)["type-differs"].where == "OBX-3"


@pytest.mark.parametrize(
    ("profile", "order", "told"),
    [
        ("2.1^CISIS_CDA_HL7_V2", "SC", True),
        ("2.0^CISIS_CDA_HL7_V2", "SC", False),
        ("1.2^CISIS_CDA_HL7_V1", "SC", False),
        ("1.0^CISIS_CDA_HL7_LPS", "SC", False),
        ("1.1^CISIS_CDA_HL7_LPS", "SC", True),
        ("2.0^CISIS_CDA_HL7_V2", "XX", True),
        ("", "SC", True),
    ],
)
def test_orc_1_sc_is_right_in_the_older_profiles(profile: str, order: str, told: bool) -> None:
    raw = document(CDA, order=order).replace(b"2.1^CISIS_CDA_HL7_V2", profile.encode())
    assert ("order-control" in found(raw, STRICT)) is told


def test_profile_2_0_has_no_orc_in_mdm_and_2_1_has() -> None:
    for profile, told in (("2.0", False), ("2.1", True)):
        raw = (
            document(CDA)
            .replace(b"ORC|NW\r", b"")
            .replace(b"2.1^CISIS", f"{profile}^CISIS".encode())
        )
        assert ("order-control" in found(raw)) is told


def test_each_document_of_an_oru_has_the_order_of_its_own_group() -> None:
    raw = message(
        msh(),
        PID,
        "ORC|NW",
        "OBR|1",
        f"OBX|1|ED|11502-2^CR^LN||{ED}||||||F",
        "ORC|RO",
        "OBR|2",
        f"OBX|1|ED|11502-2^CR^LN||{ED}||||||C",
        *flag_rows(),
    )
    understood = understand(raw, DEFAULT_READING)
    assert understood.verdict is Verdict.ACCEPT
    assert [one.action for one in understood.documents] == [Action.CREATE, Action.REPLACE]
    told = found(raw.replace(b"ORC|RO", b"ORC|CA"))["action"]
    assert (told.where, told.condition) == ("ORC-1", 199)


def test_a_finding_names_the_obx_that_it_is_about() -> None:
    bad = "^TEXT^XML^Base64^!!!!"
    raw = message(
        msh(),
        PID,
        "ORC|NW",
        "OBR|1",
        f"OBX|1|ED|11502-2||{ED}||||||F",
        f"OBX|2|ED|11502-2||{bad}||||||F",
    )
    assert found(raw)["encoding"].where == "OBX[2]-5"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"%PDF-1.7", "PDF"),
        (b"%PDF-1.7", "POST /fhir/DocumentReference"),
        (b"{\\rtf1 a}", "RTF"),
        (b"PK\x03\x04", "archive"),
        (b" ", "empty"),
        (b"Bonjour", "not XML"),
    ],
)
def test_what_is_sent_instead_of_a_cda_is_named(data: bytes, words: str) -> None:
    told = found(document(data))["not-cda"]
    assert told.condition == 102
    assert words in told.message


@pytest.mark.parametrize(
    ("event", "code", "words"),
    [
        ("ORU^R32^ORU_R30", "event", "R01"),
        ("MDM^T11^MDM_T01", "event", "T02, T04, T10"),
        ("OUL^R22^OUL_R22", "message-type", "ORU^R01"),
    ],
)
def test_what_is_not_taken_is_told_with_what_is(event: str, code: str, words: str) -> None:
    assert words in found(message(msh(event), PID))[code].message


IN_TEXT = f"OBX|1|TX|11502-2^CR^LN||{base64.b64encode(CDA).decode()}||||||F"


@pytest.mark.parametrize("event", ["MDM^T02^MDM_T02", "ORU^R01^ORU_R01"])
def test_a_document_in_text_is_refused_and_read_where_the_connection_says_so(event: str) -> None:
    txa = ["TXA|1|11502-2|TEXT|20260115||||||||1.2.250.1.999.1.77"] if "MDM" in event else []
    raw = message(msh(event), PID, "ORC|NW", "OBR|1", *txa, IN_TEXT)
    assert found(raw)["document-in-text"].condition == 102
    understood = understand(raw, Reading(base64_in_text=True))
    assert (understood.verdict, understood.results) == (Verdict.ACCEPT, 0)
    assert understood.contents[0].body == CDA


def test_text_in_lines_is_one_document() -> None:
    whole = base64.b64encode(CDA).decode()
    for cut in ("~", "\\.br\\", "\r\n"):
        parted = cut.join(whole[at : at + 76] for at in range(0, len(whole), 76))
        raw = message(msh(), PID, "ORC|NW", "OBR|1", f"OBX|1|FT|11502-2||{parted}||||||F")
        assert understand(raw, Reading(base64_in_text=True)).contents[0].body == CDA
