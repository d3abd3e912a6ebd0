"""Launches and the catalogue, on each engine: spent once, dropped at once, counted, forgotten."""

from dataclasses import replace
from datetime import timedelta

from store_house import NOW, OID, identity, intake

from gateway.clock import SystemIds
from gateway.records.catalogue.files import Listing, ListingProposal, ServiceFile, ServiceState
from gateway.records.catalogue.launches import LaunchToken, Tally, TokenKind
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import DESK, PatientKey
from gateway.store import Store

LATER = NOW + timedelta(minutes=5)
FILE = ServiceFile(
    id="carnet",
    name="Carnet",
    publisher="Atelier",
    description="Noter",
    themes=("conseils",),
    price="gratuit",
    regions=("France",),
    languages=("français",),
    terms="https://a.example",
    privacy="https://a.example",
    scopes=("patient/Observation.c",),
    redirects=("https://a.example/r",),
)


async def patient(store: Store) -> PatientKey:
    await store.journal.file(intake(SystemIds()))
    return store.keys.patient_key(OID, identity().ins or "")


def token(key: PatientKey, number: int, kind: TokenKind = TokenKind.CODE) -> LaunchToken:
    return LaunchToken(
        token_hash=bytes([number]) * 32,
        kind=kind,
        service="carnet",
        patient=key,
        granted=NOW,
        made_at=NOW,
        ends_at=LATER,
        challenge="c",
        redirect="https://a.example/r",
        scopes=("patient/Observation.c",),
    )


def act(key: PatientKey = DESK) -> NewTrace:
    return NewTrace(
        patient=key,
        action="service-read",
        permitted=True,
        rule="APP-04",
        kind="application",
        actor="carnet",
        actor_name="Carnet",
    )


async def test_a_token_is_spent_once_and_known_as_spent(store: Store) -> None:
    key = await patient(store)
    one = token(key, 1)
    await store.launches.keep(one)
    assert await store.launches.find(one.token_hash) == one
    first = await store.launches.spend(one.token_hash, at=NOW)
    second = await store.launches.spend(one.token_hash, at=NOW)
    assert first is not None
    assert second is not None
    assert (first.token, first.again, second.token, second.again) == (one, False, one, True)
    assert await store.launches.find(one.token_hash) is None
    assert await store.launches.spend(b"x" * 32, at=NOW) is None


async def test_what_ends_goes_and_another_service_stays(store: Store) -> None:
    key = await patient(store)
    other = replace(token(key, 3), service="balance", ends_at=LATER + timedelta(seconds=1))
    await store.launches.keep(token(key, 1), token(key, 2, TokenKind.ACCESS), other)
    assert await store.launches.drop(key, "carnet") == 2
    assert await store.launches.drop(key, "carnet") == 0
    assert await store.launches.find(other.token_hash) == other
    assert await store.launches.drop_expired(LATER) == 0
    assert await store.launches.drop_expired(LATER + timedelta(seconds=1)) == 1


async def test_only_what_asks_for_others_follows_a_new_agreement(store: Store) -> None:
    key = await patient(store)
    kinds = (TokenKind.CODE, TokenKind.ACCESS, TokenKind.REFRESH)
    tokens = [token(key, number, kind) for number, kind in enumerate(kinds, 1)]
    await store.launches.keep(*tokens)
    await store.launches.follow(key, "carnet", granted=LATER)
    found = [await store.launches.find(one.token_hash) for one in tokens]
    assert found == [None, None, replace(tokens[2], granted=LATER)]


async def test_what_a_service_did_is_counted_and_forgotten(store: Store) -> None:
    key = await patient(store)
    await store.launches.begin(key, "carnet", at=NOW)
    for more in (Tally(kind="Observation", read=3), Tally(kind="Observation", written=1)):
        await store.launches.count(key, "carnet", more, at=LATER, act=act(key))
    (use,) = await store.launches.uses(key)
    assert use.tallies == (Tally(kind="Observation", read=3, written=1),)
    assert (use.last_at, await store.launches.using("carnet")) == (LATER, [key])
    assert await store.launches.unused(since=NOW, limit=9) == []
    assert await store.launches.unused(since=LATER, limit=9) == [use]
    assert await store.launches.untold(since=NOW, limit=9) == [key]
    await store.launches.told(key, at=LATER)
    assert await store.launches.untold(since=NOW, limit=9) == []
    await store.launches.begin(key, "carnet", at=LATER)
    assert (await store.launches.uses(key))[0].tallies == ()
    await store.launches.forget(key, "carnet")
    assert await store.launches.uses(key) == []


async def test_the_catalogue_changes_with_its_proposal_for_one_caller(store: Store) -> None:
    listing = Listing(file=FILE, state=ServiceState.LISTED, since=NOW)
    one = ListingProposal(
        id="a" * 32, file=FILE, state=ServiceState.LISTED, by="101", reason="Avis", at=NOW
    )
    await store.catalogue.propose(one, act=act())
    assert await store.catalogue.waiting() == [one]
    assert await store.catalogue.listings() == []
    assert await store.catalogue.settle(one.id, at=NOW, act=act(), made=listing)
    assert not await store.catalogue.settle(one.id, at=NOW, act=act(), made=listing)
    assert await store.catalogue.listings() == [listing]
    assert await store.catalogue.proposal(one.id) is None
    stopped = replace(listing, state=ServiceState.SUSPENDED, stopped_at=LATER)
    await store.catalogue.change(stopped, act=act())
    assert await store.catalogue.listing("carnet") == stopped
    assert await store.catalogue.listing("\x00") is None
    assert await store.catalogue.drop_ended(by=NOW) == 1
