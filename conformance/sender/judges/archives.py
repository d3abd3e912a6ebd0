"""IHE_XDM.ZIP: its layout, and METADATA.XML against the documents (IHE ITI TF-2 3.32; TF-3 4.2)."""

import hashlib
import re
from collections.abc import Iterable

from conformance.made import xdm
from conformance.requirement import Level, Volet
from conformance.sender.archive import Archive, Entry
from conformance.sender.judge import Fault, Rules, wrong

XDM = Rules[Archive](Volet.XDM, "IHE ITI TF-2, 3.32.4.1 (XDM)")
META = Rules[Archive](
    Volet.XDM, "IHE ITI TF-3, 4.2; CI-SIS, mapping CDA vers XDS", lambda one: bool(one.entries)
)
NAME = re.compile(r"[A-Z0-9_]{1,8}(\.[A-Z0-9_]{1,3})?")
NEEDED = {
    xdm.CLASS: "classCode",
    xdm.TYPE: "typeCode",
    xdm.FORMAT: "formatCode",
    xdm.CONFIDENTIALITY: "confidentialityCode",
    xdm.FACILITY: "healthcareFacilityTypeCode",
    xdm.SETTING: "practiceSettingCode",
}
SLOTS = (
    "hash",
    "size",
    "URI",
    "creationTime",
    "languageCode",
    "serviceStartTime",
    "sourcePatientId",
    "sourcePatientInfo",
)
PATIENT = re.compile(r"[^^]+\^\^\^&[0-9.]+&ISO\^NH")


@XDM.asks(
    "S-XDM-01",
    "The archive is a ZIP that can be read",
    fix="Make it with deflate, without encryption.",
)
def readable(archive: Archive) -> Iterable[Fault]:
    if archive.error:
        yield Fault("IHE_XDM.ZIP", archive.error)


@XDM.asks(
    "S-XDM-02",
    "README.TXT, INDEX.HTM and IHE_XDM/SUBSET01 are there",
    fix="Keep the layout of the profile.",
    applies=lambda one: not one.error,
)
def layout(archive: Archive) -> Iterable[Fault]:
    names = {name.upper() for name in archive.names}
    for name in ("README.TXT", "INDEX.HTM"):
        if name not in names:
            yield Fault(name, "missing", 101)
    count = sum(name.endswith("/METADATA.XML") for name in names)
    if count != 1:
        yield Fault("METADATA.XML", f"{count} of it below IHE_XDM", 101)


@XDM.asks(
    "S-XDM-03",
    "Names are of ISO 9660 level 1",
    fix="Capitals, digits, underscore, 8.3.",
    level=Level.SHOULD,
    source="IHE ITI TF-2, 3.32.4.1.2",
    applies=lambda one: not one.error,
)
def names(archive: Archive) -> Iterable[Fault]:
    for name in archive.names:
        if not all(NAME.fullmatch(part) for part in name.rstrip("/").split("/")):
            yield Fault(name[:60], "not of capitals, digits and underscore, 8.3")


@XDM.asks(
    "S-XDM-04",
    "Names stay inside the archive",
    fix="No absolute name, no .., no link, no twin.",
    applies=lambda one: not one.error,
)
def safe(archive: Archive) -> Iterable[Fault]:
    seen: set[str] = set()
    for name in archive.names:
        bad = name.startswith("/") or ".." in name.split("/") or "\\" in name or ":" in name
        if bad or name.upper() in seen:
            yield Fault(name[:60], "climbs out of the archive, or stands twice")
        seen.add(name.upper())


@XDM.asks(
    "S-XDM-05",
    "METADATA.XML is a SubmitObjectsRequest",
    fix="Root lcm:SubmitObjectsRequest, prefixes declared.",
    source="IHE ITI TF-3, 4.2",
    applies=lambda one: not one.error,
)
def metadata(archive: Archive) -> Iterable[Fault]:
    if archive.metadata_error:
        yield Fault("METADATA.XML", archive.metadata_error)
    elif not archive.entries:
        yield Fault("METADATA.XML", "no ExtrinsicObject", 101)


def places(archive: Archive) -> Iterable[tuple[str, Entry]]:
    return [(f"ExtrinsicObject[{number}]", one) for number, one in enumerate(archive.entries, 1)]


