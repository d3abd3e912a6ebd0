"""Which names are one record: local identifiers and INS that lead, link by link, to one patient.

Documents stay under the name their sender used and are sealed with its data key; a merge only
changes where that name leads (decision 010). So a merge and its undoing rewrite no document.
"""

from collections.abc import Iterable, Mapping
from itertools import pairwise

from sqlalchemy import Connection, select, text

from gateway.records.patients.patient import PatientKey
from gateway.store import schema
from gateway.store.engine.statements import select_in

MAX_LOCKS = 1_000
"""More names than that are held as one: a server has some thousand locks for all its writers."""
LOCKS = text(
    "SELECT CASE WHEN x = 0 THEN pg_advisory_xact_lock_shared(0) ELSE pg_advisory_xact_lock(x) END"
    " FROM unnest(CAST(:names AS bigint[])) AS x"
)
ALL = text("SELECT pg_advisory_xact_lock(0)")
N, P = schema.local_name, schema.patient


def next_of(connection: Connection, names: Iterable[bytes]) -> dict[bytes, bytes]:
    """Where each name leads in one step; a name that leads nowhere is absent."""
    wanted = set(names)
    rows = select_in(connection, P, "patient merged_into", "patient", wanted)
    found = {row.patient: row.merged_into for row in rows if row.merged_into}
    local = wanted - {row.patient for row in rows}
    for row in select_in(connection, N, "name patient", "name", local):
        found[row.name] = row.patient
    return found


def roots(connection: Connection, names: Iterable[bytes]) -> dict[bytes, PatientKey]:
    """The record in which each name ends; its own for a name that leads nowhere."""
    asked = list(names)
    edges = edges_from(connection, asked)
    return {name: PatientKey(path(edges, name)[-1]) for name in asked}


def edges_from(connection: Connection, names: Iterable[bytes]) -> dict[bytes, bytes]:
    """Every step from one of these names to where it ends, however long the chain is."""
    edges: dict[bytes, bytes] = {}
    newest = seen = set(names)
    while newest:
        steps = next_of(connection, newest)
        edges |= steps
        newest = set(steps.values()) - seen
        seen = seen | newest
    return edges


def path(edges: Mapping[bytes, bytes], name: bytes) -> list[bytes]:
    """`name`, and what it leads to one after the other; each once, even where a damaged index
    leads in a ring."""
    found = {name: None}
    while (after := edges.get(name)) is not None and after not in found:
        found[after] = None
        name = after
    return list(found)


def root(connection: Connection, name: bytes) -> PatientKey:
    return roots(connection, [name])[name]


def members(connection: Connection, name: bytes) -> list[bytes]:
    """`name` and every name that leads to it, itself first."""
    found = {name: None}
    newest = [name]
    while newest:
        rows = [
            *select_in(connection, N, "name", "patient", newest),
            *select_in(connection, P, "patient", "merged_into", newest),
        ]
        newest = [one for (one,) in rows if one not in found]
        found |= dict.fromkeys(newest)
    return list(found)


def record(connection: Connection, name: bytes) -> list[bytes]:
    """All names of the record that `name` belongs to, that of the record first."""
    return members(connection, root(connection, name))


def waiting_under(connection: Connection, name: bytes) -> list[str]:
    """Held receipts that wait for this name or for one that leads to it, oldest first."""
    t = schema.waiting
    query = select(t.c.receipt).where(t.c.name.in_(members(connection, name))).distinct()
    return list(connection.scalars(query.order_by(t.c.receipt)))


def turn(connection: Connection, name: bytes) -> None:
    """Makes every name that `name` leads to lead to it instead: the same names, joined by the
    same merges, seen from this one. So what is said of a name is written at that very name, and
    stays with it when a merge is undone. Only for names that lead to no patient."""
    steps = path(edges_from(connection, [name]), name)
    if len(steps) > 1:
        move(connection, name, None)
    for before, after in pairwise(steps):
        move(connection, after, before)


def hold(connection: Connection, names: Iterable[bytes]) -> None:
    """PostgreSQL has several writers: whoever changes the same names waits for its turn.

    In one order, so that no two wait for each other: first lock 0, shared, or alone by whoever
    has too many names to hold each of them.
    """
    if connection.dialect.name != "postgresql":
        return
    numbers = sorted({int.from_bytes(name[:8], "big", signed=True) for name in names} - {0})
    if len(numbers) > MAX_LOCKS:
        connection.execute(ALL)
    else:
        connection.execute(LOCKS, {"names": [0, *numbers]})


def hold_ends(connection: Connection, names: Iterable[bytes], leading: Iterable[bytes]) -> None:
    """Holds `names`, and where each of `leading` ends: who says whose an end is says it of every
    name that leads there, and releases what waits under one, without naming it."""
    if connection.dialect.name != "postgresql":
        return
    asked = set(leading)
    hold(connection, {*names, *(roots(connection, asked).values() if asked else ())})
    if asked:
        held_roots(connection, asked)  # one may have been led elsewhere while this one waited


def held_roots(connection: Connection, names: Iterable[bytes]) -> dict[bytes, PatientKey]:
    """As `roots`, of records that nobody else joins to another until this transaction ends: who
    joins these two from other names of theirs would make each lead to the other one."""
    asked = list(names)
    found = roots(connection, asked)
    while connection.dialect.name == "postgresql":
        hold(connection, found.values())
        held, found = found, roots(connection, asked)
        if held == found:
            break
    return found


def move(connection: Connection, name: bytes, into: bytes | None) -> bytes | None:
    """Makes `name` lead to `into` (None: nowhere); where it led before."""
    before = next_of(connection, [name]).get(name)
    known = connection.scalar(select(P.c.patient).where(P.c.patient == name))
    if known is not None:
        connection.execute(P.update().where(P.c.patient == name).values(merged_into=into))
    elif into is None:
        connection.execute(N.delete().where(N.c.name == name))
    elif before is None:
        connection.execute(N.insert().values(name=name, patient=into))
    else:
        connection.execute(N.update().where(N.c.name == name).values(patient=into))
    return before
