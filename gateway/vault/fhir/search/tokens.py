"""Tokens of a FHIR search: `code`, `system|code`, `|code`, `system|` (FHIR.md section 4).

A system is compared in whatever form a guide writes it, as a URL of the NOS or as an OID; one
that was not kept with a code agrees with any. A backslash takes its meaning from `,` `|` `$` and
from itself (R4 search, escaping).
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from gateway.mapping.fhir.values import OID_PREFIX, UUID_PREFIX, system_oid

Token = tuple[str, str]
"""System ("" where it was not kept) and code."""
ALTERNATIVE = re.compile(r"(?:[^\\,]|\\.?)+", re.DOTALL)
STEP = re.compile(r"\\.|\|", re.DOTALL)
ESCAPED = re.compile(r"\\([\\,|$])")
KEPT_CRITERIA = 256


class Asked(NamedTuple):
    """One alternative: its system ("" for none), whether a bar parts it from its code, the code as
    it came and as it is compared."""

    system: str
    barred: bool
    code: str
    plain: str


def token_agrees(have: Iterable[str | Token], value: str) -> bool:
    """A comma is OR. A code alone is one whose system was not kept."""
    mine = [("", one) if isinstance(one, str) else one for one in have]
    compared = [(system, plain(code)) for system, code in mine]
    return any(_agrees(one, part) for part in _asked(value) for one in compared)


@lru_cache(maxsize=KEPT_CRITERIA)
def _asked(value: str) -> tuple[Asked, ...]:
    """Read once for all the resources of a search, of which there may be thousands."""
    parted = map(_parted, alternatives(value))
    return tuple(Asked(system, bool(bar), code, plain(code)) for system, bar, code in parted)


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


def _agrees(mine: Token, asked: Asked) -> bool:
    """`mine` with its code as it is compared."""
    if asked.code and mine[1] != asked.plain:
        return False
    if not asked.barred or not mine[0]:
        return bool(asked.code or asked.system)
    return system_oid(mine[0]) == system_oid(asked.system) if asked.system else False


def plain(code: str) -> str:
    """Without `urn:oid:` and `urn:uuid:`; the case of a UUID says nothing."""
    lower = code.lower()
    if lower.startswith(UUID_PREFIX):
        return lower.removeprefix(UUID_PREFIX)
    return code.removeprefix(OID_PREFIX)
