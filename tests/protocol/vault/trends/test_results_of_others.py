"""Results in the profile of a child, of a person cared for, and hidden ones (VAULT BIO-06)."""

from family_house import HIDDEN, LEO, ROSE, family, open_profile
from result_samples import row
from trends_house import analyses, bring, page, values, with_tsh
from vault_house import CLAIRE, MARC, House, key_of, sign_in, sign_in_professional, visiting

from gateway.records.documents.mask import Mask

LIST, CURVE = "/resultats", "/resultats/3016-3"
SECRET, TOLD = row("98.7", "2026-03-02"), "98,7"


async def test_a_child_s_results_stand_in_the_child_s_profile() -> None:
    house, _ = with_tsh(LEO, family())
    async with visiting(house) as client:
        await sign_in(client, house)
        assert analyses((await page(client, LIST))[1]) == []
        assert await open_profile(client, LEO) == 303
        text = (await page(client, LIST))[1]
        assert "Résultats de biologie de Léo dans le temps" in text
        assert "ne remplacent pas l'avis du médecin de Léo." in text
        assert len(values((await page(client, CURVE))[1])) == 3
    actors = {one.trace.kind for one in house.traces.rows if one.trace.action == "contents"}
    assert actors == {"representative"}


async def test_what_is_hidden_from_representatives_is_in_no_list_count_or_curve() -> None:
    house, _ = with_tsh(LEO, family())
    bring(house, "Confidence", SECRET, owner=LEO, codes=HIDDEN)
    bring(house, "Confidence", row("1", code="718-7", text="Autre"), owner=LEO, codes=HIDDEN)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, LEO)
        text = (await page(client, LIST))[1]
        assert (analyses(text), TOLD in text) == (["TSH"], False)
        assert len(values((await page(client, CURVE))[1])) == 3
        assert (await page(client, f"{LIST}/718-7"))[0] == 404


async def test_a_caregiver_reads_the_results_of_what_may_be_read() -> None:
    house, _ = with_tsh(ROSE, family())
    bring(house, "Annonce", SECRET, owner=ROSE, codes=("N", "INVISIBLE_PATIENT"))
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, ROSE) == 303
        assert [one.partition("\N{NO-BREAK SPACE}")[0] for one in values(
            (await page(client, CURVE))[1]
        )] == ["3,1", "4,6", "6,8"]  # fmt: skip


async def test_what_waits_for_its_announcement_shows_no_result_to_the_patient() -> None:
    house, _ = with_tsh()
    bring(house, "Annonce", SECRET, codes=("N", "INVISIBLE_PATIENT"))
    async with visiting(house) as client:
        await sign_in(client, house)
        assert TOLD not in (await page(client, LIST))[1].partition("<main")[2]
        assert len(values((await page(client, CURVE))[1])) == 3


async def test_a_mask_leaves_the_patient_s_own_results_as_they_are() -> None:
    house, names = with_tsh()
    await house.shelf.mask({names[0]: Mask(since=house.clock.now())}, at=house.clock.now())
    async with visiting(house) as client:
        await sign_in(client, house)
        assert len(values((await page(client, CURVE))[1])) == 3


async def test_a_stranger_is_led_to_the_sign_in() -> None:
    house = House()
    async with visiting(house) as client:
        answer = await client.get(LIST, allow_redirects=False)
    assert (answer.status, answer.headers["Location"]) == (303, "/connexion")


async def test_a_professional_reads_the_results_of_what_access_permits_under_the_same_words() -> (
    None
):
    house, names = with_tsh()
    base = f"/pro/patients/{key_of(CLAIRE).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert f'href="{base}{LIST}"' in (await page(client, base))[1]
        assert analyses((await page(client, base + LIST))[1]) == ["TSH"]
        status, text = await page(client, base + CURVE)
    assert (status, len(values(text))) == (200, 3)
    assert f'href="/pro/documents/{names[0]}"' in text
    assert "votre médecin" not in text
    told = [one.trace for one in house.traces.rows if one.trace.action == "contents"]
    assert {(one.kind, one.actor) for one in told} == {("professional", "801234567890")}
    assert {one.document for one in told} == set(names)


async def test_a_professional_without_an_agreement_gets_no_result_and_no_name_of_one() -> None:
    house, _ = with_tsh(MARC)
    base = f"/pro/patients/{key_of(MARC).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert LIST not in (await page(client, base))[1]
        status, text = await page(client, base + LIST)
        assert (status, analyses(text)) == (200, [])
        assert "Le patient n'autorise pas l'accès." in text
        assert "Aucun résultat" not in text
        assert (await page(client, base + CURVE))[0] == 404
    tried = [one.trace for one in house.traces.rows if one.trace.action == "search"]
    assert {(one.permitted, one.document) for one in tried} == {(False, None)}
