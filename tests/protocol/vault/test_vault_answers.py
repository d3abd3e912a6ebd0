"""Headers, inline code and unknown addresses: laws of every answer."""

import re

import pytest
from vault_house import House, sign_in, visiting
from vault_samples import narrative_cda

RESULTS = "x-application/hl7-v2+er7"
EXITS = ("/opposition", "/parametres/fermer")


async def test_with_an_authorization_header_the_senders_answer_not_the_page() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get("/documents/r1", headers={"Authorization": "Bearer x"})
        assert await answer.json() == {"receipt": "r1"}


async def test_every_answer_carries_the_security_headers() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    paths = ["/", "/connexion", "/aide", "/accessibilite", "/protection-donnees-personnelles"]
    paths += ["/documents", f"/documents/{name}", f"/documents/{name}/telecharger", "/historique"]
    paths += EXITS
    paths += ["/static/app.css", "/static/app.js", "/favicon.ico", "/nothing", "/static/nothing"]
    paths += ["/fhir/metadata", "/fhir/DocumentReference", f"/fhir/Binary/{name}"]
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in paths:
            headers = (await client.get(path)).headers
            policy = headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "frame-ancestors", "base-uri", "form-action"):
                assert part in policy, path
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            if not path.startswith(("/static/a", "/favicon")):
                assert headers["Cache-Control"] == "no-store", path


async def test_no_page_holds_inline_script_or_style() -> None:
    house = House()
    name = house.add("<script>alert(1)</script>", body=narrative_cda("x", "y"))
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in ("/", "/documents", f"/documents/{name}", "/historique", *EXITS):
            page = await (await client.get(path)).text()
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page), path


async def test_an_address_that_is_nobodys_is_a_page_or_an_outcome() -> None:
    async with visiting(House()) as client:
        for method in ("GET", "POST", "PUT"):
            answer = await client.request(method, "/nulle-part")
            assert answer.status == 404
            assert "Cette page n'existe pas ou vous n'y avez pas accès." in (
                (await answer.text()).replace("&#39;", "'")
            )
        for path in ("/fhir/Nothing", "/fhir"):
            answer = await client.get(path)
            assert (await answer.json())["resourceType"] == "OperationOutcome"


async def test_a_sender_hears_of_a_wrong_method_in_json() -> None:
    token = {"Authorization": "Bearer x"}
    async with visiting(House()) as client:
        for path in ("/documents", "/documents/1"):
            for method in ("PUT", "PATCH", "DELETE"):
                answer = await client.request(method, path, headers=token)
                assert (answer.status, answer.content_type) == (405, "application/json")
                assert "GET" in answer.headers["Allow"]
                assert "POST to /documents" in (await answer.json())["findings"][0]["message"]
        assert (await client.put("/documents")).content_type == "text/html"


async def test_a_method_that_an_address_does_not_take_is_405_with_those_it_does() -> None:
    async with visiting(House()) as client:
        answer = await client.delete("/documents")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
        answer = await client.patch("/fhir/metadata")
        assert (answer.status, answer.headers["Allow"]) == (405, "GET,HEAD")
        assert (await answer.json())["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("form", "above"),
    [
        ("/pro/patients", "/pro"),
        ("/pro/patients/0011/accord", "/pro/patients/0011"),
        ("/desk/connexion", "/desk"),
        ("/deconnexion", "/"),
        ("/parametres/aidants/retrait", "/parametres/aidants"),
    ],
)
async def test_a_browser_that_opens_the_address_of_a_form_is_led_above_it(
    form: str, above: str
) -> None:
    async with visiting(House()) as client:
        browser = {"Accept": "text/html,*/*;q=0.8"}
        answer = await client.get(form, headers=browser, allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, above)
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert (await client.get(form)).status == 405
        assert (await client.delete(form, headers=browser)).status == 405


async def test_help_leads_to_the_ways_in_whoever_is_not_in_yet() -> None:
    house = House()
    ways = ('href="/activer"', 'href="/connexion/oublie"')
    async with visiting(house) as client:
        before = await (await client.get("/aide")).text()
        await sign_in(client, house)
        after = await (await client.get("/aide")).text()
    assert [(way in before, way in after) for way in ways] == [(True, False)] * 2
