"""Signs as the two typefaces of a tagged PDF draw them, in WinAnsiEncoding.

A sign that it lacks is drawn by what stands nearest, or as a question mark; what is meant stays in
the file as ActualText (ISO 32000-1, 14.9.4), for who hears it, searches it or copies it.
"""

import unicodedata

STAND_INS = {
    **{"\u2010": "-", "\u2011": "-", "\u2212": "-", "\u2215": "/"},
    **{"\u2264": "<=", "\u2265": ">=", "\u2260": "!=", "\u2248": "~", "\u2192": "->"},
    **{"\u03bc": "\u00b5", "\u0142": "l", "\u0141": "L", "\u0111": "d", "\u0110": "D"},
}
"""What no decomposition gives: dashes, comparisons, mu, letters with a stroke."""
CODES = "cp1252"


def drawn(text: str) -> bytes:
    """One octet a sign."""
    return "".join(map(_sign, text)).encode(CODES, "replace")


def actual_text(text: str) -> bytes:
    """An entry of a property list where other signs are drawn than are meant, else nothing."""
    meant = "".join(sign for sign in text if not _is_unseen(sign))
    if drawn(text).decode(CODES) == meant.replace("\u00a0", " "):
        return b""
    octets = meant.encode("utf-16-be", "replace").hex().encode()
    return b" /ActualText <FEFF%s>" % octets


def _sign(sign: str) -> str:
    if _is_unseen(sign):
        return ""
    if sign == "\u00a0" or unicodedata.category(sign) == "Zs":
        return " "
    if _has(sign):
        return sign
    parts = unicodedata.normalize("NFKD", STAND_INS.get(sign, sign))
    return "".join(part for part in parts if _has(part)) or "?"


def _has(sign: str) -> bool:
    try:
        sign.encode(CODES)
    except UnicodeEncodeError:
        return False
    return True


def _is_unseen(sign: str) -> bool:
    """Controls, marks of direction, soft hyphens, halves of a pair: nothing to draw."""
    return unicodedata.category(sign) in ("Cc", "Cf", "Cs")
