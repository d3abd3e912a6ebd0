"""setAuthorization, listAuthorizationByPatient and patientList: read, answered, refused."""

from datetime import UTC, date, datetime

import pytest
from dmp_messages import patient_list, set_authorization

from gateway.mapping.dmp.habilitations import (
    AuthorizationChange,
    Change,
    Listed,
    change_answer,
    list_answer,
    read_change,
    read_listed,
)
from gateway.mapping.dmp.output import local_name
from gateway.mapping.dmp.patient_list import (
    PatientListQuery,
    Since,
    patient_list_answer,
    read_patient_list,
)
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element, parse_xml
from gateway.records.patients.habilitation import Authorised, ListedPatient
from gateway.records.patients.patient import PatientIdentity

AT = datetime(2026, 11, 23, 10, tzinfo=UTC)
NIL = 'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:nil="true"'


def told(node: Element) -> list[tuple[str, str]]:
    return [(local_name(one), one.text or "") for one in node.iter() if len(one) == 0]


def authorised(**changes: object) -> Authorised:
    plain = {
        "id": "899700000011",
        "name": "Dr Synthèse",
        "profession": "G15_10",
        "since": AT,
        "blocked": False,
        "team": False,
        "treating": False,
        "last_action": None,
    }
    return Authorised(**plain | changes)  # type: ignore[arg-type]  # any field of a line


@pytest.mark.parametrize(
    ("inside", "means"),
    [
        ("<action>AJOUT</action>", AuthorizationChange(Change.ADD, treating=False)),
        (
            f"<action> AJOUT\n</action><role {NIL}/>",
            AuthorizationChange(Change.ADD, treating=False),
        ),
        (
            '<action xmlns="">SUPPRESSION</action><role>MEDECIN_TRAITANT</role>',
            AuthorizationChange(Change.REMOVE, treating=True),
        ),
        (
            "<input><action>AJOUT</action></input>",
            AuthorizationChange(Change.ADD, treating=False),
        ),
    ],
)
def test_a_change_of_authorisation_is_read(inside: str, means: AuthorizationChange) -> None:
    assert read_change(parse_xml(set_authorization(inside))) == means


@pytest.mark.parametrize(
    "inside",
    [
        "",
        "<action/>",
        "<action>ajout</action>",
        "<action>AJOUT</action><action>SUPPRESSION</action>",
        "<action>AJOUT</action><input><action>SUPPRESSION</action></input>",
        "<action>AJOUT</action><role>ADMINISTRATEUR</role>",
    ],
)
def test_a_change_that_is_none_is_refused(inside: str) -> None:
    with pytest.raises(FaultError):
        read_change(parse_xml(set_authorization(inside)))


def test_an_answer_says_done_and_why_nothing_was_changed() -> None:
    changed = change_answer(Change.ADD, changed=True)
    assert changed.tag == "{urn:si-dmp-habilitations}setAuthorizationResponse"
    assert told(changed) == [("status", "DMPOk"), ("context", "")]

    again = change_answer(Change.ADD, changed=False)
    assert told(again)[1] == ("context", "Autorisation déjà présente aucune action effectuée")


def test_a_list_holds_those_of_its_mode() -> None:
    lines = [authorised(), authorised(id="899700000022", blocked=True, last_action=AT)]
    ids = {
        mode: [text for name, text in told(list_answer(lines, mode)) if name == "nationalId"]
        for mode in Listed
    }
    assert ids == {
        Listed.ACTIVE: ["899700000011"],
        Listed.BLOCKED: ["899700000022"],
        Listed.EVERY: ["899700000011", "899700000022"],
    }
    with pytest.raises(FaultError):
        read_listed(parse_xml(b"<listAuthorizationByPatient/>"))


def test_a_line_of_the_list_tells_who_since_when_and_by_what_right() -> None:
    (line,) = list_answer([authorised(treating=True)], Listed.ACTIVE).iter(
        "{urn:si-dmp-habilitations}list"
    )
    assert told(line) == [
        ("nationalId", "899700000011"),
        ("nationalIdType", "IDNPS"),
        ("lastName", "Dr Synthèse"),
        ("codeSpeciality", "G15_10"),
        ("startOfAuthorization", "20261123100000"),
        ("mode", "ACTIVE"),
        ("specificRight", "MEDECIN_TRAITANT"),
    ]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("01122018", date(2018, 12, 1)),
        ("20181201", date(2018, 12, 1)),
        ("2018-12-01", date(2018, 12, 1)),
        ("01/12/2018", date(2018, 12, 1)),
        ("20112019", date(2019, 11, 20)),
        ("19121984", date(1984, 12, 19)),
    ],
)
def test_a_day_is_read_in_either_order_for_only_one_is_a_day(text: str, day: date) -> None:
    sent = patient_list(f"<startDate>{text}</startDate><dateType>LASTDOC</dateType>")
    assert read_patient_list(parse_xml(sent)) == PatientListQuery(day, Since.DOCUMENT)


@pytest.mark.parametrize(
    "inside",
    [
        "<startDate>32012018</startDate>",
        "<startDate>2018</startDate>",
        "<startDate>١٢١٢٢٠١٨</startDate>",
        "<dateType>LASTAUTHORIZATION</dateType>",
    ],
)
def test_a_day_or_a_kind_of_date_that_is_none_is_refused(inside: str) -> None:
    with pytest.raises(FaultError):
        read_patient_list(parse_xml(patient_list(inside)))


def test_a_list_of_patients_without_a_date_is_by_authorisation() -> None:
    asked = read_patient_list(parse_xml(patient_list("")))
    assert asked == PatientListQuery(None, Since.AUTHORISATION)


def test_a_patient_of_the_list_is_named_as_used_and_as_born() -> None:
    known = PatientIdentity(ins="1", birth_family="NÉE", used_family="USAGE", birth_given="ANNE")
    one = ListedPatient(identity=known, treating=False, last_add=AT, last_update=None)
    assert told(patient_list_answer([one])) == [
        ("status", "DMPOk"),
        ("context", ""),
        ("nationalId", "1"),
        ("nationalIdType", "NH"),
        ("lastName", "USAGE"),
        ("patronymicalName", "NÉE"),
        ("firstName", "ANNE"),
        ("MT", "false"),
        ("lastAddDate", "20261123100000"),
    ]
