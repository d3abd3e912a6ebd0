"""Attestations for schools as the store keeps them: sealed, found by their whole code, and gone
with the record (VAULT VAC-05)."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import Connection, select
from store_house import NOW, put_into
from ward_house import ALIX, LOU, Ward, a40, numbered

from gateway.flows.reading.decided.asking import GONE
from gateway.ports.people.erasures import Follows
from gateway.records.patients.account import AccountState, NewTrace
from gateway.records.patients.attestation import Attestation, AttestedDays, Checkable
from gateway.records.patients.erasure import Cause, Erasure
from gateway.records.patients.patient import PatientKey
from gateway.store import schema

CODE, OTHER = "ABCDEFGHJKLMNPQR", "ABCDEFGHJKLMNPQS"


def made(patient: PatientKey, number: int = 1, code: str = CODE) -> Attestation:
    return Attestation(
        id=f"{number:032x}",
        patient=patient,
        code=code,
        made_at=NOW + timedelta(days=number),
        by="Zébulon",
        names="KALEIDOSCOPE Alix",
        birth_date="2016-05-20",
        standing="à jour",
        valences=(AttestedDays(title="diphtérie", days=("2016-07-21", "2016-09-22")),),
    )


def act(one: Attestation, said: str = "attestation-made") -> NewTrace:
    return NewTrace(
        patient=one.patient,
        action=said,
        permitted=True,
        rule=GONE.rule,
        kind="representative",
        actor="x",
        actor_name="Zébulon",
    )


async def acts_of(ward: Ward, patient: PatientKey) -> list[str]:
    rows = await ward.store.traces.of_patient(patient, limit=50)
    return [row.trace.action for row in rows if row.trace.action.startswith("attest")][::-1]


async def stored(ward: Ward) -> str:
    def work(connection: Connection) -> str:
        return str(connection.execute(select(schema.attestation)).all())

    return await ward.store.database.read(work)


async def test_an_attestation_is_found_by_its_code_and_withdrawn_once(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    kept, one = ward.store.attestations, made(alix)
    await kept.add(one, act=act(one))
    newer = made(alix, 2, OTHER)
    await kept.add(newer, act=act(newer))
    assert await kept.of(alix) == [newer, one]
    assert await kept.of(lou) == []
    assert await kept.find(one.id) == one
    assert await kept.find("0" * 32) is None
    assert await kept.find("\x00") is None
    assert await kept.check(CODE) == Checkable(patient=alix, is_withdrawn=False)
    assert await kept.check(CODE[:-1] + "T") is None

    at = NOW + timedelta(days=9)
    assert await kept.withdraw(one.id, at, act=act(one, "attestation-withdrawn"))
    assert not await kept.withdraw(one.id, at, act=act(one, "attestation-withdrawn"))
    assert await kept.find(one.id) == replace(one, withdrawn_at=at)
    assert await kept.check(CODE) == Checkable(patient=alix, is_withdrawn=True)
    told = ["attestation-made"] * 2 + ["attestation-withdrawn"]
    assert await acts_of(ward, alix) == told


async def test_nothing_of_it_stands_in_clear(ward: Ward) -> None:
    alix = await ward.open(ALIX)
    one = made(alix)
    await ward.store.attestations.add(one, act=act(one))
    said = await stored(ward)
    for word in ("KALEIDOSCOPE", CODE, "jour", "2016"):
        assert word not in said


async def test_it_follows_its_record_into_a_merge_and_is_unknown_once_erased(ward: Ward) -> None:
    alix, lou = await ward.open(ALIX), await ward.open(LOU)
    await ward.send(numbered(ALIX, "N1", "7001"))
    await ward.send(numbered(LOU, "N2", "7002"))
    kept, mine, theirs = ward.store.attestations, made(alix), made(lou, 2, OTHER)
    for one in (mine, theirs):
        await kept.add(one, act=act(one))
    await ward.send(a40(ALIX, "M1", "8001", local="7001"))
    root = await ward.root(ALIX)
    assert [one.id for one in await kept.of(root)] == [mine.id]
    assert await kept.check(CODE) == Checkable(patient=root, is_withdrawn=False)
    await put_into(ward.store, root, AccountState.CLOSED)
    person = await ward.store.people.person(root)
    assert person is not None
    draft = Erasure(id="e" * 32, at=NOW, cause=Cause.ARCHIVE, since=NOW)
    deed = await ward.store.erasures.erase(person, draft, follows=lambda _done: Follows())
    assert deed is not None  # other rows follow later
    assert await kept.check(CODE) is None
    assert await kept.find(mine.id) is None
    assert await kept.find(theirs.id) == theirs
