"""Do a lot, its entries and the CDA inside say the same, and all that a registry must have?

The checks are those of an XDM archive (mapping.xdm.agreement), held more strictly: what is absent
or contradicts the CDA is XDSRepositoryMetadataError here, where a mail is filed or waits.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xdm.agreement import entry_findings, measure_findings, patient_id_findings
from gateway.mapping.xdm.documents import Entry, declared_well, unique_id
from gateway.mapping.xdm.ebrim.hl7types import cx
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.mapping.xdm.subset import TAKEN, missing_in_set
from gateway.mapping.xds.lot.request import Request, error, warning
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading

SUBMISSION_SET = "SubmissionSet"
MAX_UNIQUE_ID = 128
RAISED = frozenset(
    {
        "xdm-missing",
        "xdm-time",
        "type-differs",
        "unique-id-differs",
        "confidentiality-differs",
        "replaces-itself",
    }
)
"""Errors at a registry (XDS.md section 5)."""
SAID = frozenset({"replaces-differs"})
"""Warnings: what an association names is replaced, whatever the CDA says."""
LEFT = frozenset({"hash-missing"})
"""The server computes what is absent."""
REWORDED: Mapping[str, str] = {
    "action-differs": "The CDA replaces another document: add an RPLC association to its entry.",
}


def agreement_findings(
    request: Request, registry: RegistryEntry, entry: Entry, reading: Reading, where: str
) -> Iterator[Finding]:
    """Every disagreement of one document."""
    is_replaced = request.metadata.replaced_by(registry) is not None
    for one in entry_findings(registry, entry, request.metadata, reading, where):
        if one.code in LEFT or (one.code == "action-differs" and is_replaced):
            continue
        yield _held_to_it(one)


def _held_to_it(finding: Finding) -> Finding:
    is_raised = finding.code in RAISED
    return replace(
        finding,
        code=finding.code.replace("xdm-", "xds-"),
        severity=Severity.ERROR if is_raised else finding.severity,
        holds=finding.holds and not is_raised and finding.code not in SAID,
        message=REWORDED.get(finding.code, finding.message),
    )


def set_findings(request: Request) -> Iterator[Finding]:
    """The SubmissionSet: one, complete, and nothing beside it that is not kept."""
    metadata = request.metadata
    if metadata.submissions != 1 or metadata.submission is None:
        message = "Declare one submission set (RegistryPackage)."
        yield error("xds-no-submission", "RegistryObjectList", message)
        return
    submission = metadata.submission
    missing = missing_in_set(submission)
    missing += [] if submission.codes.get("submissionAuthor") else ["author"]
    if missing:
        message = f"Declare {', '.join(missing)} of the submission set."
        yield error("xds-missing", SUBMISSION_SET, message)
    if (said := submission.slot("submissionTime")) and iso_of(said) is None:
        message = "This is no time: write yyyymmddhhmmss, in UTC."
        yield error("xds-time", f"{SUBMISSION_SET}: submissionTime", message)
    for written in metadata.patients:
        yield from patient_id_findings(written, f"{SUBMISSION_SET}: patientId")
    yield from _relations(request, submission)


def _relations(request: Request, submission: RegistryEntry) -> Iterator[Finding]:
    metadata = request.metadata
    if request.packages > metadata.submissions:
        message = "Folders are not kept here: send the documents without one."
        yield error("xds-folder", "RegistryPackage", message)
    others = sorted({one.kind for one in metadata.relations} - TAKEN)
    if others:
        message = "Only HasMember, RPLC and signs are taken here."
        yield error("xds-relation", "Association", message)
    members = {
        one.target
        for one in metadata.relations
        if one.kind == "HasMember" and one.source == submission.id
    }
    if any(one.id not in members for one in metadata.entries):
        message = "Link each entry to the submission set by a HasMember association."
        yield warning("xds-no-link", "Association", message)
    own = {one.id for one in metadata.entries}
    if any(one.kind == "RPLC" and one.source not in own for one in metadata.relations):
        message = "The source of RPLC is an entry of this lot."
        yield error("xds-relation", "Association: RPLC", message)


def name_findings(request: Request) -> Iterator[Finding]:
    """uniqueId: once in a request, the set's and the signature's among them, and not too long."""
    metadata = request.metadata
    names = Counter(filter(None, map(unique_id, metadata.entries)))
    package = metadata.submission
    own = package.ids.get("submissionUniqueId") if package else None
    if own:
        names[own] += 1
    if any(count > 1 for count in names.values()):
        message = "Give each entry and the set a uniqueId of its own: one stands for two."
        yield error("unique-id-twice", "uniqueId", message)
    if any(len(name) > MAX_UNIQUE_ID for name in names):
        message = f"A uniqueId has at most {MAX_UNIQUE_ID} characters."
        yield error("xds-unique-id", "uniqueId", message)


def aside_findings(
    request: Request, registry: RegistryEntry, body: bytes | None, where: str
) -> Iterator[Finding]:
    """Of an entry that is no document of the patient: it is of the patient of its lot, and its
    bytes are those that it declares, all the same."""
    hash_ok, size_ok = declared_well(registry, body) if body is not None else (None, None)
    for one in measure_findings(where, hash_ok=hash_ok, size_ok=size_ok):
        if one.code not in LEFT:
            yield one
    package = request.metadata.submission
    own = cx(registry.ids.get("patientId"))
    lot = cx(package.ids.get("submissionPatientId")) if package else None
    yield from patient_id_findings(registry.ids.get("patientId"), f"{where}: patientId")
    if own and lot and own[:2] != lot[:2]:
        message = "SubmissionSet and DocumentEntry name two patients."
        yield error("patient-mismatch", f"{where}: patientId", message, 904)
