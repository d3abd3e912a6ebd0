"""What a message encloses: documents and mail bodies, each in an OBX of type ED (XDM_HL7V2 A4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.control.profile import Profile
from gateway.mapping.hl7v2.er7.encapsulated import Cut, Decoded, read_base64, read_hex
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import Row, place_of
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure
from gateway.mapping.hl7v2.volet.flags import MAIL_BODIES
from gateway.records.intake.finding import Finding
from gateway.records.intake.reading import Reading
from gateway.records.messages.message import Payload

MAIL_SUBJECT = "XDM/1.0/"
"""OBX-3.2 of the mail body in the profile to practice software is the mail's subject."""
TEXTUAL = frozenset(("TX", "FT", "ST"))
ENCODED_DOCUMENTS = ("PD94bWw", "77u/PD94", "PENsaW5pY2Fs", "JVBERi0")
"""Base64 of `<?xml` (with a byte order mark too), `<Clinical` and `%PDF-`."""
MAX_BODY_CHARACTERS = 100_000
ED_DATA = 4
"""ED.5, counted from 0."""
SHORTEST_DOCUMENT = 32
"""Characters of base64: no CDA and no PDF has fewer, nearly every result has."""


@dataclass(frozen=True, slots=True)
class Enclosure:
    """One ED: its row, its decoded payload, and whether it is the body of a mail."""

    row: Row
    decoded: Decoded
    mail_body: bool

    @property
    def status(self) -> str:
        return self.row.fields[11]

    def place(self, number: int) -> str:
        """Field `number` of its OBX."""
        return place_of(self.row, number)


def enclosures(
    split: Split, rows: Sequence[Row], profile: Profile, reading: Reading
) -> list[Enclosure]:
    """Every OBX of type ED, decoded; and text that is base64, where the connection sends it so."""
    found: list[Enclosure] = []
    for row in rows:
        if row.fields[2] == "ED":
            body = _is_mail_body(split, row) or (profile.to_practice and bool(found))
            found.append(Enclosure(row, _decoded(split, row), body))
        elif reading.base64_in_text and is_encoded_text(row):
            found.append(Enclosure(row, _decoded_text(split, row), mail_body=False))
    return found


def is_encoded_text(row: Row) -> bool:
    """TX, FT or ST that begins as the base64 of a document does."""
    return row.fields[2] in TEXTUAL and row.fields[5].lstrip().startswith(ENCODED_DOCUMENTS)


def mistyped(rows: Iterable[Row], split: Split) -> list[Finding]:
    """A document in base64 that its OBX-2 does not call an ED: never filed as a result."""
    mark = split.marks.component
    long = [row for row in rows if len(row.fields[5]) >= SHORTEST_DOCUMENT]
    row = next((row for row in long if is_encoded_text(row) or _is_ed_by_shape(row, mark)), None)
    if row is None:
        return []
    text = "OBX-5 holds a document in base64: send it in an OBX of type ED."
    return [failure("document-in-text", place_of(row, 2), 102, text)]


def _is_ed_by_shape(row: Row, mark: str) -> bool:
    """OBX-5 has ED.5 and OBX-2 another type, or ED in small letters."""
    value = row.fields[5]
    if row.fields[2] == "ED" or value.count(mark) < ED_DATA:
        return False
    return value.split(mark, ED_DATA)[ED_DATA].lstrip().startswith(ENCODED_DOCUMENTS)


def without_documents(rows: Iterable[Row], found: Sequence[Enclosure]) -> list[Row]:
    """The rows that are results: no document, no mail body."""
    taken = {one.row.number for one in found}
    if not taken:
        return list(rows)
    return [row for row in rows if row.number not in taken]


def payloads(found: Sequence[Enclosure]) -> tuple[Payload, ...]:
    return tuple(one.decoded.payload(one.status) for one in found)


def mail_bodies(found: Sequence[Enclosure], split: Split) -> dict[str, str]:
    """CORPSMAIL_PS and CORPSMAIL_PATIENT as text; the others of this sort address nobody."""
    bodies = {}
    for one in found:
        name = _name(split, one.row)
        if one.mail_body and name in MAIL_BODIES and one.decoded.body:
            bodies[name] = _text(one.decoded.body, split.charset)[:MAX_BODY_CHARACTERS]
    return bodies


def _text(body: bytes, charset: str) -> str:
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode(charset, "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def _name(split: Split, row: Row) -> str:
    return component(row.fields[3], 1, split.marks).strip().upper()


def _is_mail_body(split: Split, row: Row) -> bool:
    subject = component(row.fields[3], 2, split.marks)
    return _name(split, row) in MAIL_BODIES or subject.startswith(MAIL_SUBJECT)


def _decoded(split: Split, row: Row) -> Decoded:
    parts = row.fields[5].split(split.marks.component)
    cut = split.cuts.get(row.line)
    if cut is None:
        text = parts[4] if len(parts) > 4 else parts[0]
        data = text.encode(split.charset, "surrogateescape")
        cut = Cut(data, -1, -1)
    encoding = parts[3].strip().lower() if len(parts) > 3 else "base64"
    if encoding == "base64":
        decoded = read_base64(cut, split.marks.escape.encode())
        return decoded if cut.start >= 0 else replace(decoded, piece=None)
    if encoding == "hex":
        return read_hex(cut)
    if encoding in ("", "a"):
        text = cut.data.decode(split.charset, "surrogateescape")
        bare = unescape(text, split.marks, split.charset)
        return Decoded(bare.encode(split.charset, "surrogateescape"), None)
    return Decoded(b"", None, problem="ED.4 must be Base64, Hex or A")


def _decoded_text(split: Split, row: Row) -> Decoded:
    """Repetitions of a TX are its lines."""
    text = row.fields[5]
    if split.marks.repetition:
        text = text.replace(split.marks.repetition, "")
    data = text.encode(split.charset, "surrogateescape")
    return replace(read_base64(Cut(data, -1, -1)), piece=None)


def document_missing(rows: Iterable[Row]) -> Finding:
    """An MDM without a document: sent as text, or not at all."""
    if any(row.fields[2] in TEXTUAL for row in rows):
        text = "A document is sent in an OBX of type ED, encoded in base64."
        return failure("document-missing", "OBX-2", 102, text)
    return failure("document-missing", "OBX", 100, "The message carries no document.")
