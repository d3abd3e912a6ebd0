"""For each requirement on a message: one that breaks it."""

import base64

from kit_samples import (
    WHO,
    Case,
    bytes_sent,
    carrying,
    flags,
    made,
    mdm,
    results,
    sent,
)

from conformance.made.hl7 import Draft, ins_id, recipient_row
from conformance.made.person import invented
from conformance.made.serial import Serial
from conformance.reading.frames import Framed

OTHER = invented(Serial(12, "other"))
DOCTOR = "docteur@exemple.mssante.fr"


def with_end(end: str, *, last: bool = True) -> Draft:
    draft = mdm()
    draft.end, draft.last_end = end, last
    return draft


def in_charset(declared: str, charset: str) -> Draft:
    draft = mdm(("MSH", 18, declared), ("PV1", 3, "Œil"))
    draft.charset = charset
    return draft


def with_separators(separators: str) -> Draft:
    draft = mdm()
    draft.separators = separators
    return draft


def dropped(name: str) -> Draft:
    return mdm().drop(name)


def document(value: str) -> Draft:
    return mdm(("OBX", 5, value))


def flag(number: int, value: str) -> Draft:
    """The first flag (OBX 2) with one field changed."""
    draft = mdm()
    return draft.set("OBX", number, value, 1)


def twice(court: object) -> None:
    draft = mdm()
    for _ in range(2):
        sent(draft)(court)  # type: ignore[arg-type]  # a court
        draft.set("PV1", 3, "ailleurs")


def participation(*rows: dict[int, str], **values: str) -> Draft:
    draft = flags(**values)
    for row in rows:
        draft.add("PRT", row, after="PRT")
    return draft


def swapped() -> Draft:
    draft = mdm()
    draft.rows[2], draft.rows[3] = draft.rows[3], draft.rows[2]
    return draft


def two_documents() -> Draft:
    draft = mdm()
    return draft.add("OBX", draft.row("OBX") | {1: "9"}, after="PRT")


def body(data: str) -> Draft:
    row = {
        1: "12",
        2: "ED",
        3: "CORPSMAIL_PATIENT^^MetaDMPMSS",
        5: f"^TEXT^^Base64^{data}",
        11: "F",
    }
    return mdm().add("OBX", row)


def other_day() -> Draft:
    day = "01" if WHO.birth[6:] != "01" else "02"
    return mdm(("PID", 7, WHO.birth[:6] + day))


def replaces_nothing() -> Draft:
    return mdm(("OBX", 11, "C"), ("ORC", 1, "RO"))


def ins(value: str) -> Draft:
    return mdm(("PID", 3, value))