@META.asks(
    "S-XDM-10",
    "URI names a file of the folder",
    fix="Slot URI is the name of the document beside METADATA.XML.",
)
def uri(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        if one.body is None:
            yield wrong(f"{place}/URI", one.slot("URI"), "a file of the archive")


@META.asks(
    "S-XDM-11",
    "hash is the SHA-1 of the file",
    fix="Hash the file as it lies in the archive.",
    source="IHE ITI TF-3, 4.2.3.2.10",
)
def digest(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        if one.body is not None:
            found = hashlib.sha1(one.body, usedforsecurity=False).hexdigest()
            if one.slot("hash").lower() != found:
                yield Fault(f"{place}/hash", "not the SHA-1 of the file")


@META.asks(
    "S-XDM-12",
    "size is that of the file",
    fix="Count the bytes of the file.",
    source="IHE ITI TF-3, 4.2.3.2.23",
)
def size(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        if one.body is not None and one.slot("size") != str(len(one.body)):
            yield wrong(f"{place}/size", one.slot("size"), str(len(one.body)))


@META.asks("S-XDM-13", "uniqueId is the id of the CDA", fix="root, or root^extension.")
def unique_id(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        if one.document is not None and one.external(xdm.ENTRY_ID) != one.document.id:
            yield wrong(f"{place}/uniqueId", one.external(xdm.ENTRY_ID), "the id of the CDA")


@META.asks(
    "S-XDM-14",
    "patientId is the INS of the CDA, as CX of type NH",
    fix="Write matricule^^^&OID&ISO^NH.",
)
def patient_id(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        value = one.external(xdm.ENTRY_PATIENT)
        if not PATIENT.fullmatch(value):
            yield Fault(f"{place}/patientId", "not matricule^^^&OID&ISO^NH")
        elif one.document is not None and value.split("^")[0] != one.document.ins:
            yield Fault(f"{place}/patientId", "another INS than that of the CDA", 207, 904)


@META.asks(
    "S-XDM-15",
    "One archive, one patient",
    fix="SubmissionSet and every document have the same patientId.",
    source="Référentiel socle MSSanté #2, ECO.2.1.1; IHE ITI TF-3, 4.2.1",
)
def one_patient(archive: Archive) -> Iterable[Fault]:
    found = {one.external(xdm.ENTRY_PATIENT) for one in archive.entries}
    if len(found | {archive.submission(xdm.SET_PATIENT)}) != 1:
        yield Fault(
            "patientId", f"{len(found)} in the documents, another in the submission", 207, 904
        )


@META.asks("S-XDM-16", "typeCode is the code of the CDA", fix="Copy ClinicalDocument/code.")
def type_code(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        code = one.document.attribute("code", "code") if one.document else ""
        if code and code not in one.codes(xdm.TYPE):
            yield wrong(f"{place}/typeCode", ",".join(one.codes(xdm.TYPE)), code)


@META.asks(
    "S-XDM-17",
    "The codes of a DocumentEntry are there",
    fix="classCode, typeCode, formatCode, confidentialityCode, facility, setting.",
    source="IHE ITI TF-3, table 4.3.1-3; CI-SIS",
)
def codes(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        for scheme, name in NEEDED.items():
            if not one.codes(scheme):
                yield Fault(f"{place}/{name}", "missing", 101)


@META.asks(
    "S-XDM-18",
    "The slots of a DocumentEntry are there",
    fix="hash, size, URI, creationTime, languageCode, serviceStartTime, sourcePatient…",
    source="IHE ITI TF-3, table 4.3.1-3; CI-SIS",
)
def slots(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        for name in SLOTS:
            if not one.slot(name):
                yield Fault(f"{place}/{name}", "missing", 101)


@META.asks(
    "S-XDM-19",
    "The SubmissionSet names itself and its source",
    fix="uniqueId, sourceId, patientId and submissionTime.",
    source="IHE ITI TF-3, table 4.3.1-2",
)
def submission(archive: Archive) -> Iterable[Fault]:
    for scheme, name in (
        (xdm.SET_ID, "uniqueId"),
        (xdm.SET_SOURCE, "sourceId"),
        (xdm.SET_PATIENT, "patientId"),
    ):
        if not archive.submission(scheme):
            yield Fault(f"SubmissionSet/{name}", "missing", 101)
    if not archive.submission_slot("submissionTime"):
        yield Fault("SubmissionSet/submissionTime", "missing", 101)


@META.asks(
    "S-XDM-20",
    "Action C or D goes with its predecessor",
    fix="urn:action:extraMetadataSlot C with relatedDocument in the CDA.",
    source="ANS, exemples XDM",
    level=Level.SHOULD,
    applies=lambda one: any(e.slot("urn:action:extraMetadataSlot") for e in one.entries),
)
def action(archive: Archive) -> Iterable[Fault]:
    for place, one in places(archive):
        value = one.slot("urn:action:extraMetadataSlot")
        if value not in ("", "C", "D"):
            yield wrong(f"{place}/extraMetadataSlot", value, "C or D", 103)
        if value == "C" and one.document is not None and not one.document.replaces:
            yield Fault(f"{place}/extraMetadataSlot", "C without relatedDocument in the CDA", 101)
