"""Tries are counted by where they come from: as a proxy of ours says, a network as one place."""

import pytest
from vault_house import Browser, House, token_of, visiting

from gateway.flows.signing_in.tries import MAX_TRIES_OF_ADDRESS, of_address


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "places"),
    [
        (False, "10.0.0.1, 192.0.2.{}", ["127.0.0.1"]),
        (True, "10.0.0.1, 192.0.2.{}", ["192.0.2.0", "192.0.2.1"]),
        (True, "10.0.0.1, nobody{}", ["127.0.0.1"]),
        (True, "2001:db8:{}::1", ["2001:db8:0::1", "2001:db8:1::1"]),
        (True, "2001:db8:1:2::{}", ["2001:db8:1:2::9"]),
    ],
    ids=["no proxy", "addresses", "no addresses", "networks", "one network"],
)
async def test_an_address_is_forwarded_only_by_a_proxy_of_ours(
    behind_proxy: bool, forwarded: str, places: list[str]
) -> None:
    house = House(behind_proxy=behind_proxy)
    async with visiting(house) as client:
        for number in range(2):
            assert await _wrong(client, number, forwarded) == 422
        tries = [house.sessions.fails[of_address(place).subject] for place in places]
        assert [len(one) for one in tries] == [2 // len(places)] * len(places)
        for _ in range(MAX_TRIES_OF_ADDRESS - 2 // len(places)):
            await house.sessions.count([of_address(places[0])], at=house.clock.now())
        assert await _wrong(client, 0, forwarded) == 429


async def _wrong(client: Browser, number: int, forwarded: str) -> int:
    data = {
        "jeton": await token_of(client, "/connexion"),
        "identifiant": f"personne{number}",
        "mot_de_passe": "x",
    }
    headers = {"X-Forwarded-For": forwarded.format(number)}
    return (await client.post("/connexion", data=data, headers=headers)).status
