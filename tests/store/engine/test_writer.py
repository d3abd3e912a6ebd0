"""The writer's thread: nothing is answered that the database did not take."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

import pytest
from psycopg.errors import OutOfMemory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from store_house import intake
from structlog.testing import capture_logs
from writer_house import Writers, outcome, outcomes_of, writer_of

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.records.intake.filing import Answer, Facts, Intake
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, Store
from gateway.store.documents.filing.facts import Gathering
from gateway.store.documents.filing.names import Names
from gateway.store.engine.failures import deferred

BAD = text("SELECT no_such_column")


async def test_an_sql_error_while_facts_are_read_is_no_answer_of_a_neighbour(
    store: Store, ids: SystemIds, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = Gathering.facts
    failed: list[Intake] = []

    def failing(self: Gathering, intake: Intake, names: Names) -> Facts:
        if intake is sent[1] and not failed:
            failed.append(intake)
            self._connection.execute(BAD)
        return plain(self, intake, names)

    monkeypatch.setattr(Gathering, "facts", failing)
    sent = [intake(ids, 1), intake(ids, 2, serial=2)]
    answers = await asyncio.gather(*(store.journal.file(one) for one in sent))
    assert failed
    for answer in answers:
        assert await store.journal.receipt(answer.receipt) is not None


async def test_a_failure_that_nobody_told_is_found_before_the_commit(
    ids: SystemIds, writers: Writers
) -> None:
    def swallowing(
        connection: Connection, intakes: Sequence[Intake]
    ) -> Sequence[Answer | Exception]:
        connection.execute(text("SELECT 1"))
        with suppress(DBAPIError):
            if connection.dialect.name == "sqlite":
                connection.exec_driver_sql("ROLLBACK")  # as a full disk makes SQLite do
            connection.execute(BAD)
        return [Answer(receipt=one.receipt, verdict=Verdict.ACCEPT) for one in intakes]

    with pytest.raises(DeferredError):
        await outcome(writers(swallowing), intake(ids))


async def test_a_failed_group_is_one_line_of_the_log_with_the_word_of_the_engine(
    keys: Keys, ids: SystemIds
) -> None:
    writer = writer_of("postgresql://nobody@127.0.0.1:1/none", keys, ids, lambda _c, _i: [])
    with capture_logs() as lines, pytest.raises(DeferredError) as caught:
        await outcome(writer, intake(ids))
    await asyncio.to_thread(writer.stop, patience_seconds=5)
    assert isinstance(caught.value.__cause__, DBAPIError)
    assert [(one["event"], one["count"]) for one in lines] == [("store.not_committed", 1)]


async def test_a_column_that_does_not_exist_is_a_bug_and_nothing_to_send_again(
    store: Store,
) -> None:
    with pytest.raises(DBAPIError):
        await store.database.write(lambda connection: connection.execute(BAD))
    with pytest.raises(DBAPIError):
        await store.database.read(lambda connection: connection.execute(BAD))


async def test_a_unit_that_asks_too_much_of_the_server_spoils_no_neighbour(
    ids: SystemIds, writers: Writers
) -> None:
    poison, plain = intake(ids, 1), intake(ids, 2)

    def group(_: Connection, intakes: Sequence[Intake]) -> Sequence[Answer | Exception]:
        if poison in intakes:
            raise OutOfMemory("out of shared memory")
        return [Answer(receipt=one.receipt, verdict=Verdict.ACCEPT) for one in intakes]

    futures = outcomes_of(writers(group), poison, plain)
    outcomes = await asyncio.gather(*futures, return_exceptions=True)
    assert isinstance(outcomes[0], DeferredError)
    assert isinstance(outcomes[1], Answer)


def test_a_transaction_that_is_lost_is_to_be_tried_later() -> None:
    assert deferred(PendingRollbackError("the server is gone")) is not None
