"""One SUBSET of an archive: METADATA.XML and the files beside it that it describes.

A file is read where slot URI names it, in the folder of METADATA.XML or below; all others are
left alone.
"""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from urllib.parse import unquote

from gateway.errors import RefusedError
from gateway.mapping.xdm.agreement import (
    entry_findings,
    measure_findings,
    patient_id_findings,
    time_findings,
)
from gateway.mapping.xdm.archive import Archive, Member
from gateway.mapping.xdm.beside import beside
from gateway.mapping.xdm.documents import Entry, declared_well, read_entry
from gateway.mapping.xdm.ebrim.metadata import Metadata, RegistryEntry, read_metadata
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading

METADATA_NAME = "METADATA.XML"
LAYOUT = re.compile(r"IHE_XDM/[^/]+", re.IGNORECASE)
TAKEN = frozenset({"HasMember", "RPLC", "signs"})
"""Relations whose meaning is kept: of a set, a replacement, the signature of the lot."""
LONG_URI = re.compile(r"([1-9][0-9]?)\|(.*)")


@dataclass(frozen=True, slots=True)
class Subset:
    """What one METADATA.XML told; `entries` are its documents, in its order; `described` are all
    files that it names and that are there."""

    place: Member
    metadata: Metadata
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    described: tuple[Member, ...] = ()


def read_subset(archive: Archive, place: Member, reading: Reading, *, label: str = "") -> Subset:
    """`label` comes before each place where an archive has several subsets.

    Raises RefusedError where METADATA.XML cannot be read.
    """
    metadata = _metadata(archive, place, label)
    entries: list[Entry] = []
    described: list[Member] = []
    findings = [*_set_findings(metadata, label), *_layout(place, label)]
    for registry in metadata.entries:
        where = label + (uri_of(registry) or registry.id[:80])
        try:
            member = _document_member(archive, place, registry, where)
            if member in described:  # read once: a large file may be named by every entry
                raise _refused("xdm-uri", where, "Describe each file once.")
            described.append(member)
            body = archive.read(member)
        except RefusedError as error:
            findings.append(error.finding or _error("xdm-unreadable", where, str(error)))
            continue
        if aside := beside(registry, body, where):
            hash_ok, size_ok = declared_well(registry, body)
            findings += [aside, *measure_findings(where, hash_ok=hash_ok, size_ok=size_ok)]
            continue
        entry = read_entry(
            registry,
            body,
            reading,
            lot=metadata.submission,
            replaced=metadata.replaced_by(registry),
        )
        entries.append(entry)
        findings.extend(entry_findings(registry, entry, metadata, reading, where))
    findings.extend(_orphans(archive, place, described, label))
    return Subset(place, metadata, tuple(entries), tuple(findings), tuple(described))


def _metadata(archive: Archive, place: Member, label: str) -> Metadata:
    """What the XML reader says of the whole document is said of this file of the archive."""
    try:
        return read_metadata(archive.read(place))
    except RefusedError as error:
        if error.finding is None or error.finding.where not in ("/", METADATA_NAME):
            raise
        finding = replace(error.finding, where=label + METADATA_NAME)
        raise RefusedError(str(error), finding=finding) from error


def uri_of(registry: RegistryEntry) -> str | None:
    """Slot URI; values `1|…`, `2|…` are the parts of a long one (IHE ITI TF-3 4.2.3.2.27)."""
    values = registry.slots.get("URI", ())
    parts = [LONG_URI.fullmatch(value) for value in values]
    if values and all(parts):
        return "".join(part[2] for part in sorted(filter(None, parts), key=lambda one: int(one[1])))
    return next(iter(values), None)


def _document_member(
    archive: Archive, place: Member, registry: RegistryEntry, where: str
) -> Member:
    """The file by its name as written, else with its escapes undone (RFC 3986 section 2.1)."""
    uri = uri_of(registry) or ""
    found = _file_at(archive, place, uri) or _file_at(archive, place, unquote(uri))
    if found is None or found is place:
        message = f"Slot URI must name a file that is there, beside {METADATA_NAME} or below."
        raise _refused("xdm-uri", where, message)
    return found


def _file_at(archive: Archive, place: Member, uri: str) -> Member | None:
    path = uri.removeprefix("./")
    folder, _, name = path.rpartition("/")
    within = "\\" not in path and not path.startswith("/") and ".." not in path.split("/")
    below = f"{place.folder}/{folder}" if folder else place.folder
    return archive.at(below, name) if name and within else None


def _set_findings(metadata: Metadata, label: str) -> Iterator[Finding]:
    where = label + METADATA_NAME
    if metadata.submission is None:
        yield _warning("xdm-no-submission", where, "Declare the submission set (RegistryPackage).")
    elif missing := missing_in_set(metadata.submission):
        message = f"Declare {', '.join(missing)} of the submission set."
        yield _warning("xdm-missing", where, message)
    for written in metadata.patients:
        yield from patient_id_findings(written, f"{where}: patientId")
    if metadata.submissions > 1:
        message = "Describe one submission set a METADATA.XML: the first one was read."
        yield _warning("xdm-several-sets", where, message)
    if metadata.submission:
        yield from time_findings(metadata.submission, ("submissionTime",), where)
    if any(one.kind not in TAKEN for one in metadata.relations):
        message = "Only a replacement (RPLC) is acted on: another relation of a document is not."
        yield _warning("relation-not-kept", where, message)


def missing_in_set(submission: RegistryEntry) -> list[str]:
    """What a set must say (XDS.md section 5), by its XDS names."""
    ids = {
        "submissionUniqueId": "uniqueId",
        "sourceId": "sourceId",
        "submissionPatientId": "patientId",
    }
    missing = [shown for name, shown in ids.items() if not submission.ids.get(name)]
    if not submission.slot("submissionTime"):
        missing.append("submissionTime")
    if not submission.code("contentTypeCode"):
        missing.append("contentTypeCode")
    return missing


def _layout(place: Member, label: str) -> Iterator[Finding]:
    if not LAYOUT.fullmatch(place.folder):
        message = f"Put {METADATA_NAME} and its files into IHE_XDM/SUBSET01."
        yield _warning("xdm-layout", label + METADATA_NAME, message)


def _orphans(
    archive: Archive, place: Member, described: Collection[Member], label: str
) -> Iterator[Finding]:
    orphans = [
        member
        for member in archive.members
        if member.folder == place.folder and member is not place
        if member not in described
    ]
    if orphans:
        message = (
            f"Files that {METADATA_NAME} does not describe, which were not read: {len(orphans)}."
        )
        yield _warning("xdm-orphan", label + METADATA_NAME, message)


def _error(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.ERROR, where=where, message=message)


def _warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


def _refused(code: str, where: str, message: str) -> RefusedError:
    return RefusedError(message, finding=_error(code, where, message))
