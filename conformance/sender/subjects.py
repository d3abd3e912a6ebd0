"""What comes, opened as far as it can be opened: messages, documents, archives, mails, bundles."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from email.message import EmailMessage
from functools import cached_property
from typing import Any

from conformance.made.hl7 import FLAGS
from conformance.made.person import INS_OIDS
from conformance.reading.hl7 import Message, Segment
from conformance.reading.xml import BadXmlError, Element, read_xml

HL7 = "{urn:hl7-org:v3}"
SPACES = re.compile(rb"\s+|\\\.br\\|\\X0D\\|\\X0A\\")
ALPHABET = re.compile(rb"[A-Za-z0-9+/]*={0,2}")
BODIES = ("CORPSMAIL_PS", "CORPSMAIL_PATIENT")
ALIASES = {
    "INVISIBLE_REPRESENTANTS_LEGAUX": "INVISIBLE_REP_LEGAUX",
    "MODIF_CONFIDENTIALITYCODE": "MODIF_CONF_CODE",
    "ACK_LECTURE": "ACK_LECTURE_MSS",
}


@dataclass(frozen=True, slots=True)
class Frame:
    """How one message stood on its connection."""

    stray: bytes = b""
    restarted: bool = False
    bare_end: bool = False
    cut: bool = False


@dataclass(frozen=True)
class Document:
    """A CDA and its root; `error` says why there is none."""

    raw: bytes
    root: Element | None = None
    error: str = ""

    def nodes(self, path: str) -> list[Element]:
        """By a path of local names below the root: `author/assignedAuthor/id`."""
        if self.root is None:
            return []
        return list(self.root.findall("/".join(HL7 + one for one in path.split("/"))))

    def attribute(self, path: str, name: str) -> str:
        """Of the first such node; "" without one."""
        found = self.nodes(path)
        return str(found[0].get(name) or "") if found else ""

    def text(self, path: str) -> str:
        found = self.nodes(path)
        return "".join(found[0].itertext()).strip() if found else ""

    @property
    def id(self) -> str:
        root, extension = self.attribute("id", "root"), self.attribute("id", "extension")
        return f"{root}^{extension}" if extension else root

    @property
    def ins(self) -> str:
        """The first id of the patient whose root is an INS's."""
        ids = self.nodes("recordTarget/patientRole/id")
        found = (one.get("extension") or "" for one in ids if one.get("root") in INS_OIDS)
        return next(found, "")

    @property
    def replaces(self) -> str:
        for one in self.nodes("relatedDocument"):
            if one.get("typeCode") == "RPLC":
                parent = one.find(f"{HL7}parentDocument/{HL7}id")
                return str(parent.get("root") or "") if parent is not None else ""
        return ""


def read_document(raw: bytes) -> Document:
    """Never raises: what cannot be read says why."""
    try:
        root = read_xml(raw)
    except BadXmlError as error:
        return Document(raw, error=str(error))
    if root.tag != f"{HL7}ClinicalDocument":
        found = root.find(f".//{HL7}ClinicalDocument")
        if found is None:
            return Document(raw, error=f"its root is {str(root.tag)[:60]}")
        root = found
    return Document(raw, root)


@dataclass(frozen=True)
class Enclosed:
    """One OBX that carries a document: `data` before decoding, `problem` of its base64."""

    row: Segment
    data: bytes
    problem: str
    padded: bool
    document: Document

    @property
    def place(self) -> str:
        return f"OBX[{self.row.part(1) or '?'}]"


def enclosed(row: Segment) -> Enclosed:
    data = row.part_raw(5, 5).encode("utf-8", "replace")
    compact = SPACES.sub(b"", data)
    padded = len(compact) % 4 == 0
    problem = "" if ALPHABET.fullmatch(compact) else "characters that are not of base64"
    if len(compact.rstrip(b"=")) % 4 == 1:
        problem = "a length that no base64 has: it was cut"
    raw = b"" if problem else decoded(compact)
    return Enclosed(row, data, problem, padded, read_document(raw))


