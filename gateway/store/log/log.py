"""The transparency log: leaves out of the traces, signed heads and inner nodes beside them."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, and_, func, or_, select

from gateway.audit.merkle import Frontier, Node
from gateway.audit.tree import KEPT_LEVELS, Tree
from gateway.ports.log import Nodes
from gateway.records.log import Grown, Sealed
from gateway.store import schema
from gateway.store.columns import instant, micros
from gateway.store.engine.statements import current_number, insert_or_leave
from gateway.store.log.traces import COUNTER
from gateway.store.reach import Reach

R = TypeVar("R")
C, N, T = schema.checkpoint, schema.log_node, schema.trace
LEAVES_AT_ONCE = 20_000
HASH_BYTES = 32


class DatabaseLog:
    """The port `LogBook`."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach

    async def latest(self) -> Sealed | None:
        return await self._one(select(C).order_by(C.c.size.desc()).limit(1))

    async def covering(self, number: int) -> Sealed | None:
        return await self._one(select(C).where(C.c.size >= number).order_by(C.c.size).limit(1))

    async def checkpoints(self, *, after: int, limit: int) -> list[Sealed]:
        """By size, those larger than `after`."""
        query = select(C).where(C.c.size > after).order_by(C.c.size).limit(limit)
        return await self._reach.read(lambda c: [_sealed(row) for row in c.execute(query)])

    async def kept_nodes(self, *, after: int, size: int) -> Nodes:
        """The inner nodes that end behind entry `after`, at `size` or before."""
        ranges = [
            and_(N.c.level == level, N.c.place >= after >> level, N.c.place < size >> level)
            for level in KEPT_LEVELS
        ]
        query = select(N.c.level, N.c.place, N.c.hash).where(or_(*ranges))

        def work(connection: Connection) -> Nodes:
            return [(row.level, row.place, row.hash) for row in connection.execute(query)]

        return await self._reach.read(work)

    async def grown(self, since: Sealed | None) -> Grown:
        return await self._reach.read(lambda connection: _grown(connection, since))

    async def keep(self, sealed: Sealed, nodes: Nodes) -> None:
        values = {
            "size": sealed.size,
            "root": sealed.root,
            "at": micros(sealed.at),
            "note": sealed.note,
            "peaks": b"".join(sealed.peaks),
        }

        def work(connection: Connection) -> None:
            kept = connection.scalar(select(C.c.size).where(C.c.size >= sealed.size).limit(1))
            if kept is None:  # else another process was faster, with the same entries
                insert_or_leave(connection, C, values)
                for level, place, digest in nodes:
                    node = {"level": level, "place": place, "hash": digest}
                    insert_or_leave(connection, N, node)

        await self._reach.write(work)

    async def root_of(self, size: int, *, nodes: Nodes = ()) -> bytes:
        return await self._with_tree(nodes, lambda tree: tree.root(0, size))

    async def consistency(self, first: int, size: int, *, nodes: Nodes = ()) -> list[bytes]:
        return await self._with_tree(nodes, lambda tree: tree.consistency(first, size))

    async def inclusion(self, numbers: Sequence[int], size: int) -> list[list[bytes]]:
        return await self._with_tree(
            (), lambda tree: [tree.inclusion(number - 1, size) for number in numbers]
        )

    async def leaf(self, number: int) -> bytes | None:
        query = select(T.c.leaf).where(T.c.number == number)
        return await self._reach.read(lambda connection: connection.scalar(query))

    async def _with_tree(self, nodes: Nodes, ask: Callable[[Tree], R]) -> R:
        fresh = [Node(*node) for node in nodes]
        return await self._reach.read(lambda c: ask(Tree.with_nodes(_fetching(c), fresh)))

    async def _one(self, query: Select[Any]) -> Sealed | None:
        def work(connection: Connection) -> Sealed | None:
            row = connection.execute(query).one_or_none()
            return None if row is None else _sealed(row)

        return await self._reach.read(work)


def _sealed(row: Row[Any]) -> Sealed:
    peaks = row.peaks
    return Sealed(
        size=row.size,
        root=row.root,
        at=instant(row.at),
        note=row.note,
        peaks=tuple(peaks[n : n + HASH_BYTES] for n in range(0, len(peaks), HASH_BYTES)),
    )


def _grown(connection: Connection, since: Sealed | None) -> Grown:
    """Reads on from the older head, a few thousand leaves at a time, as far as there is no gap."""
    given_out = current_number(connection, COUNTER)
    last = connection.scalar(select(func.max(T.c.number))) or 0
    if since is not None and last < since.size:  # cut off: what is left has no such edge
        return Grown(size=last, given_out=max(given_out, since.size), root=b"", peaks=(), nodes=())
    frontier = Frontier(since.size, since.peaks) if since else Frontier()
    nodes: list[Node] = []
    while leaves := leaves_from(connection, frontier.size + 1, LEAVES_AT_ONCE):
        frontier, more = frontier.grow(leaves, KEPT_LEVELS)
        nodes += more
    return Grown(
        size=frontier.size,
        given_out=given_out,
        root=frontier.root(),
        peaks=frontier.peaks,
        nodes=tuple((node.level, node.place, node.hash) for node in nodes),
    )


def leaves_from(connection: Connection, number: int, limit: int) -> list[bytes]:
    """Leaf hashes from this entry on, up to the first number that is missing."""
    query = select(T.c.number, T.c.leaf).where(T.c.number >= number)
    rows = connection.execute(query.order_by(T.c.number).limit(limit)).all()
    if rows and rows[-1][0] == number + len(rows) - 1:
        return [leaf for _, leaf in rows]
    return [row.leaf for place, row in enumerate(rows, number) if row.number == place]


def _fetching(connection: Connection) -> Callable[[int, int, int], list[bytes]]:
    def fetch(level: int, first: int, after: int) -> list[bytes]:
        if level == 0:
            query = select(T.c.leaf).where(T.c.number > first, T.c.number <= after)
            return list(connection.scalars(query.order_by(T.c.number)))
        query = select(N.c.hash).where(N.c.level == level, N.c.place >= first, N.c.place < after)
        return list(connection.scalars(query.order_by(N.c.place)))

    return fetch
