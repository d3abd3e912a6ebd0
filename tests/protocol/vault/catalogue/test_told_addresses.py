"""The metadata and smart-configuration name one server, and what is there (VAULT APP-10)."""

from launching_app import root
from vault_house import House, visiting

OAUTH = "http://fhir-registry.smarthealthit.org/StructureDefinition/oauth-uris"


async def test_every_description_names_the_same_addresses_and_each_is_there() -> None:
    async with visiting(House()) as client:
        told = [
            await (await client.get(f"{base}/.well-known/smart-configuration")).json()
            for base in ("", "/fhir")
        ]
        assert told[0] == told[1]
        statement = await (await client.get("/fhir/metadata")).json(content_type=None)
        (extension,) = statement["rest"][0]["security"]["extension"]
        assert extension["url"] == OAUTH
        uris = {one["url"]: one["valueUri"] for one in extension["extension"]}
        assert uris == {
            "authorize": told[0]["authorization_endpoint"],
            "token": told[0]["token_endpoint"],
            "revoke": told[0]["revocation_endpoint"],
        }
        assert told[0]["code_challenge_methods_supported"] == ["S256"]
        assert "launch-standalone" in told[0]["capabilities"]
        asked = await client.get(uris["authorize"].removeprefix(root(client)))
        assert asked.status == 403  # nobody asks
        for name in ("token", "revoke"):
            answer = await client.post(uris[name].removeprefix(root(client)), data={"x": "y"})
            assert (answer.status, await answer.json()) == (401, {"error": "invalid_client"})
