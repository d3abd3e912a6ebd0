"""HL7v2 messages made for the tests; the patient is invented, her INS is one of tests."""

import base64

import cda_sample
from cda_sample import INS_OID, patient_id, replacing

from gateway.mapping.hl7v2 import understand
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.intake.understanding import Understanding

INS = "255089999999966"
OTHER_INS = "199019999999937"
PID = (
    f"PID|1||{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~7001^^^CLINIQUE&1.2.250.1.999.3&ISO^PI"
    "||PATTE^Ana^Ana Lea^^^^L~DURAND^Ana^^^^^D||19550815|F|||"
    "1 rue du Test^^REIMS^^51100^FRA^H~^^^^^^BDL^^51215"
    "|||||||V1^^^CLINIQUE|||||||||||||N|VALI"
)
ROWS = (
    "ORC|NW|P1|A1",
    "OBR|1|P1^labo|A1^labo|58410-2^Hemogramme^LN|||20260115081500+0100",
    "OBX|1|NM|718-7^Hemoglobine^LN||13.4|g/dL|12.0-16.0|N|||F|||20260115091500+0100|L1^Labo Test",
    "OBX|2|NM|2951-2^Sodium^LN||134|mmol/L|135-145|L|||F",
)
FLAGS = ("MASQUE_PS", "INVISIBLE_PATIENT", "DESTDMP", "DESTMSSANTEPS", "DESTMSSANTEPAT")


def msh(event: str = "ORU^R01^ORU_R01", control_id: str = "M1", **more: str) -> str:
    """An MSH; `more` are MSH-11, 12, 15, 16 and 18 by the names used below."""
    values = {
        "processing": "P",
        "version": "2.5",
        "accept": "",
        "application": "",
        "charset": "UNICODE UTF-8",
        "profile": "",
    } | more
    return (
        f"MSH|^~\\&|LAB|TESTEUR|GW|TEST|20260115101500+0100||{event}|{control_id}"
        f"|{values['processing']}|{values['version']}|||{values['accept']}"
        f"|{values['application']}|FRA|{values['charset']}|||{values['profile']}"
    )


def message(*segments: str, end: str = "\r", charset: str = "utf-8") -> bytes:
    return "".join(segment + end for segment in segments).encode(charset)


def results(*rows: str, pid: str = PID, **more: str) -> bytes:
    """An ORU with result rows only."""
    return message(msh(**more), pid, *(rows or ROWS))


def flag_rows(**flags: str) -> list[str]:
    wanted = dict.fromkeys(FLAGS, "N") | flags
    return [
        f"OBX|{n}|CE|{name}^{name}^MetaDMPMSS||{value}^^expandedYes-NoIndicator||||||F"
        for n, (name, value) in enumerate(wanted.items(), 2)
    ]


def document(
    data: bytes,
    *,
    event: str = "MDM^T02^MDM_T02",
    order: str = "NW",
    status: str = "F",
    encoded: str | None = None,
    previous: str = "",
    participations: tuple[str, ...] = (),
    pid: str = PID,
    **flags: str,
) -> bytes:
    """An MDM with one ED."""
    base64_text = base64.b64encode(data).decode() if encoded is None else encoded
    return message(
        msh(event, version="2.6", profile="2.1^CISIS_CDA_HL7_V2"),
        "EVN||20260115101500",
        pid,
        "PV1|1|N",
        f"ORC|{order}",
        "OBR|1|||11502-2^CR^LN",
        f"TXA|1|11502-2|TEXT|20260115||||||||1.2.250.1.999.1.77|{previous}||||AU",
        f"OBX|1|ED|11502-2^CR^LN||^TEXT^XML^Base64^{base64_text}||||||{status}",
        *participations,
        *flag_rows(**flags),
    )


def cda(
    *, ins: str = INS, oid: str = INS_OID, birth: str = "19550815", replaces: str = ""
) -> bytes:
    """The CDA whose patient and whose id are those of `document`."""
    return cda_sample.cda(
        id="1.2.250.1.999.1.77",
        set_id="1.2.250.1.999.2.77",
        patient_ids=patient_id(ins, oid),
        givens="Ana Lea",
        birth=birth,
        related=replacing(replaces) if replaces else "",
    ).encode()


def read(raw: bytes, reading: Reading = DEFAULT_READING) -> Understanding:
    return understand(raw, reading)


def errors(understood: Understanding) -> list[tuple[str, int | None]]:
    return [(f.code, f.condition) for f in understood.findings if f.severity == "error"]
