"""A strict reading of what is no R4 at all: findings, never an exception."""

from dataclasses import replace

import pytest
from fhir_sample import attachment, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.reading import DEFAULT_READING


@pytest.mark.parametrize("url", [0, 1.5, True, [], {}])
def test_an_address_of_another_type_is_named(url: object) -> None:
    sent = reference(content=[{"attachment": attachment() | {"url": url}}])
    answer = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
    assert "fhir-model" in {one.code for one in answer.findings}
