"""Twenty-five rows of a list of the desk, and the pages beside them (PAGES section 2, rule 9)."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from gateway.vault.document.listing import page_number, page_of


def paged(
    request: web.Request, place: str, found: Sequence[Any], *, more: bool, **kept: str
) -> dict[str, Any]:
    """The rows of the page that the address names, and the addresses of the pages beside it, which
    bear `kept` too. `more` says that the list goes on behind `found`."""
    rows, page, pages = page_of(found, page_number(request.query))
    place = f"{place}?{urlencode([*kept.items(), ('page', '')])}"
    return {
        "rows": rows,
        "total": len(found),
        "more": more,
        "page": page,
        "pages": pages,
        "previous": f"{place}{page - 1}" if page > 1 else "",
        "following": f"{place}{page + 1}" if page < pages else "",
    }
