"""MetaDMPMSS orders: every version's names, contradictions, and orders nobody knows."""

import pytest
from hl7_samples import PID, ROWS, cda, document, message, msh, read, results

from gateway.mapping.hl7v2.volet.flags import FLAGS, HIDING, IGNORED, SIGNS
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding
from gateway.records.messages.message import Message

CDA = cda()
STRICT = Reading(strict=True)


def envelope(understood: Understanding) -> Message:
    assert understood.message is not None
    return understood.message


def finding(understood: Understanding, code: str) -> Finding:
    return next(one for one in understood.findings if one.code == code)


def order(code: str, value: str, *, system: str = "MetaDMPMSS", kind: str = "CE") -> bytes:
    named = f"{code}^x^{system}" if system else f"{code}^x"
    return f"OBX|20|{kind}|{named}||{value}^^expandedYes-NoIndicator||||||F\r".encode()


@pytest.mark.parametrize(
    ("code", "flag"),
    [
        ("INVISIBLE_REPRESENTANTS_LEGAUX", "INVISIBLE_REP_LEGAUX"),
        ("INVISIBLE_REPRENSANTS_LEGAUX", "INVISIBLE_REP_LEGAUX"),
        ("MODIF_CONFIDENTIALITYCODE", "MODIF_CONF_CODE"),
        (" invisible_rep_legaux ", "INVISIBLE_REP_LEGAUX"),
    ],
)
def test_every_spelling_of_an_order_is_the_order(code: str, flag: str) -> None:
    assert envelope(read(document(CDA) + order(code, "Y"))).flags[flag] == "Y"


@pytest.mark.parametrize("system", ["MetaDMPMSS", "HL70136", ""])
def test_an_order_is_known_by_its_code_in_all_versions(system: str) -> None:
    understood = read(document(CDA) + order("CONNEXION_SECRETE", "Y", system=system))
    assert envelope(understood).flags["CONNEXION_SECRETE"] == "Y"
    assert understood.results == 0


@pytest.mark.parametrize("kind", ["NM", "ST", "CWE", ""])
@pytest.mark.parametrize("system", ["MetaDMPMSS", "metadmpmss", ""])
@pytest.mark.parametrize("code", ["INVISIBLE_PATIENT", "Invisible_Patient", " invisible_patient"])
def test_an_order_is_one_whatever_its_type_and_its_letters(
    code: str, system: str, kind: str
) -> None:
    raw = results(*ROWS) + order(code, "Y", system=system, kind=kind)
    understood = read(raw, Reading(results_only=True))
    assert envelope(understood).flags == {"INVISIBLE_PATIENT": "Y"}
    assert "INVISIBLE_PATIENT" in understood.documents[0].confidentiality
    assert understood.results == 2


@pytest.mark.parametrize("code", ["L_1", "DEST", "718-7", "MASQUE", "X_MASQUE_PS"])
def test_a_result_is_no_order_for_its_name(code: str) -> None:
    understood = read(results(*ROWS) + order(code, "5", system="L", kind="NM"))
    assert (understood.results, envelope(understood).flags) == (3, {})


def test_every_order_bears_a_sign_that_it_may_be_one() -> None:
    assert all(any(sign in name for sign in SIGNS) for name in {*FLAGS, *IGNORED, *HIDING})


@pytest.mark.parametrize(
    ("code", "system"), [("MASQUE_TOUS", ""), ("INVISIBLE_AIDANT", ""), ("SECRET", "MetaDMPMSS")]
)
def test_an_order_that_nobody_knows_is_refused_where_it_asks_for_something(
    code: str, system: str
) -> None:
    asked = read(document(CDA) + order(code, "Y", system=system))
    assert asked.verdict is Verdict.REFUSE
    assert finding(asked, "flag-unknown").condition == 103
    assert finding(asked, "flag-unknown").where == "OBX[7]-3"
    idle = read(document(CDA) + order(code, "N", system=system))
    assert (idle.verdict, idle.results) == (Verdict.ACCEPT, 0)


