"""Tokens of a FHIR search: `code`, `system|code`, `|code`, `system|` (FHIR.md section 4).

A system is compared in whatever form a guide writes it, as a URL of the NOS or as an OID; one
that was not kept with a code agrees with any. A backslash takes its meaning from `,` `|` `$` and
from itself (R4 search, escaping).
"""

import re
from collections.abc import Iterable

from gateway.mapping.fhir.values import OID_PREFIX, UUID_PREFIX, system_oid

Token = tuple[str, str]
"""System ("" where it was not kept) and code."""
ALTERNATIVE = re.compile(r"(?:[^\\,]|\\.?)+", re.DOTALL)
STEP = re.compile(r"\\.|\|", re.DOTALL)
ESCAPED = re.compile(r"\\([\\,|$])")


def token_agrees(have: Iterable[str | Token], value: str) -> bool:
    """A comma is OR. A code alone is one whose system was not kept."""
    mine = [("", one) if isinstance(one, str) else one for one in have]
    return any(_agrees(one, part) for part in alternatives(value) for one in mine)


def codes_of(value: str) -> list[str]:
    """The codes of a criterion, without their systems."""
    return [_parted(one)[2] for one in alternatives(value)]


def alternatives(value: str) -> list[str]:
    """What stands between the commas that are not escaped, with the escapes that are inside."""
    return ALTERNATIVE.findall(value)


def plain_of(part: str) -> str:
    """Without its escapes; a backslash before anything else is itself."""
    return ESCAPED.sub(r"\1", part)


def _parted(part: str) -> tuple[str, str, str]:
    """System, bar and code, parted at the last bar that is not escaped; "" before a code alone."""
    bars = [one.start() for one in STEP.finditer(part) if one[0] == "|"]
    if not bars:
        return "", "", plain_of(part)
    return plain_of(part[: bars[-1]]), "|", plain_of(part[bars[-1] + 1 :])


def _agrees(mine: Token, part: str) -> bool:
    system, bar, code = _parted(part)
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
