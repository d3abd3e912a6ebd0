"""Names of files that any system can keep: readable, short, and each one once.

Letters, digits, blanks, dashes, underscores and apostrophes alone are left of a title; so there is
no path in it, no control character, and nothing that turns the writing round.
"""

import unicodedata
from collections import Counter

MAX_BYTES = 120
"""Of what a file is called, without folder, number and extension: names of 255 bytes are the most
that common systems keep, and whole paths of 260 characters."""
EXTENSIONS = {
    "text/xml": "xml",
    "application/xml": "xml",
    "application/pdf": "pdf",
    "text/plain": "txt",
    "text/rtf": "rtf",
    "application/rtf": "rtf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/tiff": "tif",
    "application/fhir+json": "json",
    "x-application/hl7-v2+er7": "hl7",
    "application/zip": "zip",
}
"""By the media type of a document; any other one is `bin`."""
RESERVED = frozenset(
    {
        *("con", "prn", "aux", "nul"),
        *(f"{name}{number}" for name in ("com", "lpt") for number in "0123456789¹²³"),
    }
)
"""What Windows keeps for its devices, whatever the extension."""
KEPT = frozenset(" -_'")
CURLY = "\N{RIGHT SINGLE QUOTATION MARK}"
AT_NO_END = " -_'"
UNNAMED = "document"


class Names:
    """Gives names within one archive. Two that differ in case or in composition alone are the same
    file to many systems: the later one gets a number, in brackets that no title brings."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()

    def give(self, folder: str, words: str, extension: str) -> str:
        """`folder` ends with a slash; `extension` is ours, without its dot."""
        base = safe(words)
        named = f"{folder}{base}.{extension}".casefold()
        self._given[named] += 1
        count = self._given[named]
        return f"{folder}{base if count == 1 else f'{base} ({count})'}.{extension}"


def safe(words: str) -> str:
    """NFC, without what a system may refuse; never empty, never a device's name."""
    plain = unicodedata.normalize("NFC", words).replace(CURLY, "'")
    kept = "".join(one if one.isalnum() or one in KEPT else " " for one in plain)
    cut = " ".join(kept.split()).encode("utf-8", "ignore")[:MAX_BYTES].decode("utf-8", "ignore")
    cut = cut.strip(AT_NO_END) or UNNAMED
    return f"_{cut}" if cut.casefold() in RESERVED else cut
