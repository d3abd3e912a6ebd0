"""One run as the reports show it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from conformance.known import Comparison, compare
from conformance.requirement import Outcome, Status, Volet

WORDS = (Status.MET, Status.NOT_MET, Status.REMARK, Status.SKIPPED, Status.UNCHECKED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """`subject` never holds a token; `known` are reasons by id, for what is said beforehand."""

    title: str
    subject: str
    began: datetime
    outcomes: tuple[Outcome, ...]
    known: Mapping[str, str] = field(default_factory=dict)
    note: str = ""

    @property
    def volets(self) -> list[tuple[Volet, list[Outcome]]]:
        """Those with an outcome, in the order of `Volet`."""
        groups = [(one, [o for o in self.outcomes if o.requirement.volet is one]) for one in Volet]
        return [(volet, found) for volet, found in groups if found]

    @property
    def seconds(self) -> float:
        return sum(one.seconds for one in self.outcomes)

    @property
    def comparison(self) -> Comparison:
        return compare(self.outcomes, self.known)

    @property
    def passed(self) -> bool:
        """Nothing that shall be is missing, but for what the list of known ones names."""
        if self.known:
            return self.comparison.agrees
        return not any(one.status is Status.NOT_MET for one in self.outcomes)

    def reason(self, outcome: Outcome) -> str:
        """Why this one is known not to be met; "" when nobody said so."""
        wrong = outcome.status in (Status.NOT_MET, Status.REMARK)
        return self.known.get(outcome.requirement.id, "") if wrong else ""


def counted(outcomes: Iterable[Outcome]) -> str:
    """`12 met, 1 not met`: statuses that occur, in their order."""
    counts = Counter(one.status for one in outcomes)
    return ", ".join(f"{counts[word]} {word.value}" for word in WORDS if counts[word])
