"""`POST /desk/clock`: forward only, for operators only, and only in a demo (VAULT GEN-04)."""

from datetime import datetime, timedelta

import pytest
from vault_house import House, hire, post, sign_in, sign_in_operator, visiting
from vault_twins import NOW

from gateway.errors import RefusedError
from gateway.records.duration import Duration
from gateway.records.readers.operator import OperatorRole


def demo() -> House:
    house = House()
    hire(house, OperatorRole.CONSEILLER)

    async def wind(by: Duration) -> datetime:
        then = by.after(house.clock.at)
        if then.year > 2199:
            raise RefusedError("too far")
        house.clock.at = then
        return then

    house.wind = wind
    return house


async def test_an_operator_moves_the_clock_and_stays_signed_in() -> None:
    house = demo()
    async with visiting(house) as client:
        await sign_in_operator(client)
        for _ in range(2):
            status, place, _ = await post(client, "/desk/horloge", "/desk/clock", advance="P14D")
            assert (status, place) == (303, "/desk/horloge?avance=oui")
        text = await (await client.get("/desk/horloge")).text()
        assert "Nous sommes le <time" in text
        assert "9 avril 2026" in text
    assert house.clock.at - NOW == timedelta(days=28) - timedelta(hours=1)  # summer time began


@pytest.mark.parametrize("text", ["", "14", "-P1D", "P", "PT", "P1H", "P1.5D", "1 jour", "P9999Y"])
async def test_a_bad_duration_is_422_and_moves_nothing(text: str) -> None:
    house = demo()
    async with visiting(house) as client:
        await sign_in_operator(client)
        status, _, page = await post(client, "/desk/horloge", "/desk/clock", advance=text)
        assert status == 422
        assert 'aria-invalid="true"' in page
    assert house.clock.at == NOW


async def test_a_stranger_and_a_patient_move_nothing() -> None:
    house = demo()
    async with visiting(house) as client:
        answer = await client.post("/desk/clock", data={"advance": "P1D"}, allow_redirects=False)
        assert answer.status == 303
        await sign_in(client, house)
        answer = await client.post("/desk/clock", data={"advance": "P1D"}, allow_redirects=False)
        assert answer.status == 303
    assert house.clock.at == NOW


async def test_outside_a_demo_there_is_no_such_route() -> None:
    house = House()
    hire(house, *OperatorRole)
    async with visiting(house) as client:
        await sign_in_operator(client)
        status, _, _ = await post(client, "/desk/aide", "/desk/clock", advance="P1D")
        assert status == 404
        assert (await client.get("/desk/horloge")).status == 404
    assert house.clock.at == NOW
