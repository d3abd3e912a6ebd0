"""« Qui peut voir ce document, et pourquoi »: each line is a decision."""

from dataclasses import replace

from reading_twins import ANNE, DOCTOR, NURSE, PAUL, House, card, choice, person

from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.explain import Answer, Line, Sight
from gateway.records.documents.document import Author
from gateway.records.patients.account import ChoiceKind

HOLDER = patient_reader(ANNE)


async def sight(house: House) -> Sight:
    opened = await house.read.open_document(HOLDER, "one")
    seen = await house.read.who_may_see(opened)
    assert seen is not None
    return seen


def line(seen: Sight, role: str) -> Line:
    return next(one for one in seen.people if one.role == role)


async def test_holder_treating_doctor_blocked_nurse_and_emergency_have_each_a_line() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.agree(DOCTOR)
    house.people.chosen += [
        choice(ChoiceKind.TREATING, DOCTOR.id),
        choice(ChoiceKind.BLOCK, NURSE.id),
    ]
    seen = await sight(house)
    assert [(one.answer, one.who, one.role, one.decision.rule) for one in seen.people] == [
        (Answer.YES, "Vous", "holder", "P01"),
        (Answer.YES, "Dr Synthèse", "treating", "P11"),
        (Answer.NO, "Mme Essai", "professional", "F44"),
        (Answer.EMERGENCY, "SAMU", "samu", "P05"),
        (Answer.EMERGENCY, "Autres professionnels de santé", "emergency", "P06"),
    ]


async def test_a_masked_document_is_closed_to_all_but_the_treating_doctor() -> None:
    house = House()
    house.shelf.put(card("one", codes=("MASQUE_PS",)))
    house.agree(DOCTOR)
    house.people.chosen.append(choice(ChoiceKind.TREATING, DOCTOR.id))
    seen = await sight(house)
    assert line(seen, "treating").decision.rule == "P09"
    assert line(seen, "samu").answer is Answer.NO


async def test_the_depositor_is_shown_even_when_only_the_document_knows_him() -> None:
    house = House()
    house.shelf.put(card("one", author_ids=("890000000077",)))
    shelved = house.shelf.shelved["one"]
    author = Author(
        kind="person", id="890000000077", given="Lou", family="TEST", specialty="G15_10/SM26"
    )
    document = replace(shelved.document, authors=(author,))
    house.shelf.shelved["one"] = replace(shelved, document=document)
    depositor = line(await sight(house), "depositor")
    assert (depositor.who, depositor.profession) == ("Lou TEST", "G15_10")
    assert depositor.decision.rule == "F50"


async def test_relatives_are_named() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.people.known[PAUL] = person(PAUL)
    house.people.chosen.append(choice(ChoiceKind.CAREGIVER, PAUL.hex()))
    caregiver = line(await sight(house), "caregiver")
    assert (caregiver.who, caregiver.answer) == ("ANNE ESSAI", Answer.YES)


async def test_a_relative_whom_we_do_not_know_has_a_line_without_a_name() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.people.chosen.append(choice(ChoiceKind.CAREGIVER, "not a key"))
    house.people.chosen.append(choice(ChoiceKind.PARENT, PAUL.hex()))
    seen = await sight(house)
    assert line(seen, "caregiver").who == line(seen, "representative").who == ""
    assert line(seen, "representative").decision.rule == "F22"


async def test_each_profession_is_told_as_if_the_patient_agreed() -> None:
    house = House()
    house.shelf.put(card("one"))
    seen = await sight(house)
    assert [(one.profession, one.decision.rule, one.assumed) for one in seen.professions] == [
        ("G15_10", "P11", False),
        ("G15_60", "F56", True),
        ("GENR08", "F56", True),
    ]
    assert seen.professions_permitted == 1


async def test_a_professional_is_not_told_who_else_may_see() -> None:
    house = House()
    house.shelf.put(card("one"))
    house.agree()
    opened = await house.read.open_document(professional_reader(DOCTOR), "one")
    assert await house.read.who_may_see(opened) is None
