"""How many documents one FHIR deposit may hold: as many as a Bundle has entries."""

import pytest
from fhir_sample import Json, bundle, raw, reference

from gateway.mapping.fhir.taken.bundles.bundle import MAX_ENTRIES
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.fhir.written.outcome import refusal_status
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
