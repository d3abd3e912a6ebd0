"""The catalogue grows by two people of the desk, and shrinks by one (VAULT APP-02, DSK-01)."""

import json
from dataclasses import asdict, replace

from aiohttp import FormData
from catalogue_twins import GLYCO, listed
from client_keys import SIGNING, jwk_of
from vault_house import (
    CLAIRE,
    Browser,
    House,
    hire,
    key_of,
    post,
    sign_in_operator,
    token_of,
    visiting,
)

from gateway.records.catalogue.files import ServiceFile, ServiceState
from gateway.records.readers.operator import OperatorRole

MANAGES, AGREES = OperatorRole.GESTIONNAIRE, OperatorRole.VALIDEUR


def written(file: ServiceFile = GLYCO) -> bytes:
    return json.dumps(asdict(file)).encode()


async def proposed(client: Browser, raw: bytes, state: str = "référencé") -> tuple[int, str]:
    form = FormData()
    form.add_field("jeton", await token_of(client, "/desk/catalogue"))
    form.add_field("etat", state)
    form.add_field("motif", "Avis rendus")
    form.add_field("fiche", raw, filename="fiche.json", content_type="application/json")
    answer = await client.post("/desk/catalogue", data=form, allow_redirects=False)
    return answer.status, await answer.text()


async def test_a_service_is_listed_when_a_second_person_agrees() -> None:
    house = House()
    hire(house, MANAGES, AGREES)
    hire(house, AGREES, login="operateur2")
    async with visiting(house) as client:
        await sign_in_operator(client)
        assert (await proposed(client, written()))[0] == 303
        assert house.catalogue.kept == {}
        (one,) = house.catalogue.proposals
        place = f"/desk/a-valider/catalogue/{one}"
        status, _, page = await post(client, "/desk/a-valider", f"{place}/accepter")
        assert (status, "quatre-yeux" in page) == (403, True)  # the same person
    async with visiting(house) as client:
        await sign_in_operator(client, "operateur2")
        page = await (await client.get(place)).text()
        assert GLYCO.redirects[0] in page
        status, where, _ = await post(client, place, f"{place}/accepter")
        assert (status, where) == (303, "/desk/a-valider?fait=referencee")
        assert (await post(client, "/desk/a-valider", f"{place}/accepter"))[0] == 409
    assert house.catalogue.kept["glycosuivi"].state is ServiceState.LISTED
    acts = [(row.trace.action, row.trace.actor) for row in house.traces.rows]
    assert [one for one in acts if one[0].startswith("listing")] == [
        ("listing-proposed", "101"),
        ("listing-agreed", "102"),
    ]


async def test_who_agrees_sees_by_which_keys_the_service_is_known() -> None:
    """The thumbprint of each, to be compared with its publisher by another way."""
    house = House()
    hire(house, MANAGES, AGREES)
    keyed = replace(GLYCO, secret_sha256="", keys=(jwk_of(SIGNING),))
    async with visiting(house) as client:
        await sign_in_operator(client)
        assert (await proposed(client, written(keyed)))[0] == 303
        (one,) = house.catalogue.proposals
        page = await (await client.get(f"/desk/a-valider/catalogue/{one}")).text()
        assert f"cle-1 {SIGNING.thumbprint()}" in page
        assert "client public" not in page
        private = replace(keyed, keys=({**jwk_of(SIGNING), "d": "AAAA"},))
        status, page = await proposed(client, written(private))
        assert (status, "des clés publiques" in page) == (422, True)


async def test_what_is_declined_changes_nothing() -> None:
    house = House()
    hire(house, MANAGES, AGREES)
    async with visiting(house) as client:
        await sign_in_operator(client)
        await proposed(client, written(), "en instruction")
        (one,) = house.catalogue.proposals
        place = f"/desk/a-valider/catalogue/{one}"
        status, where, _ = await post(client, place, f"{place}/ecarter")
        assert (status, where) == (303, "/desk/a-valider?fait=non-referencee")
        assert (await client.get(place)).status == 404
    assert house.catalogue.kept == {}


async def test_a_bad_file_is_said_and_nothing_waits() -> None:
    house = House()
    hire(house, MANAGES)
    async with visiting(house) as client:
        await sign_in_operator(client)
        unjudged = replace(GLYCO, judgements=GLYCO.judgements[:2])
        for raw, said in (
            (written(unjudged), "Il manque un avis"),
            (b"{}", "clé absente"),
            (written().replace(b'"GlycoSuivi"', b'""'), "name"),
            (b"", "Choisissez la fiche"),
        ):
            status, page = await proposed(client, raw)
            assert (status, said in page) == (422, True), said
        status, page = await proposed(client, written(), "suspendu")
        assert (status, "Choisissez un état." in page) == (422, True)
    assert house.catalogue.proposals == {}


async def test_one_person_suspends_and_every_patient_who_uses_it_is_told() -> None:
    house = House()
    hire(house, MANAGES)
    house.catalogue.kept["glycosuivi"] = listed()
    await house.launches.begin(key_of(CLAIRE), "glycosuivi", at=house.clock.now())
    async with visiting(house) as client:
        await sign_in_operator(client)
        place = "/desk/catalogue/glycosuivi/arret"
        assert (await client.get(f"{place}?etat=suspendu")).status == 200
        fields = {"etat": "suspendu", "motif": "Incident de sécurité"}
        assert (await post(client, "/desk/catalogue", place, etat="suspendu"))[0] == 422
        assert (await post(client, "/desk/catalogue", place, **fields))[0] == 303
        assert (await post(client, "/desk/catalogue", place, **fields))[0] == 409
        assert (await client.get(f"{place}?etat=r%C3%A9f%C3%A9renc%C3%A9")).status == 404
    made = house.catalogue.kept["glycosuivi"]
    assert (made.state, made.stopped_at) == (ServiceState.SUSPENDED, house.clock.now())
    (task,) = house.catalogue.tasks
    assert (task.patient, b"service-stopped" in task.payload) == (key_of(CLAIRE), True)


async def test_no_other_role_touches_the_catalogue() -> None:
    house = House()
    hire(house, *(one for one in OperatorRole if one is not MANAGES))
    async with visiting(house) as client:
        await sign_in_operator(client)
        for path in ("/desk/catalogue", "/desk/catalogue/glycosuivi/arret?etat=suspendu"):
            assert (await client.get(path)).status == 403
