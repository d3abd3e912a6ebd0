"""What each entry of a transaction asks to be done with it (the table of FHIR.md section 2.1).

What is asked and would not be done is refused: an acknowledged deletion that was none, a
replacement that reads as a creation. A sender reads no record (CONTRACT section 2), so the one
GET that the profile has, of the patient of the deposit, is told to be unanswered.
"""

from collections.abc import Iterator

from gateway.mapping.fhir.findings import error, information
from gateway.mapping.fhir.json import Json
from gateway.mapping.fhir.taken.bundles.bundle import (
    FILED,
    entries_of,
    is_submission_set,
    resources,
    submission_sets,
)
from gateway.mapping.fhir.taken.bundles.conditions import MESSAGE, is_kept
from gateway.mapping.fhir.taken.bundles.room import Room, conditional
from gateway.mapping.fhir.values import obj, objs, system_oid, text
from gateway.records.intake.finding import Finding

Name = str | None | tuple[str | None, str | None]
"""The address of a patient, or system and value of an identifier."""
METHODS = {
    "Patient": frozenset({"POST", "PUT", "GET"}),
    "Parameters": frozenset({"PATCH"}),
}
BESIDE_METHODS = frozenset({"POST", "PUT"})
"""Of a resource that helps to read the documents, and is not filed."""


def request_findings(bundle: Json, room: Room) -> Iterator[Finding]:
    """One entry after the other; `where` is its request, or what of it is wrong."""
    entries = entries_of(bundle)
    asks = any(not obj(entry, "resource") for entry in entries)
    patients = frozenset(_patient_names(bundle, room) if asks else ())
    for number, entry in enumerate(entries):
        where = f"Bundle.entry[{number}].request"
        method, url = text(entry, "request", "method"), text(entry, "request", "url")
        if not method or not url:
            yield error("bundle-request", where, "Give each entry method and url.")
        elif not obj(entry, "resource"):
            yield from _asking_findings(method, url, patients, where)
        else:
            yield from _bringing_findings(method, url, obj(entry, "resource"), where)
            yield from _condition_findings(entry, where)


def _asking_findings(
    method: str, url: str, patients: frozenset[Name], where: str
) -> Iterator[Finding]:
    """An entry that brings nothing: only the patient of the deposit may be asked for."""
    to_patient = method == "GET" and _steps(url)[0] == "Patient"
    told = conditional(url)
    if to_patient and (url in patients or (told and _name(told) in patients)):
        yield _unanswered(where)
    elif to_patient:
        message = "GET asks for the patient of the deposit: Patient?identifier, as in subject."
        yield error("bundle-method", f"{where}.method", message)
    elif method in ("GET", "HEAD", "DELETE"):
        message = f"{method} does nothing in a deposit: leave this entry out, or ask it by itself."
        yield error("bundle-method", f"{where}.method", message)


def _bringing_findings(method: str, url: str, resource: Json, where: str) -> Iterator[Finding]:
    """What is filed is created, at the address of its type."""
    kind = text(resource, "resourceType") or "Resource"
    if kind not in FILED:
        taken = METHODS.get(kind, BESIDE_METHODS)
        if method not in taken:
            message = f"Send {kind} with {' or '.join(sorted(taken))}: {method} is not done here."
            yield error("bundle-method", f"{where}.method", message)
        elif method == "GET":
            yield _unanswered(where)
        return
    folder = kind == "List" and not is_submission_set(resource)
    if method != "POST" and not (folder and method == "PUT"):
        message = f"Send {kind} with POST: nothing is changed or deleted here."
        yield error("bundle-method", f"{where}.method", message)
    elif kind not in _steps(url)[-1 if method == "POST" else -2 :]:
        yield error("bundle-url", f"{where}.url", f"The url of this entry is {kind}.")


def _condition_findings(entry: Json, where: str) -> Iterator[Finding]:
    condition, resource = text(entry, "request", "ifNoneExist"), obj(entry, "resource")
    filed = text(resource, "resourceType") in FILED
    if condition and filed and not is_kept(condition, resource):
        yield error("if-none-exist", f"{where}.ifNoneExist", MESSAGE)


def _unanswered(where: str) -> Finding:
    message = "The patient of the deposit is not sent back: a sender reads no record."
    return information("patient-not-read", where, message)


def _patient_names(bundle: Json, room: Room) -> Iterator[Name]:
    """How the subjects of the SubmissionSet and of the documents are named."""
    seen: dict[int, Json] = {}
    for holder in (*submission_sets(bundle), *resources(bundle, "DocumentReference")):
        subject = obj(holder, "subject")
        yield text(subject, "reference")
        seen |= {id(found): found for found in room.resolved(subject, holder)}
    for found in seen.values():
        yield from (_name(one) for one in objs(found, "identifier"))


def _name(identifier: Json) -> Name:
    return system_oid(text(identifier, "system")), text(identifier, "value")


def _steps(url: str) -> list[str]:
    return url.partition("?")[0].strip("/").split("/")
