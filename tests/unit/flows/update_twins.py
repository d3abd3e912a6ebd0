"""One record with documents of an author, and what software of the DMP asks of them."""

import json
from dataclasses import dataclass, field, replace

from dmp_update import Version, submission_set, update
from msgspec import structs
from reading_twins import ANNE, NOW, PAUL, House, card, person

from gateway.flows.dmp.update import Asked, UpdateDocuments
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.update.request import read_update
from gateway.mapping.xml import parse_xml
from gateway.records.documents.document import Document
from gateway.records.documents.shelved import Card, Shelved
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import NORMAL, Mode, Reader, ReaderKind
from gateway.records.readers.vihf import Authentication, Vihf

INS, OID, REPOSITORY = "284000000000001", "1.2.250.1.213.1.4.10", "1.2.250.1.9"
AUTHOR, STRANGER, STRUCTURE = "801234567897", "809999999990", "1750000099"
ONE, TWO = "01" * 16, "02" * 16
SHA1 = "da39a3ee5e6b4b0d3255bfef95601890afd80709"
SLOTS = {"repositoryUniqueId": REPOSITORY, "hash": SHA1, "size": "10"}
WHOSE = PatientIdentity(ins=INS, ins_oid=OID, birth_date="1984-07-02")
WAITS = ("N", "INVISIBLE_PATIENT")
POLICY = "LocalPolicyRestrictionError"
OPERATION = "XDSMetadataUpdateOperationError"
VERSION = "XDSMetadataVersionError"


class Names:
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return {INS: ANNE, "2": PAUL}.get(ins, PatientKey(ins.encode()[:16].ljust(16)))

    def local_key(self, identifier: str) -> bytes:
        return identifier.encode()


def vihf(**changes: object) -> Vihf:
    plain = Vihf(
        id="_1",
        issued_at=NOW,
        until=NOW,
        subject=AUTHOR,
        name="CLAIRE FICTIVE",
        structure=STRUCTURE,
        sector=None,
        profession="G15_60",
        authentication=Authentication.DIRECT,
        mode=Mode.NORMAL,
        certificate="c",
        software="Logiciel",
        ins=INS,
        ins_oid=OID,
    )
    return structs.replace(plain, **changes)  # any field of a VIHF


def asker(one: Vihf) -> Asked:
    is_person = one.authentication is not Authentication.INDIRECT
    kind = ReaderKind.PROFESSIONAL if is_person else ReaderKind.SYSTEM
    reader = Reader(
        kind=kind,
        id=one.subject,
        name=one.name,
        profession=one.profession if is_person else None,
        organisation=one.structure,
        team=one.structure if is_person else None,
    )
    return Asked(vihf=one, reader=reader, circumstances=replace(NORMAL, mode=one.mode))


@dataclass
class Ward:
    """One record with documents of the author's, and his requests."""

    house: House = field(default_factory=House)

    def put(self, identifier: str = ONE, **changes: object) -> None:
        about = {"author_ids": (AUTHOR,), "organization": STRUCTURE, "codes": ("N",), **changes}
        one = card(identifier, **about)
        document = Document(
            patient=replace(WHOSE, ins=INS),
            unique_id=f"1.2.{identifier[:2]}",
            title="Compte rendu",
            sha1=SHA1,
            size=10,
            confidentiality=one.codes,
        )
        self.house.shelf.shelved[identifier] = Shelved(card=one, document=document, sender="labo")

    def card(self, identifier: str = ONE) -> Card:
        return self.house.shelf.shelved[identifier].card

    async def send(self, *pieces: str, by: Vihf | None = None, lot: str = "1.2.3") -> list[str]:
        """The error codes."""
        body = update(submission_set(INS, unique_id=lot), *pieces)
        flow = UpdateDocuments(asking=self.house.read, names=Names(), repository=REPOSITORY)
        errors = await flow(asker(by or vihf()), read_update(parse_xml(body.encode())))
        registry_response(Status.FAILURE, errors)  # it can be written
        return [one.code for one in errors]

    @property
    def acts(self) -> list[tuple[str, bool, str]]:
        written = [*self.house.shelf.acts, *self.house.traces.written]
        return [(one.action, one.permitted, one.rule) for one in written]

    @property
    def notices(self) -> list[str]:
        return [json.loads(one.payload)["notice"] for one in self.house.shelf.then]


def ward_of() -> Ward:
    """His one document stands in force."""
    made = Ward()
    made.house.people.known[ANNE] = person(ANNE, identity=WHOSE)
    made.put()
    return made


def version(*codes: str, **changes: object) -> str:
    about = {"document": ONE, "ins": INS, "unique_id": "1.2.01", "codes": codes, "slots": SLOTS}
    return Version(**(about | changes)).text  # type: ignore[arg-type]  # any field of a version
