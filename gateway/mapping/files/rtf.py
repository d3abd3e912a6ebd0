"""The text of an RTF file, for reading on a page: no picture, no table, no style.

A reader of control words (RTF 1.9.1), linear in the size of the file; what it does not know it
leaves out.
"""

import codecs
import re
from collections.abc import Iterator

HIDDEN = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "themedata", "datastore",
    "header", "headerl", "headerr", "headerf", "footer", "footerl", "footerr", "footerf",
    "listtable", "listoverridetable", "revtbl", "rsidtbl", "generator", "xmlnstbl", "fldinst",
    "latentstyles", "filetbl", "colorschememapping", "annotation", "bkmkstart", "bkmkend",
})  # fmt: skip
"""Destinations whose text is not part of the document."""
BREAKS = {
    "par": "\n",
    "line": "\n",
    "row": "\n",
    "sect": "\n",
    "page": "\n",
    "tab": "\t",
    "cell": "\t",
}
SIGNS = {
    "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ",
}  # fmt: skip
ESCAPED = {"~": "\u00a0", "_": "\u2011", "\\": "\\", "{": "{", "}": "}"}
MAX_DEPTH = 1_000

_TOKEN = re.compile(
    r"\\(?P<word>[A-Za-z]{1,32})(?P<number>-?\d{1,10})? ?"
    r"|\\'(?P<byte>[0-9A-Fa-f]{2})|\\(?P<sign>[^A-Za-z'])|(?P<brace>[{}])|[\r\n]+"
    r"|(?P<text>[^\\{}\r\n]+)|\\"
)
_BINARY = re.compile(rb"\\bin(\d{1,10}) ?")


def rtf_text(data: bytes, *, limit: int) -> str:
    """At most `limit` characters; "" where the bytes are no RTF."""
    if not data.startswith(b"{\\rtf"):
        return ""
    pieces: list[str] = []
    size = 0
    for piece in _Reader().pieces(_without_binary(data).decode("latin-1")):
        pieces.append(piece)
        size += len(piece)
        if size >= limit:
            break
    return "".join(pieces)[:limit].strip()


def _without_binary(data: bytes) -> bytes:
    """Raw bytes of `\\binN` may hold braces: they are cut out."""
    out, place = [], 0
    while found := _BINARY.search(data, place):
        out.append(data[place : found.start()])
        place = min(found.end() + int(found[1]), len(data))
    return b"".join(out) + data[place:]


class _Reader:
    """`skip` counts the characters after `\\uN` that stand for it in old readers."""

    def __init__(self) -> None:
        self._stack: list[tuple[bool, int]] = []
        self._hidden = False
        self._fallback = 1
        self._skip = 0
        self._charset = "cp1252"

    def pieces(self, text: str) -> Iterator[str]:
        for token in _TOKEN.finditer(text):
            piece = self._piece(token)
            if piece and self._skip and not token["word"]:
                cut = min(self._skip, len(piece))
                self._skip -= cut
                piece = piece[cut:]
            if piece and not self._hidden:
                yield piece

    def _piece(self, token: re.Match[str]) -> str:
        if token["word"]:
            return self._word(token["word"], int(token["number"] or 0), token["number"])
        if token["byte"]:
            return bytes.fromhex(token["byte"]).decode(self._charset, "replace")
        if token["brace"]:
            self._brace(token["brace"])
            return ""
        if token["sign"] == "*":
            self._hidden = True
        return ESCAPED.get(token["sign"] or "", token["text"] or "")

    def _brace(self, brace: str) -> None:
        if brace == "{" and len(self._stack) < MAX_DEPTH:
            self._stack.append((self._hidden, self._fallback))
        elif brace == "}" and self._stack:
            self._hidden, self._fallback = self._stack.pop()
        self._skip = 0

    def _word(self, word: str, number: int, written: str | None) -> str:
        if word in HIDDEN:
            self._hidden = True
        elif word == "u" and written is not None:
            self._skip = self._fallback
            return chr(number % 65_536) if not 0xD800 <= number % 65_536 < 0xE000 else "\ufffd"
        elif word == "uc":
            self._fallback = max(0, min(number, 8))
        elif word == "ansicpg":
            self._charset = _charset(number)
        return BREAKS.get(word) or SIGNS.get(word) or ""


def _charset(page: int) -> str:
    try:
        return codecs.lookup(f"cp{page}").name
    except LookupError:
        return "cp1252"
