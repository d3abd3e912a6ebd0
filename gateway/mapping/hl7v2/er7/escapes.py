"""HL7 escape sequences, undone once and last, in the leaf (HL7V2 section 4)."""

import re
from functools import lru_cache

from gateway.mapping.hl7v2.er7.delimiters import Delimiters

LAYOUT = {"br": "\n", "sp": "\n", "in": "", "ti": "", "fi": "", "nf": "", "ce": "\n", "sk": " "}
DROPPED = {"H", "N"}


@lru_cache(maxsize=16)
def _known(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    line = f"{mark}X0[Dd]{mark}{mark}X0[Aa]{mark}"
    return re.compile(
        f"({line})|{mark}"
        + r"(?:([FSRTEHNP])|X((?:[0-9A-Fa-f]{2})+)|\.([a-z]{2})[+-]?\d{0,4})"
        + mark
    )


def unescape(text: str, marks: Delimiters, charset: str = "utf-8") -> str:
    r"""The leaf with its sequences undone; unknown ones and a lone `\` are kept as they are.

    `\Xhh..\` are bytes of the message's character set; what they would make of control
    characters stays escaped, so that no NUL and no segment end comes in this way.
    """
    if not marks.escape or marks.escape not in text:
        return text

    meanings = _meanings(marks)

    def undone(found: re.Match[str]) -> str:
        line, letter, octets, layout = found.groups()
        if line:
            return "\n"
        if letter:
            return meanings[letter]
        if octets:
            return _octets(octets, charset) or found[0]
        return LAYOUT.get(layout, found[0])

    return _known(marks.escape).sub(undone, text)


@lru_cache(maxsize=16)
def _meanings(marks: Delimiters) -> dict[str, str]:
    """What each letter stands for; a text may hold a million of them."""
    return {
        **dict.fromkeys(DROPPED, ""),
        "F": marks.field,
        "S": marks.component,
        "R": marks.repetition,
        "T": marks.subcomponent,
        "E": marks.escape,
        "P": marks.truncation or f"{marks.escape}P{marks.escape}",
    }


def _octets(digits: str, charset: str) -> str | None:
    try:
        text = bytes.fromhex(digits).decode(charset)
    except UnicodeDecodeError:
        return None
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    return (
        clean if clean.isprintable() or all(c.isprintable() or c in "\n\t" for c in clean) else None
    )


def escape(text: str, marks: Delimiters) -> str:
    """The text as it may stand in one leaf: separators escaped, control characters gone."""
    if text.isalnum():
        return text
    sequences = {
        marks.escape: "E",
        marks.field: "F",
        marks.component: "S",
        marks.repetition: "R",
        marks.subcomponent: "T",
    }
    return "".join(
        f"{marks.escape}{sequences[c]}{marks.escape}"
        if c in sequences and marks.escape
        else c
        if c.isprintable()
        else " "
        for c in text
    )
