"""Who would still see some documents, and why, before a mask or a hide is chosen (VAULT CHO-07).

Nothing is written, and nothing that is not this holder's is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from msgspec import structs

from gateway.errors import DeniedError
from gateway.flows.choices.documents.hide import Whom
from gateway.flows.choices.documents.several import Weighed, weigh
from gateway.flows.reading.decided.asking import NOT_THERE, Asking
from gateway.flows.reading.explain import Answer, Line, people_of, with_mask
from gateway.records.patients.account import Choice, Professional
from gateway.records.readers.access import AccessAction, DocumentFacts, Hide, Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is thought of: masked (`veiled`) or shown, before everybody or before `whom` alone."""

    veiled: bool
    whom: Whom | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One reader: how many of the documents he may open now and would then; `line` is his answer
    of then, for a document that he still sees where there is one."""

    line: Line
    before: int
    after: int


async def foresee(
    asking: Asking, reader: Reader, documents: Sequence[str], change: Change
) -> list[Foreseen]:
    """Professionals whom the record or a document knows, and emergencies; the family is not bound
    by masks. Raises DeniedError as the change itself would."""
    action = AccessAction.MASK if change.veiled else AccessAction.UNMASK
    weighed = await weigh(asking, reader, action, documents)
    if len({one.gate.patient for one in weighed}) > 1:
        raise DeniedError(NOT_THERE)  # of one record: the lines are of those whom it knows
    professionals = await asking.people.professionals()
    choices: Sequence[Choice] = await asking.people.choices(weighed[0].gate.patient)
    found: dict[tuple[str, str | None], list[tuple[Line, Line]]] = {}
    for one in weighed:
        for pair in _pairs(one, change, choices, professionals):
            found.setdefault((pair[0].who, pair[0].profession), []).append(pair)
    return [_foreseen(pairs) for pairs in found.values()]


def _pairs(
    one: Weighed,
    change: Change,
    choices: Sequence[Choice],
    professionals: Sequence[Professional],
) -> list[tuple[Line, Line]]:
    then = changed(one.facts, change)
    before, after = (
        people_of(one.gate, one.shelved.document.authors, facts, choices, professionals, {})
        for facts in (one.facts, then)
    )
    pairs = zip(before, after, strict=True)
    return [(now, then) for now, then in pairs if now.role in BOUND]


BOUND = frozenset({"treating", "depositor", "professional", "samu", "emergency"})
"""Roles of a line whom a mask or a hide may concern."""


def changed(facts: DocumentFacts, change: Change) -> DocumentFacts:
    """The document as the change would leave it."""
    whom = change.whom
    if whom is None:
        return with_mask(facts, masked=change.veiled)
    kept = tuple(one for one in facts.hides if (one.to, one.id) != (whom.to, whom.id))
    new = (Hide(to=whom.to, id=whom.id),) if change.veiled else ()
    return structs.replace(facts, hides=(*kept, *new))


def _foreseen(pairs: Sequence[tuple[Line, Line]]) -> Foreseen:
    seen = [then for _, then in pairs if then.answer is not Answer.NO]
    return Foreseen(
        line=seen[0] if seen else pairs[0][1],
        before=sum(now.answer is not Answer.NO for now, _ in pairs),
        after=len(seen),
    )