def decoded(compact: bytes) -> bytes:
    bare = compact.rstrip(b"=")
    try:
        return base64.b64decode(bare + b"=" * (-len(bare) % 4), validate=True)
    except binascii.Error:
        return b""


@dataclass(frozen=True)
class Hl7:
    """`again`: "same" or "other" when its MSH-10 came before with the same or other bytes."""

    message: Message
    again: str = ""

    @property
    def kind(self) -> str:
        return self.message.get("MSH", 9, 1)

    @property
    def event(self) -> str:
        return self.message.get("MSH", 9, 2)

    @property
    def carries(self) -> bool:
        """Whether the volet's rules for documents apply."""
        return bool(self.documents) or self.kind == "MDM"

    @cached_property
    def flags(self) -> dict[str, list[Segment]]:
        """Rows of the orders by their name of 2.1."""
        found: dict[str, list[Segment]] = {}
        for row in self.message.all("OBX"):
            name = ALIASES.get(row.part(3), row.part(3))
            if name in FLAGS:
                found.setdefault(name, []).append(row)
        return found

    def flag(self, name: str) -> str:
        rows = self.flags.get(name)
        return rows[0].part(5) if rows else ""

    def _is_body(self, row: Segment) -> bool:
        """A mail's text: by its code, or as the profile to practice software writes it."""
        to_software = "LPS" in self.message.get("MSH", 21, 2)
        return row.part(3) in BODIES or (to_software and not row.part_raw(5, 3))

    @cached_property
    def documents(self) -> list[Enclosed]:
        rows = [one for one in self.message.all("OBX") if one.part(2) == "ED"]
        return [enclosed(one) for one in rows if not self._is_body(one)]

    @cached_property
    def bodies(self) -> list[Enclosed]:
        rows = [one for one in self.message.all("OBX") if one.part(2) == "ED"]
        return [enclosed(one) for one in rows if self._is_body(one)]

    @cached_property
    def results(self) -> list[Segment]:
        """Rows that are neither documents, mail bodies nor orders."""
        orders = {row.place for rows in self.flags.values() for row in rows}
        rows = [one for one in self.message.all("OBX") if one.part(2) not in ("ED", "RP")]
        return [one for one in rows if one.place not in orders]

    @cached_property
    def ins_ids(self) -> list[str]:
        """Repetitions of PID-3 that are an INS, by type or OID."""
        pid = self.message.first("PID")
        rows = pid.repetitions(3) if pid else []
        return [one for one in rows
                if pid and (pid.part(3, 5, of=one) in ("INS", "NH")
                            or pid.part(3, 4, 2, of=one) in INS_OIDS)]  # fmt: skip

    @property
    def ins(self) -> str:
        pid = self.message.first("PID")
        return pid.part(3, of=self.ins_ids[0]) if pid and self.ins_ids else ""


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request; `headers` by lower-case name."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


@dataclass(frozen=True)
class Mail:
    """One message of SMTP, with its envelope."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage

    def header(self, name: str) -> str:
        return str(self.message.get(name) or "")

    @cached_property
    def files(self) -> list[tuple[str, str, bytes]]:
        """(name, type, bytes) of what is attached."""
        found = []
        for part in self.message.walk():
            name = part.get_filename()
            if name and not part.is_multipart():
                body = part.get_payload(decode=True)
                found.append(
                    (name, part.get_content_type(), body if isinstance(body, bytes) else b"")
                )
        return found

    @property
    def archives(self) -> list[bytes]:
        return [body for name, _, body in self.files if name.upper() == "IHE_XDM.ZIP"]


@dataclass(frozen=True)
class Bundle:
    """A FHIR body that is JSON."""

    json: dict[str, Any]
    resources: list[dict[str, Any]] = field(default_factory=list)

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [one for one in self.resources if one.get("resourceType") == kind]
