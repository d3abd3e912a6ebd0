"""HL7v2 data types as XDS writes them inside slots: CX, XCN, XON, DTM (IHE ITI TF-3 4.2.3.1.7).

The French shapes are those of CDA.md section 5; a component that is absent is None.
"""

import re
from typing import NamedTuple

from gateway.mapping.hl7v2.er7.delimiters import DEFAULT
from gateway.mapping.hl7v2.er7.escapes import escape, unescape


class Cx(NamedTuple):
    """`id^^^&oid&ISO^type`: NH is an INS, PI a local identifier."""

    id: str
    oid: str
    kind: str


class Xcn(NamedTuple):
    """`id^family^given^^^^^^&oid&ISO^type^^^IDNPS`; type RI marks a device, NH a patient."""

    id: str | None
    family: str | None
    given: str | None
    system: str | None
    kind: str | None


class Xon(NamedTuple):
    """`name^^^^^&oid&ISO^IDNST^^^id`; the number stood in XON.3 until HL7 2.6."""

    name: str | None
    id: str | None
    system: str | None


def plain(text: str | None) -> str | None:
    """White space as one blank; nothing is None."""
    return " ".join(text.split()) or None if text else None


def components(value: str, count: int) -> list[str | None]:
    parts: list[str | None] = [plain(part) for part in value.split("^")]
    return parts + [None] * (count - len(parts))


def cx(value: str | None) -> Cx | None:
    if not value:
        return None
    parts = components(value, 5)
    own, oid = leaf(parts[0]), _authority(parts[3])
    return Cx(own, oid, parts[4] or "") if own and oid else None


def xcn(value: str) -> Xcn:
    parts = components(value, 13)
    kind = next((part for part in (parts[12], parts[10]) if part in ("RI", "NH", "IDNPS")), None)
    own, family, given = map(leaf, parts[:3])
    return Xcn(own, family, given, _authority(parts[8]) or None, kind)


def xon(value: str) -> Xon:
    parts = components(value, 10)
    return Xon(leaf(parts[0]), leaf(parts[9]) or leaf(parts[2]), _authority(parts[5]) or None)


def leaf(component: str | None) -> str | None:
    r"""A component as it was meant: `\T\` is an ampersand (HL7 escapes)."""
    return plain(unescape(component, DEFAULT)) if component else None


def written(text: str | None) -> str:
    """The way back: separators inside a component are escaped."""
    return escape(text, DEFAULT) if text else ""


def cx_written(local: str) -> str:
    """`root^extension` as sourcePatientId writes it."""
    oid, _, number = local.partition("^")
    return f"{written(number)}^^^&{oid}&ISO^PI"


def cxi_written(reference: str) -> str:
    """`oid^id`, or an id alone, as referenceIdList writes it; of what kind it is was not kept."""
    oid, mark, number = reference.partition("^")
    return f"{written(number)}^^^&{oid}&ISO" if mark else written(oid)


def dtm(iso: str | None) -> str | None:
    """The way back from `times.iso_of`: digits of an ISO 8601 time in UTC."""
    return re.sub(r"\D", "", iso.partition(".")[0]) or None if iso else None


def _authority(component: str | None) -> str:
    """The OID of `name&oid&ISO`."""
    parts = (component or "").split("&")
    return parts[1] if len(parts) > 1 else ""
