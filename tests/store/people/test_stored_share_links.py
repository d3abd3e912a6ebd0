"""Links to documents in the store: sealed, counted in the commit, ended with the space."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import Connection, select
from store_house import NOW, put_into
from ward_house import ALIX, LOU, Ward

from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState, NewTrace
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import PatientKey
from gateway.records.patients.share_link import MOST_READINGS, ShareLink
from gateway.records.readers.access import ReaderKind
from gateway.store import schema

UNTIL = NOW + timedelta(days=7)


def made(patient: PatientKey, number: int = 1, *, until: datetime = UNTIL) -> ShareLink:
    return ShareLink(
        id=f"{number:032x}",
        patient=patient,
        document=f"{number:032x}",
        by=patient.hex(),
        kind=ReaderKind.PATIENT,
        by_name="Zébulon KALEIDOSCOPE",
        to="ma cousine KALEIDOSCOPE",
        secret=f"{number:0>43}",
        code="ABCDEFGH",
        made_at=NOW,
        until=until,
    )


def act(one: ShareLink, said: str = "link-made") -> NewTrace:
    return NewTrace(
        patient=one.patient,
        action=said,
        permitted=True,
        rule="P50",
        kind="patient",
        actor="x",
        actor_name="Zébulon",
    )


async def stored(ward: Ward, *tables: str) -> str:
    def work(connection: Connection) -> str:
        rows = (connection.execute(select(getattr(schema, one))).all() for one in tables)
        return str([row for found in rows for row in found])

    return await ward.store.database.read(work)


async def test_a_link_is_found_by_its_secret_until_it_ends(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    links, one = ward.store.share_links, made(alix)
    assert await links.make(one, most=2, act=act(one))
    assert await links.make(one, most=2, act=act(one)), "a second click is the same link"
    newer = replace(made(alix, 2), made_at=NOW + timedelta(minutes=1))
    assert await links.make(newer, most=2, act=act(newer))
    third = made(alix, 3)
    assert not await links.make(third, most=2, act=act(third))
    assert await links.make(made(lou, 4), most=2, act=act(made(lou, 4)))
    assert await links.of(alix, NOW) == [newer, one]
    assert await links.find(one.secret, NOW) == one
    assert await links.find("\udcff", NOW) is None
    assert await links.find(one.secret, UNTIL) is None
    assert await links.of(alix, UNTIL) == []
    assert await links.end(one.id, act=act(one, "link-ended"))
    assert not await links.end(one.id, act=act(one, "link-ended"))
    rows = await ward.store.traces.of_patient(alix, limit=50)
    told = [row.trace.action for row in rows if row.trace.action.startswith("link")]
    assert sorted(told) == ["link-ended", "link-made", "link-made"]


async def test_of_many_who_come_at_once_five_are_let_in(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    links, one = ward.store.share_links, made(alix)
    await links.make(one, most=9, act=act(one))
    begun = await asyncio.gather(
        *(
            links.begin(one, f"t{n}", until=UNTIL, most=MOST_READINGS, act=act(one, "link-opened"))
            for n in range(12)
        )
    )
    assert begun.count(True) == MOST_READINGS
    ticket = f"t{begun.index(True)}"
    assert await links.reading(one.secret, ticket, NOW) == replace(one, readings=MOST_READINGS)
    assert await links.reading(one.secret, f"t{begun.index(False)}", NOW) is None
    assert await links.reading("0" * 43, ticket, NOW) is None
    assert await links.reading(one.secret, ticket, UNTIL) is None
    assert await links.end(one.id, act=act(one, "link-ended"))
    assert await links.reading(one.secret, ticket, NOW) is None
    assert not await links.begin(one, "late", until=UNTIL, most=99, act=act(one, "link-opened"))
    assert await stored(ward, "share_link", "share_reading") == "[]"


async def test_nothing_of_it_stands_in_clear_and_old_ones_go(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    links, old = ward.store.share_links, made(alix, until=NOW + timedelta(minutes=1))
    await links.make(old, most=9, act=act(old))
    await links.begin(old, "ticket-of-old", until=old.until, most=9, act=act(old, "link-opened"))
    said = await stored(ward, "share_link", "share_reading")
    for word in ("KALEIDOSCOPE", old.code, old.secret, "ticket-of-old", "cousine"):
        assert word not in said
    late = replace(made(alix, 2), made_at=NOW + timedelta(days=1))
    await links.make(late, most=1, act=act(late))
    assert old.id not in await stored(ward, "share_link", "share_reading")
    assert await links.find(late.secret, late.made_at) == late


async def test_it_ends_with_the_space_and_is_gone_with_the_record(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    links, one, other = ward.store.share_links, made(alix), made(lou, 2)
    for each in (one, other):
        await links.make(each, most=9, act=act(each))
    closing = act(one, "closing")
    assert await ward.store.departures.close(alix, at=NOW, acts=[closing])
    assert await links.find(one.secret, NOW) is None
    await put_into(ward.store, lou, AccountState.CLOSED)
    person = await ward.store.people.person(lou)
    assert person is not None
    draft = Erasure(id="e" * 32, at=NOW, cause=Cause.ARCHIVE, since=NOW)
    assert await ward.store.erasures.erase(person, draft, follows=lambda _done: Follows())
    assert await links.find(other.secret, NOW) is None
