"""ITI-57: who may do what to a record, what is written with it, and what is told (section 7)."""

import json
from datetime import timedelta

import pytest
from dmp_update import availability
from msgspec import structs
from reading_twins import ANNE, NOW, PAUL, choice, person
from update_twins import (
    AUTHOR,
    ONE,
    OPERATION,
    POLICY,
    STRANGER,
    TWO,
    WAITS,
    WHOSE,
    Ward,
    version,
    vihf,
    ward_of,
)

from gateway.records.documents.shelved import Card, availability_of
from gateway.records.documents.update import Availability, Lot, Outcome, Update
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.readers.access import Mode
from gateway.records.readers.vihf import Authentication, Vihf


@pytest.fixture
def ward() -> Ward:
    return ward_of()


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


async def test_a_structure_hears_that_what_it_deposited_is_not_archived_by_it(ward: Ward) -> None:
    machine = vihf(authentication=Authentication.INDIRECT, subject="automate")
    assert await ward.send(availability(ONE, "Approved", "Archived"), by=machine) == [POLICY]


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
