"""The SubmissionSet of a lot: who sends, for whom, when and why."""

from gateway.mapping.datatypes.times import iso_of
from gateway.mapping.xdm.ebrim.hl7types import cx, xcn, xon
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.records.intake.understanding import Submission


def submission_of(package: RegistryEntry | None) -> Submission | None:
    """None where there is no set."""
    if package is None:
        return None
    patient = cx(package.ids.get("submissionPatientId"))
    return Submission(
        unique_id=package.ids.get("submissionUniqueId"),
        source_id=package.ids.get("sourceId"),
        patient_id=f"{patient.oid}^{patient.id}" if patient else None,
        time=iso_of(package.slot("submissionTime")),
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
