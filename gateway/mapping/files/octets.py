"""Bytes as somebody reads them who mends what wrote them: in hexadecimal, and as text beside it.

Nothing of the text can act where it is shown: what is no letter, sign or plain blank is drawn by
its name (« CR », « U+202E »), so that no control character, no change of direction and no invisible
one is left. A letter of several bytes stands where its first one does.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from gateway.mapping.hl7v2.er7.splitter import split
from gateway.records.intake.reading import Reading

WIDTH = 16
"""Bytes of one line."""
PROLOG = re.compile(
    rb"(?:\xef\xbb\xbf)?<\?xml[^>]{0,100}?encoding=[\"']([A-Za-z0-9._-]{1,20})[\"']"
)
XML_CHARSETS = {
    "utf-8": "utf-8",
    "us-ascii": "ascii",
    "iso-8859-1": "iso8859-1",
    "iso-8859-15": "iso8859-15",
    "windows-1252": "cp1252",
}
ANY_BYTE = "iso8859-15"
UTF8_LENGTHS = ((0xC2, 0xDF, 2), (0xE0, 0xEF, 3), (0xF0, 0xF4, 4))
LONGEST = 4
UNREADABLE = "\ufffd"
CONTROL_NAMES = (
    "NUL SOH STX ETX EOT ENQ ACK BEL BS HT LF VT FF CR SO SI"
    " DLE DC1 DC2 DC3 DC4 NAK SYN ETB CAN EM SUB ESC FS GS RS US"
)
CONTROLS = tuple(CONTROL_NAMES.split())
"""Abbreviations of ISO 646, in the order of their codes."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Text as it stands there, or the name of one character that is `drawn`."""

    text: str
    drawn: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`offset` of its first byte from 0; `octets` as « 4d 53 48 »."""

    offset: int
    octets: str
    text: tuple[Piece, ...]


def charset_of(raw: bytes, reading: Reading) -> tuple[str, str]:
    """Python's name of the set, and how it is known: declared, default or guessed."""
    message = split(raw, reading)
    if message is not None:
        return message.charset, message.how
    declared = PROLOG.match(raw)
    if declared and (known := XML_CHARSETS.get(declared[1].decode("ascii").lower())):
        return known, "declared"
    try:
        raw.decode("utf-8")
    except UnicodeDecodeError:
        return ANY_BYTE, "guessed"
    return "utf-8", "default"


def lines_of(raw: bytes, charset: str, *, first: int, rows: int) -> list[Line]:
    """Lines of WIDTH bytes, `first` counted from 0; fewer at the end."""
    starts = range(first * WIDTH, min((first + rows) * WIDTH, len(raw)), WIDTH)
    return [_line(raw, charset, start) for start in starts]


def _line(raw: bytes, charset: str, start: int) -> Line:
    end = min(start + WIDTH, len(raw))
    cell = _utf8 if charset == "utf-8" else _single
    characters = "".join(cell(raw, at, charset) for at in range(start, end))
    pieces = tuple(_pieces(characters))
    return Line(offset=start, octets=raw[start:end].hex(" "), text=pieces)


def _pieces(characters: str) -> Iterator[Piece]:
    for plain, run in groupby(characters, key=is_plain):
        if plain:
            yield Piece("".join(run))
        else:
            yield from (Piece(name_of(one), drawn=True) for one in run)


def _single(raw: bytes, at: int, charset: str) -> str:
    return raw[at : at + 1].decode(charset, "replace")


def _utf8(raw: bytes, at: int, _charset: str) -> str:
    """ "" for a byte that belongs to the letter before it."""
    if raw[at] & 0xC0 != 0x80:
        return _letter(raw, at) or UNREADABLE
    for back in range(1, LONGEST):
        begun = at - back
        if begun >= 0 and raw[begun] & 0xC0 != 0x80:
            letter = _letter(raw, begun)
            inside = letter is not None and back < len(letter.encode())
            return "" if inside else UNREADABLE
    return UNREADABLE


def _letter(raw: bytes, at: int) -> str | None:
    """The letter that begins here; None where none does."""
    length = next((n for low, high, n in UTF8_LENGTHS if low <= raw[at] <= high), 1)
    try:
        return raw[at : at + length].decode("utf-8")
    except UnicodeDecodeError:
        return None


def is_plain(character: str) -> bool:
    """Nothing but itself is seen of it: no blank but the plain one, no mark that joins another."""
    return character == " " or unicodedata.category(character)[0] in "LNPS"


def name_of(character: str) -> str:
    code = ord(character)
    if code < len(CONTROLS):
        return CONTROLS[code]
    return "DEL" if code == 0x7F else f"U+{code:04X}"
