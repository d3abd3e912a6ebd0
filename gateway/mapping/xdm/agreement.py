"""Do the envelope, its file and the CDA inside say the same (XDM_HL7V2 section B3, last lines)?

A false hash or another patient refuses; what a person can settle holds; the rest is said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.files.enclosed import header_held
from gateway.mapping.identity import identity_findings, same_traits
from gateway.mapping.labels import class_of
from gateway.mapping.xdm.documents import ACTIONS, Entry, same_id, unique_id
from gateway.mapping.xdm.ebrim.hl7types import cx
from gateway.mapping.xdm.ebrim.metadata import ACTION_SLOT, Metadata, RegistryEntry
from gateway.mapping.xdm.inside import same_kind
from gateway.records.documents.document import Action, Document
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading

REQUIRED_CODES = (
    "classCode",
    "typeCode",
    "formatCode",
    "confidentialityCode",
    "healthcareFacilityTypeCode",
    "practiceSettingCode",
    "author",
)
REQUIRED_SLOTS = (
    "sourcePatientId",
    "creationTime",
    "languageCode",
    "legalAuthenticator",
    "serviceStartTime",
)


TIMES = ("creationTime", "serviceStartTime", "serviceStopTime")


def entry_findings(
    registry: RegistryEntry, entry: Entry, metadata: Metadata, reading: Reading, name: str
) -> Iterator[Finding]:
    """Every disagreement of one DocumentEntry; `where` begins with `name`, that of its file."""
    submission = metadata.submission
    yield from (replace(one, where=f"{name}: {one.where}") for one in header_held(entry.findings))
    yield from measure_findings(
        name, hash_ok=entry.document.hash_ok, size_ok=entry.document.size_ok
    )
    yield from _action(registry, entry, name, replaced=metadata.replaced_by(registry))
    if missing := list(_missing(registry)):
        message = f"Declare {', '.join(missing)}."
        yield _warning("xdm-missing", name, message)
    yield from time_findings(registry, TIMES, name)
    yield from _status(registry, name, replaced=metadata.is_replaced_here(registry))
    yield from _class(registry, entry.document, name)
    yield from _patient(registry, entry, submission, name)
    if entry.inside and entry.inside.document:
        yield from _codes(registry, entry.inside.document, name)
    told = {one.code for one in entry.findings}
    for one in identity_findings(
        entry.document.patient, status=None, profile=reading.profile, where=f"{name}: patientId"
    ):
        if one.code not in told:
            yield one


def measure_findings(name: str, *, hash_ok: bool | None, size_ok: bool | None) -> Iterator[Finding]:
    """What `declared_well` told of the file `name`."""
    if hash_ok is False:
        yield _error("hash-mismatch", f"{name}: hash", "The SHA-1 is not that of the file.")
    if size_ok is False:
        yield _error("size-mismatch", f"{name}: size", "The size is not that of the file.")
    if hash_ok is None or size_ok is None:
        yield _warning("hash-missing", f"{name}: hash", "Declare the SHA-1 and size of the file.")


def _missing(registry: RegistryEntry) -> Iterator[str]:
    """What an entry must say (XDS.md section 5), by its XDS names."""
    yield from (name for name in ("uniqueId", "patientId") if not registry.ids.get(name))
    yield from (name for name in REQUIRED_SLOTS if not registry.slot(name))
    yield from (name for name in REQUIRED_CODES if not registry.codes.get(name))
    yield from (["title"] if not registry.title else [])
    yield from (["mimeType"] if not registry.mime_type else [])


def _action(
    registry: RegistryEntry, entry: Entry, name: str, *, replaced: str | None
) -> Iterator[Finding]:
    said, where = registry.slot(ACTION_SLOT), f"{name}: {ACTION_SLOT}"
    if said not in ACTIONS:
        yield _error("action-unknown", where, "Write C to replace, D to delete, or no slot.")
    inside = entry.inside.document if entry.inside else None
    if said is None and replaced is not None:
        message = "An RPLC association replaces a document: write C in the slot."
        yield _warning("action-differs", where, message)
    elif said in (None, "F") and inside and inside.action is Action.REPLACE:
        message = "The CDA replaces another document: write C in the slot, or drop the relation."
        yield _warning("action-differs", where, message)
    if entry.document.action is Action.REPLACE and not entry.document.replaces:
        message = "Name the document that is replaced in relatedDocument of the CDA."
        yield _warning("replaces-missing", where, message)
    if entry.document.replaces and entry.document.replaces == entry.document.unique_id:
        message = "A document cannot replace itself: give it a new id."
        yield _hold("replaces-itself", where, message)
    if replaced and inside and inside.replaces and inside.replaces != replaced:
        message = "The RPLC association and relatedDocument of the CDA name two documents."
        yield _hold("replaces-differs", where, message)


def time_findings(registry: RegistryEntry, slots: Sequence[str], where: str) -> Iterator[Finding]:
    """A time that is written and is none was left out: nobody would miss it otherwise."""
    for slot in slots:
        if (said := registry.slot(slot)) and iso_of(said) is None:
            message = "This is no time: write yyyymmddhhmmss, in UTC."
            yield _warning("xdm-time", f"{where}: {slot}", message)


def _status(registry: RegistryEntry, name: str, *, replaced: bool) -> Iterator[Finding]:
    """availabilityStatus: a lot brings what is in force (ITI TF-3 4.2.3.2.2), unless the version
    that follows comes with it. Submitted is what ebRIM calls what no registry has yet."""
    where = f"{name}: availabilityStatus"
    deleted = registry.slot(ACTION_SLOT) == "D"
    match registry.status:
        case None | "Approved" | "Submitted":
            return
        case "Deprecated" | "Deleted" if deleted:
            return
        case "Deprecated" if replaced:
            message = "This version is replaced by one beside it: filed as its earlier version."
            yield _info("status-not-current", where, message)
        case "Deprecated":
            message = "The sender's registry deprecated it: send the version that is in force."
            yield _hold("status-not-current", where, message)
        case "Deleted":
            message = "The sender's registry deleted it: write D in the slot to have it deleted."
            yield _error("status-not-current", where, message)
        case _:
            message = "availabilityStatus is not kept: the document is filed as one in force."
            yield _warning("status-not-kept", where, message)


def _class(registry: RegistryEntry, document: Document, name: str) -> Iterator[Finding]:
    """The class follows from the type (ASS_X16, XDS.md section 5); what is declared is kept."""
    said, own = registry.code("classCode"), class_of(document.type_code)
    if said and own and said != own:
        message = f"classCode is not that of the type, which is {own}."
        yield _warning("class-differs", f"{name}: classCode", message)


def _patient(
    registry: RegistryEntry, entry: Entry, submission: RegistryEntry | None, name: str
) -> Iterator[Finding]:
    """The entry, its lot and the CDA are of one patient; an entry that names none is its lot's."""
    own, where = cx(registry.ids.get("patientId")), f"{name}: patientId"
    lot = cx(submission.ids.get("submissionPatientId")) if submission else None
    if own and lot and own[:2] != lot[:2]:
        yield _error(
            "patient-mismatch", where, "SubmissionSet and DocumentEntry name two patients.", 904
        )
    yield from patient_id_findings(registry.ids.get("patientId"), where)
    inside = entry.inside.document if entry.inside else None
    if inside is None:
        return
    told = entry.own
    if told.ins and not inside.patient.ins:
        yield _hold("cda-without-ins", where, "Put the INS of patientId into the CDA.", 903)
    elif told.ins and (inside.patient.ins, inside.patient.ins_oid) != (told.ins, told.ins_oid):
        message = "patientId is not the INS of the CDA: send them for one patient."
        yield _error("patient-mismatch", where, message, 904)
    elif same_traits(told, inside.patient):
        message = "sourcePatientInfo and the CDA give different identity traits."
        yield _hold("traits-differ", f"{name}: sourcePatientInfo", message, 904)


