"""Documents in a message: action, flags, recipients, patient."""

import base64
import time

import pytest
from cda_sample import INS_OID
from hl7_samples import INS, OTHER_INS, PID, cda, document, errors, flag_rows, message, msh, read

from gateway.mapping.hl7v2 import understand
from gateway.mapping.hl7v2.volet.flags import matrix_findings
from gateway.records.documents.document import Action, Label
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

CDA = cda()
SB = (
    "PRT||UC||SB^^participation|899700000000^TESTEUR^Zoe^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
    "|||Labo Test^^^^^ASIP&1.2.250.1.71.4.2.2&ISO^FINEG^^^1999999999"
)
RCT = "PRT||UC||RCT^^participation|||||||||||^^X.400^zoe.testeur@exemple.mssante.fr"
MISCOUNTED = "PRT||UC||RCT^^participation||||||||||^NET^X.400^zoe.testeur@exemple.mssante.fr"
TO_PATIENT = f"PRT||UC||RCT|||||||||||^^X.400^{INS}@patient.mssante.fr"
REPLY = "PRT||UC||REPLY|||||||||||^^X.400^reponse@exemple.mssante.fr"


def test_a_cda_in_an_mdm_becomes_a_document_with_its_own_bytes() -> None:
    raw = document(CDA)
    understood = read(raw)
    assert understood.verdict is Verdict.ACCEPT
    (found,), (content,) = understood.documents, understood.contents
    assert (found.unique_id, found.type_code, found.label) == (
        "1.2.250.1.999.1.77",
        "11502-2",
        Label.BIOLOGIE,
    )
    assert content.body == CDA
    assert content.piece is not None
    cut = raw[content.piece.start : content.piece.stop]
    assert base64.b64decode(cut, validate=True) == CDA


@pytest.mark.parametrize(
    ("event", "order", "status", "action"),
    [
        ("T02", "NW", "F", Action.CREATE),
        ("T10", "RO", "C", Action.REPLACE),
        ("T04", "CA", "D", Action.DELETE),
    ],
)
def test_event_order_and_status_name_the_action(
    event: str, order: str, status: str, action: Action
) -> None:
    raw = document(CDA, event=f"MDM^{event}^MDM_T02", order=order, status=status, previous="1.2.3")
    understood = read(raw)
    assert understood.verdict is Verdict.ACCEPT
    assert understood.documents[0].action is action
    assert understood.documents[0].replaces == "1.2.3"


def test_the_document_replaced_is_the_one_the_cda_names() -> None:
    raw = document(
        cda(replaces="1.2.4"), event="MDM^T10^MDM_T02", order="RO", status="C", previous="1.2.3"
    )
    assert read(raw).documents[0].replaces == "1.2.4"


@pytest.mark.parametrize(
    ("event", "order", "status"), [("T02", "NW", "C"), ("T10", "NW", "C"), ("T04", "CA", "F")]
)
def test_an_action_that_contradicts_itself_is_refused(event: str, order: str, status: str) -> None:
    raw = document(CDA, event=f"MDM^{event}^MDM_T02", order=order, status=status, previous="1.2.3")
    assert ("action", 199) in errors(read(raw))


@pytest.mark.parametrize(("status", "condition"), [("", 101), ("P", 103), ("X", 103)])
def test_a_document_status_outside_f_c_d_is_refused(status: str, condition: int) -> None:
    assert condition in [condition for _, condition in errors(read(document(CDA, status=status)))]


def test_orc_1_sc_of_older_profiles_is_a_warning_and_an_error_when_strict() -> None:
    raw = document(CDA, order="SC")
    assert read(raw).verdict is Verdict.ACCEPT
    assert ("order-control", 103) in errors(read(raw, Reading(strict=True)))


def test_two_formats_in_one_oru_are_two_documents() -> None:
    ed = f"ED|11502-2^CR^LN||^TEXT^XML^Base64^{base64.b64encode(CDA).decode()}||||||F"
    raw = message(msh(), PID, "ORC|NW", "OBR|1", f"OBX|1|{ed}", f"OBX|2|{ed}", *flag_rows())
    understood = read(raw)
    assert (understood.verdict, len(understood.documents)) == (Verdict.ACCEPT, 2)


def test_an_mdm_carries_one_document_and_a_txa() -> None:
    ed = f"ED|11502-2^CR^LN||^TEXT^XML^Base64^{base64.b64encode(CDA).decode()}||||||F"
    raw = message(msh("MDM^T02^MDM_T02"), PID, "ORC|NW", f"OBX|1|{ed}", f"OBX|2|{ed}")
    assert {("several-documents", 198), ("segment-missing", 100)} <= set(errors(read(raw)))


def test_flags_add_their_visibility_codes() -> None:
    understood = read(document(CDA, MASQUE_PS="Y", INVISIBLE_PATIENT="Y", INVISIBLE_REP_LEGAUX="Y"))
    assert understood.documents[0].confidentiality == (
        "N",
        "MASQUE_PS",
        "INVISIBLE_PATIENT",
        "INVISIBLE_REPRESENTANTS_LEGAUX",
    )
    assert understood.results == 0


