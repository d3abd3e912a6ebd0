"""Lots at the DMP door, filed by the real judge: once each, all or nothing, as the VIHF allows."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import pytest
from cda_sample import cda, patient_id
from dmp_authority import PERSON, STRUCTURE, DmpAuthority
from dmp_lot import INS, INS_OID, Lot
from lot_sample import FIRST, LOT, SECOND, entity
from msgspec import structs
from real_store import open_space
from store_house import NOW
from ward_house import Ward

from gateway.flows.depositing.lot import DepositLot
from gateway.flows.signing_in.vihf import reader_of
from gateway.mapping.xds.errors import registry_errors
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.patients.account import SenderAccount
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf

SIGNER = DmpAuthority().signer()
TRUSTED = DmpAuthority("AC de confiance").signer(person="899700000002")
SOFTWARE = SenderAccount(name="logiciel", organization=None)
VIHF = Vihf(
    id="_1",
    issued_at=NOW,
    until=NOW + timedelta(minutes=10),
    subject=PERSON,
    name="FICTIVE CLAIRE",
    structure=STRUCTURE,
    sector="SA07",
    profession="G15_10/SM26",
    authentication=Authentication.DIRECT,
    mode=Mode.NORMAL,
    certificate=SIGNER.fingerprint,
    software="Logiciel fictif 1.2.0",
    ins=INS,
    ins_oid=INS_OID,
)
OTHER_INS = "155089999999920"
ANA = PatientIdentity(
    ins=INS,
    ins_oid=INS_OID,
    birth_family="PATTE",
    birth_given="Ana",
    birth_givens="Ana Lise",
    birth_date="1955-08-15",
    sex="F",
    birth_place="51215",
    traits_complete=True,
)


@dataclass
class House:
    ward: Ward
    ana: PatientKey
    sent: int = 0

    async def send(
        self, lot: Lot, vihf: Vihf = VIHF, sender: SenderAccount = SOFTWARE, *, strict: bool = False
    ) -> Answer:
        """A message of its own, as each request is."""
        self.sent += 1
        deposit = DepositLot(
            receive=self.ward.receive,
            reading=replace(DEFAULT_READING, strict=strict),
            trusts=lambda certificate: certificate == TRUSTED.der,
        )
        raw = entity(lot, message_id=f"urn:uuid:{self.sent}")
        return (await deposit(raw, sender, vihf, reader_of(vihf))).answer

    async def status(self, document: str) -> DocumentStatus:
        found = await self.ward.store.shelf.find(document)
        assert found is not None
        return found.card.status


@pytest.fixture
async def house(ward: Ward) -> House:
    return House(ward, await open_space(ward.store, ANA))


def codes(answer: Answer) -> list[str]:
    return [one.code for one in registry_errors(answer.verdict, answer.findings)]


def second_version(of: str, number: int = 2) -> Lot:
    """A lot whose document replaces `of`, an id of ours, by its entryUUID."""
    name = f"1.2.250.1.999.1.{number + 10}"
    body = cda(id=name, version=str(number)).encode()
    sent = replace(FIRST, body=body, unique_id=name, replaces=f"urn:uuid:{UUID(of)}")
    return Lot(documents=(sent,), unique_id=f"1.2.250.1.999.8.{number}")


async def test_a_signed_lot_is_filed_without_its_signature_and_by_who_asked(house: House) -> None:
    answer = await house.send(replace(LOT, documents=(FIRST, SECOND), signer=SIGNER))

    assert answer.verdict is Verdict.ACCEPT
    assert [one.code for one in answer.findings] == ["xds-signature"]
    cards = await house.ward.store.shelf.cards(house.ana)
    assert sorted(one.type_code or "" for one in cards) == ["11502-2", "11502-2"]
    traces = await house.ward.store.traces.of_patient(house.ana, limit=9)
    assert {one.trace.actor for one in traces if one.trace.action == "deposit"} == {PERSON}
    raw = await house.ward.store.journal.raw(answer.receipt)
    assert raw is not None
    assert b"xmldsig" in raw
    assert FIRST.body in raw


async def test_a_retry_gets_the_first_answer_and_other_content_is_a_duplicate(
    house: House,
) -> None:
    first = await house.send(LOT)
    again = await house.send(LOT)
    other = await house.send(replace(LOT, documents=(SECOND,)))

    assert (again.receipt, again.copy, again.verdict) == (first.receipt, True, Verdict.ACCEPT)
    assert codes(other) == ["XDSDuplicateUniqueIdInRegistry"]
    assert len(await house.ward.store.shelf.cards(house.ana)) == 1


async def test_a_refused_lot_may_be_mended_under_the_same_unique_id(house: House) -> None:
    wrong = replace(LOT, documents=(replace(FIRST, slots={"size": "1"}),))

    assert codes(await house.send(wrong)) == ["XDSRepositoryMetadataError"]
    assert (await house.send(LOT)).verdict is Verdict.ACCEPT


async def test_a_known_document_again_creates_nothing_and_other_bytes_are_told(
    house: House,
) -> None:
    first = await house.send(LOT)
    known = await house.send(replace(LOT, unique_id="1.2.250.1.999.8.2"))
    bent = replace(FIRST, body=cda(title="Autre").encode(), title="Autre")
    other = await house.send(Lot(documents=(bent, SECOND), unique_id="1.2.250.1.999.8.3"))

    assert known.verdict is Verdict.ACCEPT
    assert [one.id for one in known.documents] == [one.id for one in first.documents]
    assert codes(other) == ["XDSNonIdenticalHash"]
    assert len(await house.ward.store.shelf.cards(house.ana)) == 1


async def test_rplc_supersedes_what_its_entry_uuid_names_and_only_the_latest(
    house: House,
) -> None:
    [first] = (await house.send(LOT)).documents
    [new] = (await house.send(second_version(first.id))).documents
    late = await house.send(second_version(first.id, 3))
    nowhere = await house.send(second_version("0197f3a0" + "0" * 24, 4))

    assert await house.status(first.id) is DocumentStatus.SUPERSEDED
    assert await house.status(new.id) is DocumentStatus.CURRENT
    assert codes(late) == ["XDSRegistryDeprecatedDocumentError"]
    assert codes(nowhere) == ["UnresolvedReferenceException"]


async def test_a_target_of_another_patient_is_told_to_who_filed_it_alone(house: House) -> None:
    [first] = (await house.send(LOT)).documents
    other = replace(ANA, ins=OTHER_INS)
    await open_space(house.ward.store, other)
    lot = replace(second_version(first.id), ins=OTHER_INS)
    own = cda(id="1.2.250.1.999.1.12", version="2", patient_ids=patient_id(OTHER_INS))
    lot = replace(lot, documents=(replace(lot.documents[0], body=own.encode()),))
    vihf = replace_vihf(ins=OTHER_INS)
    stranger = SenderAccount(name="autre", organization="1888888888")

    assert codes(await house.send(lot, vihf)) == ["XDSPatientIdDoesNotMatch"]
    assert codes(await house.send(lot, vihf, stranger)) == ["UnresolvedReferenceException"]


async def test_the_patient_of_the_vihf_is_the_patient_of_the_lot(house: House) -> None:
    for wrong in (replace_vihf(ins=OTHER_INS), replace_vihf(ins=None), replace_vihf(ins_oid="1.2")):
        answer = await house.send(LOT, wrong)
        assert codes(answer) == ["XDSPatientIdDoesNotMatch"]
    assert await house.ward.store.shelf.cards(house.ana) == []


async def test_nobody_known_under_this_ins_is_an_unknown_patient(ward: Ward) -> None:
    assert codes(await House(ward, PatientKey(b"")).send(LOT)) == ["XDSUnknownPatientId"]


async def test_traits_that_disagree_are_held_and_told_as_a_warning(house: House) -> None:
    body = cda(family="AUTREMENT").encode()
    answer = await house.send(replace(LOT, documents=(replace(FIRST, body=body),)))

    assert answer.verdict is Verdict.HOLD
    assert set(codes(answer)) == {"GatewayHeld"}


async def test_a_signature_of_somebody_else_is_an_error_where_the_door_is_strict(
    house: House,
) -> None:
    foreign = DmpAuthority("Autre AC").signer(person="899700000001")
    lot = replace(LOT, signer=foreign)

    strict = await house.send(lot, strict=True)
    assert "xds-signer" in {one.code for one in strict.findings if one.severity == "error"}
    gentle = await house.send(lot)
    assert gentle.verdict is Verdict.ACCEPT
    assert "xds-signer" in {one.code for one in gentle.findings}
    trusted = await house.send(replace(LOT, signer=TRUSTED, unique_id="1.2.250.1.999.8.6"))
    assert {one.code for one in trusted.findings} == {"xds-signature", "already-filed"}


async def test_an_establishment_files_in_its_own_name_and_is_an_author(house: House) -> None:
    vihf = replace_vihf(authentication=Authentication.INDIRECT, profession="AUTOMATE")
    elsewhere = replace_vihf(authentication=Authentication.INDIRECT, structure="10B0000000")
    answer = await house.send(LOT, vihf)
    strict = await house.send(
        replace(LOT, signer=SIGNER, unique_id="1.2.250.1.999.8.7"), elsewhere, strict=True
    )

    assert answer.verdict is Verdict.ACCEPT
    traces = await house.ward.store.traces.of_patient(house.ana, limit=9)
    assert PERSON not in {one.trace.actor for one in traces}
    assert "vihf-author" in {one.code for one in strict.findings if one.severity == "error"}


async def test_an_agent_of_an_establishment_feeds_by_his_own_card(house: House) -> None:
    agent = replace_vihf(subject=f"{STRUCTURE}/agent7", profession="")

    assert (await house.send(LOT, agent)).verdict is Verdict.ACCEPT


def replace_vihf(**changes: object) -> Vihf:
    return structs.replace(VIHF, **changes)
