"""Who may call a door: each handler of a web server bears it (VAULT CHO-13, ACCESS section 1).

Of whoever comes in, `access.decide` is asked as ever: this only says that a door was given to
somebody on purpose. A server with a door that was given to nobody does not start.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Any, Protocol, TypeVar, cast

UNKNOWN_PEER = "unknown"
MAX_ADDRESS = 64


class Caller(StrEnum):
    ANYONE = "anyone"
    PERSON = "person"
    """The patient signed in, as himself."""
    PATIENT = "patient"
    """The patient's side before a record: the patient, a representative, a caregiver."""
    PROFESSIONAL = "professional"
    OPERATOR = "operator"
    """Of the desk; an auditor too."""
    APPLICATION = "application"
    """Of a patient, who authorised it; by token."""
    SENDER = "sender"


class _Declared(Protocol):
    callers: frozenset[Caller]


Door = TypeVar("Door", bound=Callable[..., Any])


def open_to(door: Door, *callers: Caller) -> Door:
    """The same door, which now says whom it is for. Raises ValueError for nobody."""
    if not callers:
        raise ValueError("a door is for somebody")
    cast(_Declared, door).callers = frozenset(callers)
    return door


def callers_of(door: object) -> frozenset[Caller]:
    """Empty for a door that says nothing."""
    return getattr(door, "callers", frozenset())


def undeclared(doors: Iterable[tuple[str, object]]) -> list[str]:
    """The names, in order, of the doors that say nothing."""
    return sorted({name for name, door in doors if not callers_of(door)})


def peer_address(remote: str | None, forwarded: str, *, behind_proxy: bool) -> str:
    """Who is at the other end: `remote` is the peer of the connection, `forwarded` the header
    X-Forwarded-For, whose last address is believed only where a proxy of ours writes it."""
    told = forwarded.rpartition(",")[2].strip()[:MAX_ADDRESS] if behind_proxy else ""
    return told or remote or UNKNOWN_PEER
