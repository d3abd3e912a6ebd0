"""`/aide`: the telephone, a guide by theme, and who helps near a postcode (VAULT UIX-04, UIX-05).

Open before anybody signs in; the postcode is asked by GET and written nowhere.
"""

from dataclasses import dataclass

from aiohttp import web

from gateway.mapping.help_places import is_postcode, near
from gateway.records.help_place import HelpKind, HelpPlace
from gateway.vault.rendering import html
from gateway.vault.rooms import ROOMS
from gateway.vault.visit import VISIT

PATH = "/aide"
KINDS = {
    HelpKind.CPAM: "Caisse primaire d'assurance maladie (CPAM)",
    HelpKind.FRANCE_SERVICES: "France services",
    HelpKind.CONSEILLER_NUMERIQUE: "Conseiller numérique",
}
POSTCODE_WRONG = "Le code postal compte 5 chiffres, par exemple 29200."


@dataclass(frozen=True, slots=True, kw_only=True)
class Near:
    """Who helps near the postcode that was asked; `places` is None where none was."""

    postcode: str
    places: list[HelpPlace] | None
    is_listed: bool
    """Whether this house has a list at all."""
    errors: dict[str, str]
    kinds = KINDS


def near_asked(request: web.Request) -> Near:
    """Of field `code_postal`."""
    asked = request.query.get("code_postal", "").replace(" ", "")
    known = request[ROOMS].help.places
    errors = {"code_postal": POSTCODE_WRONG} if asked and not is_postcode(asked) else {}
    return Near(
        postcode=asked,
        places=near(known, asked) if asked and not errors else None,
        is_listed=bool(known),
        errors=errors,
    )


async def help_page(request: web.Request) -> web.Response:
    return _page(request, "help", "Aide", PATH)


async def helped_page(request: web.Request) -> web.Response:
    """« Je me fais aider » (UIX-05, ACC-19)."""
    return _page(request, "helped", "Je me fais aider", f"{PATH}/accompagnement")


async def terms_page(request: web.Request) -> web.Response:
    return _page(request, "terms", "Conditions d'utilisation", f"{PATH}/conditions")


def _page(request: web.Request, name: str, title: str, path: str) -> web.Response:
    near_by = near_asked(request)
    return html(
        f"open/{name}.html",
        status=422 if near_by.errors else 200,
        face=request[VISIT].face,
        title=title,
        current=PATH,
        data_page=path.removeprefix("/"),
        errors=near_by.errors,
        help=request[ROOMS].help,
        near=near_by,
    )
