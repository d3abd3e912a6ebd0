"""The DMP's small messages: any tree is understood or told what to mend, any answer is XML."""

from contextlib import suppress
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from gateway.mapping.dmp.habilitations import (
    Change,
    Listed,
    change_answer,
    list_answer,
    read_change,
    read_listed,
)
from gateway.mapping.dmp.interaction import PatientQuery, read_interaction, read_patient_query
from gateway.mapping.dmp.patient_answer import Written, patient_answer
from gateway.mapping.dmp.patient_list import patient_list_answer, read_patient_list
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element, parse_xml
from gateway.records.patients.habilitation import (
    Administrative,
    Authorised,
    Existence,
    ListedPatient,
)
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import EMERGENCY_BY_DEFAULT

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
NAMES = (
    "PRPA_IN201307UV02", "id", "processingCode", "sender", "device", "acknowledgement", "typeCode",
    "controlActProcess", "reasonCode", "queryByParameter", "queryId", "parameterList",
    "patientIdentifier", "value", "queryAck", "queryResponseCode", "subject", "registrationEvent",
    "subject1", "patient", "action", "role", "mode", "startDate", "dateType",
)  # fmt: skip
ATTRIBUTES = ("root", "extension", "code", "typeCode")
VALUES = (
    "TEST_EXST", "1.2.250.1.213.1.4.10", "284037511604282", "AJOUT", "SUPPRESSION", "TOUTE",
    "MEDECIN_TRAITANT", "LASTDOC", "01012018", "D",
)  # fmt: skip
typed = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)
anything = st.text(st.characters(codec="utf-8"), max_size=20)
words = st.one_of(st.sampled_from(VALUES), typed)


def written(name: str, attributes: dict[str, str], children: list[str]) -> str:
    pairs = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{pairs}>{''.join(children)}</{name}>"


trees = st.recursive(
    words.map(escape),
    lambda children: st.builds(
        written,
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(ATTRIBUTES), words, max_size=3),
        st.lists(children, max_size=5),
    ),
    max_leaves=25,
)


@given(st.lists(trees, max_size=8))
def test_any_tree_is_understood_or_told_what_to_mend(children: list[str]) -> None:
    data = f'<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3">{"".join(children)}</PRPA_IN201307UV02>'
    body = parse_xml(data.encode())
    read_any = (read_interaction, read_patient_query, read_change, read_listed, read_patient_list)
    for read in read_any:
        with suppress(FaultError):
            read(body)


@given(anything, anything, anything)
def test_an_answer_is_xml_whatever_a_record_holds(one: str, other: str, third: str) -> None:
    identity = PatientIdentity(ins=one, birth_family=one, used_given=other, birth_date=third)
    told = Administrative(
        identity=identity, treating=False, activated=True, emergency=EMERGENCY_BY_DEFAULT
    )
    line = Authorised(
        id=one,
        name=other,
        profession=third,
        since=AT,
        blocked=False,
        team=False,
        treating=False,
        last_action=AT,
    )
    listed = ListedPatient(identity=identity, treating=True, last_add=AT, last_update=None)
    answers: list[Element] = [
        patient_answer(QUERY, Existence(exists=True, told=told), Written("1", "1.2", AT)),
        list_answer([line], Listed.EVERY),
        patient_list_answer([listed]),
        change_answer(Change.ADD, changed=False),
    ]
    for answer in answers:
        assert parse_xml(etree.tostring(answer)).tag == answer.tag


QUERY: PatientQuery = read_patient_query(
    parse_xml(
        b'<PRPA_IN201307UV02 xmlns="urn:hl7-org:v3"><id root="1.2"/><controlActProcess>'
        b'<reasonCode code="TEST_EXST"/><queryByParameter><queryId root="1.3"/><parameterList>'
        b'<patientIdentifier><value root="1.2.250.1.213.1.4.10" extension="284037511604282"/>'
        b"</patientIdentifier></parameterList></queryByParameter></controlActProcess>"
        b"</PRPA_IN201307UV02>"
    )
)
