"""PRPA_IN201308UV02: each reader is told what is his to know, and no more."""

from datetime import UTC, datetime

from dmp_messages import INS, INS_OID, query

from gateway.mapping.dmp.interaction import read_interaction, read_patient_query
from gateway.mapping.dmp.patient_answer import Written, patient_answer
from gateway.mapping.xml import Element, parse_xml
from gateway.records.patients.habilitation import Administrative, Existence
from gateway.records.patients.patient import PatientIdentity
from gateway.records.readers.access import EmergencyChoice

NAMES = {"v3": "urn:hl7-org:v3", "xsi": "http://www.w3.org/2001/XMLSchema-instance"}
ANNE = PatientIdentity(
    ins=INS,
    ins_oid=INS_OID,
    birth_family="ESSAI",
    birth_given="ANNE",
    used_family="D'USAGE \x00",
    birth_date="1984-07-02",
    sex="F",
)
TOLD = Administrative(
    identity=ANNE, treating=True, activated=True, emergency=EmergencyChoice(samu=False)
)
WRITTEN = Written("f" * 32, "1.2.250.1.1", datetime(2026, 11, 23, 10, tzinfo=UTC))


def answer(existence: Existence) -> Element:
    return patient_answer(read_patient_query(parse_xml(query())), existence, WRITTEN)


def found(root: Element, path: str) -> list[str]:
    result = root.xpath(path, namespaces=NAMES)
    assert isinstance(result, list)
    return [str(one) for one in result]


def test_who_may_consult_is_told_of_the_person_and_of_his_own_rights() -> None:
    root = answer(Existence(exists=True, told=TOLD))

    line = "//v3:attentionLine[v3:keyWordText/@code='{}']/v3:value/@{}"
    assert found(root, line.format("AUTORISATION", "code")) == ["VALIDE"]
    assert found(root, line.format("STATUT_MT", "value")) == ["true"]
    assert found(root, "//v3:patient/v3:statusCode/@code") == ["active"]
    assert found(root, "//v3:family/text()") == ["ESSAI", "D'USAGE "]
    assert found(root, "//v3:birthTime/@value") == ["19840702"]
    observed = dict(
        zip(
            found(root, "//v3:administrativeObservation/v3:code/@code"),
            found(root, "//v3:administrativeObservation/v3:value/@value"),
            strict=True,
        )
    )
    assert observed == {
        "COMPTE_INTERNET_OUVERT": "true",
        "RATTACHEMENT_ENS": "true",
        "OPPOSITION_BRIS_DE_GLACE": "false",
        "OPPOSITION_ACCES_URGENCE": "true",
    }


def test_an_answer_names_what_it_answers() -> None:
    read = read_interaction(answer(Existence(exists=True, told=TOLD)))

    assert (read.name, read.acknowledgement, read.response) == ("PRPA_IN201308UV02", "AA", "OK")
    assert read.query_id == ("1.2.3.4.2", "q-1")
    assert read.patients == ((INS_OID, INS),)
    target = "//v3:acknowledgement/v3:targetMessage/v3:id/@extension"
    assert found(answer(Existence(exists=True)), target) == ["m-1"]


def test_who_may_not_consult_hears_that_it_exists_and_nothing_else() -> None:
    root = answer(Existence(exists=True))

    assert found(root, "//v3:queryResponseCode/@code") == ["OK"]
    assert found(root, "//v3:patient/v3:id/@extension") == [INS]
    assert found(root, "//v3:attentionLine | //v3:patientPerson | //v3:subjectOf") == []


def test_a_closed_record_is_not_there_and_says_that_it_was_closed() -> None:
    root = answer(Existence(exists=False, closed=True))

    assert found(root, "//v3:queryResponseCode/@code") == ["NF"]
    assert found(root, "//v3:statusCode/@code") == ["terminated", "terminated"]


def test_a_record_that_does_not_exist_has_no_subject() -> None:
    root = answer(Existence(exists=False))

    assert found(root, "//v3:queryResponseCode/@code") == ["NF"]
    assert found(root, "//v3:subject") == []
