"""Every file of the hostile corpus: read within a second and in proportion, whatever it is."""

from pathlib import Path

import pytest
from bounds import measured
from laws import hold
from seeds import CORPUS

from gateway.errors import RefusedError
from gateway.mapping.cda.narrative import render_narrative
from gateway.mapping.understand import understand_all
from gateway.records.intake.reading import DEFAULT_READING

FOLDER = CORPUS / "hostile"
KINDS = ("cda", "fhir", "hl7", "pdf", "smtp", "xml", "zip")


def read(data: bytes) -> None:
    for one in understand_all(data, DEFAULT_READING):
        hold(one)
    try:
        render_narrative(data)
    except RefusedError:
        return


@pytest.mark.skipif(not FOLDER.is_dir(), reason="no corpus beside the repository")
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_files_are_read_within_the_bounds(kind: str) -> None:
    files: list[Path] = sorted((FOLDER / kind).iterdir())
    assert files
    for path in files:
        measured(read, path.read_bytes())
