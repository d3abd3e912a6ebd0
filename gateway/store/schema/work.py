"""The tables of work that follows from a fact, and of the answers that came back for it.

Part of `schema`, where the words used here are explained.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    literal_column,
)

metadata = MetaData()

NUMBER = BigInteger().with_variant(Integer, "sqlite")

task = Table(
    "task",
    metadata,
    Column("id", NUMBER, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("patient", LargeBinary),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("due_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("settled_at", BigInteger),
    Column("outcome", Text),
    Column("reason", Text),
    Column("lane", Text),
    Column("name", LargeBinary),
    Column("dead_at", BigInteger),
    Column("made_at", BigInteger),
    Column("unsent", Integer),
)
ALONE = task.c.settled_at.is_(None) & task.c.lane.is_(None)
IN_A_LANE = task.c.settled_at.is_(None) & task.c.lane.is_not(None)
TRIED = IN_A_LANE & (task.c.attempts > literal_column("0")) & task.c.reason.is_(None)
"""Under way until `due_at`: put off it has a reason, tried again by a person no attempt yet."""
Index("task_subject", task.c.subject)
Index("task_due", task.c.due_at, sqlite_where=ALONE, postgresql_where=ALONE)
Index("task_lane", task.c.lane, task.c.id, sqlite_where=IN_A_LANE, postgresql_where=IN_A_LANE)
Index("task_tried", task.c.lane, sqlite_where=TRIED, postgresql_where=TRIED)
Index(
    "task_name",
    task.c.name,
    sqlite_where=task.c.name.is_not(None),
    postgresql_where=task.c.name.is_not(None),
)
Index(
    "task_dead_at",
    task.c.dead_at,
    sqlite_where=task.c.dead_at.is_not(None),
    postgresql_where=task.c.dead_at.is_not(None),
)

lane_pause = Table(
    "lane_pause",
    metadata,
    Column("lane", Text, primary_key=True),
    Column("since", BigInteger),
    Column("resumed_at", BigInteger),
    Column("sealed", LargeBinary),
)

business_ack = Table(
    "business_ack",
    metadata,
    Column("receipt", Text, primary_key=True),
    Column("original", Text, nullable=False, index=True),
    Column("patient", LargeBinary),
    Column("at", BigInteger, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
)
