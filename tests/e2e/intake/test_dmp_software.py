"""Software of the DMP before a whole demo: it feeds a record, finds, opens, hides and deletes."""

from dataclasses import replace

import pytest
from daemon_rig import Daemon
from dmp_client import Software, slot
from dmp_software import request
from papers import Report, report

from gateway.mapping.soap.message import Message

PRESENCE = '<h:PRPA_IN201307UV02 xmlns:h="urn:hl7-org:v3" ITSVersion="XML_1.0"/>'
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


def codes(message: Message) -> list[str | None]:
    return [one.get("errorCode") for one in message.body.iter("{*}RegistryError")]


@pytest.fixture(scope="module")
def software(gateway: Daemon) -> Software:
    [doctor] = (one for one in gateway.demo["professionals"] if one["profession"] == "G15_10/SM26")
    return Software(gateway, doctor)


@pytest.fixture(scope="module")
def fed(software: Software) -> Report:
    """A document that she wrote, fed by her software."""
    doctor, who = software.doctor, software.gateway.person()
    what = report(who, author=doctor["id"], house=doctor["organization"])
    answer = software.provide(what)
    assert (answer.packed, answer.body.get("status"), codes(answer)) == (True, SUCCESS, [])
    return what


def test_a_document_that_was_fed_is_found_and_opened(
    gateway: Daemon, software: Software, fed: Report
) -> None:
    entry = software.found()[fed.id]
    opened = software.opened(fed.id, slot(entry, "repositoryUniqueId"))
    assert list(opened.parts.values()) == [fed.document()]
    assert len(gateway.filed(fed.who, fed.id)) == 1


def test_its_author_archives_it_and_takes_it_back(software: Software, fed: Report) -> None:
    entry = software.found()[fed.id]
    assert codes(software.change(entry, "Approved", "Archived")) == []
    assert fed.id not in software.found()
    assert codes(software.change(entry, "Archived", "Approved")) == []
    assert fed.id in software.found()


def test_another_lot_of_a_known_document_changes_nothing(software: Software, fed: Report) -> None:
    assert software.provide(fed).body.get("status") == SUCCESS
    other = replace(fed, title="Autre titre")
    assert codes(software.provide(other)) == ["XDSNonIdenticalHash"]


def test_the_same_message_gets_its_first_answer_again(software: Software) -> None:
    doctor, who = software.doctor, software.gateway.person()
    what = report(who, author=doctor["id"], house=doctor["organization"])
    kind, body = software.lot(what)
    first, again = (software.send("repository", kind, body)[1] for _ in range(2))
    assert first.body.get("status") == SUCCESS
    assert again.message_id == first.message_id


def test_an_assertion_that_was_used_opens_nothing(software: Software) -> None:
    sent = request(PRESENCE, action="urn:hl7-org:v3:PRPA_IN201307UV02", vihf=software.vihf())
    plain = "application/soap+xml"
    software.send("patients", plain, sent)
    status, answer = software.send("patients", plain, sent)
    assert status == 500
    assert answer.body.findtext("{*}Code/{*}Subcode/{*}Value") == "wsse:InvalidSecurityToken"


def test_what_is_no_request_of_the_dmp_has_its_fault(gateway: Daemon, software: Software) -> None:
    for body in (b"", b"<x/>", request(PRESENCE, action=None, vihf=None)):
        status, answer = software.send("patients", "application/soap+xml", body)
        assert status in (400, 500)
        assert answer.body.findtext("{*}Code/{*}Value") == "soap:Sender"
    assert "gateway_dmp_seconds_count" in gateway.metrics()


def test_who_may_open_a_record_finds_it_among_those_that_she_may_open(software: Software) -> None:
    habilitations, patients = "urn:si-dmp-habilitations", "urn:si-dmp-patients"
    again = software.ask(
        "habilitations",
        f'<setAuthorization xmlns="{habilitations}"><action>AJOUT</action></setAuthorization>',
        f"{habilitations}:HabilitationsEndPoint:setAuthorization",
    )
    assert "déjà présente" in (again.body.findtext(".//{*}context") or "")
    listed = software.ask(
        "habilitations",
        f'<listAuthorizationByPatient xmlns="{habilitations}"><mode>ACTIVE</mode>'
        "</listAuthorizationByPatient>",
        f"{habilitations}:HabilitationsEndPoint:listAuthorizationByPatient",
    )
    assert software.doctor["id"] in [one.text for one in listed.body.iter("{*}nationalId")]
    mine = software.ask(
        "patientsSpecific",
        f'<patientList xmlns="{patients}"/>',
        f"{patients}:PatientSpecificEndPoint:patientList",
    )
    assert software.ins in [one.text for one in mine.body.iter("{*}nationalId")]
