"""Templates to bytes: one jinja2 environment, autoescape always on, compiled once."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from pathlib import Path

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from gateway.vault import words
from gateway.vault.days import date_field
from gateway.vault.look.chosen import AS_MADE, TEXTS, Look
from gateway.vault.look.simple import simply, simply_first, unreviewed
from gateway.vault.reasons import ahead

HERE = Path(__file__).parent
STATIC = {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "favicon.svg": "image/svg+xml",
    "manifest.webmanifest": "application/manifest+json",
}
MEDICAL = ("/profil", "Profil médical")
MESSAGING = ("/messagerie", "Messagerie")
AGENDA = ("/agenda", "Agenda")
MORE = "/plus"
NAV = (
    ("/", "Accueil"),
    ("/documents", "Documents"),
    MEDICAL,
    MESSAGING,
    AGENDA,
    (MORE, "Plus"),
)
"""Of a patient's side (PAGES section 2): what else there is stands on the page « Plus »."""
NO_ERRORS: Mapping[str, str] = {}
NOTHING_MORE: Mapping[str, object] = {}
PROFESSIONAL_NAV = (("/pro", "Trouver un patient"), ("/aide", "Aide"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Face:
    """What the frame of every page shows: who is signed in, the navigation, the form token."""

    jeton: str = ""
    profile_name: str = ""
    profile_word: str = "Profil"
    profile_id: str = ""
    profiles: str = ""
    """Where profiles are changed; "" for who has none."""
    of: str = ""
    """« de Léo » inside another's profile, "" in the own."""
    lost: bool = False
    """The profile that this browser looks at is no longer this person's to see."""
    paper: str = ""
    """Whose record it is, and the day: above every printed sheet."""
    manages: bool = True
    reads_history: bool = True
    nav: tuple[tuple[str, str], ...] = ()
    unread: Mapping[str, int] = field(default_factory=dict)
    """How many messages nobody has read, by the address of their entry; none where it is 0."""
    home: str = "/"
    brand: str = "Mon espace santé"
    session_end: datetime | None = None
    css: str = ""
    js: str = ""
    look: Look = AS_MADE

    @property
    def shelf(self) -> str:
        """What the list of documents is called."""
        return f"Les documents {self.of}" if self.of else "Mes documents"


@cache
def environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        auto_reload=False,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals |= {
        "only_reads": words.ONLY_READS,
        "simply": simply,
        "simply_first": simply_first,
        "texts": tuple(TEXTS.items()),
        "unreviewed": unreviewed(),
    }
    env.filters |= {
        "ahead": ahead,
        "day": words.day,
        "day_field": date_field,
        "date": words.date_of,
        "hour": words.hour,
        "ins": words.ins,
        "moment": words.moment,
        "number": words.number,
        "of": words.of,
        "bytes": words.size,
        "unix": lambda instant: int(instant.timestamp()),
    }
    return env


@cache
def template(name: str) -> Template:
    return environment().get_template(name)


@cache
def static_bytes(name: str) -> bytes:
    return (HERE / "static" / name).read_bytes()


@cache
def static_address(name: str) -> str:
    """The address of a static file; it changes with the file, so it may be kept for ever."""
    return f"/static/{name}?v={hashlib.sha256(static_bytes(name)).hexdigest()[:12]}"


def html(
    name: str,
    *,
    status: int = 200,
    wide: bool = False,
    errors: Mapping[str, str] = NO_ERRORS,
    more: Mapping[str, object] = NOTHING_MORE,
    **context: object,
) -> web.Response:
    """A whole page from a template and its values; `errors` by the field that they stand at, `wide`
    for a page of tables."""
    values = {"wide": wide, "errors": errors, **context, **more}
    body = template(name).render(values).encode()
    return web.Response(body=body, status=status, content_type="text/html", charset="utf-8")
