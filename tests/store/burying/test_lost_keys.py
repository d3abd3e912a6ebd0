"""A data key that is damaged or was taken out by hand: that record alone waits, or is erased."""

import asyncio

import pytest
from burying_house import erase_of, furnish, verified
from papers import results
from sqlalchemy import delete, text, update
from store_house import NOW
from ward_house import ALIX, LOU, Ward

from gateway.errors import DeferredError, LostKeyError, RefusedError
from gateway.records.patients.erasure import Cause
from gateway.records.patients.patient import PatientKey
from gateway.store import schema

K = schema.data_key
LOST = ["missing", "damaged"]


async def lose(ward: Ward, key: PatientKey, how: str) -> None:
    one = K.c.patient == key
    gone = (
        delete(K).where(one) if how == "missing" else update(K).where(one).values(wrapped=b"x" * 40)
    )
    await ward.store.database.write(lambda c: c.execute(gone).rowcount)
    ward.store.database.keyring._cache.clear()


@pytest.mark.parametrize("how", LOST)
async def test_a_record_without_its_key_waits_and_everything_else_goes_on(
    ward: Ward, how: str
) -> None:
    alix = await furnish(ward)
    await lose(ward, alix, how)
    with pytest.raises(LostKeyError):
        await ward.store.people.person(alix)
    hers, theirs = await asyncio.gather(
        ward.send(results(ALIX, "R8")), ward.send(results(LOU, "R9")), return_exceptions=True
    )
    assert isinstance(hers, DeferredError)
    assert not isinstance(theirs, BaseException)
    assert theirs.documents
    entries, _ = await ward.store.traces.entries(limit=99)
    assert {one.trace.patient for one in entries} >= {ward.key(LOU)}
    assert await ward.store.database.read(lambda c: c.scalar(text("SELECT 1"))) == 1
    missing = await ward.store.erasures.keyless(limit=9)
    assert missing == ([alix] if how == "missing" else [])


@pytest.mark.parametrize("how", LOST)
async def test_two_people_erase_what_nobody_can_read(ward: Ward, how: str) -> None:
    alix = await furnish(ward)
    await lose(ward, alix, how)
    flow = erase_of(ward)
    with pytest.raises(RefusedError, match="waits to be confirmed"):
        await flow.confirm(alix, by="Camille", login="")
    await flow.propose(alix, by="Lou", login="", reason="the key was taken out")
    with pytest.raises(RefusedError, match="second person"):
        await flow.confirm(alix, by="lou", login="")
    done = await flow.confirm(alix, by="Camille", login="")
    assert (done.cause, done.since, len(done.documents)) == (Cause.KEY_LOST, NOW, 2)
    assert await ward.store.people.person(alix) is None
    assert (await verified(ward)).faults == []
    await ward.open(ALIX)
    assert (await ward.send(results(ALIX, "R1", local="7001"))).documents
    assert await ward.count(ALIX) == 1


async def test_a_record_that_has_its_key_is_not_erased_as_a_lost_one(ward: Ward) -> None:
    alix = await furnish(ward)
    await lose(ward, alix, "damaged")
    await erase_of(ward).propose(alix, by="Lou", login="", reason="damaged")
    assert await ward.store.erasures.lost(ward.key(LOU)) is None
    with pytest.raises(RefusedError, match="is active"):
        await erase_of(ward).propose(ward.key(LOU), by="Lou", login="", reason="asked")
