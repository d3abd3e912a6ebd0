"""A version of the access grid as it was in force here."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GridVersion:
    """`digest` is SHA-256 of the file in hex, as traces name it by its beginning."""

    digest: str
    since: datetime
