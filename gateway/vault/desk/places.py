"""Which role finds what at the desk (VAULT DSK-01); the first of a role is where it begins."""

from collections.abc import Iterable
from typing import NamedTuple

from gateway.records.readers.operator import OperatorRole

EVERYBODY = tuple(OperatorRole)
MESSAGES = (OperatorRole.TECHNIQUE,)
IDENTITIES = (OperatorRole.TECHNIQUE, OperatorRole.VALIDEUR)
SECOND = (OperatorRole.VALIDEUR,)
CALLS = (OperatorRole.CONSEILLER,)
DELETIONS = (OperatorRole.CONSEILLER, OperatorRole.VALIDEUR)
AUTHORITIES = (OperatorRole.CONSEILLER, OperatorRole.VALIDEUR)
LISTINGS = (OperatorRole.GESTIONNAIRE,)
AUDIT = (OperatorRole.AUDITEUR,)
WORK = (OperatorRole.TECHNIQUE,)
"""What waits, what failed, and whether this house is well."""
RULES = (OperatorRole.GESTIONNAIRE, OperatorRole.TECHNIQUE, OperatorRole.AUDITEUR)


class Place(NamedTuple):
    path: str
    words: str
    roles: tuple[OperatorRole, ...]


PLACES = (
    Place("/desk/flux", "Flux", MESSAGES),
    Place("/desk/messages", "Messages", MESSAGES),
    Place("/desk/a-valider", "À valider", SECOND),
    Place("/desk/identites", "Identités en attente", IDENTITIES),
    Place("/desk/files", "Files", WORK),
    Place("/desk/echecs", "Courriers en échec", WORK),
    Place("/desk/emetteurs", "Émetteurs", WORK),
    Place("/desk/sante", "Santé", WORK),
    Place("/desk/3422", "3422", CALLS),
    Place("/desk/suppressions", "Suppressions", DELETIONS),
    Place("/desk/representants", "Représentants", AUTHORITIES),
    Place("/desk/journal", "Journal", AUDIT),
    Place("/desk/grille", "Grille", RULES),
    Place("/desk/catalogue", "Catalogue", LISTINGS),
    Place("/desk/signalements", "Signalements", LISTINGS),
    Place("/desk/simulateur", "Simulateur", EVERYBODY),
    Place("/desk/aide", "Rôles", EVERYBODY),
)
"""In the order of the navigation."""
CLOCK = ("/desk/horloge", "Horloge")


def places_of(roles: Iterable[OperatorRole]) -> list[Place]:
    """Those that one of these roles opens."""
    mine = set(roles)
    return [place for place in PLACES if mine & set(place.roles)]


def nav_of(roles: Iterable[OperatorRole], *, demo: bool = False) -> tuple[tuple[str, str], ...]:
    """With the demo's clock where there is one."""
    nav = tuple((place.path, place.words) for place in places_of(roles))
    return (*nav, CLOCK) if demo else nav
