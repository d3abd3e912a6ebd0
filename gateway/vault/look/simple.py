"""The simple text (FALC, PAGES section 9): what a page or an act is for, one idea a line.

The lines stand in `simple.toml`. `[pages]` go above a page; a name is a `data-page`, with `*` for
what is numbered, and serves the pages below it that have no lines of their own. `[acts]` go beside
an act or a word that is hard. Nobody concerned has read them yet, so no page claims to be « FALC »
(VAULT UIX-01): `reviewed` takes their names and the date.
"""

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2.runtime import Context
from jinja2.utils import pass_context
from markupsafe import Markup, escape

SOURCE = Path(__file__).with_name("simple.toml")
OF_ANY_PROFILE = frozenset({"erreur"})
NO_REVIEW = "Ce texte simplifié n'a pas encore été relu par des personnes concernées."


@cache
def lines_by_name() -> Mapping[str, Mapping[str, Sequence[str]]]:
    """`pages` and `acts`: name to lines."""
    read: dict[str, Any] = tomllib.loads(SOURCE.read_text("utf-8"))
    return {part: read[part] for part in ("pages", "acts")}


@cache
def unreviewed() -> str:
    """What is said below every page until people concerned have read the lines; then ""."""
    return "" if tomllib.loads(SOURCE.read_text("utf-8"))["reviewed"] else NO_REVIEW


def lines_of_page(data_page: str, *, signed_in: bool) -> Sequence[str]:
    """Those of the page, of its kind, or of the nearest page above it that has some."""
    if data_page == "accueil" and not signed_in:
        data_page = "bienvenue"
    pages = lines_by_name()["pages"]
    steps = data_page.split("/")
    while steps:
        for name in ("/".join(steps), "/".join([*steps[:-1], "*"])):
            if name in pages:
                return pages[name]
        steps.pop()
    return ()


@pass_context
def simply(context: Context, act: str) -> Markup:
    """The lines beside an act, for who asked for the simple text; else nothing.

    They say « je »: in another's profile only what is said of the page itself stands.
    """
    face = context["face"]
    if not face.look.is_simple or (face.of and act not in OF_ANY_PROFILE):
        return Markup()
    return _block(lines_by_name()["acts"][act])


@pass_context
def simply_first(context: Context) -> Markup:
    """The lines above a page, likewise."""
    face = context["face"]
    if not face.look.is_simple or face.of:
        return Markup()
    return _block(
        lines_of_page(str(context["data_page"]), signed_in=bool(face.profile_name)),
        name="En mots simples",
    )


def _block(lines: Sequence[str], *, name: str = "") -> Markup:
    if not lines:
        return Markup()
    said = Markup().join(Markup("<p>{}</p>\n").format(line) for line in lines)
    named = Markup(' role="group" aria-label="{}"').format(escape(name)) if name else Markup()
    return Markup('<div class="simple" lang="fr"{}>\n{}</div>\n').format(named, said)
