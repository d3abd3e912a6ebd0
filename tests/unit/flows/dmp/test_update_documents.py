"""ITI-57: who may do what to a record, what is written with it, and what is told (section 7)."""

import json
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest
from dmp_update import Version, availability, submission_set, update
from msgspec import structs
from reading_twins import ANNE, NOW, PAUL, House, card, choice, person

from gateway.flows.dmp.update import Asked, UpdateDocuments
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.update.request import read_update
from gateway.mapping.xml import parse_xml
from gateway.records.documents.document import Document
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved, availability_of
from gateway.records.documents.update import Availability, Lot, Outcome, Update
from gateway.records.patients.account import AccountState, ChoiceKind
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


@pytest.fixture
def ward() -> Ward:
    made = Ward()
    made.house.people.known[ANNE] = person(ANNE, identity=WHOSE)
    made.put()
    return made


def version(*codes: str, **changes: object) -> str:
    about = {"document": ONE, "ins": INS, "unique_id": "1.2.01", "codes": codes, "slots": SLOTS}
    return Version(**(about | changes)).text  # type: ignore[arg-type]  # any field of a version


async def test_an_author_archives_takes_back_and_deletes_and_the_patient_is_told(
    ward: Ward,
) -> None:
    steps = [("Approved", "Archived"), ("Archived", "Approved"), ("Approved", "Deleted")]
    for number, (before, after) in enumerate(steps):
        assert await ward.send(availability(ONE, before, after), lot=f"1.2.{number}") == []
        assert availability_of(ward.card()) is Availability(after)
    assert [one for one in ward.acts if one[1]] == [
        ("archive", True, "P28"),
        ("unarchive", True, "P28"),
        ("delete", True, "P26"),
    ]
    assert ward.notices == ["changed_document"] * 3


async def test_an_author_masks_and_the_log_says_what_stood(ward: Ward) -> None:
    assert await ward.send(version("N", "MASQUE_PS")) == []
    assert (ward.card().codes, ward.card().metadata_version) == (("N", "MASQUE_PS"), 2)
    (trace,) = ward.house.shelf.acts
    details = json.loads(trace.details)
    assert (trace.action, trace.rule, trace.document) == ("mask", "P28", ONE)
    assert (details["before"], details["after"]) == (
        {"codes": ["N"]},
        {"codes": ["MASQUE_PS", "N"]},
    )
    assert ward.notices == ["changed_document"]


@pytest.mark.parametrize("masked_by_patient", [True, False])
async def test_only_the_patient_takes_a_mask_off(ward: Ward, masked_by_patient: bool) -> None:
    codes = ("N",) if masked_by_patient else ("N", "MASQUE_PS")
    ward.put(codes=codes, masked_by_patient=masked_by_patient)
    assert await ward.send(version("N")) == [POLICY]
    assert ward.card().codes == codes
    assert ward.acts == [("unmask", False, "F59")]


async def test_the_patients_own_mask_stays_his_while_other_codes_change(ward: Ward) -> None:
    ward.put(codes=("N", "INVISIBLE_REPRESENTANTS_LEGAUX"), masked_by_patient=True)
    assert await ward.send(version("N", "MASQUE_PS")) == []
    assert (ward.card().codes, ward.card().masked_by_patient) == (("N",), True)


async def test_showing_to_the_patient_is_the_announcement_and_makes_its_notice(ward: Ward) -> None:
    ward.house.people.chosen.append(choice(ChoiceKind.CARE_PROFESSIONAL, AUTHOR))
    doctor = vihf(profession="G15_10")
    ward.put(codes=WAITS, hidden_from=NOW)
    assert await ward.send(version("N"), by=doctor) == []
    assert (ward.card().announced_at, ward.card().codes) == (NOW, ("N",))
    assert ward.acts == [("announce", True, "P13")]
    assert ward.notices == ["opened"]


async def test_what_waits_is_not_told_of_before_it_opens(ward: Ward) -> None:
    ward.put(codes=WAITS, hidden_from=NOW)
    assert await ward.send(version("MASQUE_PS", *WAITS)) == []
    assert ward.card().announced_at is None
    assert ward.notices == []


