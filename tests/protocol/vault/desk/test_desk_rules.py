"""« Simulateur » and « Grille » of the desk: synthetic cases and versions, no record."""

import html
import re
from dataclasses import dataclass, field
from datetime import date

import orjson
import pytest
from vault_house import House, hire, sign_in_operator, visiting
from vault_twins import NOW

from gateway.access.grid import Cell, Grid, shipped_bytes, shipped_grid
from gateway.access.lines.scenario import decide_line
from gateway.records.grids import GridVersion
from gateway.records.readers.operator import OperatorRole
from gateway.vault.desk.rules.grid import next_change

CASE = "profession=G15_10&type=11502-2&accord=professional"
NO_DAYS = ("0001-01-01", "1899-12-31", "9999-12-31")
"""Of the calendar, and of no case."""
ROWS = b"profession_code,type_code,consultation,status\n"


@dataclass
class KeptGrids:
    files: dict[str, bytes] = field(default_factory=dict)

    async def versions(self) -> list[GridVersion]:
        return [GridVersion(digest=name, since=NOW) for name in self.files]

    async def content(self, beginning: str) -> bytes | None:
        return self.files.get(beginning)


async def page(path: str, house: House | None = None) -> tuple[int, str]:
    house = house or House()
    hire(house, OperatorRole.GESTIONNAIRE)
    async with visiting(house) as client:
        await sign_in_operator(client)
        answer = await client.get(path)
        return answer.status, html.unescape(await answer.text())


async def test_the_form_alone_decides_nothing() -> None:
    status, text = await page("/desk/simulateur")
    assert (status, "par la règle" in text) == (200, False)


@pytest.mark.parametrize(
    ("more", "rule", "state"),
    [
        ("", "P11", "permitted"),
        ("&bloque=oui", "F44", "refused"),
        ("&code=MASQUE_PS", "F51", "refused"),
        ("&code=MASQUE_PS&traitant=oui", "P09", "permitted"),
        ("&code=MASQUE_PS&traitant=oui&treating_sees_masked=faux", "F51", "refused"),
        ("&mode=bris_de_glace&motif=coma", "P06", "permitted"),
        ("&lecteur=patient&age=12", "F20", "refused"),
        ("&compte=closed", "F10", "refused"),
        ("&social_columns=suspended&profession=R94_41&activite=GENR08", "F53", "refused"),
        ("&le=2022-01-01&fonction=FON-29&accord=occupational", "F43", "refused"),
    ],
)
async def test_a_case_is_decided_and_its_line_decides_the_same(
    more: str, rule: str, state: str
) -> None:
    wanted = dict(pair.split("=") for pair in f"{CASE}{more}".split("&"))
    query = "&".join(f"{name}={value}" for name, value in wanted.items())
    status, text = await page(f"/desk/simulateur?{query}")
    assert status == 200
    assert f'data-state="{state}" data-id="{rule}"' in text
    found = re.search(r"<textarea[^>]*>(.*?)</textarea>", text)
    assert found
    assert decide_line(found[1].encode(), shipped_grid()).rule == rule
    assert orjson.loads(found[1])["reader"]["id"] == "lecteur"


async def test_a_placeholder_cell_is_said_to_be_one() -> None:
    _, text = await page(f"/desk/simulateur?{CASE.replace('G15_10', 'G15_50')}")
    assert "cellule provisoire : personne ne l'a publiée" in text


@pytest.mark.parametrize(
    "bad",
    ["&age=abc", "&age=121", "&age=-1", "&le=31/02/2026", "&depot=x", "&age=\u0661"]
    + [f"&age=120&{name}={day}" for name in ("le", "depot") for day in NO_DAYS],
)
async def test_what_cannot_be_read_is_422_at_its_field(bad: str) -> None:
    status, text = await page(f"/desk/simulateur?{CASE}{bad}")
    assert (status, "par la règle" in text) == (422, False)
    assert 'aria-invalid="true"' in text


async def test_a_type_is_asked_and_odd_choices_are_the_usual_ones() -> None:
    assert (await page("/desk/simulateur?type="))[0] == 422
    status, text = await page(f"/desk/simulateur?{CASE}&acte=dance&mode=x&compte=%00")
    assert (status, 'data-id="P11"' in text) == (200, True)


async def test_the_grid_says_its_hash_its_shares_and_that_no_change_is_dated() -> None:
    status, text = await page("/desk/grille")
    assert status == 200
    assert shipped_grid().digest in text
    assert "provisoire : personne ne l'a publiée" in text
    assert "7\u00a0150 cellules, 55 colonnes" in text


async def test_two_kept_versions_are_compared_in_words() -> None:
    house = House()
    old = ROWS + b"G15_10,11502-2,Y,official\nG15_21,11502-2,N,official\n"
    new = ROWS + b"G15_10,11502-2,N,official\nG15_21,11502-2,Y,official\n"
    house.grids = KeptGrids({"aa": old, "bb": new, "cc": b"no grid", "dd": shipped_bytes()})
    _, text = await page("/desk/grille?avant=aa&apres=bb", house)
    assert "Médecin : 0 de plus, 1 de moins" in text
    assert text.count('data-kind="changement"') == 2
    assert "répondent de même" in (await page("/desk/grille?avant=aa&apres=aa", house))[1]
    assert (await page("/desk/grille?avant=aa&apres=dd", house))[1].count(
        'data-kind="changement"'
    ) == 300
    for bad in ("avant=zz&apres=aa", "avant=aa&apres=cc", "apres=aa"):
        assert (await page(f"/desk/grille?{bad}", house))[0] == 422


def test_the_next_change_is_the_first_day_on_which_a_cell_begins_or_ends() -> None:
    def cell(since: date | None, until: date | None) -> Cell:
        return Cell(
            profession="G15_10", type_code="x", permits=True, valid_from=since, valid_to=until
        )

    past, soon, later = date(2026, 3, 12), date(2026, 3, 13), date(2027, 1, 1)
    grid = Grid([cell(past, soon), cell(soon, None), cell(later, None)])
    assert next_change(grid, NOW) == (soon, 2)
    assert next_change(Grid([cell(past, None)]), NOW) is None
