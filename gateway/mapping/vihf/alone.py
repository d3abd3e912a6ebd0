"""The one assertion of a message, taken out of it (XDS.md section 8, checks 1 to 4).

Every known way to wrap a signature needs a second assertion, a second signature, a second owner of
an ID, or an assertion in another place: none of these is taken, wherever in the message it stands.
"""

from lxml import etree

from gateway.mapping.vihf.refusal import NotVihfError, Why
from gateway.mapping.xml import Element, XmlRefusedError, parse_xml

SAML = "urn:oasis:names:tc:SAML:2.0:assertion"
DS = "http://www.w3.org/2000/09/xmldsig#"
WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
ASSERTION, SIGNATURE, SECURITY = f"{{{SAML}}}Assertion", f"{{{DS}}}Signature", f"{{{WSSE}}}Security"
ENCRYPTED = "{*}EncryptedAssertion"
max_assertion_bytes = 100_000
max_elements, max_namespace_characters = 500, 200
"""A canonical form repeats namespaces: what it may grow to is bounded by these."""

_LETTERS = "'ABCDEFGHIJKLMNOPQRSTUVWXYZ', 'abcdefghijklmnopqrstuvwxyz'"
_IDS = etree.XPath("//@*[local-name()='ID' or local-name()='Id' or name()='xml:id']")
_NAMED = etree.XPath(
    f"count(//@*[(translate(local-name(), {_LETTERS}) = 'id' or local-name()='AssertionID')"
    " and . = $name])"
)
"""The entries and Documents of a lot share their `id`: that attribute is compared with the
assertion's ID alone."""


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


def read_again(text: bytes, *, max_bytes: int = max_assertion_bytes) -> Element:
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


def _refuse_second_ids(root: Element, assertion: Element) -> None:
    name = assertion.get("ID", "")
    if not name:
        raise NotVihfError(Why.FIELD, "ID")
    ids = [str(one) for one in _IDS(root)]
    if len(set(ids)) < len(ids) or _NAMED(root, name=name) != 1:
        raise NotVihfError(Why.DUPLICATE)
