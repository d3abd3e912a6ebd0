"""Bytes to text by MSH-18, and what is said when the declaration is not the truth.

HL7V2 section 3: nothing is ever replaced by "?", and an input without a usable MSH-18 is read
as UTF-8 where it is valid UTF-8, else by the fallback of the connection.
"""

import re
from dataclasses import dataclass

from gateway.mapping.hl7v2.findings import failure, warning
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading

CODECS = {
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "iso8859-1",
    "8859/15": "iso8859-15",
    "ASCII": "ascii",
}
"""HL70211 as far as French senders use it; the values are Python's names."""
ALIASES = {
    "UTF8": "utf-8",
    "UNICODE UTF8": "utf-8",
    "CP1252": "cp1252",
    "WINDOWS-1252": "cp1252",
}
"""Names that senders write and no table has: read, and told."""
UNENCODED = "UNICODE"
"""A value of HL70211 that names a character set and none of its encodings (HL7 2.5, 2.15.9.18)."""
ISO_8859 = re.compile(r"ISO[ _/-]?8859[ _/-]?(1|15)|8859[ _-]?(1|15)")
ANY_BYTE = "iso8859-15"
DELETED = '""'
WIDE = re.compile(rb"(?:\xff\xfe|\xfe\xff)?\0*(?:M\0+S\0+H|[FB]\0+H\0+S)")
"""The beginning of a message in UTF-16 or UTF-32, which MSH-18 can declare and nobody here reads
(the letters of a segment are single bytes on the wire)."""
CONTROLS = re.compile(rb"[\x80-\x9f]")
"""No text in 8859/1 and 8859/15: quotes, dashes and the ligature oe in Windows-1252."""
TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf]")
"""What a letter with an accent becomes when UTF-8 is encoded as UTF-8 again."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """`charset` and `how` as CONTRACT section 3; `parts` run with the parts given."""

    parts: list[str]
    charset: str
    how: str
    findings: tuple[Finding, ...] = ()


def decode(parts: list[bytes], declared: str, reading: Reading) -> Decoded:
    """Decodes all parts of one message with the set named by `declared` (MSH-18, may be "")."""
    declared = "" if declared.strip() == DELETED else declared
    name = declared.strip().upper()
    charset = CODECS.get(name) or _alias(name)
    if charset is None:
        return _undeclared(parts, declared, reading)
    try:
        texts = [part.decode(charset) for part in parts]
    except UnicodeDecodeError:
        return _untrue(parts, charset, reading)
    findings = _doubts(parts, texts, charset)
    if name not in CODECS:
        findings = (_MISNAMED, *findings)
    return Decoded(texts, charset, "declared", findings)


def _alias(name: str) -> str | None:
    found = ISO_8859.fullmatch(name)
    return f"iso8859-{found[1] or found[2]}" if found else ALIASES.get(name)


def _doubts(parts: list[bytes], texts: list[str], charset: str) -> tuple[Finding, ...]:
    """Bytes that can be read as declared, and were hardly meant so."""
    if all(text.isascii() for text in texts):
        return ()
    if charset == "utf-8":
        return (_TWICE,) if any(_is_twice(text) for text in texts) else ()
    if _looks_like_utf8(parts):
        return (_MOJIBAKE,)
    windows = charset.startswith("iso") and any(CONTROLS.search(part) for part in parts)
    return (_WINDOWS,) if windows else ()


def _is_twice(text: str) -> bool:
    """Asked of two single characters first: that is a hundred times faster."""
    return ("\u00c3" in text or "\u00c2" in text) and TWICE.search(text) is not None


def _undeclared(parts: list[bytes], declared: str, reading: Reading) -> Decoded:
    findings = _on_name(declared.strip().upper())
    try:
        texts = [part.decode("utf-8") for part in parts]
        return Decoded(texts, "utf-8", "default", (*findings, *_doubts(parts, texts, "utf-8")))
    except UnicodeDecodeError:
        return _guessed(parts, reading, (*findings, _GUESSED))


def _on_name(name: str) -> tuple[Finding, ...]:
    """What is wrong with a value of MSH-18 that names no encoding; empty says nothing."""
    if name == UNENCODED:
        return (_UNENCODED,)
    return (_UNKNOWN,) if name else ()


def _untrue(parts: list[bytes], charset: str, reading: Reading) -> Decoded:
    if charset == "ascii":
        return _undeclared(parts, "", reading)
    finding = _FALSE_BUT_ALLOWED if reading.charset_fallback_allowed else _FALSE
    return _guessed(parts, reading, (finding,))


def _guessed(parts: list[bytes], reading: Reading, findings: tuple[Finding, ...]) -> Decoded:
    """By the fallback of the connection; by 8859/15, which reads any byte, where that fails."""
    for charset in (reading.fallback_charset, ANY_BYTE):
        try:
            texts = [part.decode(charset) for part in parts]
        except UnicodeDecodeError:
            continue
        return Decoded(texts, charset, "guessed", findings)
    raise AssertionError("8859/15 reads any byte")


def _looks_like_utf8(parts: list[bytes]) -> bool:
    if all(part.isascii() for part in parts):
        return False
    try:
        for part in parts:
            part.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


_UNKNOWN = failure(
    "charset-unknown", "MSH-18", 103, "Declare UNICODE UTF-8, 8859/15, 8859/1 or ASCII in MSH-18."
)
_GUESSED = warning(
    "charset-guessed",
    "MSH-18",
    "MSH-18 does not say in which set the bytes are, and they are not UTF-8: declare it.",
)
_FALSE = failure(
    "charset-false", "MSH-18", 102, "The bytes are not in the character set that MSH-18 declares."
)
_FALSE_BUT_ALLOWED = warning(
    "charset-false", "MSH-18", "The bytes are not in the character set that MSH-18 declares."
)
_MISNAMED = warning(
    "charset-name", "MSH-18", "MSH-18 is not in table HL70211: write UNICODE UTF-8 or 8859/15."
)
_UNENCODED = warning(
    "charset-name", "MSH-18", "UNICODE names no encoding in MSH-18: write UNICODE UTF-8."
)
_WINDOWS = warning(
    "charset-suspect", "MSH-18", "The bytes look like Windows-1252, which MSH-18 cannot declare."
)
_TWICE = warning("charset-suspect", "MSH-18", "The text looks as if it was encoded as UTF-8 twice.")
_MOJIBAKE = warning(
    "charset-suspect", "MSH-18", "The bytes look like UTF-8 but MSH-18 declares another set."
)
