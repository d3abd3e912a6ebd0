"""« Attestation pour l'école » and its check by anybody (VAULT VAC-05)."""

import io
import re
from datetime import timedelta

import pikepdf
import pytest
from family_house import JADE, LEO, ROSE, Client, family, open_profile, page, tie
from pdf_words import words_of_one_page
from vaccination_house import PATH, add
from vault_house import MARC, House, key_of, post, sign_in, visiting

from gateway.flows.signing_in.tries import MAX_TRIES_OF_ADDRESS
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.attestation import SIGNS, new_code, read_code, written
from gateway.records.patients.patient import DESK

HERE = f"{PATH}/attestation"
DOSES = ("2016-07-21", "2016-09-22", "2017-04-25")


async def made(client: Client, house: House, *doses: str) -> str:
    """Claire prepares one for Léo, of whom these doses are recorded; its place."""
    await sign_in(client, house)
    assert await open_profile(client, LEO) == 303
    for day in doses:
        assert (await add(client, date=day, vaccin="DTP"))[0] == 303
    status, place, _ = await post(client, PATH, HERE)
    assert status == 303
    return place.partition("?")[0]


async def code_at(client: Client, place: str) -> str:
    found = re.search(r'class="tag">([A-Z0-9-]{19})<', (await page(client, place))[1])
    assert found is not None
    return found[1]


async def answer(client: Client, code: str) -> str:
    status, _, text = await post(client, "/verifier", "/verifier", code=code)
    assert status == 200
    found = re.search(r'data-kind="attestation" data-state="([^"]*)"', text)
    return found[1] if found else ""


async def test_the_school_checks_the_attestation_that_a_mother_prints() -> None:
    house = family()
    async with visiting(house) as client, visiting(house) as school:
        place = await made(client, house, *DOSES)
        _, text = await page(client, place)
        assert "Vaccinations obligatoires : à jour" in text
        reply = await client.get(f"{place}/pdf")
        assert reply.headers["Content-Type"] == "application/pdf"
        assert "Léo" not in reply.headers["Content-Disposition"]
        paper = await reply.read()
        code = await code_at(client, place)
        said = words_of_one_page(paper)
        for words in (
            "Attestation de vaccination",
            "DURAND Léo, né(e) le 20 mai 2016",
            "Vaccinations obligatoires : à jour",
            "21 juillet 2016, 22 septembre 2016, 25 avril 2017",
            "/verifier",
            code,
        ):
            assert words in said
        assert "coqueluche" not in said
        with pikepdf.open(io.BytesIO(paper)) as pdf:
            assert pdf.open_metadata().pdfa_status == "2A"
        assert await answer(school, code) == "valide"
        assert await answer(school, code.lower().replace("-", " ")) == "valide"
        other = SIGNS[(SIGNS.index(code[0]) + 1) % len(SIGNS)]
        assert await answer(school, other + code[1:]) == "inconnu"
        assert await answer(school, "n'importe quoi") == "inconnu"


async def test_a_withdrawn_one_is_told_as_withdrawn_and_taken_no_more() -> None:
    house = family()
    async with visiting(house) as client, visiting(house) as school:
        place = await made(client, house)
        assert "non à jour à la date du 12 mars 2026" in (await page(client, place))[1]
        code = await code_at(client, place)
        assert "définitive" in (await page(client, f"{place}/retirer"))[1]
        done = await post(client, f"{place}/retirer", f"{place}/retirer")
        assert done[:2] == (303, f"{PATH}?fait=retrait")
        assert await answer(school, code) == "retirée"
        assert (await page(client, f"{place}/pdf"))[0] == 410
        status, _, again = await post(client, PATH, f"{place}/retirer")
        assert (status, 'data-refusal="retiree"' in again) == (409, True)
        _, listed = await page(client, PATH)
        assert 'data-kind="attestation" data-state="retirée"' in listed


async def test_a_later_vaccination_changes_nothing_of_what_was_attested() -> None:
    house = family()
    async with visiting(house) as client:
        place = await made(client, house, *DOSES[:2])
        await add(client, date=DOSES[2], vaccin="DTP")
        before = await (await client.get(f"{place}/pdf")).read()
        house.clock.at += timedelta(minutes=9)
        assert await (await client.get(f"{place}/pdf")).read() == before
        assert "non à jour" in words_of_one_page(before)


