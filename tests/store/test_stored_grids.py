"""Grids that were in force: kept once each, dated, and a change of them is in the log."""

import hashlib
import json
from datetime import timedelta

from store_house import NOW

from gateway.records.patients.patient import DESK
from gateway.store import Store

OLD, NEW = b"profession_code,type_code,consultation\n", b"[]"


def digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def test_a_grid_is_kept_when_it_changes_and_only_then(store: Store) -> None:
    assert await store.grids.keep(digest(OLD), OLD, NOW) == ""
    assert await store.grids.keep(digest(OLD), OLD, NOW + timedelta(days=1)) is None
    assert await store.grids.keep(digest(NEW), NEW, NOW + timedelta(days=2)) == digest(OLD)
    assert await store.grids.keep(digest(OLD), OLD, NOW + timedelta(days=3)) == digest(NEW)
    versions = [(one.digest, one.since) for one in await store.grids.versions()]
    assert versions == [
        (digest(OLD), NOW + timedelta(days=3)),
        (digest(NEW), NOW + timedelta(days=2)),
        (digest(OLD), NOW),
    ]


async def test_a_file_comes_back_by_the_beginning_that_traces_name(store: Store) -> None:
    for number, content in enumerate((OLD, NEW)):
        await store.grids.keep(digest(content), content, NOW + timedelta(days=number))
    assert await store.grids.content(digest(OLD)[:16]) == OLD
    assert await store.grids.content("") is None
    assert await store.grids.content("zz") is None
    assert await store.grids.content(f"%{digest(OLD)[1:]}") is None


async def test_a_change_is_an_entry_of_the_log(store: Store) -> None:
    await store.grids.keep(digest(OLD), OLD, NOW)
    await store.grids.keep(digest(NEW), NEW, NOW + timedelta(days=1))
    newest, first = await store.traces.of_patient(DESK, limit=5)
    assert json.loads(newest.trace.details) == {"grid": digest(NEW), "before": digest(OLD)}
    assert json.loads(first.trace.details)["before"] == ""
    assert (newest.trace.action, newest.trace.rule) == ("grid", "operator")
