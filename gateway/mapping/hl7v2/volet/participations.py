"""PRT: who sends, who shall get the mail, and where answers go (XDM_HL7V2 section A4).

PRT is of HL7 2.9 and used here in 2.5 and 2.6 messages, so no library checks it: this does.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.findings import failure, info, tolerated, warning
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding
from gateway.records.messages.mailbox import is_patient_box, is_patients_own, tidied
from gateway.records.messages.message import Sender

SENDER, RECIPIENT, REPLY = "SB", "RCT", "REPLY"
ADDRESS_FIELD = 15

MAX_ADDRESS = 254
NOT_IN_ADDRESS = frozenset(' <>,;:"()[]\\')
"""The specials of RFC 5322, 3.2.3, but the dot and the at."""
DELETED = '""'
YES, NO = "Y", "N"
RESTRICTED = frozenset("RV")


class Address(NamedTuple):
    """XTN.4 as written, and the field of its PRT in which it stood (0: nowhere)."""

    text: str
    field: int


class Participations:
    """What the PRT segments of one message say."""

    def __init__(
        self, segments: Sequence[list[str]], marks: Delimiters, charset: str = "utf-8"
    ) -> None:
        self._marks = marks
        self._charset = charset
        self.sender: Sender | None = None
        self.recipients: list[str] = []
        self.numbers: dict[str, str] = {}
        self.reply_to: str | None = None
        self.findings: list[Finding] = []
        for number, fields in enumerate(segments, 1):
            self._take(fields, f"PRT[{number}]" if number > 1 else "PRT")

    def _take(self, fields: list[str], place: str) -> None:
        role = self._part(fields, 4, 0).strip().upper()
        if role == SENDER:
            self._send(fields, place)
        elif role in (RECIPIENT, REPLY):
            addresses = [one.text for one in self._addresses(fields, place)]
            if role == RECIPIENT:
                self._receive(addresses, self._number(fields))
            elif addresses:
                self.reply_to = addresses[0]
        else:
            text = "PRT-4 is none of SB, RCT and REPLY: this participation is left out."
            self.findings.append(warning("prt-role", f"{place}-4", text))

    def _receive(self, addresses: list[str], number: str) -> None:
        """One box gets one mail, in whatever capitals it is named again."""
        known = {one.lower(): one for one in self.recipients}
        for address in addresses:
            written = known.setdefault(address.lower(), address)
            self.numbers[written] = number
        self.recipients = list(known.values())

    def _send(self, fields: list[str], place: str) -> None:
        if self.sender is not None:
            text = "There is one sender (SB) a message: the first counts."
            self.findings.append(warning("prt-sender-twice", f"{place}-4", text))
            return
        self.sender = Sender(
            id=self._part(fields, 5, 0),
            family=self._part(fields, 5, 1),
            given=self._part(fields, 5, 2),
            organization_id=self._structure(fields),
            organization_name=self._part(fields, 8, 0),
        )

    def _number(self, fields: list[str]) -> str:
        """PRT-5 of a person, that of PRT-8 of an organisation, PRT-10 of an application."""
        return self._part(fields, 5, 0) or self._structure(fields) or self._part(fields, 10, 0)

    def _structure(self, fields: list[str]) -> str:
        """XON.10, or XON.3, where a number stood until HL7 2.6."""
        return self._part(fields, 8, 9) or self._part(fields, 8, 2)

    def _addresses(self, fields: list[str], place: str) -> Iterator[Address]:
        """Those of PRT-15, which repeats; of another field where the bars were miscounted. The
        domain of a patient's box is in small letters, however it was written."""
        found = list(self._found(fields))
        if not found:
            text = "A recipient or an address for answers is given in PRT-15 as ^^X.400^address."
            self.findings.append(warning("prt-address", f"{place}-{ADDRESS_FIELD}", text))
        for one in found:
            if not _is_address(one.text):
                text = "The address in PRT-15 is no mail address."
                self.findings.append(failure("prt-address", f"{place}-{one.field}", 102, text))
                continue
            if one.field != ADDRESS_FIELD:
                text = f"The address stands in PRT-{one.field}, not in PRT-15: count the bars."
                self.findings.append(info("prt-shifted", f"{place}-{one.field}", text))
            yield Address(tidied(one.text), one.field)

    def _found(self, fields: list[str]) -> Iterator[Address]:
        for number, field in enumerate(fields[5:], 5):
            taken = False
            for one in field.split(self._marks.repetition) if self._marks.repetition else [field]:
                if text := self._address_in(one, number):
                    yield Address(text, number)
                    taken = True
            if taken:
                return

    def _address_in(self, field: str, number: int) -> str:
        """XTN.4 after X.400 in XTN.3; in PRT-15 itself any circuit will do."""
        empty = self._marks.subcomponent
        parts = [part.strip().rstrip(empty) for part in field.split(self._marks.component)]
        kinds = [part.upper() for part in parts]
        if "X.400" in kinds:
            after = parts[kinds.index("X.400") + 1 :][:1]
            return self._text(after[0]) if after else ""
        if number != ADDRESS_FIELD or field == DELETED:
            return ""
        return next((self._text(part) for part in parts if "@" in part), "")

    def _part(self, fields: list[str], number: int, at: int) -> str:
        if number >= len(fields):
            return ""
        parts = fields[number].split(self._marks.component)
        leaf = parts[at].rstrip(self._marks.subcomponent) if at < len(parts) else ""
        return self._text(leaf).strip()

    def _text(self, leaf: str) -> str:
        return "" if leaf == DELETED else unescape(leaf, self._marks, self._charset)


