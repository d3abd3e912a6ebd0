"""A page of the desk: the frame that all of them share."""

from collections.abc import Mapping

from aiohttp import web

from gateway.vault.desk.places import PLACES
from gateway.vault.rendering import html
from gateway.vault.visit import VISIT

NO_ERRORS: Mapping[str, str] = {}


def desk_html(
    request: web.Request,
    name: str,
    *,
    title: str,
    place: str,
    errors: Mapping[str, str] = NO_ERRORS,
    status: int = 0,
    **context: object,
) -> web.Response:
    """`name` is a template of `templates/desk`, `place` its path in the navigation; 422 where
    there are errors."""
    current = next((one.path for one in PLACES if place.startswith(one.path)), place)
    return html(
        f"desk/{name}.html",
        status=status or (422 if errors else 200),
        face=request[VISIT].face,
        title=title,
        current=current,
        data_page=place.removeprefix("/"),
        wide=True,
        errors=errors,
        more=context,
    )
