"""Published stored queries and retrievals are read as their inventory says."""

import csv
from pathlib import Path

import pytest

from gateway.mapping.xds.query.asked import QueryRefusedError, asked_of, query_of
from gateway.mapping.xds.query.stored import QUERIES
from gateway.mapping.xds.retrieve import read_retrieve
from gateway.mapping.xml import Element, parse_xml

CORPUS = Path(__file__).resolve().parents[6] / "shared" / "corpus" / "xds"
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
BAD = {
    "tk2-msg-sq-req-bad-code.xml": "XDSRegistryError",
    "tk2-msg-sq-req-bad-pid-format.xml": "XDSRegistryError",
    "tk2-msg-sq-req-bad-stat-format1.xml": "XDSRegistryError",
    "tk2-msg-sq-req-bad-stat-format2.xml": "XDSRegistryError",
    "tk2-msg-sq-req-missing-stat.xml": "XDSStoredQueryMissingParam",
    "tk2-query-11897_old_scheme-old_scheme.xml": "XDSRegistryError",
    "tk2-query-15805_Query_OD_GetSSAndContents-GetSubmissionSetAndContents.xml": (
        "XDSStoredQueryParamNumber"
    ),
}
"""What each is named for; the last holds two parameters of which its test plan takes one out."""


def rows(column: str) -> list[dict[str, str]]:
    with (CORPUS / "expected.csv").open(encoding="utf-8", newline="") as lines:
        return [row for row in csv.DictReader(lines) if row[column] and row["wellformed"] == "Y"]


def body(row: dict[str, str]) -> Element:
    root = parse_xml((CORPUS / row["file"]).read_bytes())
    return next(one for one in root.iter() if str(one.tag).endswith("}" + row["root"]))


def test_every_query_is_read_with_its_parameters_in_order() -> None:
    found = rows("query_id")
    assert found
    for row in found:
        asked = asked_of(body(row))
        written = [
            f"{name}={'|'.join(one)}" for name, slots in asked.slots.items() for one in slots
        ]
        assert asked.id == row["query_id"], row["file"]
        assert asked.return_type == row["return_type"], row["file"]
        assert " ".join("; ".join(written).split()) == " ".join(
            row["query_params"].replace(" ; ", "; ").split()
        ), row["file"]


def test_every_query_that_is_offered_can_be_answered_unless_it_is_wrong_on_purpose() -> None:
    for row in rows("query_id"):
        stored = QUERIES.get(row["query_id"])
        expected = BAD.get(row["file"]) if stored else "XDSUnknownStoredQuery"
        outcome = (expected, row["query_name"]) if expected is None else (expected, None)
        assert read(row) == outcome, row["file"]


def read(row: dict[str, str]) -> tuple[str | None, str | None]:
    """The code of a refusal, or the name of what can be answered."""
    try:
        return None, query_of(asked_of(body(row))).stored.name
    except QueryRefusedError as refused:
        return refused.error.code, None


def test_every_retrieval_is_read_in_order() -> None:
    found = rows("retrieve")
    assert found
    for row in found:
        wanted = [f"{one.repository}/{one.unique_id}" for one in read_retrieve(body(row))]
        assert " ".join(wanted) == row["retrieve"], row["file"]
