"""The published and derived messages of the shared corpus, against what its extractor found."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.understand import format_of, understand_all
from gateway.mapping.xds.errors import code_of
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format, Understanding

CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus"
TABLE = CORPUS / "xds" / "expected.csv"
TEXT = TABLE.read_text("utf-8") if TABLE.exists() else ""
ROWS = list(csv.DictReader(TEXT.splitlines()))
LOTS = [
    row
    for row in ROWS
    if row["transaction"] in ("ITI-41", "ITI-42") and row["direction"] == "request"
    if row["wellformed"] == "Y" and not row["file"].endswith(("duplicate-content-id.http",))
]
DERIVED = [row for row in LOTS if row["file"].startswith("derived-")]
"""The outcomes of the others follow from a test plan of IHE codes, and of IHE patients."""
FAILING = [row for row in DERIVED if row["expected_outcome"] == "failure"]
PASSING = [row for row in DERIVED if row["expected_outcome"] == "success"]
SOAP_FAULTS = ("derived-bad-doctype", "derived-bad-duplicate-content-id", "derived-bad-not-xml")
PRODUCTION_INS = frozenset({"ins-oid", "ins-key"})
"""The child of these samples has an INS of production, which the test profile refuses."""
ARCHIVES = {
    path.stem.removeprefix("derived-pnr-"): path
    for path in sorted((CORPUS / "xds").glob("derived-pnr-*.http"))
}
SOURCES = {path.stem.lower(): path for path in sorted((CORPUS / "xdm").glob("*.ZIP"))}
needs_corpus = pytest.mark.skipif(not ROWS, reason="the shared corpus is not here")


def understood(name: str) -> Understanding:
    raw = (CORPUS / "xds" / name).read_bytes()
    assert format_of(raw) is Format.XDS
    [one] = understand_all(raw, DEFAULT_READING)
    return one


def words(values: object) -> str:
    assert isinstance(values, list | tuple)
    return " ".join(str(one) for one in values if one)


@needs_corpus
@pytest.mark.parametrize("row", LOTS, ids=[row["file"] for row in LOTS])
def test_the_metadata_of_a_lot_are_those_that_the_extractor_found(row: dict[str, str]) -> None:
    answer = understood(row["file"])
    documents = answer.documents

    assert len(documents) == int(row["n_entries"])
    assert words([one.unique_id for one in documents]) == row["unique_ids"]
    assert words([one.type_code for one in documents]) == row["type_codes"]
    assert words([one.class_code for one in documents]) == row["class_codes"]
    codes = [code for one in documents for code in one.confidentiality]
    assert words(codes) == row["confidentiality"]
    if row["submission_unique_id"]:
        assert answer.submission is not None
        assert answer.submission.unique_id == row["submission_unique_id"]
        assert (answer.submission.source_id or "") == row["source_id"]
    if row["replace_targets"].startswith("RPLC>urn:uuid:"):
        target = row["replace_targets"].removeprefix("RPLC>urn:uuid:").replace("-", "")
        assert [one.replaces for one in documents] == [target]


@needs_corpus
@pytest.mark.parametrize("row", FAILING, ids=[row["file"] for row in FAILING])
def test_what_must_fail_is_refused_with_its_error_code(row: dict[str, str]) -> None:
    answer = understood(row["file"])
    errors = [one for one in answer.findings if one.severity is Severity.ERROR]
    codes = {code_of(one) for one in errors if one.code not in PRODUCTION_INS}

    assert answer.verdict is Verdict.REFUSE
    assert codes == set(row["expected_error"].split())


@needs_corpus
@pytest.mark.parametrize("row", PASSING, ids=[row["file"] for row in PASSING])
def test_what_must_pass_is_refused_for_nothing_but_its_ins(row: dict[str, str]) -> None:
    answer = understood(row["file"])
    errors = {one.code for one in answer.findings if one.severity is Severity.ERROR}

    assert errors <= PRODUCTION_INS
    assert [one.hash_ok for one in answer.documents] == [True]


@needs_corpus
@pytest.mark.parametrize("name", SOAP_FAULTS)
def test_what_is_no_envelope_is_refused_without_documents(name: str) -> None:
    answer = understood(f"{name}.http")

    assert (answer.verdict, answer.documents) == (Verdict.REFUSE, ())


@pytest.mark.skipif(not ARCHIVES, reason="the shared corpus is not here")
@pytest.mark.parametrize("name", ARCHIVES)
def test_a_lot_tells_the_documents_of_the_archive_it_was_made_of(name: str) -> None:
    [archive] = understand_all(SOURCES[name].read_bytes(), DEFAULT_READING)
    lot = understood(ARCHIVES[name].name)

    assert lot.documents == archive.documents
    assert lot.submission == archive.submission
    assert lot.results == archive.results
    assert [one.body for one in lot.contents] == [one.body for one in archive.contents]