UNPADDED = base64.b64encode(made().cda() + b" " * (-len(made().cda()) % 3 + 1)).decode().rstrip("=")
NAME = f"{WHO.family}^{WHO.given}^{WHO.givens}"
CASES: dict[str, Case] = {
    "S-MLLP-01": lambda court: court.framed(Framed(mdm().raw(), stray=b"GET /")),
    "S-MLLP-02": lambda court: court.framed(Framed(mdm().raw(), restarted=True)),
    "S-MLLP-03": lambda court: court.cut(),
    "S-MLLP-04": lambda court: court.framed(Framed(mdm().raw(), stray=b"\n")),
    "S-HL7-00": bytes_sent(b"PID|1"),
    "S-HL7-01": sent(with_end("\n")),
    "S-HL7-02": sent(with_end("\r", last=False)),
    "S-HL7-03": bytes_sent(mdm().raw() + b"suite sans segment\r"),
    "S-HL7-04": sent(with_separators("|$~\\&")),
    "S-HL7-05": bytes_sent(b"\xef\xbb\xbf" + mdm().raw()),
    "S-HL7-06": sent(results(("OBX", 5, "c:\\rien"))),
    "S-MSH-18": sent(mdm(("MSH", 18, "8859/1"))),
    "S-MSH-18b": sent(in_charset("UNICODE UTF-8", "iso8859-15")),
    "S-MSH-18c": sent(in_charset("8859/15", "utf-8")),
    "S-MSH-03": sent(mdm(("MSH", 4, ""))),
    "S-MSH-07": sent(mdm(("MSH", 7, "20260115"))),
    "S-MSH-09": sent(mdm(("MSH", 9, "MDM^T02"))),
    "S-MSH-10": sent(mdm(("MSH", 10, ""))),
    "S-MSH-10b": twice,
    "S-MSH-11": sent(mdm(("MSH", 11, "X"))),
    "S-MSH-12": sent(mdm(("MSH", 12, "2.3"))),
    "S-MSH-15": sent(mdm(("MSH", 15, "OUI"))),
    "S-MSH-17": sent(mdm(("MSH", 17, ""))),
    "S-MSH-21": sent(mdm(("MSH", 21, ""))),
    "S-PID-01": sent(mdm().add("PID", {3: ins_id(OTHER)}, after="PID")),
    "S-PID-03": sent(ins("L1^^^X&1.2.3&ISO^PI")),
    "S-PID-03b": sent(ins(ins_id(WHO.but(ins=WHO.ins[:13])))),
    "S-PID-03c": sent(ins(ins_id(WHO.with_wrong_key()))),
    "S-PID-03d": sent(ins(ins_id(WHO.but(oid="1.2.250.1.213.1.4.2")))),
    "S-PID-03e": sent(ins(ins_id(WHO, kind="PI"))),
    "S-PID-03f": sent(mdm(("PID", 7, "18000101"))),
    "S-PID-05": sent(mdm(("PID", 5, f"{NAME}^^^^D"))),
    "S-PID-07": sent(mdm(("PID", 7, "19843112"))),
    "S-PID-08": sent(mdm(("PID", 8, "1"))),
    "S-PID-11": sent(mdm(("PID", 11, "1 rue^^PARIS^^^^H"))),
    "S-PID-32": sent(mdm(("PID", 32, "PROV"))),
    "S-TDC-01": sent(mdm(("MSH", 9, "MDM^T06^MDM_T02"))),
    "S-TDC-02": sent(swapped()),
    "S-TDC-03": sent(two_documents()),
    "S-TDC-04": sent(document(f"CIBLE^AP^PDF^Base64^{base64.b64encode(made().cda()).decode()}")),
    "S-TDC-05": sent(document("^text^XML^Base64^AAAAA")),
    "S-TDC-06": sent(document(f"^text^XML^Base64^{UNPADDED}")),
    "S-TDC-07": carrying(b"Document medical au format CDA"),
    "S-TDC-08": sent(mdm(("OBX", 11, ""))),
    "S-TDC-09": sent(mdm(("ORC", 1, "CA"))),
    "S-TDC-10": sent(mdm(("OBX", 11, "D"))),
    "S-TDC-11": sent(mdm(("OBR", 4, "34133-9^Autre^LN"))),
    "S-TDC-12": sent(ins(ins_id(OTHER))),
    "S-TDC-13": sent(other_day()),
    "S-TDC-14": sent(replaces_nothing()),
    "S-TXA-02": sent(mdm(("TXA", 17, "LA"))),
    "S-TXA-12": sent(mdm(("TXA", 12, "1.2.3"))),
    "S-TXA-13": sent(mdm(("MSH", 9, "MDM^T10^MDM_T02"), ("TXA", 13, ""))),
    "S-EVN-02": sent(mdm(("EVN", 2, ""))),
    "S-PV1-02": sent(mdm(("PV1", 2, "?"))),
    "S-PV1-19": sent(mdm(("PV1", 2, "O"))),
    "S-FLAG-01": sent(flag(3, "RIEN^^MetaDMPMSS")),
    "S-FLAG-02": sent(Draft([row for row in mdm().rows if "ACK_" not in row[1].get(3, "")])),
    "S-FLAG-03": sent(flag(5, "OUI")),
    "S-FLAG-04": sent(mdm().add("OBX", mdm().row("OBX", 1))),
    "S-FLAG-05": sent(flag(3, "MASQUE_PS^^HL70136")),
    "S-FLAG-06": sent(Draft([*mdm().rows[:-2], mdm().rows[-1], mdm().rows[-2]])),
    "S-FLAG-07": sent(flags(MASQUE_PS="Y", DESTMSSANTEPS="Y")),
    "S-FLAG-08": sent(flags(MASQUE_PS="Y", DESTMSSANTEPS="Y")),
    "S-PRT-01": sent(dropped("PRT")),
    "S-PRT-02": sent(flags(DESTMSSANTEPAT="Y")),
    "S-PRT-03": sent(participation({2: "UC", 4: "RCT", 14: f"^^X.400^{DOCTOR}"})),
    "S-PRT-04": sent(participation(recipient_row(f"{OTHER.ins}@patient.mssante.fr"))),
    "S-PRT-05": sent(mdm(("PRT", 2, "AD"))),
    "S-PRT-06": sent(
        participation(recipient_row(f"{WHO.ins}@patient.mssante.fr") | {5: f"{WHO.ins}^A^B"})
    ),
    "S-BODY-01": sent(body("AAAAA")),
    "S-OBX-02": sent(results(("OBX", 2, "ZZ"))),
    "S-OBX-03": sent(results(("OBX", 3, "HB^Hémoglobine^L"))),
    "S-OBX-05": sent(results(("OBX", 5, "13,4"))),
    "S-OBX-06": sent(results(("OBX", 6, ""))),
    "S-OBX-08": sent(results(("OBX", 8, "HAUT"))),
    "S-OBX-11": sent(results(("OBX", 11, ""))),
    "S-OBX-14": sent(results(("OBX", 14, "hier"))),
    "S-OBR-03": sent(results(("OBR", 3, ""))),
}
