"""Who may call a door: each handler of a web server bears it (VAULT CHO-13, ACCESS section 1).

Of whoever comes in, `access.decide` is asked as ever: this only says that a door was given to
somebody on purpose. A server with a door that was given to nobody does not start.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any, Protocol, TypeVar, cast

UNKNOWN_PEER = "unknown"


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
    X-Forwarded-For, whose last address is believed only where a proxy of ours writes it, and only
    where it is one: it stands in the access log."""
    told = _read(forwarded.rpartition(",")[2].strip()) if behind_proxy else None
    return str(told) if told else remote or UNKNOWN_PEER


def counted_as(address: str) -> str:
    """Whose tries are counted together: an address, or the 64 bits that name a network of IPv6, for
    whoever has one has all the addresses in it."""
    read = _read(address)
    if not isinstance(read, IPv6Address):
        return str(read or address)
    return str(IPv6Network((int(read) >> 64 << 64, 64)))


def _read(address: str) -> IPv4Address | IPv6Address | None:
    """None for what is no address. One of IPv4 in the clothes of IPv6 is the former."""
    try:
        read = ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (read.ipv4_mapped or read) if isinstance(read, IPv6Address) else read
