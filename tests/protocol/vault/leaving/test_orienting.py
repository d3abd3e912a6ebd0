"""« Orienter »: who helps the caller on the spot; nothing is written of anybody (VAULT DSK-08)."""

from family_house import page
from support_house import answering
from vault_house import House

from gateway.mapping.help_places import read_places
from gateway.settings.demo import PLACES

DESK = "/desk/3422"


async def test_an_adviser_finds_who_helps_and_no_line_is_written_of_it() -> None:
    house = House(help_places=read_places(PLACES.read_text("utf-8")))
    async with answering(house) as client:
        before = len(house.traces.rows)
        status, shown = await page(client, f"{DESK}/orienter?code_postal=29200")
        assert status == 200
        assert "Mairie de Brest" in shown
        assert "Je ne le note pas." in shown
        assert len(house.traces.rows) == before


async def test_a_wrong_postcode_is_said() -> None:
    house = House(help_places=read_places(PLACES.read_text("utf-8")))
    async with answering(house) as client:
        status, shown = await page(client, f"{DESK}/orienter?code_postal=2920")
        assert status == 422
        assert "Le code postal compte 5 chiffres" in shown
