"""The envelopes that the desk looks for: every filter, pages without a gap, and what followed."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from msgspec import structs
from sqlalchemy import delete, update
from store_house import NOW, OID, PlainJudge, document, identity, intake

from gateway.clock import SystemIds
from gateway.records.intake.filing import Answer, Door, Facts, Filing, Intake
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.keys import CHOSEN_KEY, READ_KEY, control_id_of, mailed_key
from gateway.records.intake.messages import Envelopes, Place, Search
from gateway.records.intake.understanding import Format
from gateway.records.task import NewTask, TaskKind
from gateway.store import Keys, Store, migrate, schema
from gateway.store.engine.engines import writing_engine

LIMIT = 1_000
HOUR = timedelta(hours=1)


def found(*codes: str) -> tuple[Finding, ...]:
    return tuple(
        Finding(code=code, severity=Severity.WARNING, where="PID-3", message="Send it.")
        for code in codes
    )


class Telling(PlainJudge):
    """The plain judge, with the findings of the understanding in the answer, as the real one."""

    def __call__(self, intake: Intake, facts: Facts) -> Filing:
        filing = super().__call__(intake, facts)
        answer = replace(filing.answer, findings=intake.understanding.findings)
        return structs.replace(filing, answer=answer)


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return Telling(keys, ids, tasks=0)


def sent(number: int, *, codes: tuple[str, ...] = (), **changes: object) -> Intake:
    """One a minute; `changes` are fields of the intake."""
    verdict = changes.pop("verdict", Verdict.ACCEPT)
    made = intake(SystemIds(), number, serial=number, verdict=Verdict(str(verdict)))
    understanding = replace(made.understanding, findings=found(*codes))
    at = NOW + timedelta(minutes=number)
    return structs.replace(made, at=at, understanding=understanding, **changes)


async def look(store: Store, *, limit: int = LIMIT, **search: Any) -> Envelopes:
    return await store.messages.page(Search(**search), before=None, rows=25, limit=limit)


async def receipts(store: Store, **search: Any) -> list[str]:
    page = await look(store, limit=LIMIT, **search)
    return [one.receipt for one in page.rows]


async def test_every_filter_finds_its_message_and_no_other(store: Store) -> None:
    first = sent(1, codes=("title-missing", "date-value"))
    second = sent(2, sender="clinique", door=Door.HTTP, verdict=Verdict.REFUSE, codes=("date",))
    third = sent(3, sender="pro/8999", verdict=Verdict.HOLD, key="msh:A|B|X-17")
    for one in (first, second, third):
        await store.journal.file(one)
    assert await receipts(store) == [third.receipt, second.receipt, first.receipt]
    assert await receipts(store, receipt=second.receipt) == [second.receipt]
    assert await receipts(store, sender="clinique") == [second.receipt]
    assert await receipts(store, sender="pro/") == [third.receipt]
    assert await receipts(store, sender="clin") == []
    assert await receipts(store, sender="@ique") == []
    assert await receipts(store, verdict=Verdict.HOLD) == [third.receipt]
    assert await receipts(store, door=Door.HTTP) == [second.receipt]
    assert await receipts(store, format=Format.HL7V2.value) == [
        third.receipt,
        second.receipt,
        first.receipt,
    ]
    assert await receipts(store, format="cda") == []
    assert await receipts(store, code="date-value") == [first.receipt]
    assert await receipts(store, code="date") == [second.receipt]
    assert await receipts(store, code="dat_") == []
    assert await receipts(store, control_id="X-17") == [third.receipt]
    assert await receipts(store, control_id="1", verdict=Verdict.REFUSE) == []
    unique = first.understanding.documents[0].unique_id
    assert await receipts(store, unique_id=unique) == [first.receipt]
    assert await receipts(store, unique_id=unique, receipt=third.receipt) == []
    assert await receipts(store, unique_id="1.2.3^nobody") == []


async def test_mailboxes_of_one_domain_are_asked_for_together(store: Store) -> None:
    for number, box in enumerate(("a@x.fr", "b@x.fr", "a@y.x.fr")):
        await store.journal.file(sent(number, sender=box))
    assert len(await receipts(store, sender="@x.fr")) == 2
    assert len(await receipts(store, sender="b@x.fr")) == 1


async def test_a_refused_message_is_found_by_its_control_id(store: Store) -> None:
    """It takes no name for itself, so that its sender may send it again."""
    refused = sent(1, verdict=Verdict.REFUSE, key="msh:A|B|CTRL-1")
    again = sent(2, key="msh:A|B|CTRL-1")
    for one in (refused, again):
        await store.journal.file(one)
    assert await receipts(store, control_id="CTRL-1") == [again.receipt, refused.receipt]


async def test_a_time_begins_with_its_first_instant_and_ends_before_its_last(
    store: Store,
) -> None:
    made = [sent(number) for number in (1, 2, 3)]
    for one in made:
        await store.journal.file(one)
    assert await receipts(store, since=made[1].at, until=made[2].at) == [made[1].receipt]


async def test_pages_are_read_on_without_a_gap_also_within_one_instant(store: Store) -> None:
    at = NOW + HOUR
    made = [structs.replace(sent(number), at=at) for number in range(7)]
    for one in made:
        await store.journal.file(one)
    seen: list[str] = []
    before: Place | None = None
    for _ in range(5):
        page = await store.messages.page(Search(), before=before, rows=3, limit=LIMIT)
        assert (page.total, page.more) == (7, False)
        seen += [one.receipt for one in page.rows]
        before = page.following
        if before is None:
            break
    assert seen == [one.receipt for one in reversed(made)]


async def test_what_is_rare_is_looked_for_in_bounds_and_goes_on_behind_them(store: Store) -> None:
    old = sent(1, sender="rare")
    for one in (old, *(sent(number) for number in range(2, 12))):
        await store.journal.file(one)
    page = await look(store, limit=5, sender="rare")
    assert (page.rows, page.total, page.more) == ((), 0, True)
    seen: list[str] = []
    for _ in range(4):
        assert page.following is not None
        page = await store.messages.page(
            Search(sender="rare"), before=page.following, rows=25, limit=5
        )
        seen += [one.receipt for one in page.rows]
        if page.following is None:
            break
    assert seen == [old.receipt]


async def test_tallies_count_by_sender_verdict_and_findings(store: Store) -> None:
    made = [sent(number, codes=("date", "title")) for number in (1, 2)]
    made.append(sent(3, sender="clinique", verdict=Verdict.REFUSE, codes=("date",)))
    for one in made:
        await store.journal.file(one)
    tallies = await store.messages.tallies(since=NOW, until=NOW + HOUR, limit=LIMIT)
    told = {(one.sender, one.verdict, one.codes, one.count, one.last) for one in tallies.rows}
    assert told == {
        ("labo", Verdict.ACCEPT, ("date", "title"), 2, made[1].at),
        ("clinique", Verdict.REFUSE, ("date",), 1, made[2].at),
    }
    assert not tallies.more
    few = await store.messages.tallies(since=NOW, until=NOW + HOUR, limit=2)
    assert (few.more, sum(one.count for one in few.rows)) == (True, 2)
    none = await store.messages.tallies(since=NOW, until=made[0].at, limit=LIMIT)
    assert none.rows == ()


async def test_parts_of_a_time_are_counted_by_sender(store: Store) -> None:
    for minute in (0, 1, 10, 59, 60):
        await store.journal.file(sent(minute))
    await store.journal.file(sent(9, sender="clinique"))
    hour = await store.messages.beats(since=NOW, until=NOW + HOUR, parts=6, limit=LIMIT)
    told = sorted((one.sender, one.part, one.count) for one in hour)
    assert told == [("clinique", 0, 1), ("labo", 0, 2), ("labo", 1, 1), ("labo", 5, 1)]
    few = await store.messages.beats(since=NOW, until=NOW + 2 * HOUR, parts=1, limit=2)
    assert [(one.part, one.count) for one in few] == [(0, 2)]


async def test_a_message_judged_again_keeps_the_hour_when_it_came(store: Store) -> None:
    held = sent(1, verdict=Verdict.HOLD)
    await store.journal.file(held)
    await store.journal.refile(structs.replace(held, at=held.at + HOUR))
    (row,) = (await look(store)).rows
    assert (row.verdict, row.at) == (Verdict.ACCEPT, held.at)
    receipt = await store.journal.receipt(held.receipt)
    assert receipt is not None
    assert receipt.at == held.at


async def test_one_message_tells_its_documents_its_tasks_and_whose_it_is(store: Store) -> None:
    body = b"one document"
    one = sent(1, codes=("title",))
    await store.journal.file(one)
    answer = await answer_of(store, one.receipt)
    due = NOW + HOUR
    task = NewTask(kind=TaskKind.FORWARD, subject=one.receipt, due_at=due, lane="lis")
    about = NewTask(kind=TaskKind.NOTICE, subject=answer.documents[0].id, due_at=due)
    other = NewTask(kind=TaskKind.NOTICE, subject="somebody else", due_at=due)
    await store.tasks.add([task, about, other])
    message = await store.messages.message(one.receipt)
    assert message is not None
    assert message.patient == store.keys.patient_key(OID, identity(1).ins or "")
    assert message.control_id == "1"
    (filed,) = message.documents
    assert (filed.unique_id, filed.type_code, filed.status) == (
        one.understanding.documents[0].unique_id,
        document(body).type_code,
        "current",
    )
    assert [line.kind for line in message.tasks] == [TaskKind.FORWARD, TaskKind.NOTICE]
    assert message.answer is not None
    assert [each.code for each in message.answer.findings] == ["title"]
    assert await store.messages.message("0" * 32) is None


async def test_what_waits_is_in_the_log_of_whom_it_names(store: Store) -> None:
    held, refused = sent(1, verdict=Verdict.HOLD), sent(2, verdict=Verdict.REFUSE)
    for one in (held, refused):
        await store.journal.file(one)
    waiting = await store.messages.message(held.receipt)
    gone = await store.messages.message(refused.receipt)
    assert waiting is not None
    assert gone is not None
    assert waiting.patient == store.keys.patient_key(OID, identity(1).ins or "")
    assert gone.patient is None


async def test_of_an_erased_person_the_envelope_alone_is_left(store: Store) -> None:
    one = sent(1, codes=("title",))
    await store.journal.file(one)
    k = schema.data_key
    await store.database.write(lambda c: c.execute(delete(k).where(k.c.patient.is_not(None))))
    store.database.keyring._cache.clear()  # as another process has it
    (row,) = (await look(store)).rows
    assert (row.receipt, row.read, row.codes) == (one.receipt, False, ("title",))
    message = await store.messages.message(one.receipt)
    assert message is not None
    assert (message.answer, message.documents) == (None, ())


async def test_a_row_whose_seal_was_cut_short_hides_no_other_message(store: Store) -> None:
    whole, cut = sent(1), sent(2, codes=("title",))
    for one in (whole, cut):
        await store.journal.file(one)
    t = schema.receipt
    broken = update(t).where(t.c.id == cut.receipt).values(sealed=b"\1")
    await store.database.write(lambda connection: connection.execute(broken))
    rows = (await look(store)).rows
    assert [(one.receipt, one.read) for one in rows] == [
        (cut.receipt, False),
        (whole.receipt, True),
    ]


async def test_rows_of_before_tell_their_findings_out_of_their_seal(store: Store) -> None:
    one = sent(1, codes=("title", "title", "date"))
    await store.journal.file(one)
    bare = update(schema.receipt).values(codes=None, control_name=None)
    await store.database.write(lambda connection: connection.execute(bare))
    (row,) = (await look(store)).rows
    assert row.codes == ("title", "date")
    tallies = await store.messages.tallies(since=NOW, until=NOW + HOUR, limit=LIMIT)
    assert [(each.codes, each.count) for each in tallies.rows] == [((), 1)]


def test_receipts_of_the_previous_schema_come_up_with_nothing_in_the_new_columns(url: str) -> None:
    migrate(url, to="0025")
    engine = writing_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "INSERT INTO receipt"
            " (number, id, sender, door, digest, at, verdict, format, size, sealed)"
            " VALUES (1, 'r', 's', 'mllp', '', 5, 'hold', 'hl7v2', 1, '')"
        )
    migrate(url)
    with engine.connect() as connection:
        row = connection.exec_driver_sql("SELECT at, codes, control_name FROM receipt").one()
    engine.dispose()
    assert tuple(row) == (5, None, None)


def test_what_a_sender_calls_its_message() -> None:
    assert control_id_of(f"{READ_KEY}APP|FAC|M|1") == "M|1"
    assert control_id_of(f"{READ_KEY}||") == ""
    assert control_id_of(f"{CHOSEN_KEY}abc#1") == "abc#1"
    assert control_id_of(mailed_key("00", ["a@b"])) == control_id_of(None) == ""


async def answer_of(store: Store, receipt: str) -> Answer:
    kept = await store.journal.receipt(receipt)
    assert kept is not None
    return kept.answer
