"""A unit as people read it: UCUM is written for machines, its case and its brackets too.

What is not known here stands as it came. A lone `d` is left: published documents write it for
dioptres as well as for days.
"""

import re

WHOLE = {
    "Cel": "°C",
    "deg": "°",
    "mm[Hg]": "mmHg",
    "[diop]": "dioptries",
    "[degF]": "°F",
    "[pH]": "",
    "a": "ans",
    "mo": "mois",
    "wk": "semaines",
}
UNITLESS = frozenset({"1", "{count}", "{index}", "{INR}", "{number}", "{ratio}", "{score}"})
REMARKS = {"drink": "verres", "pack": "paquets", "times": "fois"}
"""A remark in braces is no unit in UCUM, but what was counted."""
PER = {"d": "jour", "wk": "semaine", "mo": "mois", "a": "an"}
RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")

_REMARK = re.compile(r"(?P<glued>(?<=[^/.\s]))?\{(?P<words>[^{}]*)\}")
_PER = re.compile(r"/(d|wk|mo|a)\b")
_POWER_OF_TEN = re.compile(r"10[*^](\d{1,2})", re.ASCII)
_EXPONENT = re.compile(r"(?<=m)([23])\b")
_INTERNATIONAL = re.compile(r"\[(?:iU|IU)\]")
_MICRO = re.compile(r"(?<![A-Za-z])u(?=(?:g|mol|L|l|m|UI|U|kat|Pa|s)\b)")


def unit_words(unit: str) -> str:
    """« µUI/mL » of `u[IU]/mL`; "" of what is only counted."""
    if unit in UNITLESS:
        return ""
    if unit in WHOLE:
        return WHOLE[unit]
    said = _REMARK.sub(_remark, unit)
    said = _PER.sub(lambda found: f"/{PER[found[1]]}", said)
    said = _POWER_OF_TEN.sub(lambda found: f"10{found[1].translate(RAISED)}", said)
    said = _EXPONENT.sub(lambda found: found[1].translate(RAISED), said)
    return _MICRO.sub("µ", _INTERNATIONAL.sub("UI", said))


def _remark(found: re.Match[str]) -> str:
    words = REMARKS.get(found["words"], found["words"])
    return words if found["glued"] is None else f" {words}"
