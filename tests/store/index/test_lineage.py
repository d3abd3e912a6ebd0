"""Whatever is merged, said and undone, in any order: a name leads to the patient of whom it was
said, or of whom it was said of a name that it is merged with today."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from laid import lay
from papers import adt, message, msh, pid, stranger
from store_house import NOW, FixedClock
from ward_house import AUTHORITY, WORD, Ward

from gateway.clock import SystemIds
from gateway.errors import RefusedError
from gateway.flows.filing import FilingJudge
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, open_store

ALIX = stranger()
NAMES = range(5)
number = st.integers(0, len(NAMES) - 1)
acts = st.one_of(
    st.tuples(st.just("merge"), number, number),
    st.tuples(st.just("say"), number, st.just(0)),
    st.tuples(st.just("undo"), st.integers(0, 9), st.just(0)),
)


@dataclass
class Model:
    """What was said of which name, and the merges in force."""

    said: set[int] = field(default_factory=set)
    merges: list[tuple[int, int]] = field(default_factory=list)

    def whole(self, name: int) -> set[int]:
        found = {name}
        while True:
            more = {b for a, b in self.merges if a in found} | {
                a for a, b in self.merges if b in found
            }
            if more <= found:
                return found
            found |= more

    def known(self, name: int) -> bool:
        return bool(self.whole(name) & self.said)

    def same(self, one: int, other: int) -> bool:
        return other in self.whole(one) or (self.known(one) and self.known(other))


async def play(ward: Ward, todo: Sequence[tuple[str, int, int]]) -> None:
    await ward.open(ALIX)
    model = Model()
    for turn, (act, one, other) in enumerate(todo):
        if act == "merge" and one != other:
            await merge(ward, model, f"M{turn}", one, other)
        elif act == "say":
            assert (await ward.send(adt(ALIX, f"S{turn}", local=f"N{one}"))).verdict == "accept"
            model.said.add(one)
        elif act == "undo":
            await undo(ward, model, one)
        for name in NAMES:
            person = await ward.store.people.person_by_local_id(f"1.2.250.1.999.31^N{name}")
            assert (person is not None) == model.known(name), (todo[: turn + 1], name)


async def merge(ward: Ward, model: Model, control: str, one: int, other: int) -> None:
    """Identifiers alone, with traits that say who it is."""
    who = pid(ALIX, local=f"N{one}", with_ins=False)
    raw = message(msh("ADT^A40^ADT_A39", control), who, f"MRG|N{other}^^^{AUTHORITY}^PI")
    assert (await ward.send(raw)).verdict is Verdict.ACCEPT
    if not model.same(one, other):
        model.merges.append((one, other))
    assert len([m for m in await ward.store.merges.list(limit=99) if not m.undone_at]) == len(
        model.merges
    )


async def undo(ward: Ward, model: Model, place: int) -> None:
    active = [one for one in await ward.store.merges.list(limit=99) if one.undone_at is None]
    if place >= len(active):
        return
    pair = model.merges[len(active) - 1 - place]
    try:
        await ward.store.merges.undo(active[place].id, WORD, at=NOW)
    except RefusedError:
        assert set(pair) <= model.said
    else:
        model.merges.remove(pair)


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(todo=st.lists(acts, max_size=12))
@example(todo=[("merge", 1, 2), ("merge", 3, 1), ("say", 3, 0), ("say", 2, 0), ("undo", 0, 0)])
@example(todo=[("merge", 1, 2), ("merge", 3, 1), ("say", 2, 0), ("say", 3, 0), ("undo", 1, 0)])
def test_names_lead_where_they_were_said_to_lead(
    tmp_path_factory: pytest.TempPathFactory, todo: list[tuple[str, int, int]]
) -> None:
    async def run(folder: Path) -> None:
        ids = SystemIds()
        keys = Keys.create(folder / "keys", ids)
        url = f"sqlite:///{folder}/gateway.sqlite3"
        lay(url)
        store = open_store(url, keys=keys, judge=FilingJudge(keys, ids), clock=FixedClock())
        try:
            await play(Ward(store, FixedClock()), todo)
        finally:
            await store.close()

    asyncio.run(run(tmp_path_factory.mktemp("lineage")))
