"""Somebody near the patient, as a document names him (CI-SIS header, informant/relatedEntity)."""

from dataclasses import dataclass
from enum import StrEnum


class Nearness(StrEnum):
    """`classCode` of the relatedEntity: whom to call in an emergency, and whom to trust."""

    EMERGENCY = "ECON"
    TRUSTED = "NOK"


@dataclass(frozen=True, slots=True, kw_only=True)
class Relative:
    """`relation` in the document's words (« Mère »), `phones` as written; each "" or () where not
    said."""

    nearness: Nearness
    name: str
    relation: str = ""
    phones: tuple[str, ...] = ()