async def test_a_code_whose_wait_is_over_goes_without_an_announcement(ward: Ward) -> None:
    ward.put(codes=WAITS, hidden_from=NOW - timedelta(days=40))
    assert await ward.send(version("N")) == []
    assert (ward.card().codes, ward.acts) == (("N",), [("mask", True, "P28")])


async def test_a_document_is_not_hidden_from_its_patient_afterwards(ward: Ward) -> None:
    assert await ward.send(version(*WAITS)) == [POLICY]
    assert ward.card().codes == ("N",)


@pytest.mark.parametrize(
    ("by", "piece"),
    [
        (vihf(subject=STRANGER, structure="1"), availability(ONE, "Approved", "Deleted")),
        (vihf(subject=STRANGER, structure="1"), availability(ONE, "Archived", "Deleted")),
        (vihf(subject=STRANGER, structure="1"), version("N", "MASQUE_PS")),
    ],
)
async def test_who_may_not_hear_of_a_document_is_told_of_it_as_of_none(
    ward: Ward, by: Vihf, piece: str
) -> None:
    told = await ward.send(piece, by=by)
    assert told == await ward.send(piece.replace("01010101-", "0f0f0f0f-"), by=by, lot="1.2.4")
    assert ward.card() == card_as_put(ward)
    assert [one[1] for one in ward.acts] == [False, False]


def card_as_put(ward: Ward) -> Card:
    before = ward.card()
    ward.put()
    return structs.replace(ward.card(), id=before.id)


async def test_a_reader_who_sees_a_document_is_told_that_it_is_not_his(ward: Ward) -> None:
    ward.house.people.chosen.append(choice(ChoiceKind.CARE_PROFESSIONAL, STRANGER))
    doctor = vihf(subject=STRANGER, structure="1", profession="G15_10")
    assert await ward.send(availability(ONE, "Approved", "Deleted"), by=doctor) == [POLICY]
    assert ward.acts == [("delete", False, "F58")]


@pytest.mark.parametrize(
    ("by", "codes"),
    [
        (vihf(authentication=Authentication.INDIRECT, subject="automate"), []),
        (vihf(authentication=Authentication.INDIRECT, subject="a", mode=Mode.BRIS_DE_GLACE), [""]),
        (vihf(subject=STRANGER), [""]),
    ],
)
async def test_a_structure_deletes_what_is_its_own_and_a_colleague_does_not(
    ward: Ward, by: Vihf, codes: list[str]
) -> None:
    """ACCESS takes a colleague of the depositor for him, the DMP does not: either refuses."""
    told = await ward.send(availability(ONE, "Approved", "Deleted"), by=by)
    assert len(told) == len(codes)
    assert [one for one in ward.acts if not one[1]] == [("delete", False, "D00")] * len(codes)


@pytest.mark.parametrize("mode", [Mode.SAMU, Mode.BRIS_DE_GLACE])
async def test_an_emergency_lets_nobody_mask_or_archive(ward: Ward, mode: Mode) -> None:
    pieces = {
        "1.2.8": version("N", "MASQUE_PS"),
        "1.2.9": availability(ONE, "Approved", "Archived"),
    }
    for lot, piece in pieces.items():
        assert await ward.send(piece, by=vihf(mode=mode), lot=lot) == [POLICY]


async def test_nothing_of_a_request_is_done_where_one_of_it_is_refused(ward: Ward) -> None:
    ward.put(TWO, author_ids=(STRANGER,), organization="1")
    pieces = [availability(ONE, "Approved", "Archived"), availability(TWO, "Approved", "Archived")]
    assert len(await ward.send(*pieces)) == 1
    assert availability_of(ward.card()) is Availability.APPROVED
    assert ward.acts == [("archive", False, "F58")]
    assert ward.notices == []


async def test_the_same_request_again_gets_the_same_answer_and_does_nothing(ward: Ward) -> None:
    piece = availability(ONE, "Approved", "Archived")
    for _ in range(2):
        assert await ward.send(piece) == []
    assert ward.acts == [("archive", True, "P28")]
    other = availability(ONE, "Archived", "Deleted")
    assert await ward.send(other) == ["XDSDuplicateUniqueIdInRegistry"]
    assert await ward.send(piece, by=vihf(subject=STRANGER)) == ["XDSDuplicateUniqueIdInRegistry"]


