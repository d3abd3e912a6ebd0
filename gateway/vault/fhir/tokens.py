"""Tokens of a FHIR search: `code`, `system|code`, `|code`, `system|` (FHIR.md section 4).

A system is compared in whatever form a guide writes it, as a URL of the NOS or as an OID; one
that was not kept with a code agrees with any.
"""

from collections.abc import Iterable

from gateway.mapping.fhir.values import OID_PREFIX, UUID_PREFIX, system_oid

Token = tuple[str, str]
"""System ("" where it was not kept) and code."""


def token_agrees(have: Iterable[str | Token], value: str) -> bool:
    """A comma is OR. A code alone is one whose system was not kept."""
    mine = [("", one) if isinstance(one, str) else one for one in have]
    return any(_agrees(one, part) for part in value.split(",") if part for one in mine)


def codes_of(value: str) -> list[str]:
    """The codes of a criterion, without their systems."""
    return [one.rpartition("|")[2] for one in value.split(",")]


def _agrees(mine: Token, part: str) -> bool:
    system, bar, code = part.rpartition("|")
    if code and plain(mine[1]) != plain(code):
        return False
    if not bar or not mine[0]:
        return bool(code or system)
    return system_oid(mine[0]) == system_oid(system) if system else False


def plain(code: str) -> str:
    """Without `urn:oid:` and `urn:uuid:`; the case of a UUID says nothing."""
    lower = code.lower()
    if lower.startswith(UUID_PREFIX):
        return lower.removeprefix(UUID_PREFIX)
    return code.removeprefix(OID_PREFIX)
