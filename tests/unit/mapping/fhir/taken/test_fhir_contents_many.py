"""How many documents one FHIR deposit may hold, and under how many names."""

import pytest
from fhir_sample import Json, bundle, raw, reference

from gateway.mapping.fhir.taken.bundles.bundle import MAX_ENTRIES
from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.outcome import refusal_status
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING


def alone(times: int) -> Json:
    sent = reference()
    return sent | {"content": sent["content"] * times}


def together(times: int) -> Json:
    sent = bundle()
    sent["entry"][1]["resource"]["content"] *= times
    return sent


@pytest.mark.parametrize("made", [alone, together])
def test_more_contents_than_a_bundle_has_entries_are_refused_unread(made: object) -> None:
    assert callable(made)
    within = understand_fhir(raw(made(MAX_ENTRIES)), DEFAULT_READING)
    assert len(within.documents) == MAX_ENTRIES
    beyond = understand_fhir(raw(made(MAX_ENTRIES + 1)), DEFAULT_READING)
    assert beyond.documents == ()
    [told] = [one for one in beyond.findings if one.code == "contents-many"]
    assert told.message == "Send at most 200 contents in one deposit: post the others alone."
    assert refusal_status(beyond.findings) == 413


def test_two_files_under_one_master_identifier_are_refused_where_they_stand() -> None:
    sent = reference()
    other = {"attachment": {"contentType": "text/plain", "data": "QXV0cmUgY2hvc2Uu"}}
    sent["content"].append(other)

    judged = for_door(understand_fhir(raw(sent), DEFAULT_READING))

    assert judged.verdict is Verdict.REFUSE
    [told] = [one for one in judged.findings if one.severity is Severity.ERROR]
    assert (told.code, told.where) == ("unique-id-twice", "DocumentReference.content")


def test_two_files_without_a_master_identifier_are_two_documents() -> None:
    sent = reference(masterIdentifier=None)
    sent["content"].append({"attachment": {"contentType": "text/plain", "data": "QXV0cmUu"}})

    judged = for_door(understand_fhir(raw(sent), DEFAULT_READING))

    assert "unique-id-twice" not in [one.code for one in judged.findings]
    assert len(judged.documents) == 2
