"""The writer's thread: nothing is answered that the database did not take."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress

import pytest
from laid import lay
from psycopg.errors import OutOfMemory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError
from store_house import intake
from structlog.testing import capture_logs

from gateway.clock import SystemIds
from gateway.errors import DeferredError
from gateway.ports.metrics import NoMetrics
from gateway.records.intake.filing import Answer, Facts, Intake
from gateway.records.intake.finding import Verdict
from gateway.store import Keys, Store
from gateway.store.documents.filing.facts import Gathering
from gateway.store.documents.filing.names import Names
from gateway.store.engine.engines import writing_engine
from gateway.store.engine.failures import deferred
from gateway.store.engine.ground import Ground
from gateway.store.engine.reserve import Reserve
from gateway.store.engine.writer import FileGroup, Job, Writer
from gateway.store.keys.keyring import Keyring

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


@pytest.fixture
async def writers(url: str) -> AsyncIterator[list[Writer]]:
    """Those that a test made; stopped at its end."""
    lay(url)
    made: list[Writer] = []
    yield made
    for one in made:
        await asyncio.to_thread(one.stop, patience_seconds=5)


def writer_of(url: str, keys: Keys, ids: SystemIds, file_group: FileGroup) -> Writer:
    return Writer(
        writing_engine(url),
        Keyring(keys, ids),
        file_group,
        reserve=Reserve(url, 0),
        ground=Ground(url),
        max_group=64,
        metrics=NoMetrics(),
    )


def outcomes_of(writer: Writer, *works: Intake) -> list[asyncio.Future[object]]:
    """Of one group."""
    loop = asyncio.get_running_loop()
    jobs = [Job(work, loop.create_future(), loop, 1) for work in works]
    writer.put(jobs)
    return [job.future for job in jobs]


async def outcome(writer: Writer, work: Intake) -> object:
    return await outcomes_of(writer, work)[0]


async def test_a_failure_that_nobody_told_is_found_before_the_commit(
    url: str, keys: Keys, ids: SystemIds, writers: list[Writer]
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

    writers.append(writer_of(url, keys, ids, swallowing))
    with pytest.raises(DeferredError):
        await outcome(writers[0], intake(ids))


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
    url: str, keys: Keys, ids: SystemIds, writers: list[Writer]
) -> None:
    poison, plain = intake(ids, 1), intake(ids, 2)

    def group(_: Connection, intakes: Sequence[Intake]) -> Sequence[Answer | Exception]:
        if poison in intakes:
            raise OutOfMemory("out of shared memory")
        return [Answer(receipt=one.receipt, verdict=Verdict.ACCEPT) for one in intakes]

    writers.append(writer_of(url, keys, ids, group))
    outcomes = await asyncio.gather(*outcomes_of(writers[0], poison, plain), return_exceptions=True)
    assert isinstance(outcomes[0], DeferredError)
    assert isinstance(outcomes[1], Answer)


def test_a_transaction_that_is_lost_is_to_be_tried_later() -> None:
    assert deferred(PendingRollbackError("the server is gone")) is not None
