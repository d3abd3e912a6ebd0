"""What a rule is: a row of the tables of ACCESS sections 3 and 4."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.access.question import READ, SENDERS, Question
from gateway.records.access import AccessAction, Decision, ReaderKind

Condition = Callable[[Question], bool]

ANY = frozenset(ReaderKind)
PATIENT_SIDE = frozenset(
    {
        ReaderKind.PATIENT,
        ReaderKind.REPRESENTATIVE,
        ReaderKind.CAREGIVER,
        ReaderKind.APPLICATION,
    }
)
PRO = frozenset({ReaderKind.PROFESSIONAL})
SENDER = SENDERS
ALL = frozenset(AccessAction)
CONSULT = READ | {AccessAction.ANNOUNCE, AccessAction.MAIL}
"""The actions that may be CONSULT; for a mail `is_consult` looks at its origin."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`kinds` and `actions` are the table's second column, `holds` its condition.

    `of_document` is true where the condition looks at the document (standing leaves those out).
    """

    id: str
    kinds: frozenset[ReaderKind]
    actions: frozenset[AccessAction]
    holds: Condition
    text: str
    source: str
    of_document: bool = False

    def decision(self) -> Decision:
        return Decision(permitted=self.id.startswith("P"), rule=self.id, because=self.text)


def always(_: Question) -> bool:
    return True


def but(*actions: AccessAction) -> frozenset[AccessAction]:
    """Any action except these."""
    return ALL - set(actions)


def acts(*actions: AccessAction) -> frozenset[AccessAction]:
    return frozenset(actions)


def who(*kinds: ReaderKind) -> frozenset[ReaderKind]:
    return frozenset(kinds)
