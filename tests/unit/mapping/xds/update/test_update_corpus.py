"""corpus/xds, ITI-57 of the NIST plans: what they refuse for the request itself is refused so."""

import csv
from pathlib import Path

import pytest
from dmp_update import entry_uuid

from gateway.mapping.xds.errors import UNRESOLVED
from gateway.mapping.xds.update.request import OPERATION, UPDATE, UpdateRequest, read_update
from gateway.mapping.xds.update.stated import changes
from gateway.mapping.xml import parse_xml
from gateway.records.documents.document import Document
from gateway.records.patients.patient import PatientIdentity

FOLDER = Path(__file__).resolve().parents[6] / "shared" / "corpus" / "xds"
NOT_OF_A_DMP = ("Deprecated", "SubmitAssociation", "Folder01")
"""What IHE updates besides, and a DMP does not."""
OF_THE_STATE = frozenset({"tk2-update-15800b_no_orig_docentry-update_to_no_orig.xml"})
"""Refused for what is registered: asked of the flow."""
PLACES = {
    b"$lid$": entry_uuid("01" * 16),
    b"$Document01_uuid$": entry_uuid("01" * 16),
    b"$orig_docentry_uuid$": entry_uuid("02" * 16),
    b"$Doc01Uuid$": entry_uuid("02" * 16),
    b"$patientid$": "1^^^&amp;1.2.3&amp;ISO",
}
Row = dict[str, str]


def rows() -> list[Row]:
    table = FOLDER / "expected.csv"
    if not table.is_file():
        return []
    with table.open(newline="", encoding="utf-8") as lines:
        return [one for one in csv.DictReader(lines) if one["file"].startswith("tk2-update-")]


ROWS = rows()
pytestmark = pytest.mark.skipif(not ROWS, reason="corpus/xds is not beside the repository")


def text_of(row: Row) -> bytes:
    raw = (FOLDER / row["file"]).read_bytes()
    for name, value in PLACES.items():
        raw = raw.replace(name, value.encode())
    return raw


def read(row: Row) -> UpdateRequest:
    return read_update(parse_xml(text_of(row)))


@pytest.mark.parametrize("row", ROWS, ids=[one["file"] for one in ROWS])
def test_what_the_plan_expects_of_a_request_is_what_it_gets(row: Row) -> None:
    made = read(row)
    codes = [one.code for one in made.errors]
    if row["file"] in OF_THE_STATE:
        assert codes == []
    elif row["expected_outcome"] == "success":
        not_ours = any(one.encode() in text_of(row) for one in NOT_OF_A_DMP)
        assert set(codes) <= ({OPERATION, UPDATE, UNRESOLVED} if not_ours else set())
        assert bool(codes) is not_ours
    else:
        stored = Document(patient=PatientIdentity(), sha1="e5", size=4)
        codes += [
            error.code
            for one in made.entries
            for error in changes(one.entry, stored, repository="1.2")
        ]
        expected = row["expected_error"].split()
        assert codes
        assert not expected or set(codes) & set(expected)


@pytest.mark.parametrize("row", ROWS, ids=[one["file"] for one in ROWS])
def test_the_set_and_the_versions_are_those_of_the_independent_reader(row: Row) -> None:
    made = read(row)
    assert made.unique_id == row["submission_unique_id"]
    numbers = [one for one in row["previous_versions"].split() if one.isdigit()]
    read_ones = [str(one.previous) for one in made.entries]
    assert read_ones in (numbers, [])
