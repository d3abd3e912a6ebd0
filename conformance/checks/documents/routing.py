"""Flags MetaDMPMSS, PRT and mail bodies (volet, règles de routage)."""

import base64

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.documents.deposit import VOLET, letter, made, refused, taken
from conformance.made.hl7 import Draft, recipient_row, with_flags
from conformance.requirement import Level, Volet
from conformance.verdict import expect

FLAG = Chapter(Volet.CDA_HL7V2, f"{VOLET}, OBX MetaDMPMSS")
ROUTE = Chapter(Volet.CDA_HL7V2, f"{VOLET}, règles de routage")
DOCTOR = "docteur.fictif@exemple.mssante.fr"


def flagged(bench: Bench, **values: str) -> Draft:
    return with_flags(letter(bench, made(bench)), kind="CWE", **values)


def to_patient(bench: Bench, **values: str) -> Draft:
    draft = flagged(bench, DESTMSSANTEPAT="Y", **values)
    return draft.add("PRT", recipient_row(bench.mailbox(bench.who)), after="PRT")


def labels(bench: Bench, unique_id: str) -> set[str]:
    """Codes of securityLabel, as the reader sees the document."""
    found = bench.filed(unique_id)
    expect(len(found) == 1, f"{len(found)} current documents with its id")
    concepts = found[0].get("securityLabel") or []
    return {coding.get("code", "") for one in concepts for coding in one.get("coding") or []}


@FLAG.asks(
    "TDC-50",
    "The ten flags of 2.1 are orders, not results",
    fix="Do not file OBX of MetaDMPMSS as observations, and do not refuse them.",
)
def flags(bench: Bench) -> None:
    taken(bench, flagged(bench))


@FLAG.asks(
    "TDC-51",
    "Flags of 2.0 (HL70136) and 1.2 (no coding system) are understood",
    fix="Compare the first component of OBX-3 only.",
    source="CI-SIS volet 1.2 and 2.0",
    level=Level.SHOULD,
)
def older_flags(bench: Bench) -> None:
    for system in ("HL70136", ""):
        what = made(bench)
        draft = with_flags(letter(bench, what), kind="CE", system=system, MASQUE_PS="Y")
        taken(bench, draft)
        expect("MASQUE_PS" in labels(bench, what.id), f"MASQUE_PS of {system or 'no system'} lost")


@FLAG.asks(
    "TDC-52",
    "MASQUE_PS becomes a confidentiality code",
    fix="Y adds MASQUE_PS to confidentialityCode (securityLabel).",
    source="ANS, Mapping VIHF et XDS, confidentialityCode",
)
def hidden(bench: Bench) -> None:
    what = made(bench)
    taken(bench, with_flags(letter(bench, what), kind="CWE", MASQUE_PS="Y"))
    expect("MASQUE_PS" in labels(bench, what.id), "MASQUE_PS is not in securityLabel")


@FLAG.asks(
    "TDC-53",
    "INVISIBLE_PATIENT becomes a confidentiality code",
    fix="Y adds INVISIBLE_PATIENT to confidentialityCode (securityLabel).",
    source="ANS, Mapping VIHF et XDS, confidentialityCode",
)
def unseen(bench: Bench) -> None:
    what = made(bench)
    taken(bench, with_flags(letter(bench, what), kind="CWE", INVISIBLE_PATIENT="Y"))
    expect("INVISIBLE_PATIENT" in labels(bench, what.id), "INVISIBLE_PATIENT is not in it")


@FLAG.asks(
    "TDC-54",
    "INVISIBLE_REP_LEGAUX becomes INVISIBLE_REPRESENTANTS_LEGAUX",
    fix="The OBX and the XDS code have different names: map one to the other.",
    source="ANS, Mapping VIHF et XDS, confidentialityCode",
)
def unseen_by_parents(bench: Bench) -> None:
    what = made(bench)
    taken(bench, with_flags(letter(bench, what), kind="CWE", INVISIBLE_REP_LEGAUX="Y"))
    found = labels(bench, what.id)
    expect("INVISIBLE_REPRESENTANTS_LEGAUX" in found, f"securityLabel: {sorted(found)}")


@FLAG.asks(
    "TDC-55",
    "A flag is Y or N",
    fix="Refuse another value: nobody may guess who is to see a document.",
    source=f"{VOLET}, OBX-5 (expandedYes-NoIndicator); HL7 table 0357, 103",
)
def neither(bench: Bench) -> None:
    refused(bench, flagged(bench, MASQUE_PS="X"))