def _is_address(text: str) -> bool:
    local, _, domain = text.partition("@")
    plain = text.isprintable() and not any(char in text for char in NOT_IN_ADDRESS)
    named = domain.isascii() and "." in domain and "@" not in domain
    return bool(local) and named and plain and len(text) < MAX_ADDRESS


def routing_findings(
    found: Participations,
    flags: Mapping[str, str],
    documents: Sequence[Document],
    *,
    ins: str | None,
    strict: bool,
) -> list[Finding]:
    """PRT, beside the patient, the flags and the documents; R and V are not shared by mail (A5)."""
    findings = [*found.findings, *recipient_findings(found.recipients, ins)]
    findings += leg_findings(found, flags, strict=strict)
    mailed = YES in (flags.get("DESTMSSANTEPS"), flags.get("DESTMSSANTEPAT"))
    if mailed and any(RESTRICTED & set(one.confidentiality) for one in documents):
        text = "A document of confidentiality R or V is filed; it is not shared by mail."
        findings.append(warning("mail-restricted", "OBX-5", text))
    return findings


def recipient_findings(recipients: Sequence[str], ins: str | None) -> list[Finding]:
    """A patient's mailbox must be that of the patient of the message, at MSSanté (A4)."""
    if all(is_patients_own(one, ins) for one in recipients if is_patient_box(one)):
        return []
    text = "A mailbox of a patient must be INS@patient.mssante.fr, by the INS in PID-3."
    return [failure("recipient-patient", "PRT-15", 199, text)]


def leg_findings(found: Participations, flags: Mapping[str, str], *, strict: bool) -> list[Finding]:
    """Where flags ask for a leg that no PRT names anybody for, or the other way round (A4)."""
    patient = any(is_patient_box(one) for one in found.recipients)
    others = any(not is_patient_box(one) for one in found.recipients)
    findings = []
    for flag, named, who in (
        ("DESTMSSANTEPS", others, "a professional or organisation"),
        ("DESTMSSANTEPAT", patient, "the patient"),
    ):
        if flags.get(flag) == YES and not named:
            text = f"{flag} is Y and no PRT (RCT) names {who}: no mail leaves to them."
            findings.append(tolerated("recipient-missing", "PRT-15", 101, text, strict=strict))
        elif flags.get(flag) == NO and named:
            text = f"{flag} is N: the mailbox of {who} in PRT gets nothing."
            findings.append(warning("recipient-unused", "PRT-15", text))
    if flags.get("DESTDMP") == YES and found.sender is None:
        text = "A document for the DMP names its sender in a PRT (SB)."
        findings.append(tolerated("sender-missing", "PRT-4", 101, text, strict=strict))
    return findings
