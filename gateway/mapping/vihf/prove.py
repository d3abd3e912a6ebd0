"""From the envelope of a request to a VIHF that was verified (XDS.md section 8, checks 1 to 6).

What binds its structure to a certificate, a sender or a person (check 7) is judged here too, of
facts that the caller brings.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes

from gateway.mapping.vihf.alone import alone
from gateway.mapping.vihf.der import certificate_in
from gateway.mapping.vihf.fields import Window, issuer_of, read_fields
from gateway.mapping.vihf.names import COMMON_NAME, UNIT, is_named, values_of
from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.vihf.signature import verified
from gateway.mapping.vihf.trust import Trust, check_certificate
from gateway.mapping.xml import Element
from gateway.records.readers.vihf import Authentication, Vihf

STANDARD = Window()
CARD = re.compile(r"8[0-9]{11}|[0-9A-Z]{9,20}/.+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Holder:
    """What a certificate says of who holds it: the values of its OU and its CN."""

    units: frozenset[str]
    names: frozenset[str]


NOBODY = Holder(frozenset(), frozenset())


@dataclass(frozen=True, slots=True)
class Proved:
    """`holder` is that of the signing certificate; `weak` where SHA-1 had a part."""

    vihf: Vihf
    holder: Holder
    weak: bool


def prove(
    envelope: Element, trust: Trust, *, now: datetime, window: Window = STANDARD, sha1: bool = False
) -> Proved:
    """Who asks. `now` is aware; `sha1` takes SHA-1 for the caller to allow or not by sender.

    Raises NotVihfError for everything that is not proved.
    """
    signed = verified(alone(envelope), sha1=sha1)
    certificate = signed.certificate
    check_certificate(certificate, trust, now)
    if not is_named(issuer_of(signed.assertion), certificate.subject):
        raise NotVihfError(Why.ISSUER)
    vihf = read_fields(
        signed.assertion,
        certificate=certificate.fingerprint(hashes.SHA256()).hex(),
        now=now,
        window=window,
    )
    holder = _holder(certificate)
    if vihf.authentication is Authentication.DIRECT and not _is_card(holder, vihf.subject):
        raise NotVihfError(Why.SUBJECT)
    return Proved(vihf, holder, signed.weak)


def holder_of(der: bytes) -> Holder:
    """Of the client certificate of a connection, which TLS verified; NOBODY where unreadable."""
    try:
        return _holder(certificate_in(der))
    except NotVihfError:
        return NOBODY


def is_bound(proved: Proved, bound: Collection[str]) -> bool:
    """Whether its structure is in its certificate, or among those `bound` to the sender or the
    person; and whether an indirect NameID, `Struct_IdNat/internal id`, is of such a structure."""
    known = {*proved.holder.units, *bound}
    vihf = proved.vihf
    structure, slash, _ = vihf.subject.partition("/")
    if vihf.authentication is not Authentication.DIRECT and slash and structure not in known:
        return False
    return vihf.structure in known


def belongs(client: Holder, proved: Proved, bound: Collection[str]) -> bool:
    """Whether who connects and who asks are one (check 7): the client certificate is of the
    structure (its OU, or the sender whose it is), or of the very card of the person."""
    vihf = proved.vihf
    own_card = vihf.authentication is Authentication.DIRECT and vihf.subject in client.names
    return own_card or vihf.structure in {*client.units, *bound}


def is_about(vihf: Vihf, ins: str, ins_oid: str) -> bool:
    """Whether the VIHF names this patient; one without a resource-id names nobody. Components 1
    and 4 are compared, exactly."""
    return vihf.ins is not None and (vihf.ins, vihf.ins_oid) == (ins, ins_oid)


def _is_card(holder: Holder, subject: str) -> bool:
    """Whether this is the card of that person, by RPPS, or of that agent of a structure (CPE:
    `Struct_IdNat/internal id`). The seal of a structure is no card, whatever its VIHF says."""
    return subject in holder.names and bool(CARD.fullmatch(subject))


def _holder(certificate: x509.Certificate) -> Holder:
    subject = certificate.subject
    return Holder(values_of(subject, UNIT), values_of(subject, COMMON_NAME))