@pytest.mark.parametrize(
    ("changes", "before", "codes"),
    [
        ({"archived_at": NOW}, "Approved", [OPERATION]),
        ({}, "Archived", [OPERATION]),
        ({"status": DocumentStatus.WITHDRAWN}, "Approved", [OPERATION]),
        ({"status": DocumentStatus.SUPERSEDED}, "Approved", [OPERATION]),
    ],
)
async def test_the_original_status_is_the_one_that_stands(
    ward: Ward, changes: dict[str, object], before: str, codes: list[str]
) -> None:
    ward.put(**changes)
    assert await ward.send(availability(ONE, before, "Deleted")) == codes


async def test_a_version_follows_the_current_one(ward: Ward) -> None:
    ward.put(metadata_version=3)
    assert await ward.send(version("N", "MASQUE_PS", previous="2")) == [VERSION]
    assert await ward.send(version("N", "MASQUE_PS", previous="3")) == []
    ward.put(status=DocumentStatus.SUPERSEDED)
    assert await ward.send(version("N"), lot="1.2.4") == ["XDSMetadataUpdateError"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"unique_id": "1.2.9"}, "XDSMetadataIdentifierError"),
        ({"ins": "2"}, "XDSPatientIDReconciliationError"),
        ({"slots": SLOTS | {"hash": "0" * 40}}, "UnmodifiableMetadataError"),
        ({"slots": SLOTS | {"size": "11"}}, "UnmodifiableMetadataError"),
        ({"slots": SLOTS | {"repositoryUniqueId": "1.2"}}, "UnmodifiableMetadataError"),
        ({"slots": {"hash": SHA1}}, "XDSRegistryMetadataError"),
        (
            {"slots": SLOTS | {"sourcePatientId": "9^^^&amp;1.2&amp;ISO^PI"}},
            "UnmodifiableMetadataError",
        ),
        ({"slots": SLOTS | {"languageCode": "de-DE"}}, "UnmodifiableMetadataError"),
        ({"attributes": {"mimeType": "text/plain"}}, "UnmodifiableMetadataError"),
    ],
)
async def test_nothing_but_the_codes_may_change(
    ward: Ward, changes: dict[str, object], code: str
) -> None:
    assert await ward.send(version("N", "MASQUE_PS", **changes)) == [code]
    assert ward.card().codes == ("N",)


async def test_the_set_is_of_the_patient_whom_the_assertion_names(ward: Ward) -> None:
    piece = availability(ONE, "Approved", "Archived")
    assert await ward.send(piece, by=vihf(ins="2")) == ["XDSPatientIdDoesNotMatch"]
    ward.put(patient=PAUL)
    assert await ward.send(piece) == ["UnresolvedReferenceException"]
    ward.house.people.known.clear()
    assert await ward.send(piece) == ["XDSUnknownPatientId"]


async def test_a_shut_record_changes_by_nobody_who_is_not_its_author(ward: Ward) -> None:
    closed = person(ANNE, identity=WHOSE, state=AccountState.CLOSED)
    ward.house.people.known[ANNE] = closed
    assert await ward.send(availability(ONE, "Approved", "Archived")) == [POLICY]
    assert ward.acts == [("archive", False, "F10")]


async def test_what_changes_between_looking_and_writing_is_looked_at_again(
    ward: Ward, monkeypatch: pytest.MonkeyPatch
) -> None:
    shelf, tries = ward.house.shelf, 0
    as_it_is = shelf.update

    async def late(lot: Lot, updates: list[Update], **more: object) -> Outcome:
        nonlocal tries
        tries += 1
        if tries == 1:
            ward.put(archived_at=NOW)
        return await as_it_is(lot, updates, **more)  # type: ignore[arg-type]  # as it was called

    monkeypatch.setattr(shelf, "update", late)
    assert await ward.send(availability(ONE, "Approved", "Archived")) == [OPERATION]
    assert tries == 1