def patient_id_findings(value: str | None, where: str) -> Iterator[Finding]:
    """A patient that is written and cannot be read is nobody: nothing is filed under a guess."""
    if value and cx(value) is None:
        message = "Write the patient as INS^^^&OID&ISO^NH."
        yield _error("patient-id-malformed", where, message)


def _codes(registry: RegistryEntry, inside: Document, name: str) -> Iterator[Finding]:
    if registry.mime_type and not same_kind(registry.mime_type, inside.mime_type):
        message = f"mimeType is not that of the file: it is kept as {inside.mime_type}."
        yield _warning("mime-differs", f"{name}: mimeType", message)
    if (said := unique_id(registry)) and inside.unique_id and not same_id(said, inside.unique_id):
        message = "uniqueId is not the id of the CDA."
        yield _hold("unique-id-differs", f"{name}: uniqueId", message)
    if (kind := registry.code("typeCode")) and inside.type_code and kind != inside.type_code:
        yield _hold("type-differs", f"{name}: typeCode", "typeCode is not the code of the CDA.")
    said_codes = {one.code for one in registry.codes.get("confidentialityCode", ())}
    if said_codes and not set(inside.confidentiality) <= said_codes:
        message = "confidentialityCode leaves out the code of the CDA."
        yield _hold("confidentiality-differs", f"{name}: confidentialityCode", message)


def _error(code: str, where: str, message: str, application: int | None = None) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, application=application
    )


def _info(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.INFO, where=where, message=message)


def _warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


def _hold(code: str, where: str, message: str, application: int | None = None) -> Finding:
    return Finding(
        code=code,
        severity=Severity.WARNING,
        where=where,
        message=message,
        application=application,
        holds=True,
    )
