"""A CDA with anything cut, doubled or replaced is read or refused; it never raises."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.cda import understand_cda
from gateway.mapping.cda.narrative import render_narrative
from gateway.mapping.xml import XmlRefusedError
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING

NAMES = (
    "realmCode", "id", "code", "title", "effectiveTime", "setId", "recordTarget", "patientRole",
    "patient", "name", "family", "given", "birthTime", "author", "assignedAuthor", "time",
    "custodian", "legalAuthenticator", "documentationOf", "serviceEvent", "component",
    "structuredBody", "nonXMLBody", "section", "text", "entry", "observation", "value",
    "observationMedia", "table", "tr", "td", "linkHtml", "renderMultiMedia",
)  # fmt: skip
ATTRIBUTES = ("code", "root", "extension", "value", "qualifier", "mediaType", "href", "ID", "unit")
words = st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12)


def written(name: str, attributes: dict[str, str], children: list[str]) -> str:
    pairs = "".join(f" {key}={_quoted(value)}" for key, value in attributes.items())
    return f"<{name}{pairs}>{''.join(children)}</{name}>"


def _quoted(value: str) -> str:
    safe = value.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
    return f'"{safe}"'


trees = st.recursive(
    words.map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")),
    lambda children: st.builds(
        written,
        st.sampled_from(NAMES),
        st.dictionaries(st.sampled_from(ATTRIBUTES), words, max_size=3),
        st.lists(children, max_size=5),
    ),
    max_leaves=25,
)


@given(st.lists(trees, max_size=8))
def test_any_tree_is_understood_or_refused(children: list[str]) -> None:
    data = f'<ClinicalDocument xmlns="urn:hl7-org:v3">{"".join(children)}</ClinicalDocument>'
    understood = understand_cda(data.encode(), DEFAULT_READING)
    errors = [one for one in understood.findings if one.severity is Severity.ERROR]
    assert (understood.verdict is Verdict.REFUSE) == bool(errors)
    assert len(understood.documents) == len(understood.contents) == len(understood.observations)


@given(st.lists(trees, max_size=4))
def test_any_narrative_is_shown_without_anything_active(children: list[str]) -> None:
    data = (
        '<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody><component><section>'
        f"<text>{''.join(children)}</text></section></component></structuredBody></component>"
        "</ClinicalDocument>"
    )
    rendered = render_narrative(data.encode())
    assert "<script" not in rendered
    assert " on" not in "".join(part.partition(">")[0] for part in rendered.split("<")[1:])


@given(st.binary(max_size=400))
def test_any_bytes_are_refused(data: bytes) -> None:
    assert understand_cda(data, DEFAULT_READING).verdict is Verdict.REFUSE
    with pytest.raises(XmlRefusedError):
        render_narrative(data)
