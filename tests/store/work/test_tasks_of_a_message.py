"""The tasks of one message are found among all that there ever were without reading them."""

from sqlalchemy import Connection, text

from gateway.store import Store
from gateway.store.documents.receipts.one_message import tasks_query

MANY = 20_000
FILLED = text(
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many)"
    " INSERT INTO task (kind, subject, sealed, created_at, due_at, attempts, settled_at)"
    " SELECT 'notice', 's' || i, :sealed, 0, 0, 1, 1 FROM n"
)


def plan(connection: Connection) -> str:
    """How the engine would look for the tasks of a receipt and its document."""
    is_sqlite = connection.dialect.name == "sqlite"
    query = tasks_query(["s17", "s18"])
    words = query.compile(connection, compile_kwargs={"literal_binds": True})
    explain = "EXPLAIN QUERY PLAN" if is_sqlite else "EXPLAIN"
    rows = connection.execute(text(f"{explain} {words}")).all()
    return " ".join(str(part) for row in rows for part in row)


async def test_tasks_of_a_message_are_found_by_an_index(store: Store) -> None:
    def work(connection: Connection) -> str:
        connection.execute(FILLED, {"many": MANY, "sealed": b"x"})
        connection.execute(text("ANALYZE task"))
        return plan(connection)

    assert "task_subject" in await store.database.write(work)
