"""Inputs made from honest ones: bytes changed, words inserted, pieces moved, joined or repeated.

The same Random gives the same inputs. Where atheris is installed it makes its own as well; the
long repetitions, which find what costs more than its length, are always ours.
"""

import re
from collections.abc import Callable, Sequence
from itertools import islice
from random import Random

from target import Target

MOST_EDITS = 6
LONGEST_PIECE = 400
MOST_UNITS, LONGEST_SEED = 300, 100_000
Edit = Callable[[bytearray, Random, Sequence[bytes]], None]


def mutated(seed: bytes, words: Sequence[bytes], chance: Random) -> bytes:
    """One to six small edits."""
    data = bytearray(seed)
    for _ in range(chance.randint(1, MOST_EDITS)):
        chance.choice(EDITS)(data, chance, words)
    return bytes(data)


def pumped(target: Target, seed: bytes, chance: Random, *, size: int) -> bytes:
    """One unit of the seed, a piece of it, or one or two words, repeated up to `size` bytes."""
    words = target.words
    units = _units(target, seed) if chance.random() < 0.5 else []
    if units:
        unit = chance.choice(units)
        piece = unit[0] + target.joint
        count = max(size - len(seed), 0) // len(piece)
        return seed[: unit.start()] + piece * count + seed[unit.start() :]
    at, stop = _piece(bytearray(seed), chance)
    piece = seed[at:stop] or b" "
    if words and chance.random() < 0.5:
        piece = b"".join(chance.choice(words) for _ in range(chance.randint(1, 2)))
    count = max(size - len(seed), 0) // len(piece)
    cut = stop if chance.random() < 0.8 else len(seed)
    return seed[:at] + piece * count + seed[cut:]


def _units(target: Target, seed: bytes) -> list[re.Match[bytes]]:
    found = target.unit.finditer(seed[:LONGEST_SEED]) if target.unit else iter(())
    return list(islice(found, MOST_UNITS))


def pumped_twice(target: Target, seed: bytes, chance: Random, *, size: int) -> bytes:
    """Two parts repeated: what is costly only where much of one thing meets much of another."""
    return pumped(target, pumped(target, seed, chance, size=size // 2), chance, size=size)


def crossed(seed: bytes, other: bytes, chance: Random) -> bytes:
    """The beginning of one, the end of another."""
    return seed[: chance.randint(0, len(seed))] + other[chance.randint(0, len(other)) :]


def _piece(data: bytearray, chance: Random) -> tuple[int, int]:
    at = chance.randint(0, len(data))
    return at, min(len(data), at + chance.randint(0, LONGEST_PIECE))


def _flip(data: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    if data:
        data[chance.randrange(len(data))] = chance.randrange(256)


def _insert(data: bytearray, chance: Random, words: Sequence[bytes]) -> None:
    at = chance.randint(0, len(data))
    data[at:at] = chance.choice(words) if words else bytes([chance.randrange(256)])


def _overwrite(data: bytearray, chance: Random, words: Sequence[bytes]) -> None:
    word = chance.choice(words) if words else b"\0"
    at = chance.randint(0, len(data))
    data[at : at + len(word)] = word


def _drop(data: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    at, stop = _piece(data, chance)
    del data[at:stop]


def _double(data: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    at, stop = _piece(data, chance)
    data[at:at] = data[at:stop] * chance.randint(1, 4)


def _move(data: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    at, stop = _piece(data, chance)
    piece = bytes(data[at:stop])
    del data[at:stop]
    to = chance.randint(0, len(data))
    data[to:to] = piece


def _cut(data: bytearray, chance: Random, _: Sequence[bytes]) -> None:
    del data[chance.randint(len(data) // 2, len(data)) :]


EDITS: tuple[Edit, ...] = (
    _flip, _flip, _flip, _insert, _insert, _insert, _overwrite, _drop, _double, _move, _cut,
)  # fmt: skip
