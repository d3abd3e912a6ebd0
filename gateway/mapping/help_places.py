"""The places that help face to face: an operator's CSV file, and those near a postcode.

No list is shipped: the public ones change every month, and belong to who runs the gateway.
"""

import csv
import io
import re
from collections.abc import Iterable

from gateway.records.help_place import HelpKind, HelpPlace

COLUMNS = ("kind", "name", "address", "postcode", "town", "telephone", "hours")
NEEDED = COLUMNS[:5]
POSTCODE = re.compile(r"[0-9]{5}")
DEPARTMENT, OVERSEAS = 2, ("97", "98")
MOST = 12


def read_places(text: str) -> tuple[HelpPlace, ...]:
    """One place a line, the columns of COLUMNS named in the first (`telephone` and `hours` may be
    missing). Raises ValueError with the line that is wrong and what to write there.
    """
    rows = csv.DictReader(io.StringIO(text))
    named = rows.fieldnames or ()
    if absent := [name for name in NEEDED if name not in named]:
        raise ValueError(f"line 1: no column {absent[0]}")
    return tuple(_place(row, rows.line_num) for row in rows)


def _place(row: dict[str, str | None], line: int) -> HelpPlace:
    said = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if absent := [name for name in NEEDED if not said[name]]:
        raise ValueError(f"line {line}: {absent[0]} is empty")
    if not is_postcode(said["postcode"]):
        raise ValueError(f"line {line}: postcode is not five digits")
    kinds = [kind.value for kind in HelpKind]
    if said["kind"] not in kinds:
        raise ValueError(f"line {line}: kind is none of {', '.join(kinds)}")
    return HelpPlace(
        kind=HelpKind(said["kind"]),
        name=said["name"],
        address=said["address"],
        postcode=said["postcode"],
        town=said["town"],
        telephone=said["telephone"],
        hours=said["hours"],
    )


def is_postcode(text: str) -> bool:
    return POSTCODE.fullmatch(text) is not None


def near(places: Iterable[HelpPlace], postcode: str) -> list[HelpPlace]:
    """Those of the same department, the nearest number first, at most MOST; of each kind at least
    one, where the department has it."""
    found = [one for one in places if _department(one.postcode) == _department(postcode)]
    found.sort(key=lambda one: (abs(int(one.postcode) - int(postcode)), one.name))
    nearest = {one.kind: one for one in reversed(found)}
    kept = list(dict.fromkeys([*nearest.values(), *found]))[:MOST]
    return [one for one in found if one in kept]


def _department(postcode: str) -> str:
    return postcode[: DEPARTMENT + postcode.startswith(OVERSEAS)]
