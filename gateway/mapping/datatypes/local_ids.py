"""Local identifiers "root^extension", and how far the authority that made them is known.

An OID, a URI or a national number (FINESS, SIREN, SIRET) names one authority for everybody. A bare
namespace (`CHU-X`) means something inside one house only, so it is kept apart by house.
"""

import re

_EVERYWHERE = re.compile(r"[0-9]+(?:\.[0-9]+)+|[0-9]{9}|[0-9]{14}|[^^]*:[^^]*", re.ASCII)
MARK = "\x00"


def scoped(identifier: str, house: str) -> str:
    """The identifier as it is looked up; `house` is the sender's organisation, or its own name."""
    root = identifier.partition("^")[0]
    return identifier if _EVERYWHERE.fullmatch(root) else f"{house}{MARK}{identifier}"
