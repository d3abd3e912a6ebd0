"""Who will see an own document by default, before it is sent (PAGES `/documents/ajouter`)."""

from dataclasses import dataclass

from gateway.flows.choices.foreseen.foresee import BOUND
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import MASKED, NORMAL_CODES
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.explain import HOLDERS, Answer, people_of
from gateway.mapping.labels import class_of
from gateway.mapping.labels.own import TYPE_OF
from gateway.records.readers.access import DocumentFacts


@dataclass(frozen=True, slots=True, kw_only=True)
class Seers:
    """The professionals whom the record knows that would read it now, and who would in an
    emergency, by name."""

    known: tuple[str, ...]
    emergency: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """By category; `masked` says that the patient has new documents masked (VAULT CHO-08)."""

    by_category: dict[str, Seers]
    masked: bool

    @property
    def emergency(self) -> tuple[str, ...] | None:
        """Who would in an emergency, whatever the category; None where that depends on it."""
        told = {one.emergency for one in self.by_category.values()}
        return next(iter(told)) if len(told) == 1 else None


async def who_will_see(asking: Asking, gate: Gate) -> Foreseen | None:
    """For the holder's side only, as `who_may_see`; nothing is traced, for nothing is read."""
    if gate.reader.kind not in HOLDERS:
        return None
    person = await asking.people.person(gate.patient)
    choices = await asking.people.choices(gate.patient)
    professionals = await asking.people.professionals()
    masked = person is not None and person.masks_new
    codes = (*NORMAL_CODES, MASKED) if masked else NORMAL_CODES
    by_category = {}
    for category, type_code in TYPE_OF.items():
        facts = DocumentFacts(
            type=type_code,
            class_code=class_of(type_code),
            by_patient=True,
            codes=codes,
            deposited=gate.now,
        )
        lines = people_of(gate, (), facts, choices, professionals, {})
        seen = [one for one in lines if one.role in BOUND and one.answer is not Answer.NO]
        by_category[category] = Seers(
            known=tuple(one.who for one in seen if one.answer is Answer.YES),
            emergency=tuple(one.who for one in seen if one.answer is Answer.EMERGENCY),
        )
    return Foreseen(by_category=by_category, masked=masked)
