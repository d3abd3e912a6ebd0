"""A submission set as List (IHE MHD; FHIR.md section 3, SubmissionSet)."""

from collections.abc import Sequence
from datetime import datetime

from gateway.mapping.fhir.written.emit import identifier_of
from gateway.mapping.fhir.written.making import (
    Json,
    concept,
    date_time,
    full,
    instant,
    json_of,
    listed,
    version_of,
)
from gateway.records.documents.deposited import Deposited
from gateway.records.intake.understanding import Submission

MHD = "https://profiles.ihe.net/ITI/MHD/"
LIST_TYPES = f"{MHD}CodeSystem/MHDlistTypes"
SUBMISSION_SET = "submissionset"
DESIGNATION = f"{MHD}StructureDefinition/ihe-designationType"
SOURCE_ID = f"{MHD}StructureDefinition/ihe-sourceId"
NOT_SAID = Submission()


def submission_set(
    deposited: Deposited, documents: Sequence[str], *, patient: Json, source: str, changed: datetime
) -> bytes:
    """`documents` are the ids that its reader sees; `patient` is a Reference; `source` names who
    made them, where the set itself does not say."""
    from fhir.resources.R4B.list import List

    said = deposited.submission or NOT_SAID
    made = full(
        {
            "resourceType": "List",
            "id": deposited.receipt,
            "meta": {"lastUpdated": instant(changed)},
            "extension": [_designation(said), _source_id(said)],
            "identifier": listed(_unique_id(said)),
            "status": "current",
            "mode": "working",
            "code": concept(SUBMISSION_SET, LIST_TYPES),
            "subject": patient,
            "date": date_of_set(deposited),
            "source": {"display": said.author or source},
            "entry": [{"item": {"reference": f"DocumentReference/{one}"}} for one in documents],
        }
    )
    made["meta"]["versionId"] = version_of(made)
    return json_of(List, made)


def date_of_set(deposited: Deposited) -> str:
    """submissionTime, else when it came."""
    said = deposited.submission or NOT_SAID
    return date_time(said.time) or instant(deposited.at)


def _unique_id(said: Submission) -> Json | None:
    found = identifier_of(said.unique_id)
    return {"use": "usual", **found} if found else None


def _designation(said: Submission) -> Json | None:
    coded = concept(said.content_type, None)
    return {"url": DESIGNATION, "valueCodeableConcept": coded} if coded else None


def _source_id(said: Submission) -> Json | None:
    found = identifier_of(said.source_id)
    return {"url": SOURCE_ID, "valueIdentifier": found} if found else None
