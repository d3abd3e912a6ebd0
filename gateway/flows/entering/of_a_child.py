"""A parent activates the space of a child: with the code that went to that parent, the own carte
Vitale, the child's birth date, and two certificates (VAULT REP-02, ACC-06)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from gateway.flows.entering.activate import ACT, BeingErasedError, demand_fresh
from gateway.flows.entering.entrance import Entrance, failed
from gateway.flows.entering.provisional import fits
from gateway.flows.family.profiles import before, decide_act, refuse_act
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.signing_in.tries import (
    IDENTIFICATION_WINDOW,
    WrongError,
    count_try,
    of_address,
    of_person,
)
from gateway.records.patients.account import AccountState, ChoiceKind, Person, Tie
from gateway.records.patients.activation import Activation
from gateway.records.readers.access import Manage, Reader

CERTIFIED = {"legal_representative": True, "other_parent_agrees": True}
"""Both ticks of the page, kept in the log with their instant; without them nothing is asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildCard:
    """What the page asks; `serial` is that of the parent's own card, for a minor has none."""

    code: str
    serial: str
    born: date


async def activate_child(
    entrance: Entrance,
    me: Person,
    came: Reader,
    ties: Iterable[Tie],
    card: ChildCard,
    *,
    address: str,
) -> Person:
    """The child, whose space is active from then on. `ties` are all that name `me`, and `came` is
    the reader that `me` is in the own space.

    Raises WrongError, alike for whatever is wrong; of a code that was right OldCodeError,
    UsedCodeError and BeingErasedError; TooManyTriesError. Nothing is changed then.
    """
    mine = list(ties)
    whose = of_person("activation-child", me.key.hex(), window=IDENTIFICATION_WINDOW)
    place = of_address(address, kind="activation-from", window=IDENTIFICATION_WINDOW)
    async with entrance.turns.turn(whose.subject):
        counted = await count_try(entrance.sessions, entrance.clock, whose, place)
        found = await _found(entrance, me, mine, card)
        if found is None or me.state is not AccountState.ACTIVE:
            await failed(entrance, me.key.hex(), ACT, whose.subject)
            raise WrongError
        await entrance.sessions.take_back(counted, forget=whose.subject)
    child, kept = found
    if child.state is AccountState.ERASING:
        raise BeingErasedError(child.deletion_asked_at)
    demand_fresh(entrance, child, kept)
    gate = await _gate(entrance, came, mine, child)
    act = trace_of(
        gate,
        decide_act(gate, Manage.OPENING),
        action=ACT,
        door=entrance.asking.door,
        said=CERTIFIED,
    )
    if not await entrance.activations.activate_child(child.key, digest=kept.digest, act=act):
        raise WrongError
    return child


async def _found(
    entrance: Entrance, me: Person, mine: list[Tie], card: ChildCard
) -> tuple[Person, Activation] | None:
    """Every child is looked at, and somebody where there is none: the work tells nothing."""
    right = None
    named = [one for one in mine if one.choice.kind is ChoiceKind.PARENT]
    for tie in named:
        child = await entrance.people.person(tie.patient)
        kept = await entrance.activations.handed_over(tie.patient)
        is_theirs = fits(kept, card.code, card.serial)
        if kept is None or child is None or not is_theirs or not child.qualified:
            continue
        went_to_me = kept.parent in (me.key.hex(), tie.choice.target)
        if went_to_me and child.identity.birth_date == card.born.isoformat():
            right = child, kept
    if not named:
        fits(None, card.code, card.serial)
    return right


async def _gate(entrance: Entrance, came: Reader, mine: list[Tie], child: Person) -> Gate:
    """Raises WrongError, traced, where ACCESS gives the space to somebody else: one of age."""
    _, gate = await before(entrance.asking, came, mine, child.key)
    decision = decide_act(gate, Manage.OPENING)
    if not decision.permitted:
        await refuse_act(entrance.asking, gate, Manage.OPENING, decision)
        raise WrongError
    return gate
