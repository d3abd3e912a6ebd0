"""Is this unit one of UCUM, and this code one of LOINC? By their form; neither is a catalogue.

UCUM (unitsofmeasure.org, case sensitive): prefixes before metric units, other units as they are,
exponents, `.` and `/` between terms, remarks in braces. The atoms are those of laboratories:
tesla and gauss are none, for `T/L` and `G/L` mean tera and giga there.
"""

import re

from gateway.records.remembering import remembers_short

METRIC = (
    "mol|osm|eq|kat|cal|cd|Cel|Pa|Hz|bar|Gy|Sv|Bq|Ci|lm|lx|Wb|"
    r"m\[Hg\]|m\[H2O\]|\[iU\]|\[IU\]|g%|[gmlLsUJ]"
)
OTHERS = (
    r"10\*|10\^|%|'{1,2}|deg|min|h|d|wk|mo_j|mo|a_j|a|u|"
    r"\[(?:pH|degF|APL'U|GPL'U|MPL'U|ppth|ppm|ppb|pptr|CFU|FFU|PFU|EID_50|TCID_50|Lf|drp|in_i|"
    r"arb'U|USP'U|beth'U|CCID_50|D'ag'U|anti'Xa'U|todd'U|dye'U|smgy'U|bdsk'U|ka'U|knk'U|mclg'U|"
    r"tb'U|hp_X|HPF|LPF|BAU|AU|AMB'a'1'U|BAU'10)\]"
)
PREFIXES = "da|[YZEPTGMkhdcmunpfazy]"
REMARK = r"{[^{}]*}"
ATOM = rf"(?:{OTHERS}|(?:{PREFIXES})?(?:{METRIC}))(?:[+-]?\d{{1,2}})?"
TERM = rf"(?:{ATOM}|\d{{1,6}})(?:{REMARK})?|{REMARK}"
UCUM = re.compile(rf"/?(?:{TERM})(?:[./](?:{TERM})){{0,6}}", re.ASCII)
LOINC = re.compile(r"(\d{1,7})-(\d)", re.ASCII)
MAX_UNIT, MAX_CODE = 60, 9


@remembers_short(entries=4096, characters=MAX_UNIT)
def is_ucum(unit: str) -> bool:
    """True also for no unit at all, which is not for this check to find."""
    flat = unit.replace("(", "").replace(")", "")
    return not unit or (len(unit) <= MAX_UNIT and UCUM.fullmatch(flat) is not None)


@remembers_short(entries=8192, characters=MAX_CODE)
def is_loinc(code: str) -> bool:
    """Digits, a hyphen and the check digit by Luhn (modulus 10), as LOINC makes it."""
    found = LOINC.fullmatch(code)
    if found is None:
        return False
    total = 0
    for place, digit in enumerate(reversed(found[1])):
        number = int(digit) * (2 if place % 2 == 0 else 1)
        total += number // 10 + number % 10
    return (10 - total % 10) % 10 == int(found[2])
