"""Activate a space: identified by code and carte Vitale, then step by step (VAULT ACC-06, ACC-08).

Leaving half-way changes nothing: the space, its login and the spent code are one commit, the last.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from gateway.flows.entering.entrance import EMAIL, SMS, Entrance, failed
from gateway.flows.entering.identifying import recognise
from gateway.flows.family.profiles import decide_act, refuse_act
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import ACTIVATED, REPLACED_BODY, REPLACED_SUBJECT
from gateway.flows.signing_in.tries import Ticket, WrongError
from gateway.records.patients.account import AccountState, Login, NewTrace, Person, Session
from gateway.records.patients.activation import Activated, Activation, Aim, Draft, Helper
from gateway.records.patients.invitation import LETTER_PATH
from gateway.records.patients.leaving import deletion_due
from gateway.records.readers.access import Manage

ACT = "activation"


class OldCodeError(Exception):
    """Everything was right, but the code has ended."""


class UsedCodeError(Exception):
    """Everything was right, but the code was used; `is_active`: the space is open."""

    def __init__(self, *, is_active: bool) -> None:
        super().__init__("used")
        self.is_active = is_active


class BeingErasedError(Exception):
    """Everything was right, but what the space holds is being deleted. `due`: by when it is."""

    def __init__(self, asked_at: datetime | None) -> None:
        super().__init__("being erased")
        self.due = deletion_due(asked_at) if asked_at else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What the first page asks."""

    code: str
    nir: str
    serial: str
    helper: Helper = Helper.ALONE


async def identify(entrance: Entrance, card: Card, *, address: str) -> Ticket:
    """A browser on its way. Raises WrongError, alike for nobody known, another code and another
    serial number; OldCodeError, UsedCodeError, BeingErasedError, TooManyTriesError."""
    person, kept = await recognise(
        entrance, card.nir, card.code, card.serial, act=ACT, address=address
    )
    if person.state is AccountState.ERASING:
        raise BeingErasedError(person.deletion_asked_at)
    demand_fresh(entrance, person, kept)
    await own_gate(entrance, person, kept)
    return await entrance.begin(person.key.hex(), _draft(kept, card.helper))


def demand_fresh(entrance: Entrance, person: Person, kept: Activation) -> None:
    """Raises UsedCodeError, OldCodeError."""
    if person.deceased:
        raise OldCodeError
    if kept.spent_at is not None:
        raise UsedCodeError(is_active=person.state is AccountState.ACTIVE)
    if entrance.clock.now() >= kept.expires_at:
        raise OldCodeError


def _draft(kept: Activation, helper: Helper) -> Draft:
    return Draft(
        aim=Aim.ACTIVATION,
        patient=kept.patient.hex(),
        helper=helper,
        digest=kept.digest.hex(),
        known=tuple(one for one in (kept.email, kept.mobile) if one),
        email=kept.email,
        mobile=kept.mobile,
    )


async def own_gate(entrance: Entrance, person: Person, kept: Activation) -> Gate:
    """As `opening_gate`; what went to the parent of a minor opens no space, nor that of the young
    adult. Raises WrongError, traced."""
    if kept.parent:
        await failed(entrance, person.key.hex(), ACT, person.key.hex())
        raise WrongError
    return await opening_gate(entrance, person)


async def opening_gate(entrance: Entrance, person: Person) -> Gate:
    """Raises WrongError, traced, where ACCESS gives the space to somebody else (a minor's)."""
    gate = await entrance.asking.gate(patient_reader(person.key), person.key)
    decision = decide_act(gate, Manage.OPENING)
    if not decision.permitted:
        await refuse_act(entrance.asking, gate, Manage.OPENING, decision)
        raise WrongError
    return gate


def reached_at(draft: Draft, *, email: str, mobile: str) -> Draft:
    """Contacts as confirmed or changed: what is new must be proved (ACC-08)."""
    said = ((SMS, mobile), (EMAIL, email))
    to_prove = tuple(channel for channel, at in said if at and at not in draft.known)
    return replace(draft, email=email, mobile=mobile, reached=True, to_prove=to_prove)


def agreed(draft: Draft) -> Draft:
    """The conditions are accepted: a last code ends the creation (POL-06)."""
    return replace(draft, agreed=True, to_prove=(SMS if draft.mobile else EMAIL,))


async def finish(entrance: Entrance, session: Session, draft: Draft) -> Activated:
    """The space is active, its owner told; of the draft nothing is left but that it is done."""
    person = await entrance.person_of(draft)
    if person is None or not draft.agreed or draft.to_prove or not draft.login:
        return Activated.GONE
    gate = await opening_gate(entrance, person)
    former = await entrance.people.login_of(person.key)
    outcome = await entrance.activations.activate(
        _login(person, draft),
        digest=bytes.fromhex(draft.digest),
        by_code=draft.path == LETTER_PATH,
        act=_act(entrance, gate, draft),
        then=[notice_of(ACTIVATED, person.key, entrance.clock.now())],
    )
    if outcome is Activated.DONE:
        await entrance.go_on(session, Draft(aim=draft.aim, done=True))
        await _warn(entrance, former, draft)
    return outcome


def _login(person: Person, draft: Draft) -> Login:
    return Login(
        patient=person.key,
        login=draft.login,
        password_hash=draft.password_hash,
        email=draft.email or None,
        mobile=draft.mobile or None,
    )


def _act(entrance: Entrance, gate: Gate, draft: Draft) -> NewTrace:
    said = {
        "assisted_by": draft.helper,
        "path": draft.path,
        "activation_paths": entrance.policy.activation_paths.at(entrance.clock.now()),
        "final_code": True,
    }
    decision = decide_act(gate, Manage.OPENING)
    return trace_of(gate, decision, action=ACT, door=entrance.asking.door, said=said)


async def _warn(entrance: Entrance, former: Login | None, draft: Draft) -> None:
    """A contact that is replaced hears of it too (VAULT N7)."""
    if former is None:
        return
    before = ((EMAIL, former.email), (SMS, former.mobile))
    for channel, address in before:
        if address and address not in (draft.email, draft.mobile):
            await entrance.outbox.send(
                channel=channel,
                to=address,
                template="contact-replaced",
                lang="fr",
                subject=REPLACED_SUBJECT if channel == EMAIL else "",
                body=REPLACED_BODY,
            )
