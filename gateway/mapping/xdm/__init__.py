"""IHE XDM archives of MSSanté (XDM_HL7V2 part B): zip to understanding.

Each METADATA.XML says which files of its SUBSET are documents; nothing else of the archive is
read or shown. An archive is taken whole or not at all, as a submission is (IHE ITI-32).
"""

from collections import Counter
from collections.abc import Iterator, Sequence

from gateway.errors import RefusedError
from gateway.mapping.xdm.archive import Archive, open_archive
from gateway.mapping.xdm.ebrim.hl7types import cx
from gateway.mapping.xdm.ebrim.metadata import MAX_ENTRIES
from gateway.mapping.xdm.submission import submission_of
from gateway.mapping.xdm.subset import LAYOUT, METADATA_NAME, Subset, read_subset
from gateway.records.intake.finding import Finding, Severity, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Understanding

MAX_SUBSETS = 20


def understand_xdm(raw: bytes, reading: Reading) -> Understanding:
    """One archive: every document of every SUBSET, in the order of their folders' names.

    `submission` is that of the first SUBSET.
    """
    try:
        archive = open_archive(raw)
        subsets = _subsets(archive, reading)
    except RefusedError as error:
        finding = error.finding or _error("xdm-unreadable", METADATA_NAME, str(error))
        return Understanding(format=Format.XDM, verdict=verdict_of([finding]), findings=(finding,))
    entries = [entry for subset in subsets for entry in subset.entries]
    findings = [finding for subset in subsets for finding in subset.findings]
    findings += [*_undescribed(archive, subsets), *_lot_findings(subsets)]
    return Understanding(
        format=Format.XDM,
        verdict=verdict_of(findings),
        findings=tuple(findings),
        submission=submission_of(subsets[0].metadata.submission),
        documents=tuple(entry.document for entry in entries),
        contents=tuple(Content(body=entry.body, words=entry.words) for entry in entries),
        observations=tuple(entry.observations for entry in entries),
        results=sum(len(entry.observations) for entry in entries),
    )


def _subsets(archive: Archive, reading: Reading) -> list[Subset]:
    places = sorted(archive.named(METADATA_NAME), key=lambda one: one.path.casefold())
    if not 0 < len(places) <= MAX_SUBSETS:
        message = (
            f"Send at most {MAX_SUBSETS} folders with a {METADATA_NAME}."
            if places
            else f"Put a {METADATA_NAME} into the archive, under IHE_XDM/SUBSET01."
        )
        raise RefusedError(message, finding=_error("xdm-metadata", METADATA_NAME, message))
    several = len(places) > 1
    return [
        read_subset(archive, place, reading, label=_label(place.folder) if several else "")
        for place in places
    ]


def _label(folder: str) -> str:
    return f"{folder.rpartition('/')[2]}/"


def _undescribed(archive: Archive, subsets: Sequence[Subset]) -> Iterator[Finding]:
    """Folders of IHE_XDM whose files no METADATA.XML names; of its own folder each has told."""
    own = {subset.place.folder.casefold() for subset in subsets}
    named = {member.path for subset in subsets for member in subset.described}
    left = Counter(
        member.folder
        for member in archive.members
        if LAYOUT.match(member.folder) and member.folder.casefold() not in own
        if member.path not in named
    )
    for folder, count in sorted(left.items()):
        message = f"Files that no {METADATA_NAME} describes, which were not read: {count}."
        yield _warning("xdm-orphan", f"{_label(folder)}{METADATA_NAME}", message)


def _lot_findings(subsets: Sequence[Subset]) -> Iterator[Finding]:
    """What concerns the archive as a whole: documents at all, one patient, no document twice."""
    described = [entry for subset in subsets for entry in subset.metadata.entries]
    refused = any(one.severity is Severity.ERROR for subset in subsets for one in subset.findings)
    if not described or not (refused or any(subset.entries for subset in subsets)):
        message = "Declare at least one document (ExtrinsicObject)."
        yield _error("xdm-no-document", METADATA_NAME, message)
    if len(described) > MAX_ENTRIES:
        yield _error("xdm-metadata", METADATA_NAME, f"Send at most {MAX_ENTRIES} documents.")
    if len(_patients(subsets)) > 1 and not _told("patient-mismatch", subsets):
        message = "Send the documents of one patient an archive."
        yield _error("patient-mismatch", METADATA_NAME, message, 904)
    names = Counter(
        entry.document.unique_id
        for subset in subsets
        for entry in subset.entries
        if entry.document.unique_id
    )
    if any(count > 1 for count in names.values()):
        message = "Give each document a uniqueId of its own: one stands for two."
        yield _error("unique-id-twice", METADATA_NAME, message)


def _patients(subsets: Sequence[Subset]) -> set[tuple[str | None, str | None]]:
    """Everybody whom an entry, a set, a folder or a CDA names."""
    entries = [entry for subset in subsets for entry in subset.metadata.entries]
    written = [entry.ids.get("patientId") for entry in entries]
    written += [value for subset in subsets for value in subset.metadata.patients]
    read = [entry.document.patient for subset in subsets for entry in subset.entries]
    found = {one[:2] for value in written if (one := cx(value))}
    return found | {(one.ins, one.ins_oid) for one in read if one.ins}


def _told(code: str, subsets: Sequence[Subset]) -> bool:
    return any(one.code == code for subset in subsets for one in subset.findings)


def _warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


def _error(code: str, where: str, message: str, application: int | None = None) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, application=application
    )
