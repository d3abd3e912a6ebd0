"""How a question and its answer cross between the daemon and its helper.

Frames of eight bytes of ticket, two of manner, four of length, and so many bytes. Ticket 0 is no
question: from the daemon the next manner (how the questions that bear its number are to be read),
from the helper "I am there". The manner of an answer says nothing.
"""

import pickle
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, fields, is_dataclass
from io import BytesIO
from operator import attrgetter
from struct import Struct
from typing import Any

import pybase64

from gateway.records.reading import Reading
from gateway.records.understanding import Format, Understanding

HEAD = Struct("!QHI")
NO_TICKET = 0
LARGE_BYTES = 4_096
"""From this size on, what stands in the input is not sent back but taken from there."""
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
        (__name__, "Failure"),
        (__name__, "remade"),
    }
)
"""What an answer holds besides our records; nothing else is made of it."""

Manner = tuple[Reading, Format | None]
Frame = tuple[int, int, bytes]
Place = tuple[int, int, bool]
"""Where bytes stand in the input: start, stop, and whether in base64."""


@dataclass(frozen=True, slots=True)
class Failure:
    """The helper's own error, its type and place: a fault of ours, not of the input."""

    error: str
    where: str


class Frames:
    """Cuts a stream into (ticket, manner, bytes), however it came."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[Frame]:
        buffer = self._buffer
        buffer += data
        at = 0
        while len(buffer) - at >= HEAD.size:
            ticket, manner, length = HEAD.unpack_from(buffer, at)
            stop = at + HEAD.size + length
            if stop > len(buffer):
                break
            with memoryview(buffer) as view:
                content = bytes(view[at + HEAD.size : stop])
            at = stop
            yield ticket, manner, content
        del buffer[:at]


def framed(ticket: int, content: bytes = b"", *, manner: int = 0) -> tuple[bytes, bytes]:
    """The two pieces of one frame, to be written one after the other."""
    return HEAD.pack(ticket, manner, len(content)), content


def packed_manner(manner: Manner) -> bytes:
    return pickle.dumps(manner, pickle.HIGHEST_PROTOCOL)


def manner_in(content: bytes) -> Manner:
    """In the helper, which believes what the daemon says."""
    manner: Manner = pickle.loads(content)  # noqa: S301 - from the daemon that started us
    return manner


def packed_answer(raw: bytes, answer: list[Understanding] | Failure) -> bytes:
    """Without the bytes of the input themselves, which the asker has."""
    out = BytesIO()
    _Packer(out, _places(raw, answer)).dump(answer)
    return out.getvalue()


def _places(raw: bytes, answer: list[Understanding] | Failure) -> dict[int, Place]:
    """What need not be sent, by identity: the input, and large documents that stand in it."""
    places = {id(raw): (0, len(raw), False)}
    if isinstance(answer, Failure) or len(answer) > 1 or answer[0].raw is not None:
        return places  # of a batch, where pieces are counted in each message
    for content in answer[0].contents:
        piece = content.piece
        if piece is None or len(content.body) < LARGE_BYTES or content.body is raw:
            continue
        place = (piece.start, piece.stop, piece.base64)
        with suppress(ValueError):
            if _taken(raw, place) == content.body:
                places[id(content.body)] = place
    return places


def _taken(raw: bytes, place: Place) -> bytes:
    """Raises ValueError where no base64 stands there."""
    start, stop, base64 = place
    piece = raw if stop - start == len(raw) else raw[start:stop]
    return pybase64.b64decode(piece, validate=True) if base64 else piece


def answer_in(content: bytes, raw: bytes) -> list[Understanding] | Failure:
    """Raises UnpicklingError for anything that is no understanding."""
    answer: list[Understanding] | Failure = _Unpacker(BytesIO(content), raw).load()
    return answer


class _Packer(pickle.Pickler):
    def __init__(self, out: BytesIO, places: dict[int, Place]) -> None:
        super().__init__(out, pickle.HIGHEST_PROTOCOL)
        self.dispatch_table = _REDUCERS
        self._places = places

    def persistent_id(self, found: Any) -> Place | None:
        return self._places.get(id(found))


class _Unpacker(pickle.Unpickler):
    """Makes records and nothing else: the helper has read what strangers sent."""

    def __init__(self, content: BytesIO, raw: bytes) -> None:
        super().__init__(content)
        self._raw = raw
        self._held: dict[Place, bytes] = {}

    def persistent_load(self, place: Place) -> bytes:
        held = self._held.get(place)
        if held is None:
            held = self._held[place] = _taken(self._raw, place)
        return held

    def find_class(self, module: str, name: str) -> Any:
        found = _FOUND.get((module, name))
        if found is None:
            found = super().find_class(module, name) if _may_be_ours(module, name) else None
            is_record = isinstance(found, type) and found.__module__ == module
            if not is_record and (module, name) not in ALSO:
                raise pickle.UnpicklingError(f"{module}.{name} is no part of an understanding")
            _FOUND[module, name] = found
        return found


def _may_be_ours(module: str, name: str) -> bool:
    """A dotted name would lead through a module of ours to whatever that imports."""
    return (module, name) in ALSO or (module.startswith(OURS) and "." not in name)


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
