"""The document in its message: OBX, ORC, OBR, TXA (CI-SIS volet, profils ORU et MDM)."""

from collections.abc import Iterable

from conformance.requirement import Level, Volet
from conformance.sender.judge import Fault, Rules, wrong
from conformance.sender.subjects import Enclosed, Hl7

VOLET = "CI-SIS, Transmission de document(s) CDA-R2 en HL7v2 2.1"
ACTS = {"T02": ("NW", "F"), "T10": ("RO", "C"), "T04": ("CA", "D")}
BY_STATUS = {"F": {"NW", "SC"}, "C": {"RO"}, "D": {"CA"}}
CLASSES = {"E", "I", "O", "R", "N", "P", "B", "C", "U"}
ORDER = {
    "ORU": ("MSH", "PID", "PV1", "ORC", "OBR", "OBX"),
    "MDM": ("MSH", "EVN", "PID", "PV1", "ORC", "OBR", "TXA", "OBX"),
}
DOC = Rules[Hl7](Volet.CDA_HL7V2, VOLET, lambda one: one.carries)
MDM = Rules[Hl7](Volet.CDA_HL7V2, VOLET, lambda one: one.kind == "MDM")


@DOC.asks(
    "S-TDC-01",
    "The event is one of the volet",
    fix="ORU^R01, or MDM^T02, T04, T10.",
    source=f"{VOLET}, événements déclenchants",
)
def event(one: Hl7) -> Iterable[Fault]:
    if not (one.kind == "ORU" and one.event == "R01") and one.event not in ACTS:
        yield wrong("MSH-9.2", one.event, "R01, T02, T04 or T10", 201)


@DOC.asks(
    "S-TDC-02",
    "The segments come in the order of the profile",
    fix="MSH [EVN] PID PV1 ORC OBR [TXA] OBX PRT…",
    source=f"{VOLET}, profils",
)
def order(one: Hl7) -> Iterable[Fault]:
    wanted = ORDER.get(one.kind, ())
    names = [row.name for row in one.message.segments]
    places = [names.index(name) for name in wanted if name in names]
    for name in wanted:
        if name not in names:
            yield Fault(name, "segment missing", 100)
    if places != sorted(places):
        yield Fault("message", f"order: {' '.join(dict.fromkeys(names))}"[:120], 100)


@DOC.asks(
    "S-TDC-03",
    "An MDM has one document, an ORU one or two",
    fix="Send one message a document (ORU: level 1 and 3 of one content).",
    source=f"{VOLET}, profils",
)
def count(one: Hl7) -> Iterable[Fault]:
    most = 1 if one.kind == "MDM" else 2
    if not 1 <= len(one.documents) <= most:
        yield Fault("OBX", f"{len(one.documents)} documents, wanted 1{' or 2' * (most > 1)}", 198)


@DOC.asks(
    "S-TDC-04",
    "OBX-5 is ^TEXT^XML^Base64^data",
    fix="First component empty, TEXT, XML, Base64, then the data.",
    source=f"{VOLET}, OBX-5 (ED)",
)
def shape(one: Hl7) -> Iterable[Fault]:
    for found in one.documents:
        parts = [found.row.part_raw(5, number) for number in range(1, 5)]
        if [part.upper() for part in parts] != ["", "TEXT", "XML", "BASE64"]:
            yield wrong(f"{found.place}-5", "^".join(parts), "^TEXT^XML^Base64^…")


@DOC.asks(
    "S-TDC-05",
    "The data are base64",
    fix="Encode the whole document; cut nothing.",
    source=f"{VOLET}, OBX-5 (ED)",
)
def base64(one: Hl7) -> Iterable[Fault]:
    for found in one.documents:
        if found.problem or not found.data:
            yield Fault(f"{found.place}-5.5", found.problem or "empty")


