"""`gateway person parent`: a child's space opens to a parent on two people's word."""

import getpass
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from cda_sample import INS_OID
from place import INS, OTHER_INS, Place, Said

from gateway.access.grid import shipped_grid
from gateway.clock import SystemClock
from gateway.flows.family.profiles import managed
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.switches import Switches
from gateway.store import Store

CHILD, PARENT = INS, OTHER_INS
SEEN = ("--reason", "both came to the counter")


def opened(place: Place, ins: str, born: date) -> None:
    words = ("--ins", ins, "--family", "Zebulonix", "--givens", "Zoé", "--sex", "F")
    more = ("--birth-date", born.isoformat(), "--place", "51215", "--by", "Lou", "--reason", "seen")
    place.done("person", "open", *words, *more)


def activate(place: Place, ins: str) -> None:
    async def work(store: Store) -> None:
        person = await store.people.person(key(store, ins))
        assert person is not None
        change = IdentityChange(
            key=person.key, identity=person.identity, qualified=True, state=AccountState.ACTIVE
        )
        assert await store.people.change_identity(change)

    place.inside(work)


def family(place: Place) -> Path:
    """A child whose space was made, its parent, and a paper."""
    opened(place, CHILD, date(SystemClock().now().year - 6, 1, 1))
    opened(place, PARENT, date(1984, 3, 12))
    activate(place, PARENT)
    paper = place.config.parent / "paper.pdf"
    paper.write_bytes(b"%PDF-1.4 a birth certificate")
    return paper


def key(store: Store, ins: str) -> PatientKey:
    return store.keys.patient_key(INS_OID, ins)


def proposed(place: Place, paper: Path, *more: str, by: str = "Lou Testeur") -> Said:
    pair = ("--ins", CHILD, "--parent", PARENT, "--by", by)
    papers = ("--paper", "birth-certificate", "--paper-date", "2020-01-02")
    return place.command(
        "person", "parent", *pair, *papers, "--paper-file", str(paper), *SEEN, *more
    )


def confirmed(place: Place, by: str) -> Said:
    pair = ("--ins", CHILD, "--parent", PARENT, "--by", by)
    return place.command("person", "parent", *pair, "--confirm")


async def seen_by_the_parent(store: Store) -> tuple[list[str], list[str]]:
    """Whose profiles the parent may open, and what the child's history says."""
    me = await store.people.person(key(store, PARENT))
    assert me is not None
    read = ReadShelf(
        shelf=store.shelf,
        people=store.people,
        traces=store.traces,
        clock=SystemClock(),
        grid=shipped_grid(),
        switches=Switches(),
    )
    cards = await managed(read, store.people, me, patient_reader(me.key))
    child = key(store, CHILD)
    traces = await store.traces.of_patient(child, limit=20)
    return [one.profile.person.key.hex() for one in cards], [one.trace.action for one in traces]


def test_two_people_open_a_childs_space_to_its_parent(place: Place) -> None:
    paper = family(place)
    assert proposed(place, paper).status == 0
    assert place.inside(seen_by_the_parent)[0] == []
    said = confirmed(place, "lou  TESTEUR")
    assert (said.status, "second person confirms" in said.err) == (1, True)
    assert confirmed(place, "Camille Fabre").status == 0
    cards, acts = place.inside(seen_by_the_parent)
    assert len(cards) == 1
    assert acts[1:-1] == ["parent-confirmed", "parent-confirmed", "parent-proposed"]
    again = confirmed(place, "Camille Fabre")
    assert (again.status, "represents the other one already" in again.err) == (1, True)


def test_a_parent_whom_a_list_named_opens_the_childs_space_by_two_people_too(
    sqlite_place: Place,
) -> None:
    place = sqlite_place
    opened(place, PARENT, date(1984, 3, 12))
    activate(place, PARENT)
    paper = place.config.parent / "paper.pdf"
    paper.write_bytes(b"%PDF-1.4 a birth certificate")
    born = date(SystemClock().now().year - 6, 1, 1)
    listed = place.config.parent / "list.csv"
    listed.write_text(
        "ins;family;givens;birth_date;sex;place;serial;parent\n"
        f"{CHILD};Zebulonix;Zoé;{born};F;51215;60123456789;{PARENT}\n"
    )
    place.done("person", "invite", "--list", str(listed), "--by", "Lou", "--reason", "wave")
    assert place.inside(seen_by_the_parent)[0] == [], "named, and nothing opens"
    assert proposed(place, paper).status == 0
    assert confirmed(place, "Ana Autre").status == 0
    assert len(place.inside(seen_by_the_parent)[0]) == 1


def test_of_a_paper_its_kind_day_and_hash_stand_in_the_log_alone(sqlite_place: Place) -> None:
    place = sqlite_place
    assert proposed(place, family(place)).status == 0

    async def told(store: Store) -> bytes:
        return (await store.traces.of_patient(key(store, CHILD), limit=1))[0].trace.details

    details = place.inside(told)
    assert b'"paper":"birth-certificate"' in details
    assert b'"of":"2020-01-02"' in details
    assert b'"sha256":"' in details
    assert f'"login":"{getpass.getuser()}"'.encode() in details
    assert b"%PDF" not in details


def test_nothing_is_confirmed_that_nobody_proposed(sqlite_place: Place) -> None:
    family(sqlite_place)
    said = confirmed(sqlite_place, "Camille Fabre")
    assert (said.status, "nothing of these two waits" in said.err) == (1, True)


@pytest.mark.parametrize(
    ("more", "status", "wrong"),
    [
        (("--paper-date", "2999-01-01"), 1, "has not come"),
        (("--paper-date", "2020-13-01"), 2, "day of the calendar"),
        (("--paper-file", "/nowhere/paper.pdf"), 3, "paper.pdf"),
        (("--reason", " "), 2, "cannot be empty"),
        (("--parent", CHILD), 1, "must be of age"),
        (("--ins", PARENT), 1, "no minor"),
        (("--ins", "199019999999938"), 1, "not known here"),
    ],
)
def test_what_is_wrong_with_a_proposal_is_said_and_nothing_is_written(
    sqlite_place: Place, more: tuple[str, ...], status: int, wrong: str
) -> None:
    said = proposed(sqlite_place, family(sqlite_place), *more)
    assert (said.status, wrong in said.err) == (status, True), said
    assert "parent-proposed" not in sqlite_place.inside(seen_by_the_parent)[1]


def test_a_parent_without_an_own_active_space_is_named_by_nobody(sqlite_place: Place) -> None:
    paper = family(sqlite_place)

    async def shut(store: Store) -> None:
        person = await store.people.person(key(store, PARENT))
        assert person is not None
        state = replace(person, state=AccountState.CREATED).state
        change = IdentityChange(
            key=person.key, identity=person.identity, qualified=True, state=state
        )
        assert await store.people.change_identity(change)

    sqlite_place.inside(shut)
    assert "activated the own space" in proposed(sqlite_place, paper).err