def test_an_order_said_twice_must_say_the_same() -> None:
    same = read(document(CDA) + order("MASQUE_PS", "N"))
    assert same.verdict is Verdict.ACCEPT
    other = read(document(CDA) + order("MASQUE_PS", "Y"))
    assert finding(other, "flag-twice").condition == 198


@pytest.mark.parametrize("value", ["", '""', "O", "y", "Oui"])
def test_an_order_is_y_or_n(value: str) -> None:
    understood = read(document(CDA, MASQUE_PS=value))
    assert finding(understood, "flag-value").condition == 103


@pytest.mark.parametrize("code", ["ACK_LECTURE", "COMP_LOT"])
def test_orders_of_older_profiles_are_no_results(code: str) -> None:
    understood = read(results() + order(code, "1.2.3", system=""))
    assert understood.results == 2
    assert code not in envelope(understood).flags


@pytest.mark.parametrize(
    ("profile", "missing"),
    [
        ("2.1^CISIS_CDA_HL7_V2", "ACK_LECTURE_MSS"),
        ("2.0^CISIS_CDA_HL7_V2", "CONNEXION_SECRETE"),
        ("1.1^CISIS_CDA_HL7_LPS", "MODIF_CONF_CODE"),
        ("", None),
    ],
)
def test_orders_that_the_profile_asks_for_are_missed(profile: str, missing: str | None) -> None:
    raw = document(CDA).replace(b"2.1^CISIS_CDA_HL7_V2", profile.encode())
    found = [one for one in read(raw).findings if one.code == "flag-missing"]
    assert [str(missing) in one.message for one in found] == ([True] if missing else [])
    assert ("flag-missing" in [f.code for f in read(raw, STRICT).findings if f.condition]) == bool(
        missing
    )


@pytest.mark.parametrize(
    ("note", "ends"), [("NTE|1|||FIN", True), ("NTE|1||x|fin^^L", True), ("NTE|1||FIN", False)]
)
def test_a_note_may_end_the_talk_with_the_patient(note: str, ends: bool) -> None:
    order_row = order("DESTMSSANTEPAT", "Y")
    raw = document(CDA).replace(
        b"OBX|6|CE|DESTMSSANTEPAT^DESTMSSANTEPAT^MetaDMPMSS||N", b"OBX|6|CE|NO_RESULT||N"
    )
    assert envelope(read(raw + order_row + f"{note}\r".encode())).last_word is ends


def test_mail_bodies_are_text_for_their_readers() -> None:
    body = "OBX|20|ED|CORPSMAIL_{}^Corps^MetaDMPMSS||^TEXT^^Base64^{}||||||F\r"
    raw = document(CDA) + body.format("PS", "Q2hlciBjb25mcsOocmU=").encode()
    raw += body.format("PATIENT", "/////w==").encode()
    bodies = envelope(read(raw)).mail_bodies
    assert bodies["CORPSMAIL_PS"] == "Cher confrère"
    assert bodies["CORPSMAIL_PATIENT"].isprintable()
    assert len(read(raw).documents) == 1


def test_the_mail_of_practice_software_is_no_document() -> None:
    raw = document(CDA).replace(b"2.1^CISIS_CDA_HL7_V2", b"1.1^CISIS_CDA_HL7_LPS")
    mail = b"OBX|9|ED|<1.2@labo.mssante.fr>^Vos resultats||^text^^Base64^Q29ycHM=||||||F\r"
    understood = read(raw + mail)
    assert (understood.verdict, len(understood.documents)) == (Verdict.ACCEPT, 1)


def test_a_restricted_document_is_filed_and_its_sender_told_that_no_mail_leaves() -> None:
    body = CDA.replace(b'<confidentialityCode code="N"', b'<confidentialityCode code="R"')
    told = read(document(body, DESTMSSANTEPS="Y"))
    assert (told.verdict, "mail-restricted" in [f.code for f in told.findings]) == (
        Verdict.ACCEPT,
        True,
    )


def test_orders_without_a_document_make_no_results() -> None:
    understood = read(message(msh(), PID, "OBR|1") + order("MASQUE_PS", "Y"))
    assert [one.code for one in understood.findings if one.condition] == ["segment-missing"]