@DOC.asks(
    "S-TDC-06",
    "Base64 is padded, on one line",
    fix="Keep the '=' at the end; put no line break in.",
    level=Level.SHOULD,
    source="RFC 4648, 3.2",
)
def padded(one: Hl7) -> Iterable[Fault]:
    for found in one.documents:
        if not found.padded:
            yield Fault(f"{found.place}-5.5", "the padding is missing")
        if b"\\.br\\" in found.data or b" " in found.data:
            yield Fault(f"{found.place}-5.5", "line breaks inside")


@DOC.asks(
    "S-TDC-07",
    "The document is a CDA",
    fix="Send the CDA itself: no text, no PDF, no placeholder.",
    source=f"{VOLET}, OBX-5; code 906",
)
def a_cda(one: Hl7) -> Iterable[Fault]:
    for found in one.documents:
        if not found.problem and found.document.root is None:
            yield Fault(f"{found.place}-5.5", found.document.error, 207, 906)


@DOC.asks(
    "S-TDC-08",
    "OBX-11 is F, C or D",
    fix="F first, C replaces, D deletes.",
    source=f"{VOLET}, OBX-11",
)
def status(one: Hl7) -> Iterable[Fault]:
    for found in one.documents:
        if found.row.part(11) not in BY_STATUS:
            yield wrong(f"{found.place}-11", found.row.part(11), "F, C or D", 103)


@DOC.asks(
    "S-TDC-09",
    "ORC-1 agrees with OBX-11",
    fix="NW with F, RO with C, CA with D.",
    source=f"{VOLET}, ORC-1",
)
def order_control(one: Hl7) -> Iterable[Fault]:
    control = one.message.get("ORC", 1)
    for found in one.documents:
        wanted = BY_STATUS.get(found.row.part(11), {control})
        if control not in wanted:
            yield wrong("ORC-1", control, " or ".join(sorted(wanted)), 199)


@MDM.asks(
    "S-TDC-10",
    "The event agrees with OBX-11 and ORC-1",
    fix="T02 with F and NW, T10 with C and RO, T04 with D and CA.",
    source=f"{VOLET}, événements déclenchants",
)
def agreement(one: Hl7) -> Iterable[Fault]:
    wanted = ACTS.get(one.event)
    for found in one.documents:
        if wanted and found.row.part(11) != wanted[1]:
            yield wrong(
                f"{found.place}-11", found.row.part(11), f"{wanted[1]} with {one.event}", 199
            )


@DOC.asks(
    "S-TDC-11",
    "OBX-3 and OBR-4 are the type of the CDA",
    fix="Write the code of ClinicalDocument/code.",
    source=f"{VOLET}, OBX-3 and OBR-4",
)
def type_code(one: Hl7) -> Iterable[Fault]:
    for found in readable(one):
        code = found.document.attribute("code", "code")
        for place, value in (
            (f"{found.place}-3.1", found.row.part(3)),
            ("OBR-4.1", one.message.get("OBR", 4)),
        ):
            if value != code:
                yield wrong(place, value, f"{code} as in the CDA", 199)


def readable(one: Hl7) -> list[Enclosed]:
    return [found for found in one.documents if found.document.root is not None]


@DOC.asks(
    "S-TDC-12",
    "The INS of PID-3 is that of the CDA",
    fix="One patient in message and document.",
    source=f"{VOLET}, PID-3; codes 903 and 904",
)
def same_patient(one: Hl7) -> Iterable[Fault]:
    for found in readable(one):
        if not found.document.ins:
            yield Fault(f"{found.place}-5", "the CDA has no INS", 207, 903)
        elif one.ins and found.document.ins != one.ins:
            yield Fault("PID-3", "another INS than that of the CDA", 207, 904)


@DOC.asks(
    "S-TDC-13",
    "Birth date and sex of PID are those of the CDA",
    fix="Fill both from the same identity.",
    source=f"{VOLET}, PID; code 904",
)
def same_traits(one: Hl7) -> Iterable[Fault]:
    role = "recordTarget/patientRole/patient"
    for found in readable(one):
        born = found.document.attribute(f"{role}/birthTime", "value")[:8]
        gender = found.document.attribute(f"{role}/administrativeGenderCode", "code")
        if born and born != one.message.get("PID", 7)[:8]:
            yield Fault("PID-7", "another day than birthTime of the CDA", 207, 904)
        if gender and gender != one.message.get("PID", 8):
            yield Fault("PID-8", "another sex than that of the CDA", 207, 904)


