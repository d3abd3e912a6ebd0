"""What is kept of entries, in which record, and what comes again."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from entry_house import ASTHMA, CONDITION, PENICILLIN, Diary
from msgspec import structs
from papers import ANA, stranger
from sqlalchemy import Connection, select

from gateway.errors import DeniedError
from gateway.flows.entries.listing import Bounds
from gateway.flows.entries.synchronising import Sent, UnfitSentError
from gateway.flows.reading.decided.facts import patient_reader
from gateway.records.entries.entry import (
    Entry,
    EntryState,
    Source,
    Taken,
    Writer,
    WriterRole,
)
from gateway.records.entries.kind import EntryKind
from gateway.records.entries.measure import Measure
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.readers.access import Reader, ReaderKind
from gateway.store import schema
from gateway.store.index.merges import change

MEASURE = EntryKind.MEASURE
PULSE, WEIGHT = "8867-4", "29463-7"
UNITS = {PULSE: "/min", WEIGHT: "kg"}
METER = Reader(kind=ReaderKind.APPLICATION, id="glyco", name="Glyco", scopes=("sync",))


def measured(at: datetime, value: str, code: str = PULSE) -> Measure:
    return Measure(code=code, value=value, unit=UNITS[code], time=at)


async def connected(diary: Diary) -> Reader:
    since = diary.clock.now() - timedelta(days=1)
    given = Choice(
        kind=ChoiceKind.APPLICATION, target="glyco", since=since, scopes=("sync", "write")
    )
    await diary.store.people.choose(diary.key, given)
    return METER


async def send(diary: Diary, reader: Reader, *sent: tuple[Measure, str]) -> Taken:
    return await diary.room.synchronise(
        reader,
        diary.key,
        [Sent(kind=MEASURE, content=content, identifier=name) for content, name in sent],
    )


async def test_measures_are_found_by_what_was_measured_and_when(diary: Diary) -> None:
    now = diary.clock.now()
    for days in range(5):
        for code in (PULSE, WEIGHT):
            made = measured(now - timedelta(days=days), str(60 + days), code)
            await diary.room.write.add(diary.ana, diary.key, MEASURE, made)

    async def values(**bounds: object) -> list[str]:
        asked = replace(Bounds(part=PULSE), **bounds)  # type: ignore[arg-type]  # any bound
        listed = await diary.room.listing(diary.ana, diary.key, [MEASURE], asked)
        contents = [one.content for one in listed.entries]
        return [one.value for one in contents if isinstance(one, Measure)]

    assert await values() == ["60", "61", "62", "63", "64"]
    assert await values(limit=1) == ["60"]
    assert await values(since=now - timedelta(days=2)) == ["60", "61", "62"]
    assert await values(until=now - timedelta(days=2)) == ["63", "64"]
    assert await values(part="8310-5") == []


async def test_what_an_application_sends_again_is_kept_once(diary: Diary) -> None:
    """MEA-03."""
    reader, at = await connected(diary), diary.clock.now()
    first = await send(diary, reader, (measured(at, "70"), "1"), (measured(at, "70"), ""))
    assert (len(first.added), first.known) == (1, 1)
    again = await send(diary, reader, (measured(at, "70"), "1"), (measured(at, "70"), "2"))
    assert (again.added, again.corrected, again.known) == ([], [], 2)
    await diary.room.write.add(diary.ana, diary.key, MEASURE, measured(at, "70"))
    assert len((await diary.listed()).entries) == 2


async def test_another_value_under_the_same_identifier_corrects(diary: Diary) -> None:
    reader, at = await connected(diary), diary.clock.now()
    (name,) = (await send(diary, reader, (measured(at, "70"), "1"))).added
    diary.wait(minutes=1)
    taken = await send(diary, reader, (measured(at, "71"), "1"))
    assert (taken.added, taken.corrected) == ([], [name])
    seen = await diary.room.listing.before(diary.ana, diary.key, name)
    assert [seen.entry.content, *(one.content for one in seen.before)] == [
        measured(at, "71"),
        measured(at, "70"),
    ]


async def test_what_the_patient_took_away_does_not_come_again(diary: Diary) -> None:
    reader, at = await connected(diary), diary.clock.now()
    (name,) = (await send(diary, reader, (measured(at, "70"), "1"))).added
    await diary.room.change.delete(diary.ana, diary.key, name)
    taken = await send(diary, reader, (measured(at, "70"), "1"), (measured(at, "72"), "1"))
    assert (taken.added, taken.corrected) == ([], [])
    assert (await diary.listed()).entries == ()


async def test_an_application_sends_all_or_nothing_and_only_while_it_may(diary: Diary) -> None:
    reader, at = await connected(diary), diary.clock.now()
    with pytest.raises(UnfitSentError) as unfit:
        await send(diary, reader, (measured(at, "70"), "1"), (measured(at, ""), "2"))
    assert unfit.value.place == 1
    assert (await diary.listed()).entries == ()
    with pytest.raises(DeniedError):
        await send(diary, replace(reader, scopes=()), (measured(at, "70"), "1"))
    assert ("entries-synchronised", False, "F25") in await diary.acts()


async def test_entries_follow_their_record_when_it_is_merged_and_parted(diary: Diary) -> None:
    other = await diary.open(stranger())
    theirs = patient_reader(other)
    await diary.room.write.add(theirs, other, CONDITION, ASTHMA)
    await diary.room.write.add(diary.ana, diary.key, EntryKind.ALLERGY, PENICILLIN)
    write = diary.store.database.write
    await write(lambda c: change(c, other, None, diary.key))
    assert len((await diary.listed()).entries) == 2
    await write(lambda c: change(c, other, diary.key, None))
    assert [one.content for one in (await diary.listed()).entries] == [PENICILLIN]


async def test_no_column_tells_what_was_written(diary: Diary) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    await diary.room.write.change(diary.ana, diary.key, name, ASTHMA)
    at = diary.clock.now()
    weight = measured(at, "70.123", WEIGHT)
    await diary.room.write.add(diary.ana, diary.key, MEASURE, weight)

    def dumped(connection: Connection) -> str:
        tables = (schema.entry, schema.entry_state)
        return repr([tuple(row) for t in tables for row in connection.execute(select(t))])

    rows = await diary.store.database.read(dumped)
    assert name in rows
    for word in ("Asthme", "2010", "70.123", WEIGHT, ANA.family, ANA.ins):
        assert word not in rows


async def test_the_log_tells_of_an_entry_and_not_of_its_words(diary: Diary) -> None:
    name = await diary.room.write.add(diary.ana, diary.key, CONDITION, ASTHMA)
    rows = await diary.read.history(diary.ana, diary.key)
    told = [one.trace for one in rows if one.trace.action == "entry-added"]
    assert len(told) == 1
    assert name.encode() in told[0].details
    assert "Asthme" not in repr(rows)


async def test_a_refused_proposal_is_known_again_and_keeps_no_content(diary: Diary) -> None:
    proposed = Entry(
        id="a" * 32,
        patient=diary.key,
        kind=CONDITION,
        content=ASTHMA,
        writer=Writer(role=WriterRole.DOCUMENT),
        added_at=diary.clock.now(),
        written_at=diary.clock.now(),
        source=Source(document="d"),
    )
    entries = diary.store.entries
    assert not await entries.known(diary.key, [proposed])
    await entries.add(structs.replace(proposed, state=EntryState.REFUSED), acts=[])
    (gone,) = await entries.gone(diary.key, CONDITION)
    assert (gone.state, gone.content) == (EntryState.REFUSED, None)
    again = structs.replace(proposed, id="b" * 32, source=Source(document="e"))
    assert await entries.known(diary.key, [again]) == {again.id}
