"""The published examples and the hostile inputs, read in place where they are."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.cda import understand_cda
from gateway.mapping.cda.narrative import render_narrative
from gateway.mapping.files.pdf.contents import pdf_findings
from gateway.mapping.xml import XmlRefusedError
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING

CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")


def published() -> list[dict[str, str]]:
    path = CORPUS / "cda" / "expected.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def hostile(entry_points: tuple[str, ...]) -> list[dict[str, str]]:
    path = CORPUS / "hostile" / "expected.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if not row["input"].startswith("gen:")]
    return [row for row in rows if row["entry_point"].startswith(entry_points)]


@pytest.mark.parametrize("row", published(), ids=lambda row: row["file"])
def test_a_published_example_is_understood(row: dict[str, str]) -> None:
    understood = understand_cda((CORPUS / "cda" / row["file"]).read_bytes(), DEFAULT_READING)
    (document,) = understood.documents
    assert (document.type_code, document.title) == (row["typeCode"], row["title"])
    assert document.patient.ins == row["ins"]
    assert document.patient.traits_complete == (row["insTraitsComplete"] == "Y")
    assert [one.sha1 for one in document.attachments if one.mime_type == "application/pdf"] == (
        row["pdfSha1"].split(";") if row["pdfSha1"] else []
    )


@pytest.mark.parametrize("row", published(), ids=lambda row: row["file"])
def test_a_published_example_is_shown(row: dict[str, str]) -> None:
    rendered = render_narrative((CORPUS / "cda" / row["file"]).read_bytes())
    assert bool(rendered) == (row["body"] == "structuredBody")


@pytest.mark.parametrize("row", hostile(("cda-ingest",)), ids=lambda row: row["input"])
def test_a_hostile_document_leaves_nothing_active(row: dict[str, str]) -> None:
    data = (CORPUS / "hostile" / row["input"]).read_bytes()
    understood = understand_cda(data, DEFAULT_READING)
    if row["expected_verdict"] == "reject":
        assert understood.verdict is Verdict.REFUSE
    try:
        rendered = render_narrative(data).lower()
    except XmlRefusedError:
        return
    for word in ("<script", "onload=", "onclick=", "javascript:", "data:", "src=", "style="):
        assert word not in rendered


@pytest.mark.parametrize("row", hostile(("pdf-body",)), ids=lambda row: row["input"])
def test_a_hostile_pdf_is_judged_as_written(row: dict[str, str]) -> None:
    findings = pdf_findings((CORPUS / "hostile" / row["input"]).read_bytes())
    refused = any(one.severity is Severity.ERROR for one in findings)
    if row["control"] == "1":
        assert not refused
    elif row["expected_verdict"] == "reject":
        assert refused
