"""What senders sent and what was noticed about it, on every engine: counted in bounds."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import pytest
from laid import lay
from msgspec import structs
from sqlalchemy import delete
from store_house import NOW, FixedClock, PlainJudge, intake

from gateway.clock import SystemIds
from gateway.ports.documents.scorecards import Scorecards, SenderAccounts
from gateway.records.intake.filing import Door, Facts, Filing, Intake
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.scorecard import Noticed
from gateway.records.patients.account import SenderAccount
from gateway.store import Keys, Store, open_store
from gateway.store.schema import data_key

MANY, WEEK = 1_000, timedelta(days=7)
END = NOW + 2 * WEEK


def finding(code: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where="PID-3", message="Say it once.")


@dataclass
class CodingJudge(PlainJudge):
    """Notices whatever it is told to, twice."""

    codes: tuple[str, ...] = ()

    def __call__(self, intake: Intake, facts: Facts) -> Filing:
        filing = super().__call__(intake, facts)
        findings = tuple(map(finding, self.codes * 2))
        return structs.replace(filing, answer=replace(filing.answer, findings=findings))


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> CodingJudge:
    return CodingJudge(keys, ids)


@pytest.fixture
async def store(url: str, keys: Keys, judge: CodingJudge) -> AsyncIterator[Store]:
    lay(url)
    opened = open_store(url, keys=keys, judge=judge, clock=FixedClock())
    yield opened
    await opened.close()


async def sent(
    store: Store,
    ids: SystemIds,
    number: int,
    *,
    sender: str = "labo",
    verdict: Verdict = Verdict.ACCEPT,
    at: datetime = NOW,
) -> str:
    made = intake(ids, number, serial=number, sender=sender, verdict=verdict)
    return (await store.journal.file(structs.replace(made, at=at))).receipt


async def test_inputs_are_counted_by_sender_door_format_and_verdict(
    store: Store, ids: SystemIds
) -> None:
    later = NOW + timedelta(hours=1)
    await sent(store, ids, 1)
    await sent(store, ids, 2, at=later)
    await sent(store, ids, 3, verdict=Verdict.REFUSE)
    await sent(store, ids, 4, sender="ris", verdict=Verdict.HOLD)
    cards: Scorecards = store.scorecards
    found, more = await cards.sent(NOW, END, among=MANY)
    assert {(one.sender, one.verdict, one.count, one.last) for one in found} == {
        ("labo", Verdict.ACCEPT, 2, later),
        ("labo", Verdict.REFUSE, 1, NOW),
        ("ris", Verdict.HOLD, 1, NOW),
    }
    assert {(one.door, one.format) for one in found} == {(Door.MLLP, "hl7v2")}
    assert not more


async def test_what_came_before_the_time_is_not_counted_and_cuts_nothing(
    store: Store, ids: SystemIds
) -> None:
    await sent(store, ids, 1, at=NOW - WEEK - timedelta(seconds=1))
    await sent(store, ids, 2)
    (one,), more = await store.scorecards.sent(NOW - WEEK, END, among=1)
    assert (one.count, more) == (1, False)
    (one,), more = await store.scorecards.sent(NOW - 2 * WEEK, END, among=1)
    assert (one.count, more) == (1, True)


async def test_inputs_with_the_same_codes_are_counted_together_newest_first(
    store: Store, ids: SystemIds, judge: CodingJudge
) -> None:
    judge.codes = ("a", "b")
    await sent(store, ids, 1)
    newest = await sent(store, ids, 2)
    judge.codes = ("b",)
    other = await sent(store, ids, 3, sender="ris", verdict=Verdict.REFUSE)
    judge.codes = ()
    await sent(store, ids, 4)
    assert await store.scorecards.noticed(NOW, END, among=MANY) == [
        Noticed(receipt=other, sender="ris", codes=("b",), count=1),
        Noticed(receipt=newest, sender="labo", codes=("a", "b"), count=2),
    ]


async def test_findings_are_of_the_newest_inputs_of_the_time(
    store: Store, ids: SystemIds, judge: CodingJudge
) -> None:
    judge.codes = ("a",)
    for number in (1, 2, 3):
        await sent(store, ids, number)
    (found,) = await store.scorecards.noticed(NOW, END, among=2)
    assert found.count == 2
    assert await store.scorecards.noticed(NOW + WEEK, END, among=MANY) == []


async def test_what_is_about_an_erased_person_is_counted_all_the_same(
    store: Store, ids: SystemIds, judge: CodingJudge
) -> None:
    judge.codes = ("a",)
    await sent(store, ids, 1)
    await store.database.write(lambda c: c.execute(delete(data_key)).rowcount)
    store.database.keyring._cache.clear()
    (noticed,) = await store.scorecards.noticed(NOW, END, among=MANY)
    (one,), _ = await store.scorecards.sent(NOW, END, among=MANY)
    assert (noticed.codes, one.count) == (("a",), 1)


async def test_flow_and_cards_count_the_same_inputs_whatever_was_judged_again_since(
    store: Store, ids: SystemIds
) -> None:
    """An old one that is judged again gets the highest number, and a clock that was ahead wrote an
    hour to come: neither is the newest."""
    late = NOW + timedelta(hours=1)
    await sent(store, ids, 1, at=late)
    await sent(store, ids, 2, sender="ris", at=NOW + timedelta(minutes=2))
    await sent(store, ids, 3, sender="old", at=NOW)
    until = NOW + timedelta(minutes=3)
    for among, counted in ((1, {"ris"}), (2, {"ris", "old"})):
        tallies = await store.messages.tallies(since=NOW, until=until, limit=among)
        cards, more = await store.scorecards.sent(NOW, until, among=among)
        assert {one.sender for one in tallies.rows} == {one.sender for one in cards} == counted
        assert tallies.more == more == (among == 1)


async def test_accounts_of_senders_are_given_by_name(store: Store) -> None:
    accounts: SenderAccounts = store.people
    for name in ("ris", "labo"):
        await store.people.add_sender(SenderAccount(name=name, token_hash=name.encode()))
    assert [one.name for one in await accounts.senders()] == ["labo", "ris"]
