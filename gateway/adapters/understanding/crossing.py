"""How a question and its answer cross between the daemon and its helper.

Frames of eight bytes of ticket, four of length, and so many bytes. Ticket 0 is no question: from
the daemon a manner (how the questions that name it are to be read), from the helper "I am there".
"""

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from io import BytesIO
from operator import attrgetter
from struct import Struct
from typing import Any

from gateway.records.reading import Reading
from gateway.records.understanding import Format, Understanding

HEAD = Struct("!QI")
MANNER = Struct("!H")
NO_TICKET = 0
OURS = "gateway.records."
ALSO = frozenset(
    {
        ("functools", "partial"),
        ("datetime", "datetime"),
        ("datetime", "date"),
        ("datetime", "timezone"),
        ("datetime", "timedelta"),
        ("gateway.mapping.hl7v2.results.in_body", "results_in"),
        ("gateway.mapping.cda", "results_in"),
    }
)
"""What an understanding holds besides our records; nothing else is made of an answer."""

Manner = tuple[Reading, Format | None]


@dataclass(frozen=True, slots=True)
class Failure:
    """The helper's own error, its type and place: a fault of ours, not of the input."""

    error: str
    where: str


class Frames:
    """Cuts a stream into (ticket, bytes), however it came."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) - at >= HEAD.size:
            ticket, length = HEAD.unpack_from(buffer, at)
            stop = at + HEAD.size + length
            if stop > len(buffer):
                break
            with memoryview(buffer) as view:
                content = bytes(view[at + HEAD.size : stop])
            at = stop
            yield ticket, content
        del buffer[:at]


def framed(ticket: int, *parts: bytes) -> list[bytes]:
    """The pieces of one frame, to be written one after the other."""
    return [HEAD.pack(ticket, sum(map(len, parts))), *parts]


def packed_manner(manner: Manner) -> bytes:
    return pickle.dumps(manner, pickle.HIGHEST_PROTOCOL)


def manner_in(content: bytes) -> Manner:
    """In the helper, which believes what the daemon says."""
    manner: Manner = pickle.loads(content)  # noqa: S301 - from the daemon that started us
    return manner


def packed_answer(raw: bytes, answer: list[Understanding] | Failure) -> bytes:
    """Without the bytes of the input themselves, which the asker has."""
    out = BytesIO()
    _Packer(out, raw).dump(answer)
    return out.getvalue()


def answer_in(content: bytes, raw: bytes) -> list[Understanding] | Failure:
    """Raises UnpicklingError for anything that is no understanding."""
    answer: list[Understanding] | Failure = _Unpacker(BytesIO(content), raw).load()
    return answer


class _Packer(pickle.Pickler):
    def __init__(self, out: BytesIO, raw: bytes) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = _REDUCERS
        self._raw = raw

    def persistent_id(self, found: Any) -> int | None:
        return 0 if found is self._raw else None


class _Unpacker(pickle.Unpickler):
    """Makes records and nothing else: the helper has read what strangers sent."""

    def __init__(self, content: BytesIO, raw: bytes) -> None:
        super().__init__(content)
        self._raw = raw

    def persistent_load(self, _name: Any) -> bytes:
        return self._raw

    def find_class(self, module: str, name: str) -> Any:
        found = _FOUND.get((module, name))
        if found is None:
            if not (module.startswith(OURS) or module == __name__ or (module, name) in ALSO):
                raise pickle.UnpicklingError(f"{module}.{name} is no part of an understanding")
            found = _FOUND[module, name] = super().find_class(module, name)
        return found


_FOUND: dict[tuple[str, str], Any] = {}


class _Reducers(dict[type, Callable[[Any], tuple[Any, ...]]]):
    """How each record is taken apart: its values in order, without their names.

    What dataclasses do by themselves takes three times as long, and a message has ten of them.
    """

    def __missing__(self, kind: type) -> Callable[[Any], tuple[Any, ...]]:
        if not (is_dataclass(kind) and kind.__module__.startswith(OURS)):
            raise KeyError(kind)
        values = attrgetter(*(one.name for one in fields(kind)))
        if len(fields(kind)) == 1:
            reducer = self[kind] = lambda record: (remade, (kind, values(record)))
        else:
            reducer = self[kind] = lambda record: (remade, (kind, *values(record)))
        return reducer


_REDUCERS = _Reducers()
_SETTERS: dict[type, tuple[Callable[[Any, Any], None], ...]] = {}


def remade(kind: type, *values: Any) -> Any:
    """A record of its values, which another process held already: nothing is checked anew."""
    setters = _SETTERS.get(kind)
    if setters is None:
        slots = (getattr(kind, one.name) for one in fields(kind))
        setters = _SETTERS[kind] = tuple(slot.__set__ for slot in slots)
    record: Any = object.__new__(kind)
    for put, value in zip(setters, values, strict=True):
        put(record, value)
    return record
