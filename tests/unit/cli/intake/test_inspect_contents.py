"""`gateway inspect --contents`: the coded entries of a document, read only when asked for."""

import json
from pathlib import Path
from typing import Any

from cda_entries import concern, entry, problem, section, vaccination
from cda_sample import structured
from place import command

RESULT = entry(
    '<observation><templateId root="1.3.6.1.4.1.19376.1.3.1.6"/><code code="3016-3"'
    ' codeSystem="2.16.840.1.113883.6.1"/><value xsi:type="PQ" value="1.9" unit="mU/L"/>'
    "</observation>"
)


def inspected(path: Path, *words: str) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(command("inspect", "--json", *words, str(path)).out)
    return line


def test_contents_are_told_when_they_are_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "summary.xml"
    body = section(concern(problem()) + entry(vaccination()) + RESULT)
    path.write_bytes(structured(sections=body))
    (contents,) = inspected(path, "--contents")["contents"]
    assert [one["kind"] for one in contents["facts"]] == ["problem", "immunization"]
    vaccine = contents["facts"][1]
    assert (vaccine["lot"], vaccine["where"]["section"]) == ("LOT-7", "11450-4")
    assert "severity" not in vaccine, "what is not said is left out"
    assert [one["value"] for one in contents["observations"]] == ["1.9"]
    assert "contents" not in inspected(path)


def test_an_input_without_coded_entries_has_empty_contents(tmp_path: Path) -> None:
    path = tmp_path / "note.txt"
    path.write_text("Bonjour")
    assert inspected(path, "--contents")["contents"] == []


def test_a_schema_is_asked_where_it_is_named(tmp_path: Path) -> None:
    path, schema = tmp_path / "a.xml", tmp_path / "cda.xsd"
    path.write_bytes(structured())
    schema.write_text(
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3">'
        '<xs:element name="ClinicalDocument"/></xs:schema>'
    )
    assert inspected(path, "--cda-xsd", str(schema))["findings"] == []
    schema = tmp_path / "other.xsd"
    schema.write_text('<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"/>')
    found = inspected(path, "--cda-xsd", str(schema))["findings"]
    assert [one["code"] for one in found] == ["cda-xsd"]
    status, _, err = command("inspect", "--cda-xsd", str(tmp_path / "absent.xsd"), str(path))
    assert (status, "absent.xsd" in err) == (2, True)
