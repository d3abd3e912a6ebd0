"""`gateway person open`: deposits are taken for whom an operator opened a space, on each engine."""

import pytest
from cda_sample import INS_OID
from place import INS, Place, Said, cda

from gateway.records.intake.filing import IdentityChange
from gateway.records.intake.finding import Verdict
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientIdentity
from gateway.store import Store


def opening(place: Place, *changes: str) -> Said:
    words = {
        "--ins": INS,
        "--family": "Zebulonix",
        "--givens": "Zoé Lou",
        "--birth-date": "1955-08-15",
        "--sex": "F",
        "--place": "51215",
        "--by": "Lou Testeur",
        "--reason": "asked at the counter",
    } | dict(zip(changes[::2], changes[1::2], strict=True))
    typed = [part for pair in words.items() for part in pair]
    return place.command("person", "open", *typed)


def test_a_document_is_refused_before_and_filed_after_the_opening(place: Place) -> None:
    assert place.deposit(cda(1)).findings[-1].code == "vault-absent"

    status, said, _ = opening(place)
    assert status == 0
    assert said.startswith("opened ")
    assert "Zebulonix" not in said
    assert INS not in said
    assert place.deposit(cda(1)).verdict is Verdict.ACCEPT


def test_an_open_space_is_not_opened_again(place: Place) -> None:
    assert opening(place).status == 0
    status, _, err = opening(place)
    assert (status, "created" in err) == (1, True)


def test_a_space_is_not_opened_under_other_traits_than_those_that_are_qualified(
    sqlite_place: Place,
) -> None:
    """What is mistyped at the counter does not take the place of what an ADT said."""
    place = sqlite_place
    assert opening(place).status == 0

    async def unopened(store: Store) -> PatientIdentity:
        key = store.keys.patient_key(INS_OID, INS)
        person = await store.people.person(key)
        assert person is not None
        known, unknown = person.identity, AccountState.UNKNOWN
        change = IdentityChange(key=key, identity=known, qualified=True, state=unknown)
        assert await store.people.change_identity(change)
        return known

    before = place.inside(unopened)
    status, _, err = opening(place, "--family", "Autrement", "--place", "75116")
    told = "another identity is qualified under this INS: birth_family birth_place\n"
    assert (status, err) == (1, told)
    assert place.inside(unopened) == before
    assert opening(place, "--family", "ZEBULONIX").status == 0


@pytest.mark.parametrize("place_of_birth", ["2A004", "2B033", "99100", "97101"])
def test_a_birth_place_of_corsica_or_far_away_is_one(
    sqlite_place: Place, place_of_birth: str
) -> None:
    assert opening(sqlite_place, "--place", place_of_birth).status == 0


def test_a_wrong_key_of_the_ins_is_a_warning_under_test(place: Place) -> None:
    status, said, err = opening(place, "--ins", f"{INS[:13]}01")
    assert (status, said.startswith("opened ")) == (0, True)
    assert err == "warning: The key of the INS is wrong: check the matricule.\n"
    assert opening(place, "--ins", INS).err == ""


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--ins", "12345"),
        ("--ins", "2550899999999AB"),
        ("--givens", " "),
        ("--birth-date", ""),
        ("--birth-date", "1984-13-12"),
        ("--birth-date", "1984-02-30"),
        ("--birth-date", "1984"),
        ("--birth-date", "2999-01-01"),
        ("--place", "foo"),
        ("--place", "2C004"),
        ("--family", ""),
        ("--oid", "1.2.3"),
    ],
)
def test_an_identity_that_is_not_qualified_opens_nothing(
    place: Place, option: str, value: str
) -> None:
    status, _, err = opening(place, option, value)
    assert (status, "Traceback" in err) == (1, False)
