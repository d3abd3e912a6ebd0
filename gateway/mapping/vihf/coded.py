"""The coded values of a VIHF: role, purpose of use, and the tables they come from."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.xml import Element
from gateway.records.readers.access import Mode

HL7 = "urn:hl7-org:v3"
AUTOMATE = "AUTOMATE"
PRODUCERS = "1.2.250.1.213.1.1.4.6"
"""TRE_A00: who is no professional, AUTOMATE among them."""
PURPOSES = "1.2.250.1.213.1.1.4.248"
LISTS: Mapping[str, str] = MappingProxyType(
    {
        "1.2.250.1.71.1.2.7": "G15",
        "1.2.250.1.71.1.2.8": "G16",
        "1.2.250.1.213.1.6.1.4": "R94",
        "1.2.250.1.213.1.6.1.109": "R95",
    }
)
MODES: Mapping[str, Mode] = MappingProxyType(
    {"normal": Mode.NORMAL, "bris_de_glace": Mode.BRIS_DE_GLACE, "centre_15": Mode.SAMU}
)
SPECIALISED = frozenset({"G15_10", "G15_21"})
"""A physician and a pharmacist say in what: « Aucune spécialité dans le vihf »."""
CODE = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)


def coded(value: Element, name: str) -> tuple[str, str]:
    """Code and system of the CE in one AttributeValue. Raises NotVihfError(FIELD)."""
    inside = list(value)
    if len(inside) != 1 or inside[0].tag != f"{{{HL7}}}{name}" or len(inside[0]):
        raise NotVihfError(Why.FIELD, name)
    code, system = inside[0].get("code", ""), inside[0].get("codeSystem", "")
    if not CODE.fullmatch(code):
        raise NotVihfError(Why.FIELD, name)
    return code, system


def profession_of(roles: list[tuple[str, str]]) -> str:
    """`G15_10/SM26` of a role and its know-how, or AUTOMATE.

    Raises NotVihfError: FIELD, SPECIALTY.
    """
    if not 1 <= len(roles) <= 2:
        raise NotVihfError(Why.FIELD, "Role")
    code, system = roles[0]
    if system == PRODUCERS:
        return code
    listed = LISTS.get(system)
    if listed is None:
        raise NotVihfError(Why.FIELD, "Role")
    profession = f"{listed}_{code.removeprefix(f'{listed}_')}"
    if len(roles) == 1 and profession in SPECIALISED:
        raise NotVihfError(Why.SPECIALTY)
    return "/".join((profession, *(one for one, _ in roles[1:])))


def mode_of(code: str, system: str) -> Mode:
    """Raises NotVihfError(FIELD) for a purpose that is not in TRE_R248."""
    if system != PURPOSES or code not in MODES:
        raise NotVihfError(Why.FIELD, "PurposeOfUse")
    return MODES[code]
