"""Counts what each judge found, and says it as the outcomes of a report."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from conformance.requirement import Level, Outcome, Requirement, Status, not_met
from conformance.sender.judge import Fault, Judge, S

EXAMPLES = 5
SHAPE_ERRORS = (LookupError, TypeError, AttributeError, ValueError, RecursionError)


@dataclass
class Tally:
    """`judged` things to which the requirement applied, `wrong` of them with a fault."""

    requirement: Requirement
    judged: int = 0
    wrong: int = 0
    examples: list[str] = field(default_factory=list)

    def outcome(self) -> Outcome:
        if not self.judged:
            saw = "nothing came to which it applies"
            return Outcome(requirement=self.requirement, status=Status.SKIPPED, saw=saw)
        if not self.wrong:
            saw = f"{self.judged} of {self.judged}"
            return Outcome(requirement=self.requirement, status=Status.MET, saw=saw)
        more = ["…"] if self.wrong > len(self.examples) else []
        saw = f"{self.wrong} of {self.judged}: " + "; ".join([*self.examples, *more])
        return Outcome(requirement=self.requirement, status=not_met(self.requirement), saw=saw)


@dataclass(frozen=True, slots=True)
class Found:
    """A fault and the requirement that it breaks."""

    requirement: Requirement
    fault: Fault

    @property
    def serious(self) -> bool:
        return self.requirement.level is Level.SHALL


class Scorecard:
    """Tallies of all judges that may be asked, in the order of the report."""

    def __init__(self, judges: Iterable[Judge[Any]]) -> None:
        self._tallies = {one.requirement.id: Tally(one.requirement) for one in judges}

    def judge(self, subject: S, judges: Sequence[Judge[S]], label: str) -> list[Found]:
        """Asks every judge; `label` tells a reader which thing it was."""
        found: list[Found] = []
        for one in judges:
            faults = faults_of(one, subject)
            if faults is None:
                continue
            tally = self._tallies[one.requirement.id]
            tally.judged += 1
            if faults:
                tally.wrong += 1
                note = "; ".join(f"{fault.place}: {fault.saw}" for fault in faults[:2])
                if len(tally.examples) < EXAMPLES:
                    tally.examples.append(f"{label} {note}")
            found += [Found(one.requirement, fault) for fault in faults]
        return found

    def outcomes(self) -> list[Outcome]:
        return [tally.outcome() for tally in self._tallies.values()]


def faults_of(judge: Judge[S], subject: S) -> list[Fault] | None:
    """None where the requirement does not apply. A hostile shape is a fault, never a crash."""
    try:
        return list(judge.look(subject)) if judge.applies(subject) else None
    except SHAPE_ERRORS as error:
        return [Fault("?", f"of another shape: {type(error).__name__}", 100)]
