"""Do the envelope, its file and the CDA inside say the same (XDM_HL7V2 section B3, last lines)?

A false hash or another patient refuses; what a person can settle holds; the rest is said.
"""

from collections.abc import Iterator
from dataclasses import replace

from gateway.mapping.identity import identity_findings, same_traits
from gateway.mapping.xdm.documents import ACTIONS, Entry, unique_id
from gateway.mapping.xdm.enclosed import header_held
from gateway.mapping.xdm.hl7types import cx
from gateway.mapping.xdm.metadata import ACTION_SLOT, RegistryEntry
from gateway.records.document import Action, Document
from gateway.records.finding import Finding, Severity
from gateway.records.reading import Reading


def entry_findings(
    registry: RegistryEntry, entry: Entry, submission: RegistryEntry | None, reading: Reading
) -> Iterator[Finding]:
    """Every disagreement of one DocumentEntry; `where` begins with the file's name."""
    name = registry.slot("URI") or registry.id
    yield from (replace(one, where=f"{name}: {one.where}") for one in header_held(entry.findings))
    yield from _measures(entry.document, name)
    yield from _action(registry, entry, name)
    yield from _patient(registry, entry, submission, name)
    if entry.inside and entry.inside.document:
        yield from _codes(registry, entry.inside.document, name)
    told = {one.code for one in entry.findings}
    for one in identity_findings(
        entry.document.patient, status=None, profile=reading.profile, where=f"{name}: patientId"
    ):
        if one.code not in told:
            yield one


def _measures(document: Document, name: str) -> Iterator[Finding]:
    if document.hash_ok is False:
        yield _error("hash-mismatch", f"{name}: hash", "The SHA-1 is not that of the file.")
    if document.size_ok is False:
        yield _error("size-mismatch", f"{name}: size", "The size is not that of the file.")
    if document.hash_ok is None or document.size_ok is None:
        yield _warning("hash-missing", f"{name}: hash", "Declare the SHA-1 and size of the file.")


def _action(registry: RegistryEntry, entry: Entry, name: str) -> Iterator[Finding]:
    said, where = registry.slot(ACTION_SLOT), f"{name}: {ACTION_SLOT}"
    if said not in ACTIONS:
        yield _error("action-unknown", where, "Write C to replace, D to delete, or no slot.")
    inside = entry.inside.document if entry.inside else None
    if inside is None:
        return
    if said is None and inside.action is Action.REPLACE:
        message = "The CDA replaces another document: write C in the slot, or drop the relation."
        yield _warning("action-differs", where, message)
    if said == "C" and not inside.replaces:
        message = "Name the document that is replaced in relatedDocument of the CDA."
        yield _warning("replaces-missing", where, message)


def _patient(
    registry: RegistryEntry, entry: Entry, submission: RegistryEntry | None, name: str
) -> Iterator[Finding]:
    own, where = cx(registry.ids.get("patientId")), f"{name}: patientId"
    lot = cx(submission.ids.get("submissionPatientId")) if submission else None
    if own and lot and own[:2] != lot[:2]:
        yield _error(
            "patient-mismatch", where, "SubmissionSet and DocumentEntry name two patients.", 904
        )
    inside = entry.inside.document if entry.inside else None
    if inside is None or own is None:
        return
    if not inside.patient.ins:
        yield _hold("cda-without-ins", where, "Put the INS of patientId into the CDA.", 903)
    elif (inside.patient.ins, inside.patient.ins_oid) != own[:2]:
        message = "patientId is not the INS of the CDA: send them for one patient."
        yield _error("patient-mismatch", where, message, 904)
    elif same_traits(entry.own, inside.patient):
        message = "sourcePatientInfo and the CDA give different identity traits."
        yield _hold("traits-differ", f"{name}: sourcePatientInfo", message, 904)


def _codes(registry: RegistryEntry, inside: Document, name: str) -> Iterator[Finding]:
    if (said := unique_id(registry)) and inside.unique_id and said != inside.unique_id:
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
