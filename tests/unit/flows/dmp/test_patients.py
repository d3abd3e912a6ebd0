"""TD0.4: the records that name a professional are listed where he may open them."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

import pytest
from reading_twins import ANNE, DOCTOR, PAUL, House, MemoryPeople, card, choice, person

from gateway.flows.dmp.patients import list_patients
from gateway.flows.reading.decided.facts import professional_reader
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, Tie
from gateway.records.patients.habilitation import ListedPatient
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.records.readers.access import Reader, ReaderKind

PHYSICIAN = professional_reader(DOCTOR)
MINE, TEAMS = ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.CARE_TEAM
JANUARY, MARCH = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 3, 1, tzinfo=UTC)


@dataclass
class ManyPeople(MemoryPeople):
    """Several records, each with its own choices; also the port `Authorising`."""

    by: dict[PatientKey, list[Choice]] = field(default_factory=dict)

    async def choices(self, patient: PatientKey) -> list[Choice]:
        return self.by.get(patient, [])

    async def naming(self, targets: Mapping[ChoiceKind, str], *, limit: int) -> list[Tie]:
        found = [
            Tie(patient=patient, choice=one)
            for patient, chosen in self.by.items()
            for one in chosen
            if targets.get(one.kind) == one.target
        ]
        return sorted(found, key=lambda tie: tie.choice.since, reverse=True)[:limit]


def many() -> ManyPeople:
    paul = PatientIdentity(birth_family="AUTRE", birth_given="PAUL")
    people = ManyPeople(known={ANNE: person(ANNE), PAUL: person(PAUL, identity=paul)})
    people.by = {
        ANNE: [choice(MINE, DOCTOR.id, since=JANUARY)],
        PAUL: [choice(TEAMS, DOCTOR.organization or "", since=MARCH)],
    }
    return people


async def listed(house: House, reader: Reader = PHYSICIAN, **asked: object) -> list[ListedPatient]:
    assert isinstance(house.people, ManyPeople)
    return await list_patients(house.read, house.people, reader, **asked)  # type: ignore[arg-type]


def names(patients: list[ListedPatient]) -> list[str | None]:
    return [one.identity.birth_family for one in patients]


async def test_records_that_let_him_or_his_team_in_are_listed_newest_first() -> None:
    house = House(people=many())
    assert names(await listed(house)) == ["AUTRE", "ESSAI"]
    said = {(one.action, one.patient, one.permitted) for one in house.traces.written}
    assert said == {("listed", ANNE, True), ("listed", PAUL, True)}


async def test_a_day_leaves_out_who_agreed_before_it() -> None:
    house = House(people=many())
    assert names(await listed(house, start=date(2026, 3, 1))) == ["AUTRE"]
    assert names(await listed(house, start=date(2026, 3, 2))) == []


@pytest.mark.parametrize("kind", [ChoiceKind.BLOCK, ChoiceKind.CARE_PROFESSIONAL])
async def test_a_record_that_he_may_not_open_any_more_leaves_no_sign(kind: ChoiceKind) -> None:
    house, people = House(people=many()), many()
    house.people = people
    over = choice(MINE, DOCTOR.id, until=MARCH)
    people.by[ANNE] = [over] if kind is MINE else [*people.by[ANNE], choice(kind, DOCTOR.id)]
    assert names(await listed(house)) == ["AUTRE"]
    assert [one.patient for one in house.traces.written] == [PAUL]


async def test_an_emergency_lists_nobody_whose_agreement_does_not_hold() -> None:
    people = many()
    entry = choice(ChoiceKind.EMERGENCY_ENTRY, DOCTOR.id, since=MARCH)
    lifted = choice(ChoiceKind.BLOCK, DOCTOR.id, until=MARCH)
    people.by[ANNE] += [lifted, replace(entry, by="bris_de_glace|coma")]
    house = House(people=people)
    assert (await house.read.gate(PHYSICIAN, ANNE)).standing().permitted
    assert names(await listed(house)) == ["AUTRE"]


async def test_a_closed_record_and_an_unqualified_one_are_not_listed() -> None:
    house = House(people=many())
    house.people.known[ANNE] = person(ANNE, state=AccountState.CLOSED)
    house.people.known[PAUL] = person(PAUL, qualified=False)
    assert await listed(house) == []


async def test_dates_are_of_documents_that_he_may_see() -> None:
    house = House(people=many())
    old, new = datetime(2026, 2, 1, tzinfo=UTC), datetime(2026, 3, 10, tzinfo=UTC)
    house.shelf.put(card("seen", deposited_at=old))
    house.shelf.put(card("masked", deposited_at=new, codes=("N", "MASQUE_PS")))
    house.shelf.put(card("refused", deposited_at=new, type_code="other"))
    (anne,) = (one for one in await listed(house) if one.identity.birth_family == "ESSAI")
    assert (anne.last_add, anne.last_update) == (old, old)
    by_document = await listed(house, start=date(2026, 2, 1), by_document=True)
    assert names(by_document) == ["ESSAI"]
    assert await listed(house, start=date(2026, 2, 2), by_document=True) == []


async def test_software_has_no_list() -> None:
    house = House(people=many())
    software = Reader(kind=ReaderKind.SYSTEM, id=DOCTOR.id, team=DOCTOR.organization)
    assert await listed(house, software) == []
