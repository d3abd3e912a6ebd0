"""« Signaler ce service » : the desk reads it and answers, the patient reads that (APP-08)."""

import pytest
from catalogue_twins import GLYCO, listed
from vault_house import (
    CLAIRE,
    House,
    hire,
    key_of,
    post,
    sign_in,
    sign_in_operator,
    visiting,
)

from gateway.records.catalogue.files import ServiceState
from gateway.records.catalogue.reports import ReportReason
from gateway.records.readers.operator import OperatorRole

SERVICES, REPORT, DESK = (
    "/parametres/services",
    "/parametres/services/signaler",
    "/desk/signalements",
)
WORDS = "Il affiche de la publicité <b>partout</b>."
SAID = {"service": "glycosuivi", "motif": "paiement", "texte": WORDS}


def furnished() -> House:
    house = House()
    house.catalogue.kept["glycosuivi"] = listed()
    hire(house, OperatorRole.GESTIONNAIRE)
    return house


async def reported(house: House, **changes: str) -> tuple[int, str, str]:
    async with visiting(house) as client:
        await sign_in(client, house)
        page = f"{REPORT}?service=glycosuivi"
        return await post(client, page, REPORT, **(SAID | changes))


async def test_a_report_reaches_the_desk_without_a_name_and_its_answer_the_patient() -> None:
    house = furnished()
    status, place, _ = await reported(house)
    assert (status, place) == (303, f"{SERVICES}?fait=signale")
    (one,) = house.launches.reports.kept.values()
    assert (one.patient, one.reason) == (key_of(CLAIRE), ReportReason.MONEY)
    async with visiting(house) as client:
        await sign_in_operator(client)
        page = await (await client.get(DESK)).text()
        assert "GlycoSuivi" in page
        own = f"{DESK}/{one.id}"
        page = await (await client.get(own)).text()
        assert "&lt;b&gt;partout&lt;/b&gt;" in page
        for secret in ("Claire", "DURAND", "Durand", key_of(CLAIRE).hex(), str(CLAIRE.ins)):
            assert secret not in page
        assert (await post(client, own, own, reponse="  "))[0] == 422
        assert (await post(client, own, own, reponse="x" * 2_001))[0] == 422
        answered = await post(client, own, own, reponse="Nous interrogeons l'éditeur.")
        assert answered[:2] == (303, f"{DESK}?fait=repondu")
        assert (await client.get(own)).status == 404
        assert (await post(client, "/desk", own, reponse="Encore"))[0] == 409
        assert "Aucun signalement n'attend" in await (await client.get(DESK)).text()
    assert [task.subject for task in house.launches.reports.tasks] == ["service-answered"]
    async with visiting(house) as client:
        await sign_in(client, house)
        page = (await (await client.get(SERVICES)).text()).replace("&#39;", "'")
        assert "Nous interrogeons l'éditeur." in page
        assert 'data-state="répondu"' in page
    told = {row.trace.action: row.trace for row in house.traces.rows}
    for act in ("service-reported", "service-report-answered"):
        assert told[act].patient == key_of(CLAIRE)
        assert b"glycosuivi" in told[act].details
        assert "publicité".encode() not in told[act].details


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"motif": ""}, "Choisissez un motif."),
        ({"motif": "autres"}, "Choisissez un motif."),
        ({"texte": " "}, "Remplissez le champ « Que s&#39;est-il passé ? »."),
        ({"texte": "x" * 2_001}, "2001 caractères"),
    ],
)
async def test_what_is_left_out_is_said_and_the_rest_kept(
    changes: dict[str, str], words: str
) -> None:
    house = furnished()
    status, _, page = await reported(house, **changes)
    assert (status, words in page) == (422, True)
    assert house.launches.reports.kept == {}


@pytest.mark.parametrize("service", ["tensionote", "", "x" * 3_000])
async def test_a_service_that_is_not_shown_is_not_there(service: str) -> None:
    house = furnished()
    house.catalogue.kept["tensionote"] = listed(GLYCO, ServiceState.SUSPENDED)
    assert (await reported(house, service=service))[0] == 404
    assert house.launches.reports.kept == {}


async def test_a_report_that_is_sent_twice_is_one() -> None:
    house = furnished()
    for _ in range(2):
        assert (await reported(house))[:2] == (303, f"{SERVICES}?fait=signale")
    assert len(house.launches.reports.kept) == 1


async def test_five_wait_at_most_and_an_answered_one_makes_room() -> None:
    house = furnished()
    for number in range(5):
        assert (await reported(house, texte=f"Fois {number}"))[0] == 303
    status, _, page = await reported(house, texte="Encore")
    assert (status, "attendent déjà une réponse" in page) == (409, True)
    assert len(house.launches.reports.kept) == 5


@pytest.mark.parametrize("role", [one for one in OperatorRole if one != OperatorRole.GESTIONNAIRE])
async def test_no_other_role_reads_reports(role: OperatorRole) -> None:
    house = furnished()
    await reported(house)
    (one,) = house.launches.reports.kept
    hire(house, role, login="autre")
    async with visiting(house) as client:
        await sign_in_operator(client, "autre")
        for place in (DESK, f"{DESK}/{one}"):
            assert (await client.get(place)).status in (403, 404)
