"""Whether a patient's box takes this mail, asked before it is kept (MSG-12)."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.access.time import in_force
from gateway.clock import Clock
from gateway.errors import DeniedError
from gateway.flows.filing.arriving import SENDER_REFUSED, act_of_sender
from gateway.ports.people.people import People, Traces
from gateway.records.correspondence.letter import Letter
from gateway.records.intake.understanding import Understanding
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey

KnownDomain = Callable[[str], bool]
"""Whether an address is of a domain that secure mail may go to."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Admit:
    people: People
    traces: Traces
    is_known: KnownDomain
    clock: Clock

    async def __call__(
        self, understood: Understanding, sender: str, box: PatientKey | None
    ) -> Understanding:
        """As it is filed: an answer goes to an address of secure mail only. Raises DeniedError,
        traced, where the patient refuses this sender."""
        letter = understood.letter
        if letter is None or box is None:
            return understood
        refused = refused_senders(await self.people.choices(box), self.clock.now())
        if not refused.isdisjoint({sender.lower(), letter.sender.lower()}):
            await self.traces.write([act_of_sender(letter, box, SENDER_REFUSED, permitted=False)])
            raise DeniedError("The patient takes no mail of this sender.")
        return replace(understood, letter=self._answered_inside(letter))

    def _answered_inside(self, letter: Letter) -> Letter:
        known = letter.reply_to is None or self.is_known(letter.reply_to)
        return letter if known else replace(letter, reply_to=None)


def refused_senders(choices: list[Choice], now: datetime) -> frozenset[str]:
    """Addresses in lower case."""
    return frozenset(
        one.target
        for one in choices
        if one.kind is ChoiceKind.SENDER_REFUSED and in_force(one.since, one.until, now)
    )


def gives_receipts(choices: list[Choice], now: datetime) -> bool:
    """MSG-08: off until the patient allows it."""
    given = (one for one in choices if one.kind is ChoiceKind.READ_RECEIPTS)
    return any(in_force(one.since, one.until, now) for one in given)
