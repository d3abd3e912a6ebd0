"""Software of a physician before a whole daemon: it feeds a record, finds, opens and changes."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from daemon_rig import Daemon
from dmp_authority import signer_at
from dmp_lot import ACTION as PROVIDE_ACTION
from dmp_lot import Lot, Sent, provided
from dmp_software import TEST_INS, packed, request, signed_vihf
from dmp_update import ACTION as UPDATE_ACTION
from dmp_update import availability, submission_set, update
from lxml import etree
from papers import Person, Report, number
from registry_sample import ALL_APPROVED, FIND_DOCUMENTS, Slots
from registry_sample import request as stored_query

from gateway.mapping.soap.envelope import read_message
from gateway.mapping.soap.message import Message

SERVICES = "/si-dmp-server/v2/services"
QUERY_ACTION = "urn:ihe:iti:2007:RegistryStoredQuery"
RETRIEVE_ACTION = "urn:ihe:iti:2007:RetrieveDocumentSet"
XDSB = "urn:ihe:iti:xds-b:2007"


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
        answer = self.ask("registry", self.question(), QUERY_ACTION)
        return {unique_id(one): one for one in answer.body.iter("{*}ExtrinsicObject")}

    def question(self) -> str:
        """For all documents in force, in full."""
        who = f"'{self.ins}^^^&{TEST_INS}&ISO^NH'"
        slots: Slots = {"$XDSDocumentEntryPatientId": who, **ALL_APPROVED}
        return etree.tostring(stored_query(FIND_DOCUMENTS, slots)).decode()

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
