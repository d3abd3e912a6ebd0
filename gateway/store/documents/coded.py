"""Which words of a document a column may bear in clear: coded types and numbers of establishments.

Whatever else a sender writes in their place may name a person or a disease, and stands in the
sealed card (decision 031).
"""

import re

from gateway.mapping.labels.choosing import BY_CODE

LOINC = re.compile(r"[0-9]{1,7}-[0-9]")
CLASS = re.compile(r"[0-9]{2}|urn:oid:[0-9.]{1,64}")
"""TRE_A03, and the URN that TRE_A10 gives a class."""
ESTABLISHMENT = re.compile(
    r"1?(?:[0-9]{9}|[0-9][AB][0-9]{7})"  # FINESS
    r"|2[0-9]{9}"  # SIREN
    r"|3?[0-9]{14}"  # SIRET
)
"""Struct_IdNat of an establishment, with its digit or without. One of a practice (0 and ADELI, 4
and RPPS) is the number of a person."""


def type_column(code: str | None) -> str | None:
    return code if code and (code in BY_CODE or LOINC.fullmatch(code)) else None


def class_column(code: str | None) -> str | None:
    return code if code and CLASS.fullmatch(code) else None


def organization_column(number: str | None) -> str | None:
    return number if number and ESTABLISHMENT.fullmatch(number) else None


def apart(word: str | None, column: str | None) -> str | None:
    """What the card must bear of a word: nothing where the column does."""
    return word if word != column else None
