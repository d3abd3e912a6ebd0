"""Verify: the whole log read again, against itself and against every head that was signed."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from gateway.audit.checkpoint import Checkpoint, verified
from gateway.audit.grave import Grave, Tally
from gateway.audit.merkle import Frontier, Node
from gateway.audit.note import NoteError, VerifierKey
from gateway.audit.tree import KEPT_LEVELS
from gateway.ports.log import Nodes
from gateway.records.log import Sealed

AT_ONCE = 20_000
MAX_NAMED = 100
"""Faults that are named one by one; more are only counted."""


class Stretch(Protocol):
    """Entries in order, their leaves, and which of them are altered."""

    @property
    def numbers(self) -> Sequence[int]: ...
    @property
    def leaves(self) -> Sequence[bytes]: ...
    @property
    def altered(self) -> Sequence[int]: ...
    @property
    def unreadable(self) -> int: ...
    @property
    def buried(self) -> Sequence[tuple[bytes, int, bytes]]: ...
    @property
    def missing(self) -> Mapping[bytes, int]: ...
    @property
    def damaged(self) -> Mapping[bytes, int]: ...


class Reading(Protocol):
    async def given_out(self) -> int: ...

    async def stretch(self, *, since: int, limit: int) -> Stretch: ...

    async def graves(self) -> Mapping[bytes, Grave | None]:
        """What stood under each erasure that is done; None where nobody kept it."""


class Heads(Protocol):
    async def checkpoints(self, *, after: int, limit: int) -> list[Sealed]: ...

    async def kept_nodes(self, *, after: int, size: int) -> Nodes:
        """The inner nodes that end behind entry `after`, at `size` or before."""


@dataclass(slots=True)
class Verified:
    """`faults` are sentences; `heads` counts the checkpoints that the log continues, and `signed`
    the entries of the largest of them that is stored. `unreadable` are entries of erased persons,
    of as many as `graves`; `missing` and `damaged` count entries by the record whose key is so."""

    size: int = 0
    root: bytes = b""
    heads: int = 0
    signed: int = 0
    unreadable: int = 0
    graves: dict[bytes, Tally] = field(default_factory=dict)
    missing: Counter[bytes] = field(default_factory=Counter)
    damaged: Counter[bytes] = field(default_factory=Counter)
    count: int = 0
    faults: list[str] = field(default_factory=list)

    def fault(self, words: str) -> None:
        self.count += 1
        if len(self.faults) < MAX_NAMED:
            self.faults.append(words)


@dataclass(frozen=True, slots=True)
class VerifyLog:
    reading: Reading
    heads: Heads
    key: VerifierKey

    async def __call__(self, outside: Sequence[Checkpoint] = ()) -> Verified:
        """`outside` are heads that were kept apart from the database."""
        found = Verified()
        given_out, graves = await self.reading.given_out(), await self.reading.graves()
        waiting = sorted([*await self._signed(found), *outside], key=lambda head: head.size)
        frontier = await self._read_on(found, waiting)
        found.root = frontier.root()
        _look_into(found, graves)
        if found.size < given_out:
            found.fault(f"{given_out - found.size} entries are missing")
        elif found.size > (given_out := await self.reading.given_out()):
            found.fault(f"the count of entries was set back to {given_out}: nothing can be traced")
        for head in waiting:
            found.fault(
                f"{head.size} entries were signed, the log holds {frontier.size} without a gap"
            )
        return found

    async def _signed(self, found: Verified) -> list[Checkpoint]:
        """Every stored checkpoint that our key signed; the others are faults."""
        heads: list[Checkpoint] = []
        after = -1
        while kept := await self.heads.checkpoints(after=after, limit=AT_ONCE):
            after = kept[-1].size
            for one in kept:
                try:
                    head = verified(one.note, self.key)
                except NoteError as error:
                    found.fault(f"the checkpoint of {one.size} entries is forged: {error}")
                    continue
                if (head.size, head.root) != (one.size, one.root):
                    found.fault(f"the checkpoint of {one.size} entries was changed")
                elif not _is_edge(one.peaks, head):
                    found.fault(f"the hashes beside the checkpoint of {one.size} were changed")
                heads.append(head)
        found.heads = len(heads)
        found.signed = max((head.size for head in heads), default=0)
        return heads

    async def _read_on(self, found: Verified, waiting: list[Checkpoint]) -> Frontier:
        """Every entry; the tree as far as there is no gap. `waiting` heads met are taken off."""
        frontier, following, whole = Frontier(), 1, True
        while waiting and waiting[0].size == 0:
            self._meet(found, frontier, waiting.pop(0))
        while True:
            stretch = await self.reading.stretch(since=following, limit=AT_ONCE)
            if not stretch.numbers:
                return frontier
            following = stretch.numbers[-1] + 1
            found.size += len(stretch.numbers)
            found.unreadable += stretch.unreadable
            found.missing.update(stretch.missing)
            found.damaged.update(stretch.damaged)
            for grave, number, leaf in stretch.buried:
                found.graves.setdefault(grave, Tally()).add(number, leaf)
            for number in stretch.altered:
                found.fault(f"entry {number} is altered")
            if whole:
                leaves = _dense(stretch, start := frontier.size + 1)
                frontier, nodes = self._add(found, frontier, leaves, waiting)
                await self._compare(found, nodes, start - 1, frontier.size)
                whole = len(leaves) == len(stretch.numbers)
                if not whole:
                    found.fault(f"entry {frontier.size + 1} is not in its place")

    def _add(
        self,
        found: Verified,
        frontier: Frontier,
        leaves: Sequence[bytes],
        waiting: list[Checkpoint],
    ) -> tuple[Frontier, list[Node]]:
        start, nodes = frontier.size, list[Node]()
        while waiting and waiting[0].size <= start + len(leaves):
            head = waiting.pop(0)
            new = leaves[frontier.size - start : head.size - start]
            frontier, made = frontier.grow(new, KEPT_LEVELS)
            nodes += made
            self._meet(found, frontier, head)
        frontier, made = frontier.grow(leaves[frontier.size - start :], KEPT_LEVELS)
        return frontier, nodes + made

    def _meet(self, found: Verified, frontier: Frontier, head: Checkpoint) -> None:
        if frontier.root() != head.root:
            found.fault(f"the first {head.size} entries are not those that were signed")

    async def _compare(self, found: Verified, nodes: Sequence[Node], after: int, size: int) -> None:
        """The inner nodes that proofs and the next heads are made of."""
        size = min(size, found.signed)
        kept = {
            (level, place): digest
            for level, place, digest in await self.heads.kept_nodes(after=after, size=size)
        }
        for node in nodes:
            first, last = node.place << node.level, (node.place + 1) << node.level
            if last <= size and kept.get((node.level, node.place)) != node.hash:
                found.fault(f"the hash kept of entries {first + 1} to {last} is missing or changed")


def _look_into(found: Verified, graves: Mapping[bytes, Grave | None]) -> None:
    """Of the erasures that were done before the log was read."""
    for grave, kept in graves.items():
        there = found.graves.get(grave, Tally()).grave()
        if kept is None or kept == there:
            continue
        said = f", {there.entries} and not {kept.entries}" if there.entries != kept.entries else ""
        found.fault(f"the entries of erasure {grave.hex()} are not those that it left{said}")
    for name, count in found.damaged.items():
        found.fault(f"the key of record {name.hex()} is damaged: {count} entries of it are closed")


def _is_edge(peaks: tuple[bytes, ...], head: Checkpoint) -> bool:
    """Whether these are the roots of the perfect subtrees of that head."""
    whole = len(peaks) == head.size.bit_count()
    return whole and Frontier(head.size, peaks).root() == head.root


def _dense(stretch: Stretch, first: int) -> Sequence[bytes]:
    """The leaves whose numbers follow each other from `first` on."""
    numbers = stretch.numbers
    if not numbers or (numbers[-1] == first + len(numbers) - 1 and numbers[0] == first):
        return stretch.leaves
    count = next(
        (place for place, number in enumerate(numbers) if number != first + place), len(numbers)
    )
    return stretch.leaves[:count]
