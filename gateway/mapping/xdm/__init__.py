"""IHE XDM archives of MSSanté (XDM_HL7V2 part B): zip to understanding.

METADATA.XML says which files are documents; nothing else of the archive is read or shown.
"""

from gateway.errors import RefusedError
from gateway.mapping.xdm.agreement import entry_findings
from gateway.mapping.xdm.archive import Archive, Member, open_archive
from gateway.mapping.xdm.documents import Entry, read_entry
from gateway.mapping.xdm.hl7types import cx, iso_time, xcn, xon
from gateway.mapping.xdm.metadata import Metadata, RegistryEntry, read_metadata
from gateway.records.finding import Finding, Severity, Verdict, verdict_of
from gateway.records.reading import Reading
from gateway.records.understanding import Content, Format, Submission, Understanding

METADATA_NAME = "METADATA.XML"


def understand_xdm(raw: bytes, reading: Reading) -> Understanding:
    """One archive, one submission, as many documents as it has DocumentEntries."""
    try:
        archive = open_archive(raw)
        place = _metadata_member(archive)
        metadata = read_metadata(archive.read(place))
    except RefusedError as error:
        finding = error.finding or _error("xdm-unreadable", METADATA_NAME, str(error))
        return Understanding(format=Format.XDM, verdict=Verdict.REFUSE, findings=(finding,))
    findings: list[Finding] = _lot_findings(metadata)
    entries: list[Entry] = []
    for registry in metadata.entries:
        try:
            member = _document_member(archive, place, registry)
            entry = read_entry(registry, archive.read(member), reading)
        except RefusedError as error:
            findings.append(error.finding or _error("xdm-unreadable", registry.id, str(error)))
            continue
        entries.append(entry)
        findings.extend(entry_findings(registry, entry, metadata.submission, reading))
    findings.extend(_orphans(archive, place, metadata))
    return Understanding(
        format=Format.XDM,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        submission=_submission(metadata.submission),
        documents=tuple(entry.document for entry in entries),
        contents=tuple(Content(body=entry.body, words=entry.words) for entry in entries),
        observations=tuple(entry.observations for entry in entries),
        results=sum(len(entry.observations) for entry in entries),
    )


def _metadata_member(archive: Archive) -> Member:
    found = archive.named(METADATA_NAME)
    if len(found) != 1:
        message = f"Put exactly one {METADATA_NAME} into the archive, under IHE_XDM/SUBSET01."
        raise RefusedError(message, finding=_error("xdm-metadata", METADATA_NAME, message))
    return found[0]


def _document_member(archive: Archive, place: Member, registry: RegistryEntry) -> Member:
    """The file that slot URI names: in the folder of METADATA.XML and nowhere else."""
    uri = registry.slot("URI") or ""
    found = archive.at(place.folder, uri) if uri and "/" not in uri and "\\" not in uri else None
    if found is None or found is place:
        message = f"Slot URI must name a document beside {METADATA_NAME}."
        raise RefusedError(message, finding=_error("xdm-uri", registry.id[:80], message))
    return found


def _lot_findings(metadata: Metadata) -> list[Finding]:
    findings: list[Finding] = []
    if not metadata.entries:
        message = "Declare at least one document (ExtrinsicObject)."
        findings.append(_error("xdm-no-document", METADATA_NAME, message))
    if metadata.submission is None:
        message = "Declare the submission set (RegistryPackage)."
        findings.append(
            Finding(
                code="xdm-no-submission",
                severity=Severity.WARNING,
                where=METADATA_NAME,
                message=message,
            )
        )
    patients = {cx(entry.ids.get("patientId")) for entry in metadata.entries}
    if len(patients - {None}) > 1:
        message = "Send the documents of one patient an archive."
        findings.append(_error("patient-mismatch", METADATA_NAME, message))
    uris = [(entry.slot("URI") or "").casefold() for entry in metadata.entries]
    if len(set(uris)) != len(uris):
        findings.append(_error("xdm-uri", METADATA_NAME, "Describe each file once."))
    return findings


def _orphans(archive: Archive, place: Member, metadata: Metadata) -> list[Finding]:
    told = {(entry.slot("URI") or "").casefold() for entry in metadata.entries}
    orphans = [
        member
        for member in archive.members
        if member.folder == place.folder and member is not place
        if member.name.casefold() not in told
    ]
    if not orphans:
        return []
    message = f"{len(orphans)} files are not described in {METADATA_NAME} and were not read."
    return [
        Finding(code="xdm-orphan", severity=Severity.WARNING, where=METADATA_NAME, message=message)
    ]


def _submission(package: RegistryEntry | None) -> Submission | None:
    if package is None:
        return None
    patient = cx(package.ids.get("submissionPatientId"))
    return Submission(
        unique_id=package.ids.get("submissionUniqueId"),
        source_id=package.ids.get("sourceId"),
        patient_id=f"{patient.oid}^{patient.id}" if patient else None,
        time=iso_time(package.slot("submissionTime")),
        content_type=package.code("contentTypeCode"),
        author=_author(package),
    )


def _author(package: RegistryEntry) -> str | None:
    """The sender's name as it is shown: the person, else the structure."""
    block = package.coded("submissionAuthor")
    if block is None:
        return None
    person = xcn(next(iter(block.slots.get("authorPerson", ())), ""))
    house = xon(next(iter(block.slots.get("authorInstitution", ())), ""))
    return " ".join(filter(None, (person.given, person.family))) or house.name


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message)