@pytest.mark.parametrize(
    "flags",
    [
        {"MASQUE_PS": "Y", "DESTMSSANTEPS": "Y"},
        {"INVISIBLE_PATIENT": "Y", "DESTMSSANTEPAT": "Y"},
        {"MASQUE_PS": "peut-etre"},
    ],
)
def test_flags_that_contradict_each_other_are_refused(flags: dict[str, str]) -> None:
    rows = message(*flag_rows(**flags))
    assert read(document(CDA) + rows).verdict is Verdict.REFUSE


def test_the_published_mail_matrix_is_not_enforced_by_reading() -> None:
    """A house that keeps it to the letter refuses when it files (ACCESS F62)."""
    understood = read(document(CDA, DESTMSSANTEPS="Y"))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.message is not None
    assert [one.code for one in matrix_findings(understood.message.flags)] == ["mail-matrix"]
    both = read(document(CDA, DESTMSSANTEPS="Y", DESTMSSANTEPAT="Y")).message
    assert both is not None
    assert matrix_findings(both.flags) == []


def test_sender_recipients_and_reply_address_come_from_prt() -> None:
    raw = document(CDA, participations=(SB, RCT, TO_PATIENT, REPLY), DESTMSSANTEPS="Y")
    found = read(raw).message
    assert found is not None
    assert found.sender is not None
    assert (found.sender.id, found.sender.organization_id) == ("899700000000", "1999999999")
    assert found.recipients == ("zoe.testeur@exemple.mssante.fr", f"{INS}@patient.mssante.fr")
    assert found.reply_to == "reponse@exemple.mssante.fr"
    assert found.forwards


def test_an_address_is_found_where_its_sender_miscounted_the_bars() -> None:
    found = read(document(CDA, participations=(MISCOUNTED,))).message
    assert found is not None
    assert found.recipients == ("zoe.testeur@exemple.mssante.fr",)
    assert not found.forwards


def test_the_mailbox_of_another_patient_is_refused() -> None:
    other = TO_PATIENT.replace(INS, OTHER_INS)
    assert ("recipient-patient", 199) in errors(read(document(CDA, participations=(other,))))


def test_another_patient_in_the_document_is_refused_with_904() -> None:
    understood = read(document(cda(ins=OTHER_INS)))
    found = next(f for f in understood.findings if f.code == "patient-mismatch")
    assert (found.condition, found.application) == (207, 904)


def test_a_document_without_an_ins_is_refused_with_903() -> None:
    understood = read(document(cda(ins="42", oid="1.2.250.1.999.3")))
    found = next(f for f in understood.findings if f.code == "cda-without-ins")
    assert (found.condition, found.application) == (207, 903)


def test_traits_that_disagree_with_the_document_wait_for_a_person() -> None:
    understood = read(document(cda(birth="19550816")))
    assert understood.verdict is Verdict.HOLD
    assert "traits-disagree" in [finding.code for finding in understood.findings]


UNNAMED = PID.replace(f"{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~", "")


def two(first: bytes, second: bytes, pid: str) -> bytes:
    """An ORU with two documents of one order."""
    rows = (
        f"OBX|{n}|ED|11502-2^CR^LN||^TEXT^XML^Base64^{base64.b64encode(one).decode()}||||||F"
        for n, one in enumerate((first, second), 1)
    )
    return message(msh(), pid, "ORC|NW", "OBR|1|||11502-2^CR^LN", *rows, *flag_rows())


def test_documents_of_two_patients_are_refused_where_pid_names_none() -> None:
    understood = read(two(CDA, cda(ins=OTHER_INS), UNNAMED))
    found = next(f for f in understood.findings if f.code == "patient-mismatch")
    assert (found.where, found.condition, found.application) == ("OBX-5", 207, 904)
    assert understood.verdict is Verdict.REFUSE


@pytest.mark.parametrize("second", [CDA, cda(ins="42", oid="1.2.250.1.999.3")])
def test_documents_of_one_patient_wait_for_the_ins_that_pid_leaves_out(second: bytes) -> None:
    understood = read(two(CDA, second, UNNAMED))
    assert understood.verdict is Verdict.HOLD
    assert "patient-mismatch" not in [finding.code for finding in understood.findings]


def test_a_pid_without_an_ins_does_not_contradict_the_document() -> None:
    codes = [finding.code for finding in read(document(CDA, pid=UNNAMED)).findings]
    assert "traits-disagree" not in codes
    other = UNNAMED.replace("PATTE", "AUTRE")
    codes = [finding.code for finding in read(document(CDA, pid=other)).findings]
    assert "traits-disagree" in codes


def test_thousands_of_documents_that_are_none_are_refused_in_time() -> None:
    rows = [f"OBX|{n}|ED|a^b^LN||^TEXT^XML^Base64^QUFB||||||F" for n in range(8_000)]
    raw = message(msh(), PID, "ORC|NW", "OBR|1|||a^b^LN", *rows)
    start = time.process_time()
    assert understand(raw, DEFAULT_READING).verdict is Verdict.REFUSE
    assert time.process_time() - start < 6