@ROUTE.asks(
    "TDC-60",
    "Hidden from professionals and mailed to professionals is refused",
    fix="MASQUE_PS Y with DESTMSSANTEPS Y contradicts itself.",
)
def masked_mail(bench: Bench) -> None:
    draft = flagged(bench, MASQUE_PS="Y", DESTMSSANTEPS="Y")
    refused(bench, draft.add("PRT", recipient_row(DOCTOR), after="PRT"))


@ROUTE.asks(
    "TDC-61",
    "Hidden from the patient and mailed to the patient is refused",
    fix="INVISIBLE_PATIENT Y with DESTMSSANTEPAT Y contradicts itself.",
)
def unseen_mail(bench: Bench) -> None:
    refused(bench, to_patient(bench, INVISIBLE_PATIENT="Y"))


@ROUTE.asks(
    "TDC-62",
    "The patient's mailbox is the INS of PID-3",
    fix="Refuse a mailbox of the patients' domain whose local part is another INS.",
    source=f"{VOLET}, PRT-15; MSSanté ECO.2.2.6",
)
def other_mailbox(bench: Bench) -> None:
    draft = flagged(bench, DESTMSSANTEPAT="Y")
    refused(bench, draft.add("PRT", recipient_row(bench.mailbox(bench.nobody)), after="PRT"))


@ROUTE.asks(
    "TDC-63",
    "A mailbox of 20 digits is refused",
    fix="The local part is 15 characters, key included: never send to another.",
    source=f"{VOLET}, PRT-15; MSSanté ECO.2.2.6",
)
def long_mailbox(bench: Bench) -> None:
    address = f"{bench.who.ins}12345@{bench.target.mail_domain}"
    draft = flagged(bench, DESTMSSANTEPAT="Y")
    refused(bench, draft.add("PRT", recipient_row(address), after="PRT"))


@ROUTE.asks(
    "TDC-64",
    "Mail to professionals without a recipient is said",
    fix="DESTMSSANTEPS Y without a PRT of role RCT cannot be done: refuse, or warn.",
    source=f"{VOLET}, PRT (RCT)",
)
def nobody_to_mail(bench: Bench) -> None:
    ack = bench.ask(flagged(bench, DESTMSSANTEPS="Y"))
    said = any(one.place.startswith("PRT") for one in ack.faults)
    expect(ack.refused or said, f"{ack} without a word about PRT")


@ROUTE.asks(
    "TDC-65",
    "A mail body is no document",
    fix="CORPSMAIL_PS and CORPSMAIL_PATIENT are texts of the mail: file only the document.",
    source=f"{VOLET}, CORPSMAIL",
)
def mail_body(bench: Bench) -> None:
    what = made(bench)
    taken(bench, with_body(letter(bench, what), "Bonjour, votre résultat est joint."))
    expect(len(bench.filed(what.id)) == 1, "not one current document with its id")


@ROUTE.asks(
    "TDC-66",
    "A mail body cut by one character does not lose the document",
    fix="Drop the last character and say so: the agency's examples are so.",
    level=Level.SHOULD,
)
def cut_body(bench: Bench) -> None:
    draft = with_body(letter(bench, made(bench)), "Bonjour, rien.")
    row = next(fields for _, fields in draft.rows if fields.get(3, "").startswith("CORPSMAIL"))
    row[5] = row[5].rstrip("=")
    row[5] = row[5][: len(row[5]) - (len(row[5].rpartition("^")[2]) - 1) % 4]
    ack = bench.ask(draft)
    expect(ack.positive, ack)


@ROUTE.asks(
    "TDC-67",
    "PRT (HL7 2.9) after OBX is no error in 2.5 and 2.6",
    fix="The volet adopts PRT early: do not refuse or drop it.",
    source=f"{VOLET}, PRT",
)
def participations(bench: Bench) -> None:
    draft = flagged(bench)
    for role, address in (("RCT", DOCTOR), ("REPLY", "labo.fictif@exemple.mssante.fr")):
        draft.add("PRT", recipient_row(address, role=role), after="PRT")
    taken(bench, draft)


def with_body(draft: Draft, text: str) -> Draft:
    data = base64.b64encode(text.encode()).decode()
    row = {1: "12", 2: "ED", 3: "CORPSMAIL_PATIENT^Corps du mail^MetaDMPMSS",
           5: f"^TEXT^^Base64^{data}", 11: "F"}  # fmt: skip
    return draft.add("OBX", row)
