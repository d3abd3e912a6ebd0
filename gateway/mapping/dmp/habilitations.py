"""`habilitations`: setAuthorization (TD0.3) and listAuthorizationByPatient (TD1.6)."""

from collections.abc import Iterable
from enum import StrEnum
from typing import NamedTuple

from gateway.mapping.dmp.output import (
    PERSON,
    STRUCTURE,
    add,
    add_each,
    asked,
    moment,
    output,
)
from gateway.mapping.soap.message import FaultError
from gateway.mapping.xml import Element
from gateway.records.patients.habilitation import Authorised

NAMESPACE = "urn:si-dmp-habilitations"
SET, LIST = "setAuthorization", "listAuthorizationByPatient"
TREATING = "MEDECIN_TRAITANT"
LISTED = "listOfAuthorizationByPatient"
NO_CHANGE = {
    True: "Autorisation déjà présente aucune action effectuée",
    False: "Autorisation absente aucune action effectuée",
}
"""What `context` says of a request that finds it done; the first is the DMP's sentence."""


class Change(StrEnum):
    """`setAuthorization/action`."""

    ADD = "AJOUT"
    REMOVE = "SUPPRESSION"


class Listed(StrEnum):
    """`listAuthorizationByPatient/mode`: who is authorised, who is blocked, or both."""

    ACTIVE = "ACTIVE"
    BLOCKED = "INTERDITE"
    EVERY = "TOUTE"


class AuthorizationChange(NamedTuple):
    """`treating` with the role MEDECIN_TRAITANT."""

    change: Change
    treating: bool


def read_change(body: Element) -> AuthorizationChange:
    """Raises FaultError for an action or a role that is none."""
    action, role = asked(body, "action"), asked(body, "role")
    if action not in set(Change):
        raise FaultError("Sender", "action : donner AJOUT ou SUPPRESSION.")
    if role not in (None, TREATING):
        raise FaultError("Sender", "role : seul MEDECIN_TRAITANT est connu.")
    return AuthorizationChange(Change(action), role == TREATING)


def read_listed(body: Element) -> Listed:
    """Raises FaultError for a mode that is none."""
    mode = asked(body, "mode")
    if mode not in set(Listed):
        raise FaultError("Sender", "mode : donner ACTIVE, INTERDITE ou TOUTE.")
    return Listed(mode)


def change_answer(change: Change, *, changed: bool) -> Element:
    context = "" if changed else NO_CHANGE[change is Change.ADD]
    return output(SET, NAMESPACE, context=context)[0]


def list_answer(lines: Iterable[Authorised], mode: Listed) -> Element:
    answer, made = output(LIST, NAMESPACE)
    listed = add(made, LISTED)
    for one in lines:
        kind = Listed.BLOCKED if one.blocked else Listed.ACTIVE
        if mode in (kind, Listed.EVERY):
            _line(listed, one, kind)
    return answer


def _line(listed: Element, one: Authorised, kind: Listed) -> None:
    """A name is one text here: it is told as the last name, and never cut by guesswork."""
    add_each(
        add(listed, "list"),
        nationalId=one.id,
        nationalIdType=STRUCTURE if one.team else PERSON,
        lastName=one.name,
        codeSpeciality=one.profession,
        startOfAuthorization=moment(one.since),
        lastActionDate=moment(one.last_action) if one.last_action else None,
        mode=kind,
        specificRight=TREATING if one.treating else None,
    )
