"""What a sender hears of the document that it deposited: the resource, and no choice of anybody."""

import re
from datetime import UTC, datetime

import orjson
from fhir.resources.R4B.documentreference import DocumentReference
from fhir_sample import raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.emit import reference_of
from gateway.mapping.fhir.written.kept import just_filed
from gateway.records.documents.document import Label
from gateway.records.intake.filing import Filed
from gateway.records.intake.reading import DEFAULT_READING

AT = datetime(2026, 3, 12, 9, 0, 1, tzinfo=UTC)


def test_it_is_a_valid_resource_with_our_id_its_version_and_its_time() -> None:
    (document,) = understand_fhir(raw(reference()), DEFAULT_READING).documents
    made = just_filed(Filed(id="a" * 32, label=Label.CPT_REND, unique_id=None, at=AT), document)
    assert made is not None
    told = reference_of(made, document)
    DocumentReference.model_validate_json(orjson.dumps(told))
    assert (told["id"], told["status"]) == ("a" * 32, "current")
    assert re.fullmatch("[0-9a-f]{16}", told["meta"]["versionId"])
    assert told["meta"]["lastUpdated"] == "2026-03-12T09:00:01.000Z"
    (content,) = told["content"]
    assert content["attachment"]["url"] == f"Binary/{'a' * 32}"
    assert "data" not in content["attachment"]


def test_an_answer_of_before_without_its_time_has_no_resource() -> None:
    (document,) = understand_fhir(raw(reference()), DEFAULT_READING).documents
    assert just_filed(Filed(id="a", label=Label.CPT_REND, unique_id=None), document) is None
