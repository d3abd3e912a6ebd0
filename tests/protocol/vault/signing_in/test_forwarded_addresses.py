"""Tries are counted by where they come from: as a proxy of ours says, a network as one place."""

import pytest
from vault_house import House, token_of, visiting


@pytest.mark.parametrize(
    ("behind_proxy", "forwarded", "status"),
    [
        (False, "10.0.0.1, 192.0.2.{}", 429),
        (True, "10.0.0.1, 192.0.2.{}", 422),
        (True, "10.0.0.1, nobody{}", 429),
        (True, "2001:db8:{}::1", 422),
        (True, "2001:db8:1:2::{}", 429),
    ],
    ids=["no proxy", "addresses", "no addresses", "networks", "one network"],
)
async def test_an_address_is_forwarded_only_by_a_proxy_of_ours(
    behind_proxy: bool, forwarded: str, status: int
) -> None:
    house = House(behind_proxy=behind_proxy)
    async with visiting(house) as client:
        for number in range(6):
            data = {
                "jeton": await token_of(client, "/connexion"),
                "identifiant": f"personne{number}",
                "mot_de_passe": "x",
            }
            headers = {"X-Forwarded-For": forwarded.format(number)}
            answer = await client.post("/connexion", data=data, headers=headers)
    assert answer.status == status
