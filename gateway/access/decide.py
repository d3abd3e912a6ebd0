"""May this reader do this with this document? Deny by default; every answer names its rule.

X00 for a question that is not whole, then the smallest forbid, then the smallest permit, then
D00 (ACCESS "Order"). Pure and total: no clock, no memory, no exception.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import chain

from gateway.access.grid import Grid
from gateway.access.question import NORMAL_MODE, Question
from gateway.access.rules import (
    forbid_account,
    forbid_deposit,
    forbid_document,
    forbid_emergency,
    forbid_grid,
    forbid_mail,
    forbid_patient,
    forbid_professional,
    permit_act,
    permit_read,
)
from gateway.access.rules.rule import Condition, Rule
from gateway.records.readers.access import (
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    FactStatus,
    NoticeKind,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

MALFORMED = Decision(
    permitted=False,
    rule="X00",
    because="Cette demande n'est pas complète ou n'est pas comprise.",
)

FORBIDS = sorted(
    chain(
        forbid_account.RULES,
        forbid_document.RULES,
        forbid_patient.RULES,
        forbid_deposit.RULES,
        forbid_professional.RULES,
        forbid_emergency.RULES,
        forbid_grid.RULES,
        forbid_mail.RULES,
    ),
    key=lambda rule: rule.id,
)
RULES: tuple[Rule, ...] = (*FORBIDS, *permit_read.RULES, *permit_act.RULES)
"""In the order in which the first that holds gives the answer; D00 is last and always holds."""

BY_ID = {rule.id: rule for rule in RULES}
NO_GRID = Grid(())
DECISIONS = {rule.id: rule.decision() for rule in RULES}

Step = tuple[Condition, Decision]


def _steps(rules: Iterable[Rule]) -> dict[tuple[ReaderKind, AccessAction], tuple[Step, ...]]:
    """The rules that may hold, ahead of time, for each kind of reader and act."""
    listed = tuple(rules)
    return {
        (kind, action): tuple(
            (rule.condition(action), DECISIONS[rule.id])
            for rule in listed
            if kind in rule.kinds and action in rule.actions
        )
        for kind in ReaderKind
        for action in AccessAction
    }


STEPS = _steps(RULES)
STEPS_OF_PLAIN = _steps(rule for rule in RULES if rule.of_plain)
LOOKING_CLOSER = [rule for rule in RULES if rule.of_plain and rule.of_document and not rule.of_type]
TYPE_DECIDES = frozenset(
    (kind, action)
    for kind in ReaderKind
    for action in AccessAction
    if not any(kind in rule.kinds and action in rule.actions for rule in LOOKING_CLOSER)
)
"""Where nothing of a plain document is looked at but its type: every reading is among them."""

PLAIN_CODES = ("N",)
CURRENT = FactStatus.CURRENT
WITHOUT_DOCUMENT = frozenset({AccessAction.SYNC, AccessAction.MANAGE})
DOCUMENT_OPTIONAL = WITHOUT_DOCUMENT | {AccessAction.NOTIFY, AccessAction.TRACE}
NOTICES_OF_A_DOCUMENT = frozenset(
    {
        NoticeKind.NEW_DOCUMENT,
        NoticeKind.CHANGED_DOCUMENT,
        NoticeKind.WAITING,
        NoticeKind.OPENED,
    }
)


def decide(  # noqa: PLR0913 — the eight facts of ACCESS, and nothing else
    reader: Reader,
    action: AccessAction,
    document: DocumentFacts | None,
    record: RecordFacts,
    circumstances: Circumstances,
    switches: Switches,
    grid: Grid,
    now: datetime,
) -> Decision:
    """The answer to one question; `document` is not looked at for sync and manage."""
    if action in WITHOUT_DOCUMENT:
        document = None
    if not is_whole(action, document, circumstances):
        return MALFORMED
    question = Question(reader, action, document, record, circumstances, switches, grid, now)
    steps = STEPS_OF_PLAIN if is_plain(document, circumstances) else STEPS
    for holds, decision in steps[reader.kind, action]:
        if holds(question):
            return decision
    return DECISIONS["D00"]


def deciding(
    reader: Reader,
    action: AccessAction,
    record: RecordFacts,
    circumstances: Circumstances,
    switches: Switches,
    grid: Grid,
    now: datetime,
) -> Callable[[DocumentFacts | None], Decision]:
    """`decide` for the documents of a list: what is plain is asked once for each type there."""
    known: dict[str, Decision] = {}
    type_decides = (reader.kind, action) in TYPE_DECIDES

    def one(document: DocumentFacts | None) -> Decision:
        if document is None or not type_decides or not is_plain(document, circumstances):
            return decide(reader, action, document, record, circumstances, switches, grid, now)
        answer = known.get(document.type)
        if answer is None:
            answer = decide(reader, action, document, record, circumstances, switches, grid, now)
            known[document.type] = answer
        return answer

    return one


def is_whole(
    action: AccessAction, document: DocumentFacts | None, circumstances: Circumstances
) -> bool:
    """The conditions of X00 that bind several keys (ACCESS section 2)."""
    if action is AccessAction.MANAGE:
        return circumstances.manage is not None
    if action is AccessAction.NOTIFY and circumstances.notice is None:
        return False
    if document is None:
        return action in DOCUMENT_OPTIONAL and not (
            action is AccessAction.NOTIFY and circumstances.notice in NOTICES_OF_A_DOCUMENT
        )
    dated = document.hidden_from is not None or document.deposited is not None
    return bool(document.type) and (dated or "INVISIBLE_PATIENT" not in document.codes)


def is_plain(document: DocumentFacts | None, circumstances: Circumstances) -> bool:
    """A current document that nobody hides, outside an emergency: what most questions are of."""
    return (
        document is not None
        and document.codes == PLAIN_CODES
        and document.status is CURRENT
        and not document.hides
        and circumstances.mode is NORMAL_MODE
    )


STANDING = {
    kind: tuple(
        rule
        for rule in RULES
        if kind in rule.kinds and AccessAction.OPEN in rule.actions and not rule.of_document
    )
    for kind in ReaderKind
}


def standing(
    reader: Reader,
    record: RecordFacts,
    circumstances: Circumstances,
    switches: Switches,
    now: datetime,
) -> Decision:
    """Could this reader read anything at all, whatever the document? (ACCESS section 8).

    The rules of reading that do not look at a document, in their order; a professional whom
    none forbids stands under P11, emergency included.
    """
    question = Question(
        reader, AccessAction.OPEN, None, record, circumstances, switches, NO_GRID, now
    )
    for rule in STANDING[reader.kind]:
        if rule.holds(question):
            professional = reader.kind is ReaderKind.PROFESSIONAL and rule.id.startswith("P")
            return DECISIONS["P11" if professional else rule.id]
    return DECISIONS["D00"]
