"""TD3.3 through the HTTP door, by VIHFs that are really signed (XDS.md section 7)."""

from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest
from dmp_authority import PERSON, STRUCTURE
from dmp_software import TEST_INS, request
from dmp_update import ACTION, Version, availability, submission_set, update
from door_of_dmp import PREFIX, FixedClock
from reading_twins import ANNE, NOW, House, card, person
from signed_door import Client, Names, serving
from vihf_case import INS, signed

from gateway.adapters.dmp.transactions.update import UpdateService, update_services
from gateway.flows.dmp.update import UpdateDocuments
from gateway.flows.reading.decided.quiet import Quiet
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import Message
from gateway.mapping.xml import Element
from gateway.records.documents.document import Document
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.patient import PatientIdentity

REPOSITORY = "1.2.250.1.9"
ONE = "01" * 16
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SLOTS = {"repositoryUniqueId": REPOSITORY, "hash": SHA1, "size": "10"}
WHOSE = PatientIdentity(ins=INS, ins_oid=TEST_INS, birth_date="1984-07-02")
HEADERS = {"Content-Type": "application/soap+xml; charset=UTF-8"}


async def at_once(_seconds: float) -> None:
    """A tick that takes no time."""


@pytest.fixture
def house() -> House:
    one = House()
    one.people.known[ANNE] = person(ANNE, identity=WHOSE)
    own = card(ONE, author_ids=(PERSON,), organization=STRUCTURE, codes=("N",))
    document = Document(
        patient=WHOSE, unique_id="1.2.3.4", sha1=SHA1, size=10, confidentiality=("N",)
    )
    one.shelf.shelved[ONE] = Shelved(card=own, document=document, sender="lps")
    return one


@pytest.fixture
async def client(house: House) -> AsyncIterator[Client]:
    clock = FixedClock()
    flow = UpdateDocuments(asking=house.read, names=Names(), repository=REPOSITORY)
    service = UpdateService(update=flow, quiet=Quiet(clock, at_once))
    async with serving(update_services(service)) as opened:
        yield opened


async def ask(client: Client, body: str, **said: Any) -> Message:
    named = f"urn:uuid:{uuid4()}"
    sent = request(body, action=ACTION, vihf=signed(at=NOW, **said), message_id=named)
    response = await client.post(f"{PREFIX}/registry", data=sent, headers=HEADERS)
    read = read_message(response.headers["Content-Type"], await response.read())
    assert response.status == (500 if is_fault(read.body) else 200)
    return read


def is_fault(body: Element) -> bool:
    return str(body.tag).endswith("}Fault")


def told(answer: Message) -> list[str]:
    """The last word of the status, and the error codes."""
    status = (answer.body.get("status") or "").rpartition(":")[2]
    return [status, *(one.get("errorCode") or "" for one in answer.body.iter("{*}RegistryError"))]


async def test_an_author_archives_his_document(client: Client, house: House) -> None:
    body = update(submission_set(INS), availability(ONE, "Approved", "Archived"))
    answer = await ask(client, body)
    assert (told(answer), answer.action) == (["Success"], f"{ACTION}-Response")
    assert house.shelf.shelved[ONE].card.archived_at == NOW
    assert told(await ask(client, body)) == ["Success"]
    assert len(house.shelf.acts) == 1


async def test_an_author_masks_his_document_and_does_not_unmask_it(
    client: Client, house: House
) -> None:
    masked = Version(
        document=ONE, ins=INS, unique_id="1.2.3.4", codes=("N", "MASQUE_PS"), slots=SLOTS
    )
    assert told(await ask(client, update(submission_set(INS), masked.text))) == ["Success"]
    assert house.shelf.shelved[ONE].card.codes == ("N", "MASQUE_PS")
    shown = Version(document=ONE, ins=INS, unique_id="1.2.3.4", previous="2", slots=SLOTS)
    answer = await ask(client, update(submission_set(INS), shown.text))
    assert told(answer) == ["Failure", "LocalPolicyRestrictionError"]


async def test_every_fault_of_a_request_is_told_at_once(client: Client) -> None:
    answer = await ask(client, update(submission_set(INS, without=["sourceId"])))
    assert told(answer) == ["Failure", "XDSRegistryMetadataError"]


async def test_another_patient_than_the_assertions_is_refused(client: Client) -> None:
    piece = availability(ONE, "Approved", "Archived")
    answer = await ask(client, update(submission_set("9"), piece))
    assert told(answer) == ["Failure", "XDSPatientIdDoesNotMatch"]
    assert is_fault((await ask(client, update(submission_set(INS), piece), ins=None)).body)


async def test_removing_metadata_is_not_offered(client: Client) -> None:
    body = '<l:RemoveObjectsRequest xmlns:l="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"/>'
    assert is_fault((await ask(client, body)).body)
