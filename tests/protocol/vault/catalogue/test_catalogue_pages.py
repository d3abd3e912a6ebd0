"""`/catalogue` shows what three judgements let be shown, nothing else (VAULT APP-01, APP-02)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from catalogue_twins import GLYCO, listed
from vault_house import House, visiting

from gateway.records.catalogue.files import ServiceState

PHARMACY = replace(
    GLYCO,
    id="livremed",
    name="LivreMed",
    description="Livraison à domicile",
    themes=("livraison de médicaments à domicile",),
    regions=("Île-de-France",),
    languages=("anglais", "français"),
)


async def shown(house: House, path: str = "/catalogue") -> tuple[int, str]:
    async with visiting(house) as client:
        answer = await client.get(path)
        return answer.status, await answer.text()


async def test_only_what_is_listed_is_shown_with_its_number_and_its_judgements() -> None:
    house = House()
    for state in ServiceState:
        file = replace(GLYCO, id=state.name.lower(), name=f"Service {state.name}")
        house.catalogue.kept[file.id] = listed(file, state)
    status, page = await shown(house)
    assert (status, "1 service référencé." in page) == (200, True)
    assert "Service LISTED" in page
    for said in ("Sécurité", "Éthique", "Interopérabilité"):
        assert f"{said} : avis du 1 janvier 2025, valable jusqu" in page
    for state in ServiceState:
        there = state is ServiceState.LISTED
        assert (f"Service {state.name}" in page) is there
        assert (await shown(house, f"/catalogue/{state.name.lower()}"))[0] == (
            200 if there else 404
        )


@pytest.mark.parametrize("missing", range(3))
async def test_a_judgement_that_lacks_or_has_ended_takes_it_out(missing: int) -> None:
    kept = [one for place, one in enumerate(GLYCO.judgements) if place != missing]
    ended = replace(GLYCO.judgements[missing], until="2026-03-11")
    for judgements in (tuple(kept), (*kept, ended)):
        house = House()
        house.catalogue.kept["glycosuivi"] = listed(replace(GLYCO, judgements=judgements))
        assert "Aucun service n" in (await shown(house))[1]
    last_day = replace(ended, until="2026-03-12")
    house.catalogue.kept["glycosuivi"] = listed(replace(GLYCO, judgements=(*kept, last_day)))
    assert "GlycoSuivi" in (await shown(house))[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"GlycoSuivi", "LivreMed"}),
        ("q=glycemie", {"GlycoSuivi"}),
        ("q=DOMICILE+livraison", {"LivreMed"}),
        ("q=introuvable", set()),
        ("theme=suivre+une+maladie+chronique", {"GlycoSuivi"}),
        ("region=%C3%8Ele-de-France", {"LivreMed"}),
        ("langue=anglais", {"LivreMed"}),
        ("langue=anglais&region=France+enti%C3%A8re", set()),
        ("theme=%3Cscript%3E", set()),
    ],
)
async def test_search_and_filters(query: str, found: set[str]) -> None:
    house = House()
    for file in (GLYCO, PHARMACY):
        house.catalogue.kept[file.id] = listed(file)
    _, page = await shown(house, f"/catalogue?{query}")
    assert {name for name in ("GlycoSuivi", "LivreMed") if f">{name}</a>" in page} == found
    assert ("Aucun service ne correspond" in page) is (not found)
    assert "<script>" not in page.replace("<script src", "")


async def test_a_service_says_what_it_may_ask_before_anybody_agrees() -> None:
    house = House()
    house.catalogue.kept["glycosuivi"] = listed()
    _, page = await shown(house, "/catalogue/glycosuivi")
    for said in (
        "Lire : mesures et résultats : glycémie",
        "Écrire : mesures et résultats (ajouter)",
    ):
        assert said in page
    assert GLYCO.terms in page
    house.clock.at += timedelta(days=3_000)
    assert (await shown(house, "/catalogue/glycosuivi"))[0] == 404
