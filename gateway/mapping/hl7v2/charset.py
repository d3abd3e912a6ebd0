"""Bytes to text by MSH-18, and what is said when the declaration is not the truth.

HL7V2 section 3: nothing is ever replaced by "?", and an input without a usable MSH-18 is read
as UTF-8 where it is valid UTF-8, else by the fallback of the connection.
"""

from dataclasses import dataclass

from gateway.mapping.hl7v2.findings import failure, warning
from gateway.records.finding import Finding
from gateway.records.reading import Reading

CODECS = {
    "UNICODE UTF-8": "utf-8",
    "UTF-8": "utf-8",
    "8859/1": "iso8859-1",
    "8859/15": "iso8859-15",
    "ASCII": "ascii",
}
"""HL70211 as far as French senders use it; the values are Python's names."""
ANY_BYTE = "iso8859-15"


@dataclass(frozen=True, slots=True)
class Decoded:
    """`charset` and `how` as CONTRACT section 3; `parts` run with the parts given."""

    parts: list[str]
    charset: str
    how: str
    findings: tuple[Finding, ...] = ()


def decode(parts: list[bytes], declared: str, reading: Reading) -> Decoded:
    """Decodes all parts of one message with the set named by `declared` (MSH-18, may be "")."""
    charset = CODECS.get(declared.strip().upper())
    if charset is None:
        return _undeclared(parts, declared, reading)
    try:
        texts = [part.decode(charset) for part in parts]
    except UnicodeDecodeError:
        return _untrue(parts, charset, reading)
    doubtful = charset.startswith("iso") and _looks_like_utf8(parts)
    return Decoded(texts, charset, "declared", (_MOJIBAKE,) if doubtful else ())


def _undeclared(parts: list[bytes], declared: str, reading: Reading) -> Decoded:
    findings = (_UNKNOWN,) if declared.strip() else ()
    try:
        return Decoded([part.decode("utf-8") for part in parts], "utf-8", "default", findings)
    except UnicodeDecodeError:
        return _guessed(parts, reading, (*findings, _GUESSED))


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
    "charset-guessed", "MSH-18", "MSH-18 is empty and the bytes are not UTF-8: declare the set."
)
_FALSE = failure(
    "charset-false", "MSH-18", 102, "The bytes are not in the character set that MSH-18 declares."
)
_FALSE_BUT_ALLOWED = warning(
    "charset-false", "MSH-18", "The bytes are not in the character set that MSH-18 declares."
)
_MOJIBAKE = warning(
    "charset-suspect", "MSH-18", "The bytes look like UTF-8 but MSH-18 declares another set."
)
