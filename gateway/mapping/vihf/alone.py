"""The one assertion of a message, taken out of it (XDS.md section 8, checks 1 to 4).

Every known way to wrap a signature needs a second assertion, a second signature, a second owner of
an ID, or an assertion in another place: none of these is taken, wherever in the message it stands.
"""

from enum import Enum
from functools import lru_cache

from lxml import etree

from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.xml import Element, XmlRefusedError, parse_xml

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ASSERTION, SIGNATURE, SECURITY = f"{{{SAML}}}Assertion", f"{{{DS}}}Signature", f"{{{WSSE}}}Security"
ENCRYPTED = "{*}EncryptedAssertion"
MAX_ASSERTION_BYTES = 100_000
max_elements, max_namespace_characters = 500, 200
"""A canonical form repeats namespaces: what it may grow to is bounded by these."""

MAX_IDS = 1_000
"""More of them than any request has are not compared."""
OF_ITS_OWN = frozenset({"ID", "Id", "{http://www.w3.org/XML/1998/namespace}id"})
"""What no two elements share. The entries and Documents of a lot share their `id`: that attribute,
and any other spelling, is compared with the assertion's ID alone."""
SPELLINGS = frozenset({"id", "assertionid"})


class _Kind(Enum):
    """What an attribute is as a name of its element."""

    OWN, SHARED, OTHER = range(3)


def alone(envelope: Element) -> Element:
    """The assertion as the root of a tree of its own, under the namespaces in scope where it stood.

    Raises NotVihfError: ABSENT, SEVERAL, DUPLICATE, FIELD (too long).
    """
    root = envelope.getroottree().getroot()
    found = list(root.iter("{*}Assertion", ENCRYPTED))
    if not found:
        raise NotVihfError(Why.ABSENT)
    if len(found) > 1 or not _in_place(found[0], root):
        raise NotVihfError(Why.SEVERAL)
    assertion = found[0]
    signatures = list(assertion.iter("{*}Signature"))
    if [one.getparent() for one in signatures] != [assertion] or signatures[0].tag != SIGNATURE:
        raise NotVihfError(Why.SEVERAL)
    _refuse_second_ids(root, assertion)
    return _small(read_again(etree.tostring(assertion, with_tail=False)))


def read_again(text: bytes, *, max_bytes: int = MAX_ASSERTION_BYTES) -> Element:
    """What was written by us, as a tree of its own. Raises NotVihfError(FIELD) where too long."""
    try:
        return parse_xml(text, max_bytes=max_bytes)
    except XmlRefusedError:
        raise NotVihfError(Why.FIELD, "Assertion") from None


def _small(assertion: Element) -> Element:
    for number, one in enumerate(assertion.iter()):
        longest = max((len(uri) for uri in one.nsmap.values()), default=0)
        if number >= max_elements or longest > max_namespace_characters:
            raise NotVihfError(Why.FIELD, "Assertion")
    return assertion


def _in_place(assertion: Element, root: Element) -> bool:
    """Envelope/Header/Security/Assertion, each the only one of its name."""
    if assertion.tag != ASSERTION:
        return False
    security = assertion.getparent()
    header = security.getparent() if security is not None else None
    if security is None or header is None or security.tag != SECURITY:
        return False
    soap = etree.QName(root).namespace
    if header.getparent() is not root or header.tag != f"{{{soap}}}Header":
        return False
    return len(list(root.iter(SECURITY))) == 1 and len(root.findall(header.tag)) == 1


@lru_cache(maxsize=1_000)
def _kind(attribute: str) -> _Kind:
    """Asked of each attribute of a message, which may have half a million."""
    name = attribute.rpartition("}")[2]
    if name.lower() not in SPELLINGS:
        return _Kind.OTHER
    return _Kind.OWN if OF_ITS_OWN & {name, attribute} else _Kind.SHARED


def _refuse_second_ids(root: Element, assertion: Element) -> None:
    own, owners, seen = assertion.get("ID", ""), 0, set[str]()
    if not own:
        raise NotVihfError(Why.FIELD, "ID")
    for one in root.iter():
        for key, value in one.items():
            kind = _kind(key)
            if kind is _Kind.OTHER:
                continue
            owners += value == own
            if kind is _Kind.OWN and (value in seen or len(seen) >= MAX_IDS):
                raise NotVihfError(Why.DUPLICATE)
            if kind is _Kind.OWN:
                seen.add(value)
    if owners != 1:
        raise NotVihfError(Why.DUPLICATE)
