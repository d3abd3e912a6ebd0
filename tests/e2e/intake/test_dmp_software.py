"""Software of the DMP before a whole demo: it feeds a record, finds, opens, hides and deletes."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from daemon_rig import Daemon
from dmp_authority import signer_at
from dmp_lot import ACTION as PROVIDE_ACTION
from dmp_lot import Lot, Sent, provided
from dmp_software import TEST_INS, packed, request, signed_vihf
from dmp_update import ACTION as UPDATE_ACTION
from dmp_update import availability, submission_set, update
from lxml import etree
from papers import Person, Report, number, report
from registry_sample import ALL_APPROVED, FIND_DOCUMENTS, Slots
from registry_sample import request as stored_query

from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import Message

SERVICES = "/si-dmp-server/v2/services"
QUERY_ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
RETRIEVE_ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
XDSB = "urn:ihe:iti:xds-b:2007"
PRESENCE = '<h:PRPA_IN201307UV02 xmlns:h="urn:hl7-org:v3" ITSVersion="XML_1.0"/>'
SUCCESS = "urn:oasis:names:tc:ebxml-regrep:ResponseStatusType:Success"


@dataclass
class Software:
    """That of a physician: it signs with her card."""

    gateway: Daemon
    doctor: dict[str, Any]

    def __post_init__(self) -> None:
        self.signer = signer_at(Path(self.gateway.demo["dmp"]["cards"][self.doctor["id"]]))
        self.ins = self.gateway.person().ins

    def vihf(self) -> str:
        return signed_vihf(
            self.signer,
            structure=self.doctor["organization"],
            subject=self.doctor["id"],
            profession=self.doctor["profession"],
            ins=self.ins,
        )

    def send(self, path: str, kind: str, body: bytes) -> tuple[int, Message]:
        reply = self.gateway.http("POST", f"{SERVICES}/{path}", body, {"Content-Type": kind})
        return reply.status, read_message(reply.headers["content-type"], reply.body)

    def ask(self, path: str, body: str, action: str) -> Message:
        sent = request(body, action=action, vihf=self.vihf())
        status, answer = self.send(path, "application/soap+xml; charset=UTF-8", sent)
        assert status == 200, etree.tostring(answer.body)
        return answer

    def lot(self, what: Report) -> tuple[str, bytes]:
        """Content-Type and body of a signed lot of one document."""
        sent = Sent(
            body=what.document(), unique_id=what.id, structure=what.house, patient=traits(what.who)
        )
        lot = Lot(
            documents=[sent],
            unique_id=f"1.2.250.1.999.8.{number()}",
            ins=self.ins,
            structure=what.house,
            signer=self.signer,
        )
        body, parts = provided(lot)
        envelope = request(body, action=PROVIDE_ACTION, vihf=self.vihf())
        return packed(envelope, parts, action=PROVIDE_ACTION)

    def provide(self, what: Report) -> Message:
        status, answer = self.send("repository", *self.lot(what))
        assert status == 200, etree.tostring(answer.body)
        return answer

    def found(self) -> dict[str, etree._Element]:
        """ExtrinsicObjects by the uniqueId of their documents."""
        who = f"'{self.ins}^^^&{TEST_INS}&ISO^NH'"
        slots: Slots = {"$XDSDocumentEntryPatientId": who, **ALL_APPROVED}
        asked = etree.tostring(stored_query(FIND_DOCUMENTS, slots)).decode()
        answer = self.ask("registry", asked, QUERY_ACTION)
        return {unique_id(one): one for one in answer.body.iter("{*}ExtrinsicObject")}

    def change(self, entry: etree._Element, before: str, after: str) -> Message:
        """Of its availability."""
        named = entry.get("id", "").removeprefix("urn:uuid:").replace("-", "")
        wanted = availability(named, before, after)
        return self.ask("registry", update(submission_set(self.ins), wanted), UPDATE_ACTION)

    def opened(self, unique_id: str, repository: str) -> Message:
        body = (
            f'<x:RetrieveDocumentSetRequest xmlns:x="{XDSB}"><x:DocumentRequest>'
            f"<x:RepositoryUniqueId>{repository}</x:RepositoryUniqueId>"
            f"<x:DocumentUniqueId>{unique_id}</x:DocumentUniqueId>"
            "</x:DocumentRequest></x:RetrieveDocumentSetRequest>"
        )
        return self.ask("repository", body, RETRIEVE_ACTION)


def traits(who: Person) -> tuple[str, ...]:
    """As sourcePatientInfo tells them."""
    return (
        f"PID-5|{who.family}^{who.given}^{who.givens}^^^^L",
        f"PID-7|{who.birth}",
        f"PID-8|{who.sex}",
        f"PID-11|^^^^^^BDL^^{who.place}",
    )


def unique_id(entry: etree._Element) -> str:
    scheme = "urn:uuid:2e82c1f6-a085-4c72-9da3-8640a32e42ab"
    [found] = [
        one.get("value", "")
        for one in entry.iter("{*}ExternalIdentifier")
        if one.get("identificationScheme") == scheme
    ]
    return found


def slot(entry: etree._Element, name: str) -> str:
    [value] = [
        one.findtext("{*}ValueList/{*}Value") or ""
        for one in entry.iter("{*}Slot")
        if one.get("name") == name
    ]
    return value


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
