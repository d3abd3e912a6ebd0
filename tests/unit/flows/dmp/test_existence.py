"""TD0.2 and TD1.3a: whether the record exists, and what of it this reader may hear."""

from dataclasses import replace

import pytest
from reading_twins import ANNE, DOCTOR, NURSE, PAUL, House, choice, person

from gateway.flows.dmp.existence import ADMINISTRATIVE, EXISTENCE, existence
from gateway.flows.reading.decided.facts import professional_reader
from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.habilitation import Existence
from gateway.records.readers.access import NORMAL, Circumstances, Mode, Reader, ReaderKind

PHYSICIAN = professional_reader(DOCTOR)
SOFTWARE = Reader(kind=ReaderKind.SYSTEM, id="labo", organisation=DOCTOR.organization)


async def asked(
    house: House, reader: Reader = PHYSICIAN, mode: Mode = Mode.NORMAL, why: str | None = None
) -> Existence:
    circumstances = NORMAL if mode is Mode.NORMAL else Circumstances(mode=mode, reason=why)
    return await existence(house.read, reader, ANNE, circumstances, act=EXISTENCE)


async def test_who_is_authorised_hears_who_it_is_and_whether_he_is_the_treating_doctor() -> None:
    house = House()
    house.agree()
    house.people.chosen.append(choice(ChoiceKind.EMERGENCY_SAMU_OFF))
    told = (await asked(house)).told
    assert told is not None
    assert (told.identity.birth_family, told.treating, told.activated) == ("ESSAI", False, True)
    assert (told.emergency.samu, told.emergency.professionals) == (False, True)

    house.people.chosen.append(choice(ChoiceKind.TREATING, DOCTOR.id))
    again = (await asked(house)).told
    assert again is not None
    assert again.treating


@pytest.mark.parametrize("reader", [PHYSICIAN, SOFTWARE, professional_reader(NURSE)])
async def test_who_is_not_authorised_hears_that_it_exists_and_no_more(reader: Reader) -> None:
    assert await asked(House(), reader) == Existence(exists=True)


async def test_who_is_blocked_hears_what_anybody_does() -> None:
    house = House()
    house.agree()
    house.people.chosen.append(choice(ChoiceKind.BLOCK, DOCTOR.id))
    assert await asked(house) == await asked(House())


@pytest.mark.parametrize(
    ("state", "means"),
    [
        (AccountState.CREATED, Existence(exists=True)),
        (AccountState.INVITED, Existence(exists=False)),
        (AccountState.OPPOSED, Existence(exists=False)),
        (AccountState.ERASED, Existence(exists=False)),
        (AccountState.CLOSED, Existence(exists=False, closed=True)),
        (AccountState.ERASING, Existence(exists=False, closed=True)),
    ],
)
async def test_a_record_exists_while_its_space_is_open(
    state: AccountState, means: Existence
) -> None:
    house = House()
    house.people.known[ANNE] = person(ANNE, state=state)
    assert await asked(house) == means


async def test_nobody_and_an_identity_that_is_not_qualified_do_not_exist() -> None:
    house = House()
    house.people.known[ANNE] = person(ANNE, qualified=False)
    assert await asked(house) == Existence(exists=False)

    gone = await existence(house.read, PHYSICIAN, PAUL, NORMAL, act=EXISTENCE)
    assert gone == Existence(exists=False)


async def test_each_question_is_an_entry_of_the_log_under_its_own_name() -> None:
    house = House()
    await asked(house)
    house.agree()
    await existence(house.read, PHYSICIAN, ANNE, NORMAL, act=ADMINISTRATIVE)
    await existence(house.read, PHYSICIAN, PAUL, NORMAL, act=EXISTENCE)
    said = [(one.action, one.permitted, one.rule) for one in house.traces.written]
    assert said == [
        (EXISTENCE, False, "F50"),
        (ADMINISTRATIVE, True, "P11"),
        (EXISTENCE, False, "X00"),
    ]


async def test_only_a_telling_is_told_to_the_patient() -> None:
    house = House()
    await asked(house)
    assert house.traces.then == []
    house.agree()
    await asked(house)
    assert [one.subject for one in house.traces.then] == ["access"]


async def test_an_emergency_is_entered_once_with_its_reason_and_told() -> None:
    house = House()
    for _ in range(2):
        told = (await asked(house, mode=Mode.BRIS_DE_GLACE, why="coma")).told
        assert told is not None
    assert [one.subject for one in house.people.then] == ["emergency_access"] * 2
    assert [one.action for one in house.people.acts] == ["emergency"]
    assert house.traces.then == []
    last = house.traces.written[-1]
    assert (last.rule, last.emergency, b"coma" in last.details) == ("P06", True, True)


async def test_an_emergency_without_a_reason_or_by_who_does_not_regulate_tells_nothing() -> None:
    house = House()
    assert await asked(house, mode=Mode.BRIS_DE_GLACE) == Existence(exists=True)
    assert await asked(house, mode=Mode.SAMU) == Existence(exists=True)
    regulator = replace(PHYSICIAN, centre15=True)
    assert house.people.chosen == []
    assert (await asked(house, regulator, mode=Mode.SAMU)).told is not None


@pytest.mark.parametrize(("born", "sides"), [("2012-07-02", 1), ("1984-07-02", 2)])
async def test_a_secret_connection_of_a_minor_sends_nothing_to_the_family(
    born: str, sides: int
) -> None:
    house = House()
    house.agree()
    child = replace(person(ANNE).identity, birth_date=born)
    house.people.known[ANNE] = person(ANNE, identity=child)
    secret = Circumstances(flags={"CONNEXION_SECRETE": True})
    await existence(house.read, PHYSICIAN, ANNE, secret, act=EXISTENCE)
    assert len(house.traces.then) == sides - 1
    urgent = replace(secret, mode=Mode.BRIS_DE_GLACE, reason="coma")
    await existence(house.read, PHYSICIAN, ANNE, urgent, act=EXISTENCE)
    assert len(house.people.then) == sides
