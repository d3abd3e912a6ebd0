"""`gateway person deceased`: deaths that the caisse tells, and one that it takes back (DSK-10)."""

from pathlib import Path

import pytest
from cda_sample import INS_OID
from place import INS, OTHER_INS, Place

from gateway.records.patients.account import Person
from gateway.store import Store

WHY = ("--by", "Lou", "--reason", "fichier des décès")
UNKNOWN = "199019999999938"


def opened(place: Place, ins: str) -> None:
    words = ("--ins", ins, "--family", "Zebulonix", "--givens", "Zoé", "--sex", "F")
    more = ("--birth-date", "1954-03-12", "--place", "51215", "--by", "Lou", "--reason", "seen")
    place.done("person", "open", *words, *more)


def person(place: Place, ins: str = INS) -> Person:
    async def work(store: Store) -> Person | None:
        return await store.people.person(store.keys.patient_key(INS_OID, ins))

    found = place.inside(work)
    assert found is not None
    return found


def told(place: Place) -> list[str]:
    async def work(store: Store) -> list[str]:
        key = store.keys.patient_key(INS_OID, INS)
        return [one.trace.action for one in await store.traces.of_patient(key, limit=20)]

    return [one for one in place.inside(work) if one.startswith("death")]


def test_a_death_is_recorded_once_and_taken_back(place: Place) -> None:
    opened(place, INS)
    said = place.command("person", "deceased", "--ins", INS, "--on", "2026-05-20", *WHY)
    assert (said.status, "login, notices and applications stop" in said.out) == (0, True)
    assert person(place).deceased
    again = place.command("person", "deceased", "--ins", INS, "--on", "2026-05-21", *WHY)
    assert (again.status, "recorded before" in again.out) == (0, True)
    code = place.command("person", "code", "--ins", INS, "--serial", "60123456789", *WHY)
    assert (code.status, "death of this person is recorded" in code.err) == (1, True)
    back = place.command("person", "deceased", "--ins", INS, "--mistake", *WHY)
    assert (back.status, "signs in as before" in back.out) == (0, True)
    assert not person(place).deceased
    twice = place.command("person", "deceased", "--ins", INS, "--mistake", *WHY)
    assert (twice.status, "no death is recorded" in twice.err) == (1, True)
    assert told(place) == ["death-mistaken", "death-recorded"]


def test_a_list_is_read_line_by_line(sqlite_place: Place) -> None:
    place = sqlite_place
    opened(place, INS)
    opened(place, OTHER_INS)
    listed = place.config.parent / "deaths.csv"
    listed.write_text(
        "\ufeffins;deceased_on\n"
        f"{INS};2026-05-20\n\n{UNKNOWN};2026-05-20\n{OTHER_INS};20/05/2026\n{OTHER_INS}\n"
        f"{OTHER_INS};1950-01-01\n{INS};2026-05-20\n"
    )
    said = place.command("person", "deceased", "--list", str(listed), *WHY)
    assert said.status == 1
    assert "recorded: 1, recorded before: 1, refused: 4" in said.out
    for line in ("line 4: this person is not known", "line 5: '20/05/2026' is no day", "line 6"):
        assert line in said.err
    assert "line 7: the day of the death is before the birth" in said.err
    assert INS not in said.err + said.out
    assert (person(place).deceased, person(place, OTHER_INS).deceased) == (True, False)


@pytest.mark.parametrize(
    ("words", "status", "wrong"),
    [
        (("--ins", INS), 2, "--on is needed"),
        (("--ins", INS, "--on", "2999-01-01"), 1, "has not come"),
        (("--ins", INS, "--on", "2026-02-30"), 2, "no day of the calendar"),
        (("--on", "2026-05-20"), 2, "required"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_recorded(
    sqlite_place: Place, words: tuple[str, ...], status: int, wrong: str
) -> None:
    opened(sqlite_place, INS)
    said = sqlite_place.command("person", "deceased", *words, *WHY)
    assert (said.status, wrong in said.err) == (status, True), said
    assert not person(sqlite_place).deceased


@pytest.mark.parametrize("body", [b"", b"INS,date\n1,2\n", b"ins;deceased_on\n\xff;1\n"])
def test_a_file_that_is_no_such_list_is_said(sqlite_place: Place, body: bytes) -> None:
    listed: Path = sqlite_place.config.parent / "deaths.csv"
    listed.write_bytes(body)
    said = sqlite_place.command("person", "deceased", "--list", str(listed), *WHY)
    assert said.status == 2, said
