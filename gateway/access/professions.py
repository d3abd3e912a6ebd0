"""The columns that a grid may have, and what a person calls them."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType


@cache
def professions() -> Mapping[str, str]:
    """French name by code: `G15_10` → « Médecin », GENR08 to GENR12 → the kind of activity."""
    table = (files("gateway.access") / "grids" / "professions.csv").read_text("utf-8")
    return MappingProxyType(
        {row["code"]: row["display_fr"] for row in csv.DictReader(table.splitlines())}
    )


def profession_name(code: str | None) -> str:
    """The French name, or the code itself where we know none."""
    return professions().get(code or "", code or "profession inconnue")
