"""The type of a document among its codings: one of the French value sets before any other."""

from typing import Any, NamedTuple

from gateway.mapping.fhir.values import codings, system_oid, text
from gateway.mapping.labels import type_system_of

LOINC, TRE_A05, TRE_A12 = "2.16.840.1.113883.6.1", "1.2.250.1.213.1.1.4.12", "ASTM"
TYPE_SYSTEMS = frozenset({LOINC, TRE_A05, TRE_A12})
"""The systems of JDV_J07 and JDV_J66 (FHIR.md section 3)."""
VALUE_SETS = frozenset({"1.2.250.1.213.1.1.5.471", "1.2.250.1.213.1.1.5.7"})
"""JDV_J07 and JDV_J66, where a sender gives the value set for the system."""


class Kind(NamedTuple):
    """typeCode, the OID of its system where it is known, and its name as it came."""

    code: str | None = None
    system: str | None = None
    display: str | None = None


def kind_of(concept: Any) -> Kind:
    """The first coding of a known system, else the first with a code."""
    kinds = [_kind(text(one, "code"), one) for one in codings(concept)]
    kinds = [one for one in kinds if one.code] or kinds
    known = (one for one in kinds if one.system in TYPE_SYSTEMS)
    return next(known, kinds[0] if kinds else Kind())


def _kind(code: str | None, coding: Any) -> Kind:
    system = system_oid(text(coding, "system"))
    if system in VALUE_SETS and code:
        system = type_system_of(code) or system
    return Kind(code, system, text(coding, "display"))
