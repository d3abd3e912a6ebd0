"""A strict reading of what is no R4 at all: findings, never an exception."""

from dataclasses import replace

import pytest
from fhir_sample import attachment, bundle, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.reading import DEFAULT_READING


@pytest.mark.parametrize("url", [0, 1.5, True, [], {}])
def test_an_address_of_another_type_is_named(url: object) -> None:
    sent = reference(content=[{"attachment": attachment() | {"url": url}}])
    answer = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
    assert "fhir-model" in {one.code for one in answer.findings}


def test_a_full_url_is_absolute() -> None:
    strict = replace(DEFAULT_READING, strict=True)
    sent = bundle()
    assert "bundle-full-url" not in {
        one.code for one in understand_fhir(raw(sent), strict).findings
    }
    sent["entry"][2]["fullUrl"] = "Binary/1"
    [found] = [
        one for one in understand_fhir(raw(sent), strict).findings if one.code == "bundle-full-url"
    ]
    assert found.where == "Bundle.entry[2].fullUrl"
