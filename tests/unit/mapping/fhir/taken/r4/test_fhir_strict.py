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


@pytest.mark.parametrize(
    ("inside", "plain"),
    [
        ("<p class='x' xml:lang='fr'>Tout <b>va</b> bien&#160;: <br/></p>", True),
        ("<table><tr><td colspan='2'><a href='#x' name='y'>1</a></td></tr></table>", True),
        ("<script>x</script>", False),
        ("<p onclick='x'>1</p>", False),
        ("<iframe src='x'/>", False),
        ("<form action='x'/>", False),
        ("<p>&reg;</p>", False),
        ("<svg xmlns='http://www.w3.org/2000/svg'/>", False),
        ("<p>", False),
    ],
)
def test_a_narrative_holds_nothing_active(inside: str, *, plain: bool) -> None:
    div = f'<div xmlns="http://www.w3.org/1999/xhtml">{inside}</div>'
    sent = reference(text={"status": "generated", "div": div})
    read = understand_fhir(raw(sent), replace(DEFAULT_READING, strict=True))
    found = [one.where for one in read.findings if one.code == "fhir-narrative"]
    assert found == ([] if plain else ["DocumentReference.text.div"])
    assert "fhir-narrative" not in {
        one.code for one in understand_fhir(raw(sent), DEFAULT_READING).findings
    }


@pytest.mark.parametrize(
    ("description", "held"), [("a\x00b", False), ("a\x1fb", False), ("a\tb\r\nc", True)]
)
def test_a_string_has_no_control_character(description: str, *, held: bool) -> None:
    strict = replace(DEFAULT_READING, strict=True)
    found = understand_fhir(raw(reference(description=description)), strict).findings
    places = [one.where for one in found if one.code == "fhir-control"]
    assert places == ([] if held else ["DocumentReference.description"])
