"""Distinguished names compared as names, not as text (XDS.md section 8, Issuer).

Software writes a subject in either order, with S= for ST=, with or without accents, and the parts
of a card's common name as hexadecimal (`CN=…+2.5.4.4=#1404…`).
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from cryptography import x509

OIDS = {
    "CN": "2.5.4.3",
    "COMMONNAME": "2.5.4.3",
    "SN": "2.5.4.4",
    "SURNAME": "2.5.4.4",
    "SERIALNUMBER": "2.5.4.5",
    "C": "2.5.4.6",
    "L": "2.5.4.7",
    "ST": "2.5.4.8",
    "S": "2.5.4.8",
    "STREET": "2.5.4.9",
    "O": "2.5.4.10",
    "OU": "2.5.4.11",
    "T": "2.5.4.12",
    "TITLE": "2.5.4.12",
    "DESCRIPTION": "2.5.4.13",
    "POSTALCODE": "2.5.4.17",
    "G": "2.5.4.42",
    "GN": "2.5.4.42",
    "GIVENNAME": "2.5.4.42",
    "INITIALS": "2.5.4.43",
    "DNQ": "2.5.4.46",
    "DNQUALIFIER": "2.5.4.46",
    "PSEUDONYM": "2.5.4.65",
    "ORGANIZATIONIDENTIFIER": "2.5.4.97",
    "UID": "0.9.2342.19200300.100.1.1",
    "DC": "0.9.2342.19200300.100.1.25",
    "E": "1.2.840.113549.1.9.1",
    "EMAIL": "1.2.840.113549.1.9.1",
    "EMAILADDRESS": "1.2.840.113549.1.9.1",
}
COMMON_NAME, UNIT = x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATIONAL_UNIT_NAME
MAX_NAME_CHARACTERS = 2_000
_PIECE = re.compile(
    r"""\s*(?:OID\.)?(?P<type>[A-Za-z]+|[0-9]+(?:\.[0-9]+)+)\s*=[ ]*"""
    r"""(?:"(?P<quoted>(?:[^"\\]|\\.)*)"|(?P<plain>(?:[^,;+"\\]|\\.)*))\s*(?:[,;+]|$)""",
    re.DOTALL,
)
_ESCAPED = re.compile(r"\\([0-9A-Fa-f]{2})|\\(.)", re.DOTALL)
_STRING_TAGS = {0x0C: "utf-8", 0x13: "ascii", 0x14: "latin-1", 0x16: "ascii", 0x1E: "utf-16-be"}
"""UTF8String, PrintableString, TeletexString, IA5String, BMPString (X.690)."""


def is_named(text: str, name: x509.Name) -> bool:
    """Whether `text` is `name`, whatever its order and spelling; False where it is no DN."""
    read = None if len(text) > MAX_NAME_CHARACTERS else list(_pieces(text))
    if not read or None in read:
        return False
    own = [(one.oid.dotted_string, _folded(str(one.value))) for one in name]
    return Counter(read) == Counter(own)


def values_of(name: x509.Name, oid: x509.ObjectIdentifier) -> frozenset[str]:
    """All values of one attribute, of multi-valued RDNs too, without outer spaces."""
    return frozenset(str(one.value).strip() for one in name.get_attributes_for_oid(oid))


def _pieces(text: str) -> Iterator[tuple[str, str] | None]:
    """Type (as OID) and value of each part; None for what is none."""
    place = 0
    while place < len(text):
        found = _PIECE.match(text, place)
        if found is None or found.end() == place:
            yield None
            return
        place = found.end()
        kind = found["type"]
        oid = kind if kind[0].isdigit() else OIDS.get(kind.upper())
        quoted = found["quoted"]
        value = _value(found["plain"]) if quoted is None else _plain(quoted)
        yield None if oid is None or value is None else (oid, _folded(value))


def _value(written: str) -> str | None:
    if not written.startswith("#"):
        return _plain(written)
    try:
        octets = bytes.fromhex(written[1:].strip())
    except ValueError:
        return None
    charset = _STRING_TAGS.get(octets[0]) if len(octets) > 1 else None
    if charset is None or octets[1] != len(octets) - 2 or octets[1] > 0x7F:
        return None
    return octets[2:].decode(charset, "replace")


def _plain(written: str) -> str:
    """Without the escapes of RFC 4514, 2.4: `\\,` and, as octets of UTF-8, `\\C3\\A9`."""
    octets, place = b"", 0
    for found in _ESCAPED.finditer(written):
        octets += written[place : found.start()].encode("utf-8", "replace")
        octets += bytes.fromhex(found[1]) if found[1] else found[2].encode("utf-8", "replace")
        place = found.end()
    return (octets + written[place:].encode("utf-8", "replace")).decode("utf-8", "replace")


def _folded(value: str) -> str:
    """Capitals, accents and runs of spaces do not tell names apart (RFC 4518, in the main)."""
    bare = "".join(
        one for one in unicodedata.normalize("NFKD", value) if not unicodedata.combining(one)
    )
    return " ".join(bare.casefold().split())
