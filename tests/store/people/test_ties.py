"""Whom a fact of a record names, asked from that person's side."""

from dataclasses import replace
from datetime import timedelta

from store_house import NOW, OID, identity, intake, session

from gateway.clock import SystemIds
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.store import Store

OTHER = "181066938301968"


def key(store: Store, ins: str | None = None) -> PatientKey:
    return store.keys.patient_key(OID, ins or identity().ins or "")


async def test_a_fact_is_found_by_the_person_it_names_after_its_end_too(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    child, parent = key(store), key(store, OTHER)
    given = Choice(
        kind=ChoiceKind.PARENT, target=parent.hex(), since=NOW, giver="ab", scopes=("read",)
    )
    await store.people.choose(child, given)
    (tie,) = await store.people.ties(parent)
    assert (tie.patient, tie.choice) == (child, given)
    assert await store.people.ties(child) == []
    later = NOW + timedelta(days=1)
    await store.people.choose(child, replace(given, since=later, until=later))
    ends = [tie.choice.until for tie in await store.people.ties(parent)]
    assert ends == [later, later]


async def test_other_facts_that_name_somebody_are_no_tie(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    parent = key(store, OTHER)
    known = Choice(kind=ChoiceKind.KNOWN_READER, target=parent.hex(), since=NOW)
    await store.people.choose(key(store), known)
    assert await store.people.ties(parent) == []


async def test_a_session_keeps_whose_profile_it_looks_at(store: Store) -> None:
    kept = session()
    await store.sessions.open(kept)
    await store.sessions.open(replace(kept, profile="cd"))
    assert await store.sessions.find(kept.id_hash) == replace(kept, profile="cd")


async def test_whom_a_professional_is_named_by_is_found_newest_first(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    mine, teams = ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.CARE_TEAM
    record, other = key(store), key(store, OTHER)
    given = [
        (record, Choice(kind=mine, target="8997", since=NOW)),
        (other, Choice(kind=teams, target="1750", since=NOW + timedelta(days=1))),
        (record, Choice(kind=ChoiceKind.BLOCK, target="8997", since=NOW)),
        (other, Choice(kind=mine, target="1750", since=NOW)),
    ]
    for patient, choice in given:
        await store.people.choose(patient, choice)

    named = await store.people.naming({mine: "8997", teams: "1750"}, limit=10)
    assert [(one.patient, one.choice) for one in named] == [given[1], given[0]]
    assert await store.people.naming({mine: "8997", teams: "1750"}, limit=1) == named[:1]
    assert await store.people.naming({}, limit=10) == []


async def test_what_an_operator_proposed_waits_until_its_day(store: Store) -> None:
    await store.journal.file(intake(SystemIds()))
    child, parent = key(store), key(store, OTHER)
    kinds = (ChoiceKind.PARENT_PROPOSED, ChoiceKind.WITHDRAWAL_PROPOSED)
    paper = ("judgment", "2026-03-01", "ab" * 32, "")
    proposed = Choice(
        kind=ChoiceKind.PARENT_PROPOSED,
        target=parent.hex(),
        since=NOW,
        until=NOW + timedelta(days=30),
        by="101",
        scopes=paper,
    )
    await store.people.choose(child, proposed)
    later = replace(proposed, kind=ChoiceKind.WITHDRAWAL_PROPOSED, since=NOW + timedelta(days=1))
    await store.people.choose(child, later)
    found = await store.activations.proposed(kinds, NOW, limit=9)
    assert [(one.patient, one.choice) for one in found] == [(child, proposed), (child, later)]
    assert len(await store.activations.proposed(kinds, NOW, limit=1)) == 1
    assert await store.activations.proposed(kinds[1:], NOW + timedelta(days=30), limit=9) == []
    assert await store.people.ties(parent) == [], "nothing is opened by it"
    await store.people.choose(child, replace(proposed, since=NOW, until=NOW))
    (left,) = await store.activations.proposed(kinds, NOW, limit=9)
    assert left.choice.kind is ChoiceKind.WITHDRAWAL_PROPOSED