@DOC.asks(
    "S-TDC-14",
    "A replacement names its predecessor in the CDA",
    fix="relatedDocument typeCode RPLC with parentDocument/id.",
    source="CI-SIS structuration minimale, relatedDocument",
    applies=lambda one: any(found.row.part(11) == "C" for found in one.documents),
)
def predecessor(one: Hl7) -> Iterable[Fault]:
    for found in readable(one):
        if found.row.part(11) == "C" and not found.document.replaces:
            yield Fault("relatedDocument", "a replacement without its predecessor", 101)


@MDM.asks(
    "S-TXA-02",
    "TXA-2 is the type, TXA-3 TEXT, TXA-17 AU",
    fix="Fill TXA as the profile says.",
    source=f"{VOLET}, TXA",
)
def txa(one: Hl7) -> Iterable[Fault]:
    for number, wanted in ((2, one.message.get("OBX", 3)), (3, "TEXT"), (17, "AU")):
        value = one.message.get("TXA", number)
        if value.upper() != wanted.upper():
            yield wrong(f"TXA-{number}", value, wanted or "a code", 103)


@MDM.asks(
    "S-TXA-12",
    "TXA-12 is the id of the CDA",
    fix="Root alone in .1; with extension: extension in .1, root in .3, ISO.",
    source=f"{VOLET}, TXA-12",
)
def unique_id(one: Hl7) -> Iterable[Fault]:
    name, root = one.message.get("TXA", 12, 1), one.message.get("TXA", 12, 3)
    said = f"{root}^{name}" if root else name
    for found in readable(one):
        if said != found.document.id:
            yield wrong("TXA-12", said, "the id of the CDA", 199)


@MDM.asks(
    "S-TXA-13",
    "T10 has TXA-13, the document replaced",
    fix="Write the id of parentDocument.",
    source=f"{VOLET}, TXA-13",
    applies=lambda one: one.kind == "MDM" and one.event == "T10",
)
def parent(one: Hl7) -> Iterable[Fault]:
    said = one.message.get("TXA", 13, 3) or one.message.get("TXA", 13, 1)
    if not said:
        yield wrong("TXA-13", "", "the id of the document replaced")
    for found in readable(one):
        if said and found.document.replaces and said != found.document.replaces:
            yield wrong("TXA-13", said, "parentDocument/id of the CDA", 199)


@MDM.asks(
    "S-EVN-02",
    "EVN-2 is the time of the event",
    fix="Write YYYYMMDDHHMMSS.",
    source="HL7 v2.6, 3.4.1.2",
)
def event_time(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("EVN", 2)
    if not value[:8].isdigit() or len(value) < 8:
        yield wrong("EVN-2", value, "YYYYMMDDHHMMSS")


@DOC.asks(
    "S-PV1-02",
    "PV1-2 is a class of table 0004",
    fix="I, O, E, R; N when there is no visit.",
    source=f"{VOLET}, PV1-2",
)
def visit_class(one: Hl7) -> Iterable[Fault]:
    value = one.message.get("PV1", 2)
    if value not in CLASSES:
        yield wrong("PV1-2", value, "I, O, E, R or N", 103)


@DOC.asks(
    "S-PV1-19",
    "A visit has its number",
    fix="Fill PV1-19 unless PV1-2 is N.",
    source=f"{VOLET}, PV1-19",
    applies=lambda one: one.carries and one.message.get("PV1", 2) not in ("", "N"),
)
def visit(one: Hl7) -> Iterable[Fault]:
    if not one.message.get("PV1", 19):
        yield wrong("PV1-19", "", "the number of the visit")
