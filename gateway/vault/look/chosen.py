"""Which text and which colours this browser asked for, and how that is kept.

VAULT UIX-01 (« one switch at every page, `lang` kept »), PAGES section 3 (« Apparence »). Both hold
before anybody has signed in: the browser keeps them (`kept`).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from urllib.parse import urlencode

from aiohttp import web

LANG = "lang"
BETWEEN = "."


class Text(StrEnum):
    """The words of the pages: `fr` or `fr-FALC`."""

    STANDARD = "fr"
    SIMPLE = "fr-FALC"

    @classmethod
    def of(cls, asked: str) -> Self:
        """The one that is asked for; the standard text for any other word (UIX, bad input)."""
        return cls(asked) if asked in {one.value for one in cls} else cls("fr")


TEXTS = {Text.STANDARD: "Texte standard", Text.SIMPLE: "Texte simplifié"}


class Appearance(StrEnum):
    """The colours: as the device has it, or always the same."""

    DEVICE = "appareil"
    LIGHT = "claire"
    DARK = "sombre"

    @classmethod
    def of(cls, asked: str) -> Self:
        return cls(asked) if asked in {one.value for one in cls} else cls("appareil")


APPEARANCES = {
    Appearance.DEVICE: "Selon l'appareil",
    Appearance.LIGHT: "Claire",
    Appearance.DARK: "Sombre",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """`address` is the page's own, without `lang`: the switch leads back to it."""

    text: Text = Text.STANDARD
    appearance: Appearance = Appearance.DEVICE
    address: str = ""

    @property
    def is_simple(self) -> bool:
        return self.text is Text.SIMPLE

    @property
    def classes(self) -> str:
        """Of the root element, for the style sheet; "" where the page is shown as it is made."""
        named = ["simplifie"] if self.is_simple else []
        if self.appearance is not Appearance.DEVICE:
            named.append(self.appearance.value)
        return " ".join(named)

    @property
    def kept(self) -> str:
        """The cookie's value."""
        return f"{self.text}{BETWEEN}{self.appearance}"

    def other_text(self, text: str) -> str:
        """The address of this page in another text."""
        return f"{self.address}{'&' if '?' in self.address else '?'}{LANG}={text}"


AS_MADE = Look()


def look_of(request: web.Request, kept: str) -> Look:
    """As the address asks, else as the cookie `kept` says."""
    text, _, appearance = kept.partition(BETWEEN)
    others = [(name, value) for name, value in request.query.items() if name != LANG]
    return Look(
        text=Text.of(request.query.get(LANG, text)),
        appearance=Appearance.of(appearance),
        address=request.path + (f"?{urlencode(others)}" if others else ""),
    )
