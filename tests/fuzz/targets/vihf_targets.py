"""The assertion of a request at the DMP door: what is proved, and what its fields are read as."""

from typing import Any

from dmp_software import assertion, request, sign
from target import Target, vocabulary
from vihf_case import NOW, SIGNER, TRUST, claims

from gateway.errors import RefusedError
from gateway.mapping.vihf.fields import Window, issuer_of, read_fields
from gateway.mapping.vihf.names import is_named
from gateway.mapping.vihf.prove import prove
from gateway.mapping.vihf.refusal import NotVihfError
from gateway.mapping.xml import parse_xml

SAID: tuple[dict[str, Any], ...] = (
    {},
    {"authentication": "INDIRECTE", "profession": "AUTOMATE"},
    {"purpose": "bris_de_glace", "more": {"Mode_Acces_Raison": "Coma"}},
)
SIGNED = tuple(
    sign(assertion(claims(id=f"_seed{number}", **said)), SIGNER) for number, said in enumerate(SAID)
)
MESSAGES = tuple(request("<a/>", action="urn:x", vihf=one) for one in SIGNED)
KNOWN = [prove(parse_xml(one), TRUST, now=NOW).vihf for one in MESSAGES]


def vihf(data: bytes) -> None:
    """An envelope: refused, or proved to say what was signed, to the letter."""
    try:
        proved = prove(parse_xml(data), TRUST, now=NOW, sha1=True)
    except (RefusedError, NotVihfError):
        return
    assert proved.vihf in KNOWN


def vihf_fields(data: bytes) -> None:
    """An assertion by itself, as if it had been verified: read, or refused by one word."""
    try:
        root = parse_xml(data)
    except RefusedError:
        return
    try:
        is_named(issuer_of(root), SIGNER.certificate.subject)
        read = read_fields(root, certificate="", now=NOW, window=Window())
    except NotVihfError:
        return
    assert read.id
    assert read.structure
    assert NOW <= read.until <= read.issued_at + Window().age
    assert (read.ins is None) is (read.ins_oid is None)


TARGETS = (
    Target(
        name="vihf",
        run=vihf,
        seeds=lambda: list(MESSAGES),
        words=vocabulary("vihf", "xml"),
    ),
    Target(
        name="vihf-fields",
        run=vihf_fields,
        seeds=lambda: [one.encode() for one in SIGNED],
        words=vocabulary("vihf", "xml"),
    ),
)
