"""What a document replaces, however its target is written."""

import pytest
from fhir_sample import BINARY, REFERENCE, Json, bundle, coded, patient, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.documents.document import Action
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding

OURS = "0123456789abcdef0123456789abcdef"
UUID = "urn:uuid:11111111-2222-4333-8444-555555555555"
OLD = {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.0"}


def understood(resource: Json) -> Understanding:
    return understand_fhir(raw(resource), DEFAULT_READING)


def replacing(*targets: object) -> Json:
    return reference(relatesTo=[{"code": "replaces", "target": one} for one in targets])


@pytest.mark.parametrize(
    ("target", "replaces"),
    [
        ({"reference": f"DocumentReference/{OURS}"}, OURS),
        ({"reference": f"DocumentReference/{OURS}/_history/2"}, OURS),
        ({"reference": f"https://example.org/fhir/DocumentReference/{OURS}/_history/2"}, OURS),
        ({"identifier": OLD}, "1.2.250.1.999.1.0"),
        ({"identifier": OLD, "reference": f"DocumentReference/{OURS}"}, "1.2.250.1.999.1.0"),
        (
            {"reference": f"DocumentReference?identifier={OLD['system']}|{OLD['value']}"},
            "1.2.250.1.999.1.0",
        ),
        (
            {"reference": "DocumentReference?identifier=urn:oid:1.2.250.1.999.1%7C7"},
            "1.2.250.1.999.1^7",
        ),
        ({"reference": UUID}, UUID.removeprefix("urn:uuid:")),
        ({"reference": "urn:oid:1.2.250.1.999.1.0"}, "1.2.250.1.999.1.0"),
    ],
)
def test_the_target_of_a_replacement_is_read(target: Json, replaces: str) -> None:
    answer = understood(replacing(target))
    [document] = answer.documents
    assert (document.action, document.replaces) == (Action.REPLACE, replaces)
    assert answer.verdict is Verdict.ACCEPT


@pytest.mark.parametrize(
    "target",
    [
        {},
        None,
        {"display": "the one before"},
        {"reference": "abc"},
        {"reference": f"Patient/{OURS}"},
        {"reference": "DocumentReference/"},
        {"reference": "DocumentReference/a b"},
        {"reference": "DocumentReference?identifier=7"},
        {"reference": "DocumentReference?_id=7"},
        {"reference": "#nobody"},
        {"identifier": {"system": "urn:ietf:rfc:3986"}},
    ],
)
def test_a_target_that_cannot_be_read_is_refused(target: object) -> None:
    answer = understood(replacing(target))
    assert "replaces-unread" in {one.code for one in answer.findings}
    assert answer.verdict is Verdict.REFUSE


def test_a_document_replaces_one_other() -> None:
    one, other = {"reference": f"DocumentReference/{OURS}"}, {"identifier": OLD}
    assert understood(replacing(one, one)).verdict is Verdict.ACCEPT
    answer = understood(replacing(one, other))
    assert [found.code for found in answer.findings] == ["replaces-several"]
    assert answer.verdict is Verdict.REFUSE


def test_a_target_inside_the_bundle_is_named_by_its_master_identifier() -> None:
    sent = bundle(replacing({"reference": REFERENCE}))
    assert understood(sent).documents[0].replaces == "1.2.250.1.999.1.1"
    unread = understood(bundle(replacing({"reference": BINARY})))
    assert "replaces-unread" in {one.code for one in unread.findings}


def composed(relation: Json) -> Understanding:
    composition = {
        "resourceType": "Composition",
        "type": coded("http://loinc.org", "11488-4"),
        "subject": {"reference": "urn:uuid:1"},
        "relatesTo": [relation],
    }
    sent = {
        "resourceType": "Bundle",
        "type": "document",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.250.1.999.1.7"},
        "entry": [
            {"fullUrl": "urn:uuid:0", "resource": composition},
            {"fullUrl": "urn:uuid:1", "resource": patient()},
        ],
    }
    return understood(sent)


@pytest.mark.parametrize(
    "target",
    [
        {"targetIdentifier": OLD},
        {"targetReference": {"identifier": OLD}},
        {"targetReference": {"reference": "Composition/old", "identifier": OLD}},
    ],
)
def test_a_composition_names_what_it_replaces(target: Json) -> None:
    answer = composed({"code": "replaces"} | target)
    [document] = answer.documents
    assert (document.action, document.replaces) == (Action.REPLACE, "1.2.250.1.999.1.0")
    assert answer.verdict is Verdict.ACCEPT


def test_a_composition_whose_target_cannot_be_read_is_refused() -> None:
    answer = composed({"code": "replaces", "targetReference": {"reference": "Composition/old"}})
    assert "replaces-unread" in {one.code for one in answer.findings}
    assert answer.verdict is Verdict.REFUSE
    kept = composed({"code": "appends", "targetReference": {"reference": "Composition/old"}})
    assert [one.code for one in kept.findings] == ["relates-to-not-kept"]
