"""What a check works with: one target, numbers of its own, and clients for every door."""

import base64
import ssl
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlencode

from conformance.made.cda import Paper
from conformance.made.hl7 import Draft, mdm
from conformance.made.person import Person, invented
from conformance.made.serial import Serial
from conformance.reading.ack import Ack, read_ack
from conformance.target import Target
from conformance.verdict import NotMetError, SkippedError
from conformance.wire.http import Reply, Web
from conformance.wire.mllp import Line, line_to
from conformance.wire.patience import Patience
from conformance.wire.smtp import Session, session_with

FHIR = "application/fhir+json"
CDA, ZIP, HL7 = "application/xml", "application/zip", "application/hl7-v2"


@dataclass(frozen=True, slots=True)
class Fate:
    """What a door said of a document: `accepted`, `held`, `refused` or `later`."""

    verdict: str
    said: str

    @property
    def accepted(self) -> bool:
        return self.verdict == "accepted"

    def __str__(self) -> str:
        return f"{self.verdict} ({self.said})"


@dataclass(frozen=True)
class Bench:
    """`patience` is that of the whole run."""

    target: Target
    serial: Serial
    patience: Patience = field(default_factory=Patience)

    @cached_property
    def tls(self) -> ssl.SSLContext:
        return self.target.tls.context()

    @cached_property
    def who(self) -> Person:
        """A person with an open record. Raises SkippedError."""
        if self.target.patient is None:
            raise SkippedError("no patient of the target is known (--ready-file, --patient-file)")
        return self.target.patient

    @cached_property
    def nobody(self) -> Person:
        return invented(self.serial)

    # -- MLLP ------------------------------------------------------------------------------

    @contextmanager
    def line(self) -> Iterator[Line]:
        """Raises SkippedError without an MLLP door."""
        where = self.target.mllp
        if where is None:
            raise SkippedError("no MLLP door was given (--target)")
        tls = self.tls if where.tls else None
        with (
            self.patience.at("mllp") as heard,
            line_to(where, self.target.timeout, tls) as line,
        ):
            line.heard = heard
            yield line

    def ask(self, message: Draft | bytes) -> Ack:
        """One message on a connection of its own."""
        with self.line() as line:
            line.message(message if isinstance(message, bytes) else message.raw())
            return read_ack(line.answer())

    # -- HTTP ------------------------------------------------------------------------------

    @cached_property
    def web(self) -> Web:
        if not self.target.http:
            raise SkippedError("no HTTP door was given (--http)")
        tls = self.tls if self.target.http.startswith("https:") else None
        return Web(self.target.http, self.target.timeout, tls, self.patience)

    @property
    def sender(self) -> dict[str, str]:
        """Headers of a sender. Raises SkippedError without a token."""
        if not self.target.token:
            raise SkippedError("no sender token was given (--token)")
        return {"Authorization": f"Bearer {self.target.token}"}

    @property
    def other_sender(self) -> dict[str, str]:
        """Headers of a second sender, of another organisation. Raises SkippedError."""
        if not self.target.other_token:
            raise SkippedError("no second sender was given (--other-token)")
        return {"Authorization": f"Bearer {self.target.other_token}"}

    @property
    def reader(self) -> dict[str, str]:
        """Headers of a professional. Raises SkippedError without a token."""
        if not self.target.reader:
            raise SkippedError("no reader's token was given (--reader-token)")
        return {"Authorization": f"Bearer {self.target.reader}", "Accept": FHIR}

    def post(self, body: bytes, kind: str = CDA, **headers: str) -> Reply:
        """To the documents' path, as the sender."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        all_headers = self.sender | {"Content-Type": kind} | more
        return self.web.ask("POST", self.target.documents, body, all_headers)

    def fhir(self, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
        """Below the FHIR base, as the sender."""
        more = {name.replace("_", "-"): value for name, value in headers.items()}
        all_headers = self.sender | {"Content-Type": FHIR, "Accept": FHIR} | more
        return self.web.ask(method, self.target.fhir + path, body or None, all_headers)

    # -- documents -------------------------------------------------------------------------

    def deposit(self, document: bytes, paper: Paper) -> Fate:
        """A CDA by HTTP, else in an MDM: whichever door there is."""
        if self.target.http:
            return fate_of_reply(self.post(document))
        draft = mdm(paper, self.serial.control())
        return fate_of_ack(self.ask(with_document(draft, document)))

    def search(self, **criteria: str) -> list[dict[str, Any]]:
        """DocumentReferences of the known patient, as the reader sees them."""
        reply = self._searched(self.who, criteria)
        if reply.status != 200 or not isinstance(reply.json, dict):
            raise NotMetError(f"the search of documents answers {reply.status}")
        return references(reply)

    def _searched(self, who: Person, criteria: Mapping[str, str]) -> Reply:
        words = {"patient.identifier": f"urn:oid:{who.oid}|{who.ins}", "_count": "200"} | {
            name.replace("_", "-"): value for name, value in criteria.items()
        }
        words.setdefault("status", "current")
        path = f"{self.target.fhir}/DocumentReference?{urlencode(words)}"
        return self.web.ask("GET", path, headers=self.reader)

    @property
    def looks(self) -> bool:
        """Whether what was filed can be looked up, where a check does well without it."""
        return bool(self.target.http and self.target.reader)

    def filed(self, unique_id: str) -> list[dict[str, Any]]:
        """Current documents that bear this OID."""
        return self.search(identifier=named(unique_id))

    def filed_under(self, who: Person, unique_id: str) -> list[dict[str, Any]]:
        """The same of somebody of whom the target should not have heard: it may refuse to look."""
        return references(self._searched(who, {"identifier": named(unique_id)}))

    # -- mail ------------------------------------------------------------------------------

    @contextmanager
    def session(self) -> Iterator[Session]:
        """After EHLO. Raises SkippedError without an SMTP door."""
        where = self.target.smtp
        if where is None:
            raise SkippedError("no SMTP door was given (--smtp)")
        tls = self.tls if where.tls else None
        with (
            self.patience.at("smtp") as heard,
            session_with(where, self.target.timeout, tls) as session,
        ):
            session.hello()
            heard()
            yield session

    @property
    def mail_from(self) -> str:
        if not self.target.mail_from:
            raise SkippedError("no sender's address was given (--mail-from)")
        return self.target.mail_from

    def mailbox(self, who: Person) -> str:
        return f"{who.ins}@{self.target.mail_domain}"


def with_document(draft: Draft, document: bytes) -> Draft:
    """The same message with these bytes in its first ED."""
    row = next(fields for name, fields in draft.rows if name == "OBX" and fields.get(2) == "ED")
    head = row[5].rpartition("^")[0]
    row[5] = f"{head}^{base64.b64encode(document).decode()}"
    return draft


def fate_of_ack(ack: Ack) -> Fate:
    if ack.refused:
        later = ack.says("207") and ack.code in ("AR", "CR")
        return Fate("later" if later else "refused", str(ack))
    return Fate("held" if ack.held else "accepted", str(ack))


def fate_of_reply(reply: Reply) -> Fate:
    """The status, and the codes of the findings where the body names some."""
    body = reply.json
    findings = body.get("findings", []) if isinstance(body, dict) else []
    codes = [str(one.get("code")) for one in findings if isinstance(one, dict)]
    said = f"HTTP {reply.status}{': ' + ', '.join(codes) if codes else ''}"
    if reply.status in (200, 201):
        return Fate("accepted", said)
    if reply.status == 202:
        return Fate("held", said)
    return Fate("later" if reply.status >= 500 else "refused", said)


def named(unique_id: str) -> str:
    return f"urn:ietf:rfc:3986|urn:oid:{unique_id}"


def references(reply: Reply) -> list[dict[str, Any]]:
    """The DocumentReferences of a searchset; none where the answer is no such thing."""
    bundle = reply.json
    if reply.status != 200 or not isinstance(bundle, dict):
        return []
    entries = [one for one in bundle.get("entry") or [] if isinstance(one, dict)]
    resources = [one.get("resource") or {} for one in entries]
    return [one for one in resources if one.get("resourceType") == "DocumentReference"]
