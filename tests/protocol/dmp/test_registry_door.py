"""ITI-18 and ITI-43 through the HTTP door, by VIHFs that are really signed."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from dmp_software import TEST_INS, request
from door_of_dmp import PREFIX, FixedClock
from lxml import etree
from reading_twins import NOW, House, card, choice
from registry_sample import (
    ALL_APPROVED,
    FIND_DOCUMENTS,
    GET_DOCUMENTS,
    Slots,
    identifier,
    urn_of,
)
from registry_sample import request as stored_query
from signed_door import Client, Names, serving
from vihf_case import INS, signed

from gateway.adapters.dmp.transactions.registry import RegistryService, registry_services
from gateway.adapters.dmp.transactions.retrieve import RetrieveService, retrieve_services
from gateway.flows.reading.decided.quiet import TICK_SECONDS, Quiet
from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import Message
from gateway.records.documents.shelved import Card
from gateway.records.patients.account import ChoiceKind

PERSON = "899700218896"
REPOSITORY = "1.2.250.1.999.1.1"
QUERY_ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
XDSB, RETRIEVE = "urn:ihe:iti:xds-b:2007", "RetrieveDocumentSetRequest"
RETRIEVE_ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
SEEN, HIDDEN, ABSENT = "1.2.1", "1.2.2", "1.2.9"


@dataclass
class Behind:
    """A house with one document that a physician reads and one that no physician does; the
    `pauses` that an answer took before it left."""

    house: House = field(default_factory=House)
    pauses: list[float] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        self.pauses.append(seconds)

    def shelve(self, one: Card, name: str) -> None:
        self.house.shelf.put(one)
        shelved = self.house.shelf.shelved[one.id]
        document = replace(shelved.document, unique_id=name)
        self.house.shelf.shelved[one.id] = replace(shelved, document=document)

    def agree(self) -> None:
        self.house.people.chosen.append(choice(ChoiceKind.CARE_PROFESSIONAL, PERSON))


@pytest.fixture
def behind() -> Behind:
    one = Behind()
    one.shelve(card(identifier(1), receipt=identifier(101)), SEEN)
    one.shelve(card(identifier(2), receipt=identifier(102), type_code="other"), HIDDEN)
    return one


@pytest.fixture
async def client(behind: Behind) -> AsyncIterator[Client]:
    clock = FixedClock()
    common: dict[str, Any] = {
        "asking": behind.house.read,
        "names": Names(),
        "quiet": Quiet(clock, behind.pause),
        "repository": REPOSITORY,
    }
    async with serving(
        {
            **registry_services(RegistryService(**common)),
            **retrieve_services(RetrieveService(**common)),
        }
    ) as opened:
        yield opened


async def ask(client: Client, path: str, body: str, action: str, **said: Any) -> Message:
    sent = request(body, action=action, vihf=signed(at=NOW, **{"ins": INS, **said}))
    headers = {"Content-Type": "application/soap+xml; charset=UTF-8"}
    response = await client.post(f"{PREFIX}/{path}", data=sent, headers=headers)
    read = read_message(response.headers["Content-Type"], await response.read())
    assert response.status == (500 if is_fault(read) else 200)
    return read


def is_fault(read: Message) -> bool:
    return str(read.body.tag).endswith("}Fault")


async def find(
    client: Client,
    slots: Slots,
    name: str = FIND_DOCUMENTS,
    *,
    returns: str = "LeafClass",
    **said: Any,
) -> Message:
    body = etree.tostring(stored_query(name, slots, returns=returns), encoding="unicode")
    return await ask(client, "registry", body, QUERY_ACTION, **said)


async def retrieve(
    client: Client, *names: str, repository: str = REPOSITORY, **said: Any
) -> Message:
    asked = "".join(
        f"<DocumentRequest><RepositoryUniqueId>{repository}</RepositoryUniqueId>"
        f"<DocumentUniqueId>{one}</DocumentUniqueId></DocumentRequest>"
        for one in names
    )
    body = f'<x:{RETRIEVE} xmlns:x="{XDSB}" xmlns="{XDSB}">{asked}</x:{RETRIEVE}>'
    return await ask(client, "repository", body, RETRIEVE_ACTION, **said)


def outcome(read: Message) -> tuple[str, list[str | None]]:
    """The last word of its status, and its error codes."""
    response = read.body if read.body.get("status") else read.body[0]
    codes = [one.get("errorCode") for one in response.iter("{*}RegistryError")]
    return (response.get("status") or "").rpartition(":")[2], codes


async def test_a_physician_finds_and_takes_what_he_may_read(behind: Behind, client: Client) -> None:
    behind.agree()
    found = await find(client, ALL_APPROVED)
    assert outcome(found) == ("Success", [])
    assert found.action == f"{QUERY_ACTION}Response"
    assert [one.get("id") for one in found.body[0]] == [urn_of(1)]
    taken = await retrieve(client, SEEN)
    assert outcome(taken) == ("Success", [])
    assert taken.packed
    assert list(taken.parts.values()) == [b"<own bytes/>"]
    told = [(one.action, one.permitted, one.actor) for one in behind.house.traces.written]
    assert told == [("search", True, PERSON), ("download", True, PERSON)]
    assert behind.pauses == []


@pytest.mark.parametrize("name", [HIDDEN, ABSENT, urn_of(1)])
async def test_what_he_may_not_read_is_what_is_not_there_after_a_tick(
    behind: Behind, client: Client, name: str
) -> None:
    behind.agree()
    assert outcome(await retrieve(client, name)) == ("Failure", ["XDSDocumentUniqueIdError"])
    named: Slots = {"$XDSDocumentEntryUniqueId": f"('{name}')"}
    assert outcome(await find(client, named, GET_DOCUMENTS)) == ("Success", [])
    assert behind.pauses == [TICK_SECONDS] * 2


async def test_some_of_several_are_handed_over(behind: Behind, client: Client) -> None:
    behind.agree()
    taken = await retrieve(client, HIDDEN, SEEN)
    assert outcome(taken) == ("PartialSuccess", ["XDSDocumentUniqueIdError"])
    assert list(taken.parts.values()) == [b"<own bytes/>"]


async def test_another_repository_is_not_known(behind: Behind, client: Client) -> None:
    behind.agree()
    taken = await retrieve(client, SEEN, repository="1.9")
    assert outcome(taken) == ("Failure", ["XDSUnknownRepositoryId"])
    assert behind.house.traces.written == []


async def test_without_consent_nothing_is_found_and_nothing_says_why(
    behind: Behind, client: Client
) -> None:
    found = await find(client, ALL_APPROVED)
    assert outcome(found) == ("Success", [])
    assert found.body.get("totalResultCount") == "0"
    assert behind.pauses == [TICK_SECONDS]


async def test_a_query_that_is_wrong_is_told_what_to_mend(client: Client) -> None:
    assert outcome(await find(client, {})) == ("Failure", ["XDSStoredQueryMissingParam"])


async def test_a_query_of_another_patient_than_the_vihfs_is_a_fault(client: Client) -> None:
    other = f"'299999999999999^^^&{TEST_INS}&ISO^NH'"
    read = await find(client, {**ALL_APPROVED, "$XDSDocumentEntryPatientId": other})
    assert is_fault(read)
    own = f"('{INS}^^^&{TEST_INS}&ISO^NH')"
    read = await find(client, {**ALL_APPROVED, "$XDSDocumentEntryPatientId": own})
    assert outcome(read) == ("Success", [])


async def test_a_vihf_that_names_no_patient_is_a_fault(client: Client) -> None:
    assert is_fault(await find(client, ALL_APPROVED, ins=None))
    assert is_fault(await retrieve(client, SEEN, ins=None))


async def test_an_establishment_reads_nothing_and_finds_its_own_references(
    behind: Behind, client: Client
) -> None:
    own = card(identifier(1), receipt=identifier(101), organization="10B0127189")
    behind.shelve(own, SEEN)
    clinic = {"authentication": "INDIRECTE"}
    assert is_fault(await find(client, ALL_APPROVED, **clinic))
    assert is_fault(await retrieve(client, SEEN, **clinic))
    named: Slots = {"$XDSDocumentEntryUniqueId": f"('{SEEN}','{HIDDEN}','{ABSENT}')"}
    found = await find(client, named, GET_DOCUMENTS, returns="ObjectRef", **clinic)
    assert [one.get("id") for one in found.body[0]] == [urn_of(1)]
