"""HL7v2 bytes to segments, without judgement: everything that can be read is read.

Fields are numbered as the standard numbers them: MSH-1 is the separator itself.
"""

import re
from dataclasses import dataclass
from functools import cached_property

MAX_SEGMENTS = 50_000
HEADER_BYTES = 1_000
CHARSETS = {"UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "8859/1": "iso8859-1",
            "8859/15": "iso8859-15", "ASCII": "ascii"}  # fmt: skip
BOM = b"\xef\xbb\xbf"


class UnreadableError(Exception):
    """No MSH with its delimiters: not a message."""


@dataclass(frozen=True)
class Segment:
    """`place` is its order in the message, from 1; `text` is its line."""

    text: str
    separators: str
    place: int

    @property
    def name(self) -> str:
        return self.text[:3]

    @cached_property
    def fields(self) -> list[str]:
        values = self.text.split(self.separators[0])
        return [values[0], self.separators[0], *values[1:]] if self.name == "MSH" else values

    def field(self, number: int) -> str:
        return self.fields[number] if number < len(self.fields) else ""

    def repetitions(self, number: int) -> list[str]:
        """Without the empty ones. MSH-2 is never cut."""
        if self.name == "MSH" and number <= 2:
            return [self.field(number)]
        return [one for one in self.field(number).split(self.separators[2]) if one]

    def part(self, number: int, component: int = 1, sub: int = 1, *, of: str | None = None) -> str:
        """One component, undone of its escapes; `of` is a repetition, else the first one."""
        first = (self.repetitions(number) or [""])[0] if of is None else of
        parts = first.split(self.separators[1])
        whole = parts[component - 1] if component <= len(parts) else ""
        subs = whole.split(self.separators[4]) if len(self.separators) > 4 else [whole]
        return self.plain(subs[sub - 1] if sub <= len(subs) else "")

    def part_raw(self, number: int, component: int) -> str:
        """One component of the whole field as it came: for data, where nothing is escaped."""
        parts = self.field(number).split(self.separators[1])
        return parts[component - 1] if component <= len(parts) else ""

    def plain(self, value: str) -> str:
        """The five delimiters undone, from left to right, once; other escapes stay."""
        escape = self.separators[3] if len(self.separators) > 3 else ""
        if not escape or escape not in value:
            return value
        marks = dict(zip("FSRET", self.separators, strict=False))
        mark = re.escape(escape)
        return re.sub(f"{mark}([FSRET]){mark}", lambda one: marks.get(one[1], one[0]), value)


@dataclass(frozen=True)
class Message:
    """`charset_error`: the bytes are not what `charset` says; `text` has U+FFFD there."""

    raw: bytes
    text: str
    charset: str
    charset_error: bool
    separators: str
    ends: frozenset[str]

    @cached_property
    def segments(self) -> list[Segment]:
        lines = self.text.replace("\r\n", "\r").replace("\n", "\r").split("\r")
        kept = [line for line in lines[:MAX_SEGMENTS] if line]
        return [Segment(line, self.separators, place) for place, line in enumerate(kept, 1)]

    @property
    def msh(self) -> Segment:
        return self.segments[0]

    def all(self, name: str) -> list[Segment]:
        return [one for one in self.segments if one.name == name]

    def first(self, name: str) -> Segment | None:
        return next((one for one in self.segments if one.name == name), None)

    def get(self, name: str, number: int, component: int = 1, sub: int = 1) -> str:
        """Of the first such segment; "" without one."""
        found = self.first(name)
        return found.part(number, component, sub) if found else ""

    @property
    def control(self) -> str:
        return self.msh.field(10)


def read_message(raw: bytes) -> Message:
    """Raises UnreadableError."""
    start = raw.removeprefix(BOM).lstrip(b"\r\n")
    if not start.startswith(b"MSH") or len(start) < 8:
        raise UnreadableError("the first bytes are not MSH")
    head = start[:HEADER_BYTES].decode("latin-1")
    bar = head[3]
    separators = bar + head[4:].split(bar)[0]
    if bar.isalnum() or bar.isspace() or len(separators) < 3 or len(separators) > 6:
        raise UnreadableError("MSH-1 and MSH-2 do not give the delimiters")
    fields = head.replace("\n", "\r").split("\r")[0].split(bar)
    declared = fields[17].split(separators[2])[0] if len(fields) > 17 else ""
    charset = CHARSETS.get(declared, "")
    text, charset, wrong = decoded(start, charset)
    return Message(raw, text, charset, wrong, separators, ends_of(start))


def decoded(raw: bytes, charset: str) -> tuple[str, str, bool]:
    """As declared; without a declaration UTF-8, else 8859/15."""
    try:
        return raw.decode(charset or "utf-8"), charset or "utf-8", False
    except UnicodeDecodeError:
        if charset:
            return raw.decode(charset, "replace"), charset, True
        return raw.decode("iso8859-15"), "iso8859-15", False


def ends_of(raw: bytes) -> frozenset[str]:
    """Which of CR, LF and CRLF end segments in these bytes."""
    pairs = raw.count(b"\r\n")
    counts = {"CRLF": pairs, "CR": raw.count(b"\r") - pairs, "LF": raw.count(b"\n") - pairs}
    return frozenset(name for name, count in counts.items() if count)
