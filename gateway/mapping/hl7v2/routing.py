"""Orders that travel with a document: flags, sender, recipients, consent (XDM_HL7V2 A4 to A7)."""

from collections.abc import Mapping

from gateway.mapping.hl7v2.delimiters import Delimiters
from gateway.mapping.hl7v2.escapes import unescape
from gateway.mapping.hl7v2.findings import failure
from gateway.records.finding import Finding
from gateway.records.message import Consent, Sender

FLAGS = {
    name: name
    for name in (
        "MASQUE_PS",
        "INVISIBLE_PATIENT",
        "INVISIBLE_REP_LEGAUX",
        "CONNEXION_SECRETE",
        "MODIF_CONF_CODE",
        "DESTDMP",
        "DESTMSSANTEPS",
        "DESTMSSANTEPAT",
        "ACK_RECEPTION",
        "ACK_LECTURE_MSS",
    )
} | {
    "INVISIBLE_REPRESENTANTS_LEGAUX": "INVISIBLE_REP_LEGAUX",
    "MODIF_CONFIDENTIALITYCODE": "MODIF_CONF_CODE",
}
"""OBX-3.1 of the orders, by any version of the guide -> their 2.1 names."""
IGNORED = frozenset(("ACK_LECTURE",))
"""Of the profile to practice software 1.0: an order to nobody here, and no result either."""
CONFIDENTIALITY = {
    "MASQUE_PS": "MASQUE_PS",
    "INVISIBLE_PATIENT": "INVISIBLE_PATIENT",
    "INVISIBLE_REP_LEGAUX": "INVISIBLE_REPRESENTANTS_LEGAUX",
}
"""Flag -> code of 1.2.250.1.213.1.1.4.13 (XDM_HL7V2 A5)."""
MAIL_MATRIX = (
    ("N", "N", "N", "*", "*", "Y", "Y"),
    ("N", "Y", "N", "*", "*", "Y", "N"),
    ("*", "N", "*", "N", "N", "N", "Y"),
)
MATRIX_FLAGS = (
    "MASQUE_PS",
    "INVISIBLE_PATIENT",
    "INVISIBLE_REP_LEGAUX",
    "CONNEXION_SECRETE",
    "DESTDMP",
    "DESTMSSANTEPS",
    "DESTMSSANTEPAT",
)
PATIENT_DOMAIN = "@patient.mssante.fr"


def visibility(flags: Mapping[str, str]) -> tuple[str, ...]:
    """The confidentiality codes that the flags add to a document."""
    return tuple(code for flag, code in CONFIDENTIALITY.items() if flags.get(flag) == "Y")


def flag_findings(flags: Mapping[str, str], *, strict_matrix: bool) -> list[Finding]:
    """Contradictions between hiding and mailing, by the sure rules of XDM_HL7V2 A5."""
    findings = [
        failure("flag-value", "OBX-5", 103, f"{flag} must be Y or N.")
        for flag, value in flags.items()
        if value not in ("Y", "N")
    ]
    to_patient = flags.get("DESTMSSANTEPAT") == "Y"
    to_professionals = flags.get("DESTMSSANTEPS") == "Y"
    if to_professionals and flags.get("MASQUE_PS") == "Y":
        text = "A document hidden from professionals (MASQUE_PS) is not mailed to them."
        findings.append(failure("mail-hidden", "OBX-5", 199, text))
    if to_patient and flags.get("INVISIBLE_PATIENT") == "Y":
        text = "A document hidden from the patient (INVISIBLE_PATIENT) is not mailed to them."
        findings.append(failure("mail-hidden", "OBX-5", 199, text))
    if strict_matrix and (to_patient or to_professionals) and not _in_matrix(flags):
        text = "This combination of flags is not in the published mail matrix."
        findings.append(failure("mail-matrix", "OBX-5", 199, text))
    return findings


def _in_matrix(flags: Mapping[str, str]) -> bool:
    values = [flags.get(flag, "N") for flag in MATRIX_FLAGS]
    return any(
        all(want in ("*", value) for want, value in zip(row, values, strict=True))
        for row in MAIL_MATRIX
    )


class Participations:
    """What the PRT segments of one message say: sender, recipients and address for answers."""

    def __init__(self, segments: list[list[str]], marks: Delimiters, charset: str) -> None:
        self._marks = marks
        self._charset = charset
        self.sender: Sender | None = None
        self.recipients: list[str] = []
        self.reply_to: str | None = None
        for fields in segments:
            self._take(fields)

    def _take(self, fields: list[str]) -> None:
        role = self._part(fields, 4, 0)
        if role == "SB" and self.sender is None:
            self.sender = self._sender(fields)
        elif role == "RCT" and (address := self._address(fields)):
            self.recipients.append(address)
        elif role == "REPLY":
            self.reply_to = self._address(fields) or self.reply_to

    def _sender(self, fields: list[str]) -> Sender:
        return Sender(
            id=self._part(fields, 5, 0),
            family=self._part(fields, 5, 1),
            given=self._part(fields, 5, 2),
            organization_id=self._part(fields, 8, 9),
            organization_name=self._part(fields, 8, 0),
        )

    def _address(self, fields: list[str]) -> str:
        """XTN.4 of the field that holds `X.400`: published samples miscount the bars (A4)."""
        for field in fields[5:]:
            parts = field.split(self._marks.component)
            if "X.400" in parts:
                address = parts[parts.index("X.400") + 1 :][:1]
                return unescape(address[0], self._marks, self._charset) if address else ""
        return ""

    def _part(self, fields: list[str], number: int, at: int) -> str:
        if number >= len(fields):
            return ""
        parts = fields[number].split(self._marks.component)
        return unescape(parts[at], self._marks, self._charset) if at < len(parts) else ""


def recipient_findings(recipients: list[str], ins: str | None) -> list[Finding]:
    """A patient's mailbox must be that of the patient of the message (A4)."""
    for address in recipients:
        if address.lower().endswith(PATIENT_DOMAIN):
            local = address[: -len(PATIENT_DOMAIN)]
            if local != ins:
                text = "A mailbox at patient.mssante.fr must be the one of the INS in PID-3."
                return [failure("recipient-patient", "PRT-15", 199, text)]
    return []


def read_consent(fields: list[str]) -> Consent:
    """ZFA of PAM.fr 2.11 (A7); `fields[n]` is ZFA-n."""
    fields = fields + [""] * 13
    return Consent(
        status=fields[1],
        status_date=fields[2],
        feeding=fields[9],
        feeding_date=fields[10],
        consultation=fields[11],
        consultation_date=fields[12],
    )
