"""Published and hostile FHIR, read in place: strict names the defect, tolerant keeps it."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest

from gateway.mapping.fhir.taken.reach import for_door
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

CORPUS = Path(__file__).resolve().parents[6] / "shared" / "corpus"
STRICT = replace(DEFAULT_READING, strict=True)
pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")


def inputs(*folder: str) -> list[Path]:
    found = sorted(CORPUS.joinpath(*folder).glob("*.json"))
    assert found, folder
    return found


def test_a_known_defect_is_named_when_strict_and_kept_when_tolerant() -> None:
    with (CORPUS / "fhir" / "expected.csv").open(encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["known_defect"]]
    assert rows
    for row in rows:
        sent = (CORPUS / "fhir" / row["file"]).read_bytes()
        assert understand_fhir(sent, STRICT).findings, row["file"]
        assert understand_fhir(sent, DEFAULT_READING).verdict is not Verdict.REFUSE, row["file"]


def test_derived_faults_of_deposits_are_refused_when_strict() -> None:
    for path in inputs("fhir", "derived"):
        valid = path.stem.endswith(("-ok", "-00_clean"))
        verdict = understand_fhir(path.read_bytes(), STRICT).verdict
        assert (verdict is not Verdict.REFUSE) == valid, path.name


def test_hostile_deposits_are_refused_at_the_door_and_the_control_is_taken() -> None:
    other_rules = {"fhir-other-subject.json", "fhir-replaces-other.json"}
    for path in inputs("hostile", "fhir"):
        if path.name in other_rules:
            continue
        verdict = for_door(understand_fhir(path.read_bytes(), DEFAULT_READING)).verdict
        taken = path.name == "fhir-ctl-docref.json"
        assert (verdict is not Verdict.REFUSE) == taken, path.name