async def test_a_caregiver_an_adult_and_a_child_without_a_day_of_birth_have_none() -> None:
    house = family()
    tie(house, LEO, ChoiceKind.CAREGIVER, MARC)
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        for who in (LEO, ROSE):
            assert await open_profile(client, who) == 303
            assert "Préparer une attestation" not in (await page(client, PATH))[1]
            assert (await post(client, PATH, HERE))[0] == 403
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, text = await post(client, "/vaccination/ajouter", HERE)
        assert (status, 'data-refusal="attestation"' in text) == (403, True)
    assert not house.attestations.kept


async def test_one_of_another_child_is_not_there() -> None:
    house = family()
    async with visiting(house) as client:
        place = await made(client, house)
        assert await open_profile(client, JADE) == 303
        for path in (place, f"{place}/pdf", f"{place}/retirer"):
            assert (await page(client, path))[0] == 404
        assert (await post(client, PATH, f"{place}/retirer"))[0] == 404
    assert [one.withdrawn_at for one in house.attestations.kept.values()] == [None]


async def test_the_log_tells_of_each_act_and_of_a_check_no_more_than_when() -> None:
    house = family()
    async with visiting(house) as client, visiting(house) as school:
        place = await made(client, house)
        await client.get(f"{place}/pdf")
        await answer(school, await code_at(client, place))
        await answer(school, "A" * 16)
        await post(client, f"{place}/retirer", f"{place}/retirer")
    told = [
        one for one in (row.trace for row in house.traces.rows) if one.action.startswith("attest")
    ]
    assert [one.action.removeprefix("attestation-") for one in told] == [
        *("made", "downloaded", "read", "checked", "checked", "read", "withdrawn"),
    ]
    known, unknown = (one for one in told if one.action == "attestation-checked")
    assert (known.patient, known.address, known.actor) == (key_of(LEO), "", "")
    assert (unknown.patient, unknown.address, unknown.permitted) == (DESK, "", False)


async def test_every_answer_leaves_on_a_tick_and_too_many_are_told_to_wait() -> None:
    house = family()
    async with visiting(house) as school:
        pauses = len(house.pauses.seconds)
        assert await answer(school, "A" * 16) == "inconnu"
        assert len(house.pauses.seconds) == pauses + 1
        assert (await post(school, "/verifier", "/verifier", code=" "))[0] == 422
        for _ in range(MAX_TRIES_OF_ADDRESS - 1):
            await answer(school, "B" * 16)
        status, _, _ = await post(school, "/verifier", "/verifier", code="C" * 16)
        assert status == 429


@pytest.mark.parametrize("text", ["", "A" * 15, "A" * 17, "A" * 15 + "0", "A" * 15 + "I"])
def test_what_cannot_be_a_code_is_none(text: str) -> None:
    assert read_code(text) == ""


def test_a_code_is_read_as_it_is_printed() -> None:
    code = new_code(lambda count: bytes(range(200, 200 + count)))
    assert len(code) == 16
    assert read_code(written(code)) == code
    assert new_code(lambda count: b"\xff" * count) == "9" * 16


async def test_it_goes_to_the_school_by_a_link_of_thirty_days() -> None:
    house = family()
    async with visiting(house) as client, visiting(house) as school:
        place = await made(client, house, *DOSES)
        for _ in range(2):
            status, where, _ = await post(client, place, f"{place}/lien", cle="k" * 32)
            assert (status, where) == (303, "/documents/liens?fait=lien")
        (link,) = house.share_links.kept.values()
        assert link.until - house.clock.at == timedelta(days=30)
        listed = (await page(client, "/documents/liens"))[1]
        assert "Attestation pour l'école" in listed
        path = f"/lien/{link.secret}"
        status, where, _ = await post(school, path, path, code=link.code)
        assert (status, where) == (303, f"{path}/attestation")
        shown = (await page(school, where))[1]
        assert "Vaccinations obligatoires : à jour" in shown
        assert written(house.attestations.kept[link.document].code) in shown
        reply = await school.get(f"{where}/pdf")
        assert reply.headers["Content-Type"] == "application/pdf"
        assert (await school.get(f"{path}/document/telecharger")).status == 404
        assert (await post(client, place, f"{place}/retirer"))[0] == 303
        assert (await school.get(f"{where}/pdf")).status == 404
        assert (await post(school, path, path, code=link.code))[0] == 422
        assert "l'attestation est retirée" in (await page(client, "/documents/liens"))[1]
        status, _, text = await post(client, place, f"{place}/lien", cle="m" * 32)
        assert (status, 'data-refusal="retiree"' in text) == (409, True)
    told = [one.trace for one in house.traces.rows if one.trace.kind == "third_party"]
    assert {one.patient for one in told} == {key_of(LEO)}
    assert {one.action for one in told} >= {"link-opened", "attestation-downloaded"}
