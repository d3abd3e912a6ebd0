"""A place where a person is helped face to face (VAULT UIX-04, DSK-08)."""

from enum import StrEnum

from msgspec import Struct

HOURS = "du lundi au vendredi de 8 h 30 à 17 h 30"
TARIFF = "service gratuit + prix d'un appel local"
"""Of the 3422, as the pages say them (VAULT UIX-04)."""


class HelpKind(StrEnum):
    """Who helps there."""

    CPAM = "cpam"
    FRANCE_SERVICES = "france-services"
    CONSEILLER_NUMERIQUE = "conseiller-numerique"


class HelpPlace(Struct, frozen=True, kw_only=True):
    """`postcode` has five digits; `telephone` and `hours` may be empty."""

    kind: HelpKind
    name: str
    address: str
    postcode: str
    town: str
    telephone: str = ""
    hours: str = ""
