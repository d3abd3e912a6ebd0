"""One authority, one signer and one moment, for every test of a VIHF."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from dmp_authority import DmpAuthority
from dmp_software import Claims, assertion, request, sign

from gateway.mapping.vihf.prove import Proved, prove
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.vihf.trust import trust_of
from gateway.mapping.xml import Element, parse_xml

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
INS = "279035121518989"
AUTHORITY = DmpAuthority()
SIGNER = AUTHORITY.signer()
TRUST = trust_of([AUTHORITY.pem])


def claims(**said: Any) -> Claims:
    return Claims(**{"at": NOW, "issuer": SIGNER.subject, "ins": INS, **said})


def signed(**said: Any) -> str:
    """An assertion that is right but for what is said here."""
    return sign(assertion(claims(**said)), SIGNER)


def message(vihf: str, body: str = '<a xmlns="urn:x"/>') -> Element:
    return parse_xml(request(body, action="urn:x", vihf=vihf))


def proved(vihf: str, **how: Any) -> Proved:
    return prove(message(vihf), how.pop("trust", TRUST), now=how.pop("now", NOW), **how)


def why(act: Callable[[], object]) -> Why | None:
    """The word with which it is refused; None where it is taken."""
    try:
        act()
    except NotVihfError as error:
        return error.why
    return None
