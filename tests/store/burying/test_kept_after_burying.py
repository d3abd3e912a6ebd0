"""What lists keep in memory of opened documents ends with an erasure, in every process."""

from burying_house import close, draft
from papers import results
from ward_house import ALIX, LOU, Ward

from gateway.clock import SystemIds
from gateway.flows.filing import FilingJudge
from gateway.ports.people.erasures import Follows
from gateway.records.patients.erasure import Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import Keys, Store, open_store


def nothing_follows(_done: Erasure) -> Follows:
    return Follows()


def kept(store: Store, record: PatientKey) -> tuple[bool, bool]:
    """Cards, and results."""
    keyring = store.database.keyring
    seen = keyring._erasures
    return bool(keyring.opened.of(record, seen)), bool(keyring.results.of(record, seen))


async def read_all(store: Store, record: PatientKey) -> int:
    """Documents that hold results."""
    cards = await store.shelf.cards(record)
    return len(await store.shelf.observations_each(record, [card.id for card in cards]))


async def test_an_erasure_by_another_process_takes_what_was_kept_of_everybody(
    ward: Ward, url: str, keys: Keys, ids: SystemIds
) -> None:
    for who in (ALIX, LOU):
        await ward.open(who)
        await ward.send(results(who, f"K{who.given}"))
    here = ward.store
    there = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=ward.clock)
    try:
        assert await read_all(there, ward.key(ALIX)) == 1
        assert kept(there, ward.key(ALIX)) == (True, True)
        await close(here, ward.key(ALIX))
        person = await here.people.person(ward.key(ALIX))
        assert person is not None
        await here.erasures.erase(person, draft(), follows=nothing_follows)
        assert await read_all(there, ward.key(LOU)) == 1
        assert [kept(there, ward.key(who)) for who in (ALIX, LOU)] == [
            (False, False),
            (True, True),
        ]
        assert await read_all(there, ward.key(ALIX)) == 0
    finally:
        await there.close()
