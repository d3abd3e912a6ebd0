"""What `/fhir` says of itself in three places is what its doors do (VAULT APP-10)."""

from measures_doors import BY_APPLICATION, SCOPES, sent, whole
from vault_house import Browser, House

from gateway.access.scopes import OFFERED, SERVED

LETTERS = {"create": "c", "read": "r", "update": "u", "delete": "d", "search-type": "s"}
OF_SENDERS = "Appointment"
"""What no service has a door for."""


async def interactions(client: Browser) -> dict[str, set[str]]:
    statement = await (await client.get("/fhir/metadata")).json(content_type=None)
    return {
        one["type"]: {done["code"] for done in one["interaction"]}
        for one in statement["rest"][0]["resource"]
    }


async def test_the_description_for_tools_has_each_address_of_fhir_and_no_other() -> None:
    async with whole(House()) as client:
        told = await (await client.get("/openapi.json")).json()
        described = {
            (method.upper(), path)
            for path, methods in told["paths"].items()
            if path.startswith("/fhir")
            for method in methods
        }
        said = await interactions(client)
        app = client.server.app  # type: ignore[attr-defined]  # the server of this test
        routed = {
            (route.method, route.resource.canonical)
            for route in app.router.routes()
            if route.resource.canonical.startswith("/fhir") and route.method != "HEAD"
        }
    routed -= {("POST", "/fhir/"), ("GET", "/fhir/.well-known/smart-configuration")}
    routed.remove(("POST", "/fhir/{type}"))
    routed |= {("POST", f"/fhir/{kind}") for kind, done in said.items() if "create" in done}
    assert described == routed


async def test_what_is_created_is_said_and_nothing_else_is_created() -> None:
    """Observation was taken and not said."""
    scopes = (*SCOPES, *(f"patient/{kind}.c" for kind in OFFERED))
    async with whole(House(), scopes) as client:
        said = await interactions(client)
        created = {kind for kind, done in said.items() if "create" in done}
        assert created == {"DocumentReference", "Observation", OF_SENDERS}
        for kind in {*said, *OFFERED} - created:
            status, _ = await sent(
                client, {"resourceType": kind}, f"/fhir/{kind}", headers=BY_APPLICATION
            )
            assert 400 <= status < 500, kind


async def test_discovery_names_the_scopes_that_a_service_can_use() -> None:
    async with whole(House()) as client:
        said = await interactions(client)
        told = await (await client.get("/fhir/.well-known/smart-configuration")).json()
    can = {
        kind: {LETTERS[one] for one in done & set(LETTERS)}
        for kind, done in said.items()
        if kind in OFFERED and kind != OF_SENDERS
    }
    assert {kind: set(letters) for kind, letters in SERVED.items()} == can
    named = {one for one in told["scopes_supported"] if one.startswith("patient/")}
    assert named == {f"patient/{kind}.{letters}" for kind, letters in SERVED.items()}
