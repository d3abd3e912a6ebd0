"""Invite: who is on a list and has no space is invited, once; the message leaves by a task.

So a list may be read again, or go on after it broke off: whoever was invited is left alone, and so
is whoever chose already.
"""

import json
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.access.time import is_minor
from gateway.clock import Clock
from gateway.errors import RefusedError
from gateway.flows.entering.rules import email_of, mobile_of, serial_of
from gateway.flows.identity.spaces import demand_qualified, demand_same
from gateway.flows.log.commanded import commanded
from gateway.flows.reading.decided.facts import latest_day
from gateway.mapping.identity import ins_key_ok, ins_shape_ok
from gateway.ports.people.entering.invitations import Invitations
from gateway.ports.people.patient_index import PatientIndex
from gateway.ports.people.people import PatientNames
from gateway.records.intake.filing import IdentityChange
from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace, Person
from gateway.records.patients.invitation import Channel, Invitation
from gateway.records.patients.patient import PatientIdentity, PatientKey, Profile
from gateway.records.task import NewTask, TaskKind

ACT = "invite"
STEP, ENDS = "step", "ends"
SEND, REMIND, TELL = "send", "remind", "tell"
"""What a task of an invitation does; `ENDS` is the window that it is about."""
INVITABLE = frozenset({AccountState.UNKNOWN, AccountState.ERASED})
CAISSE = "caisse"
MAX_POSTAL_CHARACTERS = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of a list, as written: whom to invite, and where. `parent` is the INS of who stands
    for a minor; contacts and serial number are the parent's then (VAULT REP-02)."""

    identity: PatientIdentity
    serial: str
    email: str = ""
    mobile: str = ""
    postal: str = ""
    parent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    people: PatientIndex
    invitations: Invitations
    names: PatientNames
    clock: Clock
    profile: Profile

    async def __call__(self, listed: Listed, *, by: str, reason: str) -> AccountState | None:
        """None for who is invited now; else the state of a space that is left as it is. Raises
        RefusedError for what is wrong with this line, without a word of it."""
        invitation = self._read(listed)
        known = await self._known(invitation.patient)
        if known is not None and known.state not in INVITABLE:
            return known.state
        return await self.invitations.invite(
            invitation,
            _change(invitation.patient, listed.identity, known),
            parent=_parent(invitation),
            act=_act(invitation, by, reason),
            then=[task_of(invitation.patient, invitation.made_at, SEND)],
        )

    async def would(self, listed: Listed) -> AccountState | None:
        """The same, and nothing is written."""
        invitation = self._read(listed)
        known = await self._known(invitation.patient)
        if known is not None and known.state not in INVITABLE:
            return known.state
        _change(invitation.patient, listed.identity, known)
        return None

    async def _known(self, patient: PatientKey) -> Person | None:
        known = await self.people.person(patient)
        if known is not None and known.deceased:
            raise RefusedError("the death of this person is recorded")
        if known is not None and known.key != patient:
            raise RefusedError("the record of this INS joined another: invite that one")
        return known

    def _read(self, listed: Listed) -> Invitation:
        now, identity = self.clock.now(), listed.identity
        demand_qualified(identity, now, self.profile)
        email = _contact(email_of(listed.email), listed.email, "the e-mail is no address")
        return Invitation(
            patient=self._key(identity, identity.ins or ""),
            channel=Channel.EMAIL if email else Channel.LETTER,
            serial=_contact(serial_of(listed.serial), "?", "the serial number has 8 to 13 digits"),
            made_at=now,
            email=email,
            mobile=_contact(mobile_of(listed.mobile), listed.mobile, "the mobile is no number"),
            postal=_postal(listed.postal),
            parent=self._stands_for(listed, now),
        )

    def _stands_for(self, listed: Listed, now: datetime) -> str:
        """The parent of a minor, as a patient key in hex (VAULT REP-01)."""
        if not is_minor(latest_day(listed.identity.birth_date), now):
            if listed.parent:
                raise RefusedError("a parent is given for an adult: leave that column empty")
            return ""
        if not listed.parent:
            raise RefusedError(
                "this person is a minor: give the INS of a parent, who is written to"
            )
        parent = "".join(listed.parent.split()).upper()
        sound = ins_shape_ok(parent) if self.profile is Profile.TEST else ins_key_ok(parent)
        if not sound or parent == listed.identity.ins:
            raise RefusedError("the INS of the parent is none, or that of the child")
        return self._key(listed.identity, parent).hex()

    def _key(self, identity: PatientIdentity, ins: str) -> PatientKey:
        return self.names.patient_key(identity.ins_oid or "", ins)


def _change(patient: PatientKey, identity: PatientIdentity, known: Person | None) -> IdentityChange:
    """Raises RefusedError where another identity is qualified under this INS."""
    if known is not None:
        demand_same(known, identity)
        identity = replace(identity, other_ids=known.identity.other_ids)
    return IdentityChange(
        key=patient, identity=identity, qualified=True, state=AccountState.INVITED
    )


def _contact(read: str | None, said: str, wrong: str) -> str:
    if said and read is None:
        raise RefusedError(wrong)
    return read or ""


def _postal(text: str) -> str:
    said = " ".join(text.split())
    if len(said) > MAX_POSTAL_CHARACTERS:
        raise RefusedError(f"the postal address is longer than {MAX_POSTAL_CHARACTERS} characters")
    return said


def _parent(invitation: Invitation) -> Choice | None:
    if not invitation.parent:
        return None
    return Choice(
        kind=ChoiceKind.PARENT, target=invitation.parent, since=invitation.made_at, by=CAISSE
    )


def task_of(
    patient: PatientKey, due_at: datetime, step: str, *, ends_at: datetime | None = None
) -> NewTask:
    payload = {STEP: step} | ({ENDS: ends_at.isoformat()} if ends_at else {})
    return NewTask(
        kind=TaskKind.INVITATION,
        subject=TaskKind.INVITATION.value,
        due_at=due_at,
        patient=patient,
        payload=json.dumps(payload).encode(),
    )


def _act(invitation: Invitation, by: str, reason: str) -> NewTrace:
    """Never a contact (VAULT section 1 "Traced")."""
    said = {"channel": invitation.channel.value, "parent": bool(invitation.parent)}
    return commanded(invitation.patient, ACT, by=by, reason=reason, said=said)
