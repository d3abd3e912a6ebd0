"""One parser under test: a plain function of bytes, which raises when it breaks a law."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

WORDS = Path(__file__).resolve().parents[1] / "words"
LINE = re.compile(r'"(.*)"')
BYTE = re.compile(rb"\\x([0-9a-f]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """`run` is called with any bytes; `seeds` are honest inputs; `words` what a mutation inserts.

    `unit` matches what may be repeated as a whole, `joint` stands between two of them, `largest`
    is how long an input may grow by that, in bytes.
    """

    name: str
    run: Callable[[bytes], None]
    seeds: Callable[[], list[bytes]]
    words: tuple[bytes, ...]
    unit: re.Pattern[bytes] | None = None
    joint: bytes = b""
    largest: int = 1_000_000


ELEMENT = re.compile(
    rb"<([A-Za-z:]+)(?: [^<>]*)?>(?:[^<]|<(?!/\1>)){0,2000}+</\1>|<[A-Za-z:]+[^<>]*/>"
)
SEGMENT = re.compile(rb"(?<=[\r\n])[A-Z][A-Z0-9]{2}[^\r\n]*[\r\n]+")
OBJECT = re.compile(rb"\{[^{}]*\}")
MIME_PART = re.compile(rb"(?<=\n)--[^\r\n-]+\r?\n(?:[^-]|-(?!-)){0,4000}+")
COMMAND = re.compile(rb"(?<=\n)[^\r\n]*\r\n")
PDF_OBJECT = re.compile(rb"\d+ 0 obj(?:[^e]|e(?!ndobj)){0,4000}+endobj\n")


@cache
def vocabulary(*names: str) -> tuple[bytes, ...]:
    """The words of files of `words`, which are dictionaries as libFuzzer reads them."""
    lines = (line for name in names for line in (WORDS / f"{name}.dict").read_text().splitlines())
    return tuple(
        BYTE.sub(lambda found: bytes.fromhex(found[1].decode()), match[1].encode())
        for line in lines
        if (match := LINE.fullmatch(line))
    )
