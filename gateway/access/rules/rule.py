"""What a rule is: a row of the tables of ACCESS sections 3 and 4."""

from collections.abc import Callable
from dataclasses import dataclass

from gateway.access.question import READ, SENDERS, Question
from gateway.records.readers.access import AccessAction, Decision, Origin, ReaderKind

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
"""Of a professional; a mail only where `from_gateway` holds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """`kinds` and `actions` are the table's second column, `holds` its condition.

    `of_document` is true where the condition looks at the document (standing leaves those out);
    for the action mail, `mail` must hold too. `of_plain` is false where the condition never holds
    of what `is_plain`: `decide` does not ask it there. `of_type` is true where it looks at nothing
    of the document but its type.
    """

    id: str
    kinds: frozenset[ReaderKind]
    actions: frozenset[AccessAction]
    holds: Condition
    text: str
    source: str
    of_document: bool = False
    of_plain: bool = True
    of_type: bool = False
    mail: Condition | None = None

    def condition(self, action: AccessAction) -> Condition:
        """What is asked of a question that is known to be of this action."""
        if action is not AccessAction.MAIL or self.mail is None:
            return self.holds
        mail, holds = self.mail, self.holds
        return lambda q: mail(q) and holds(q)

    def decision(self) -> Decision:
        return Decision(permitted=self.id.startswith("P"), rule=self.id, because=self.text)


def always(_: Question) -> bool:
    return True


def from_gateway(q: Question) -> bool:
    """A mail that the gateway forwards by itself: the only one that is a consultation."""
    return q.circumstances.origin is Origin.GATEWAY


def but(*actions: AccessAction) -> frozenset[AccessAction]:
    """Any action except these."""
    return ALL - set(actions)


def acts(*actions: AccessAction) -> frozenset[AccessAction]:
    return frozenset(actions)


def who(*kinds: ReaderKind) -> frozenset[ReaderKind]:
    return frozenset(kinds)
