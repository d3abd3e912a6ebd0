"""The files inside a level 3 document, by number: what the page of a document shows beside it."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

from gateway.errors import RefusedError
from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.body import MAGIC, MAX_FILES, decoded, embedded_values
from gateway.mapping.cda.nodes import V3, first, media_type_of, strings
from gateway.mapping.cda.pictures import may_be_shown
from gateway.mapping.xml import MAX_DOCUMENT_BYTES, Element

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif"})
SHOWN = PICTURES | {"application/pdf"}
PICTURE = "image/"
MAX_PAGES = 25

Counter = Callable[[bytes], int]
"""How many pages a PDF has; raises RefusedError where it cannot be opened."""


@dataclass(frozen=True, slots=True)
class Figure:
    """File `number` of a document; `pages` of a PDF, and those shown of them, 0 if unknown."""

    number: int
    is_picture: bool
    pages: int = 0

    @property
    def shown_pages(self) -> range:
        return range(1, min(self.pages, MAX_PAGES) + 1)


def embedded(data: bytes, n: int) -> tuple[str, bytes]:
    """The MIME type and bytes of file number `n` (from 0, in document order).

    Only PNG, JPEG, GIF and PDF whose first bytes say so, a picture as the one it is whatever
    picture it was called; RefusedError for anything else.
    """
    root = clinical_document(data, max_bytes=MAX_DOCUMENT_BYTES)
    values = list(embedded_values(root))
    content = figure(values[n]) if 0 <= n < len(values) else None
    if content is None:
        raise RefusedError("The document holds no such picture or file.")
    return content


def first_pdf(data: bytes) -> bytes:
    """The first PDF inside a level 3 document. Raises RefusedError where there is none."""
    root = clinical_document(data, max_bytes=MAX_DOCUMENT_BYTES)
    found = filter(None, map(figure, islice(embedded_values(root), MAX_FILES)))
    pdf = next((content for media, content in found if media not in PICTURES), None)
    if pdf is None:
        raise RefusedError("The document holds no PDF.")
    return pdf


def figure(value: Element) -> tuple[str, bytes] | None:
    """One embedded file as MIME type and bytes, or None where it may not be shown."""
    called = media_type_of(value)
    known = PICTURES if called.startswith(PICTURE) else SHOWN & {called}
    if not known or first(value, "reference") is not None:
        return None
    content = decoded("".join(strings(value))) or b""
    media = next((one for one in known if content.startswith(MAGIC[one])), None)
    if media is None or (media in PICTURES and not may_be_shown(media, content)):
        return None
    return media, content


def numbers(root: Element) -> dict[str, int]:
    """ID of each observationMedia (or of the region around it) -> its file number."""
    found: dict[str, int] = {}
    for n, value in enumerate(embedded_values(root)):
        media = value.getparent()
        region = None if media is None else next(media.iterancestors(V3 + "regionOfInterest"), None)
        for node in (media, region):
            if node is not None and (name := node.get("ID")):
                found[name] = n
    return found


class Figures:
    """The files of one document as its narrative shows them; each is decoded once."""

    def __init__(self, root: Element, count: Counter | None) -> None:
        self._values = list(embedded_values(root))
        self._numbers = numbers(root)
        self._count = count
        self._known: dict[int, Figure | None] = {}

    def named(self, name: str) -> Figure | None:
        """The file that `referencedObject` names, if it may be shown."""
        n = self._numbers.get(name.removeprefix("#"))
        return None if n is None else self._figure(n)

    def left(self) -> tuple[list[Figure], int]:
        """Of the files that the narrative did not name those that may be shown, and how many may
        not."""
        unnamed = [n for n in range(len(self._values)) if n not in self._known]
        found = [self._figure(n) for n in unnamed if not self._values[n].get("nullFlavor")]
        shown = [one for one in found if one]
        return shown, len(found) - len(shown)

    def _figure(self, n: int) -> Figure | None:
        if n not in self._known:
            content = figure(self._values[n])
            self._known[n] = None if content is None else self._made(n, *content)
        return self._known[n]

    def _made(self, n: int, media: str, content: bytes) -> Figure:
        if media in PICTURES or self._count is None:
            return Figure(n, media in PICTURES)
        try:
            return Figure(n, is_picture=False, pages=self._count(content))
        except RefusedError:
            return Figure(n, is_picture=False)
