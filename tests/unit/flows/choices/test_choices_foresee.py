"""Who would still see documents is told by the decision, and comes true once the change is made."""

from dataclasses import replace

import pytest
from reading_twins import ANNE, DOCTOR, NURSE, PAUL, House, MemoryPeople, card, choice, person

from gateway.errors import DeniedError
from gateway.flows.choices.documents.hide import TO_PROFESSION, TO_PROFESSIONAL, Whom, hide, reveal
from gateway.flows.choices.documents.mask import mask, unmask
from gateway.flows.choices.foreseen.foresee import Change, Foreseen, foresee
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.explain import MAX_PEOPLE
from gateway.records.patients.account import ChoiceKind, Professional
from gateway.records.readers.access import ReaderKind

HOLDER = patient_reader(ANNE, name="Anne ESSAI")
PHYSICIAN = professional_reader(DOCTOR)
HIM, PHYSICIANS = Whom(TO_PROFESSIONAL, DOCTOR.id), Whom(TO_PROFESSION, "G15_10")
NURSES = Whom(TO_PROFESSION, "G15_60")


def house_of_two() -> House:
    house = House()
    house.shelf.put(card("one"))
    house.shelf.put(card("two"))
    house.agree()
    return house


def of(found: list[Foreseen], name: str) -> Foreseen:
    return next(one for one in found if one.line.who == name)


async def listed(house: House) -> int:
    return len((await house.read.list_documents(PHYSICIAN, ANNE)).cards)


@pytest.mark.parametrize("whom", [None, HIM, PHYSICIANS, NURSES])
async def test_what_is_foreseen_is_what_then_is(whom: Whom | None) -> None:
    house = house_of_two()
    veil, unveil = Change(veiled=True, whom=whom), Change(veiled=False, whom=whom)
    told = of(await foresee(house.read, HOLDER, ["one"], veil), DOCTOR.name)
    assert house.traces.written == []
    assert house.shelf.acts == []
    if whom is None:
        await mask(house.read, HOLDER, ["one"])
    else:
        await hide(house.read, HOLDER, ["one"], whom)
    assert (told.before, told.after) == (1, await listed(house) - 1)
    back = of(await foresee(house.read, HOLDER, ["one"], unveil), DOCTOR.name)
    assert (back.before, back.after) == (told.after, 1)
    if whom is None:
        await unmask(house.read, HOLDER, ["one"])
    else:
        await reveal(house.read, HOLDER, ["one"], whom)
    assert await listed(house) == 2


async def test_each_reader_has_one_line_with_the_reason_of_a_document_he_keeps() -> None:
    house = house_of_two()
    house.shelf.put(card("own", author_ids=(DOCTOR.id,)))
    found = await foresee(house.read, HOLDER, ["one", "own", "two"], Change(veiled=True))
    told = of(found, DOCTOR.name)
    assert (told.before, told.after, told.line.decision.rule) == (3, 1, "P08")
    assert [one.line.who for one in found].count(DOCTOR.name) == 1
    samu = of(found, "SAMU")
    assert (samu.before, samu.after, samu.line.decision.rule) == (3, 0, "F51")
    assert all(one.line.role not in ("holder", "representative") for one in found)


async def test_who_reads_by_his_team_is_among_them() -> None:
    house = house_of_two()
    team = DOCTOR.organization or ""
    house.people.chosen = [choice(ChoiceKind.CARE_TEAM, team)]
    told = of(await foresee(house.read, HOLDER, ["one"], Change(veiled=True)), DOCTOR.name)
    assert (told.before, told.after) == (1, 0)
    opened = await house.read.open_document(HOLDER, "one")
    seen = await house.read.who_may_see(opened)
    assert seen is not None
    assert DOCTOR.name in {one.who for one in seen.people}
    assert NURSE.name not in {one.who for one in seen.people}


async def test_nobody_foresees_for_another_and_the_try_is_traced() -> None:
    house = house_of_two()
    for reader in (PHYSICIAN, patient_reader(PAUL)):
        with pytest.raises(DeniedError):
            await foresee(house.read, reader, ["one"], Change(veiled=True))
    with pytest.raises(DeniedError):
        await foresee(house.read, HOLDER, [], Change(veiled=True))
    assert {trace.permitted for trace in house.traces.written} == {False}


async def test_documents_of_two_records_are_not_foreseen_together() -> None:
    house = house_of_two()
    house.people.known[PAUL] = person(PAUL)
    parent = replace(choice(ChoiceKind.GUARDIAN, ANNE.hex()), by="caisse")
    house.people.chosen.append(parent)
    house.shelf.put(card("pauls", patient=PAUL))
    guardian = replace(HOLDER, kind=ReaderKind.REPRESENTATIVE)
    assert await foresee(house.read, guardian, ["pauls"], Change(veiled=True))
    with pytest.raises(DeniedError):
        await foresee(house.read, guardian, ["one", "pauls"], Change(veiled=True))


class Hospital(MemoryPeople):
    """A directory in which a whole hospital works for the doctor's organisation."""

    async def professionals(self) -> list[Professional]:
        staff = [replace(DOCTOR, id=f"8{n:011}", name=f"Dr {n:04}") for n in range(MAX_PEOPLE * 2)]
        return [*staff, DOCTOR, NURSE]


async def test_a_whole_hospital_is_cut_but_never_who_treats_or_wrote() -> None:
    house = House(people=Hospital())
    house.shelf.put(card("one", author_ids=(NURSE.id,)))
    team, treats = DOCTOR.organization or "", DOCTOR.id
    house.people.chosen = [
        choice(ChoiceKind.CARE_TEAM, team),
        choice(ChoiceKind.TREATING, treats),
    ]
    found = await foresee(house.read, HOLDER, ["one"], Change(veiled=True))
    assert [one.line.role for one in found[:2]] == ["treating", "depositor"]
    assert len(found) == MAX_PEOPLE + 2
