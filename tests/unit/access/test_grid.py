"""The grid: the shipped file, its loader, its faults and the difference of two versions."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.access.grid import MAX_GRID_BYTES, Cell, Grid, GridError, read_grid, shipped_grid
from gateway.access.grid_check import Change, check, differences, shares
from gateway.access.professions import profession_name, professions

NOW = datetime(2026, 3, 15, 10, tzinfo=UTC)
HEADER = "profession_code,class_code,type_code,consultation,valid_from,valid_to,status,source\n"
CELL = Cell(profession="G15_10", type_code="11502-2", permits=True, status="official")


def faults(grid: Grid) -> list[tuple[str, str]]:
    found = check(grid, professions=professions(), is_known_type=lambda code: code != "unknown")
    return [(remark.code, remark.where) for remark in found]


def test_the_shipped_grid_has_every_column_and_type_and_no_fault() -> None:
    grid = shipped_grid()
    assert len(list(grid)) == 55 * 130
    assert set(grid.professions()) == set(professions())
    assert faults(grid) == []
    assert shares(grid) == {"placeholder": 6889, "reported": 237, "inferred": 24}
    assert len(grid.digest) == 64


def test_a_grid_file_is_read_with_its_dates_and_hashed() -> None:
    grid = read_grid((HEADER + "G15_10,10,11502-2,Y,2026-03-15,2026-04-01,official,x\n").encode())
    (cell,) = grid.cells("G15_10", "11502-2", NOW)
    assert (cell.permits, cell.class_code, cell.status, cell.source) == (
        True,
        "10",
        "official",
        "x",
    )
    assert (
        grid.digest
        == read_grid(
            (HEADER + "G15_10,10,11502-2,Y,2026-03-15,2026-04-01,official,x\n").encode()
        ).digest
    )


@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-03-14T22:59:59", 0),
        ("2026-03-14T23:00:00", 1),
        ("2026-03-31T21:59:59", 1),
        ("2026-03-31T22:00:00", 0),
    ],
)
def test_a_cell_is_in_force_by_the_civil_date_in_paris(now: str, found: int) -> None:
    grid = read_grid((HEADER + "G15_10,,11502-2,Y,2026-03-15,2026-04-01,,\n").encode())
    instant = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert len(grid.cells("G15_10", "11502-2", instant)) == found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe",
        b"profession_code,type_code\nG15_10,x\n",
        (HEADER + "G15_10,,x,maybe,,,,\n").encode(),
        (HEADER + "G15_10,,x,Y,2026-02-30,,,\n").encode(),
        (HEADER + "G15_10,,x,Y,20260201,,,\n").encode(),
        (HEADER + "G15_10,,x,Y,,,,,more\n").encode(),
        (HEADER + "G15_10,,x\n").encode(),
        b"profession_code,type_code,consultation,mood\nG15_10,x,Y,good\n",
        (HEADER + '"G15_10,,x,Y\n').encode(),
        (HEADER + "G15_10,,x,Y,,\n").encode(),
    ],
)
def test_a_file_that_is_no_grid_is_refused_whole(content: bytes) -> None:
    with pytest.raises(GridError):
        read_grid(content)


def test_a_file_beyond_the_limit_is_not_read() -> None:
    with pytest.raises(GridError, match="larger"):
        read_grid(b"x" * (MAX_GRID_BYTES + 1))


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_a_grid_or_an_error_that_says_so(content: bytes) -> None:
    for start in (b"", HEADER.encode()):
        try:
            read_grid(start + content)
        except GridError as error:
            assert str(error)  # noqa: PT017 — either outcome is right


def test_a_contradiction_a_double_and_a_hole_are_found() -> None:
    other = replace(CELL, profession="G15_60")
    grid = Grid([CELL, replace(CELL, permits=False), other, other, replace(other, type_code="x")])
    assert faults(grid) == [
        ("contradiction", "G15_10 × 11502-2"),
        ("double", "G15_60 × 11502-2"),
        ("missing", "G15_10 × x"),
    ]


def test_versions_that_follow_each_other_do_not_contradict() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    grid = Grid([replace(CELL, valid_to=day), replace(CELL, valid_from=day, permits=False)])
    assert faults(grid) == []


def test_unknown_codes_empty_periods_and_unsaid_status_are_found() -> None:
    day = datetime(2026, 1, 1, tzinfo=UTC).date()
    odd = Cell(profession="X", type_code="unknown", permits=True, valid_from=day, valid_to=day)
    assert [code for code, _ in faults(Grid([odd]))] == [
        "empty-period",
        "unknown-status",
        "unknown-profession",
        "unknown-type",
    ]


def test_two_versions_differ_where_an_answer_changes() -> None:
    old = Grid([CELL, replace(CELL, type_code="gone")])
    new = Grid([replace(CELL, permits=False, status="reported"), replace(CELL, type_code="new")])
    assert differences(old, new, NOW) == [
        Change("G15_10", "11502-2", before=True, after=False),
        Change("G15_10", "gone", before=True, after=None),
        Change("G15_10", "new", before=None, after=True),
    ]
    assert differences(old, old, NOW) == []


def test_a_profession_has_a_french_name_or_its_code() -> None:
    assert profession_name("G15_10") == "Médecin"
    assert profession_name("Z99") == "Z99"
    assert profession_name(None) == "profession inconnue"


OFFICIAL = {
    "field_code_profession": "G15_10",
    "field_code_categorie_document": "10",
    "field_code_loinc": "11502-2",
    "field_consultation_document": True,
}


@pytest.mark.parametrize(
    "content",
    [
        [OFFICIAL],
        {"data": [{"type": "node--matrice_professionnel_document", "attributes": OFFICIAL}]},
        [OFFICIAL | {"field_consultation_document": "1", "title": "passed over"}],
    ],
)
def test_the_official_publication_is_read_in_its_own_shape(content: object) -> None:
    grid = read_grid(b"\xef\xbb\xbf" + json.dumps(content).encode())
    assert list(grid) == [
        Cell(
            profession="G15_10",
            type_code="11502-2",
            permits=True,
            class_code="10",
            status="official",
            source="official publication",
        )
    ]
    assert len(grid.digest) == 64


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[{", "no JSON"),
        (b'{"data": {}}', "list of records"),
        (b"[1]", "record 1 is no object"),
        (json.dumps([OFFICIAL, {}]).encode(), "record 2: field_code_profession is missing"),
        (
            json.dumps([OFFICIAL | {"field_consultation_document": "oui"}]).encode(),
            "no boolean",
        ),
    ],
)
def test_json_of_another_shape_says_what_to_fix(content: bytes, words: str) -> None:
    with pytest.raises(GridError, match=words):
        read_grid(content)
