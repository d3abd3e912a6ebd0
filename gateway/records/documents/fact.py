"""A coded entry of a document that is no measured result: a disease, a vaccine, a treatment.

Facts stay in their document: they are read of its bytes when somebody may open it, and are worth
what their author wrote there (decision 013). Measured values are `Observation`s.
"""

from dataclasses import dataclass
from enum import StrEnum

ABSENT_OR_UNKNOWN = "2.16.840.1.113883.5.1150.1"
"""HL7's codes of a patient summary that stand where a disease or a treatment would: none is known
(`no-known-…`), or nothing is (`no-…-info`); JDV_AbsentOrUnknown… of the CI-SIS."""


class FactKind(StrEnum):
    PROBLEM = "problem"
    ALLERGY = "allergy"
    MEDICATION = "medication"
    IMMUNIZATION = "immunization"
    PROCEDURE = "procedure"
    FAMILY_HISTORY = "family-history"
    DEVICE = "device"
    ENCOUNTER = "encounter"


class FactStatus(StrEnum):
    """`intended` is a plan or a prescription, `refused` an act that was not done (negationInd)."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    COMPLETED = "completed"
    INTENDED = "intended"
    STOPPED = "stopped"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Coded:
    """A code of a code system (OID, as received) and its words; each "" where not said."""

    code: str = ""
    system: str = ""
    text: str = ""


NOTHING_CODED = Coded()


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """Where in its document a fact stands, and who wrote it there.

    `section` is the LOINC code of the section, `entry` the id of the entry ("root^extension"),
    `anchor` the ID of its text in the narrative and `words` that text. `author` and `time` are
    those of the entry or of what surrounds it; "" means the authors of the document.
    """

    section: str = ""
    section_title: str = ""
    entry: str = ""
    anchor: str = ""
    words: str = ""
    author: str = ""
    organization: str = ""
    time: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """`what` is the disease, substance, product, act or device; `also` its other codings.

    `negated` says that it was looked for and is not there. Times are ISO 8601 as precise as
    written. `kind_of` is the nature of an allergy or the series of a vaccine, `relation` the
    relative of a family history, `rank` the number of a dose, `performer` who did it.
    """

    kind: FactKind
    what: Coded
    where: Provenance
    status: FactStatus = FactStatus.UNKNOWN
    negated: bool = False
    also: tuple[Coded, ...] = ()
    start: str | None = None
    stop: str | None = None
    kind_of: Coded = NOTHING_CODED
    severity: Coded = NOTHING_CODED
    certainty: Coded = NOTHING_CODED
    criticality: Coded = NOTHING_CODED
    reactions: tuple[Coded, ...] = ()
    reasons: tuple[Coded, ...] = ()
    route: Coded = NOTHING_CODED
    site: Coded = NOTHING_CODED
    relation: Coded = NOTHING_CODED
    dose: str = ""
    frequency: str = ""
    lot: str = ""
    rank: int | None = None
    performer: str = ""
    place: str = ""
    comment: str = ""

    @property
    def says_none(self) -> bool:
        """Whether its code is the author's word that there is none, or that nothing is known."""
        return self.what.system == ABSENT_OR_UNKNOWN

    @property
    def says_nothing(self) -> bool:
        """Whether its code is the author's word that nothing is known, not even that."""
        return self.says_none and self.what.code.endswith("-info")
