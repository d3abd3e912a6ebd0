"""« Partager par lien »: one document for somebody outside, by address and code (VAULT DOC-12)."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from family_house import LEO, ROSE, family, open_profile, page, tie
from vault_house import CLAIRE, Browser, House, key_of, post, sign_in, visiting
from vault_twins import NOW

from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.share_link import MOST_LINKS, MOST_READINGS, read_link_code

ONE = f"/documents/{1:032x}"
GIVEN, FORM = "/documents/liens", f"{ONE}/lien"
BAD = "n'est pas valable, ou n'est plus valable"
BODY = b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>"


async def made(
    client: Browser, *, place: str = ONE, days: str = "7", to: str = "Mme Petit"
) -> None:
    status, where, _ = await post(client, f"{place}/lien", f"{place}/lien", jours=days, pour=to)
    assert (status, where) == (303, f"{GIVEN}?fait=lien")


async def told(client: Browser) -> tuple[str, str]:
    """Path of the newest link in the list, and its code."""
    _, text = await page(client, GIVEN)
    address = re.search(r"/lien/[A-Za-z0-9_-]{43}", text)
    code = re.search(r'class="tag">([A-Z2-9]{4}-[A-Z2-9]{4})<', text)
    assert address is not None
    assert code is not None
    return address[0], code[1]


async def entered(client: Browser, path: str, code: str) -> tuple[int, str]:
    status, where, text = await post(client, path, path, code=code)
    return status, where or text.replace("&#39;", "'")


def house_of_one(*, masked: bool = False) -> House:
    house = family()
    codes = ("N", "MASQUE_PS") if masked else ("N",)
    house.add("Bilan du 3 mars", body=BODY, codes=codes)
    return house


async def test_somebody_outside_reads_one_document_with_the_code() -> None:
    house = house_of_one()
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        assert f"{ONE}/lien" in (await page(claire, ONE))[1]
        await made(claire)
        path, code = await told(claire)

        status, text = await page(outside, path)
        assert (status, "Bilan" in text, "Claire" in text) == (200, False, False)
        assert (await outside.get(f"{path}/document", allow_redirects=False)).status == 303
        status, where = await entered(outside, path, code.lower().replace("-", " "))
        assert (status, where) == (303, f"{path}/document")
        status, text = await page(outside, where)
        assert status == 200
        assert "Bilan du 3 mars" in text
        assert "Claire DURAND" in text
        assert "Lecture 1 sur 5" in text
        reply = await outside.get(f"{where}/telecharger")
        assert await reply.read() == BODY
        assert (await outside.get(f"{where}/corps")).status == 200
        for elsewhere in ("/documents", ONE, f"{ONE}/telecharger", "/historique"):
            assert (await outside.get(elsewhere, allow_redirects=False)).status in (303, 404)

        _, text = await page(claire, "/historique")
        assert "Une personne qui a le lien" in text
        assert "a ouvert un lien de partage" in text
        assert "1 lecture sur 5" in (await page(claire, GIVEN))[1]


async def test_a_wrong_code_and_an_unknown_address_are_told_alike_and_counted() -> None:
    house = house_of_one()
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        await made(claire)
        path, code = await told(claire)
        wrong = "AAAA-AAAA" if code != "AAAA-AAAA" else "BBBB-BBBB"
        strange = f"/lien/{'x' * 43}"
        assert (await page(outside, strange))[0] == 200
        for one, typed in ((path, wrong), (strange, code), (path, "é" * 9_000)):
            status, text = await entered(outside, one, typed)
            assert (status, BAD in text) == (422, True)
        assert (await entered(outside, path, ""))[0] == 422
        for _ in range(3):
            await entered(outside, path, wrong)
        assert (await entered(outside, path, code))[0] == 429
        house.clock.at += timedelta(minutes=16)
        assert (await entered(outside, path, code))[0] == 303
    refused = [one.trace for one in house.traces.rows if one.trace.action == "link-opened"]
    assert [one.permitted for one in refused].count(True) == 1
    assert {one.patient for one in refused if not one.permitted} >= {key_of(CLAIRE)}


async def test_it_opens_five_times_and_no_more() -> None:
    house = house_of_one()
    async with visiting(house) as claire:
        await sign_in(claire, house)
        await made(claire)
        path, code = await told(claire)
        for _ in range(MOST_READINGS):
            async with visiting(house) as outside:
                assert (await entered(outside, path, code))[0] == 303
        async with visiting(house) as outside:
            status, text = await entered(outside, path, code)
            assert (status, BAD in text) == (422, True)
        _, text = await page(claire, GIVEN)
        assert "il ne s&#39;ouvre plus" in text or "il ne s'ouvre plus" in text
        assert code not in text


async def test_a_reading_ends_after_half_an_hour_and_the_link_on_its_day() -> None:
    house = house_of_one()
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        await made(claire, days="1")
        path, code = await told(claire)
        assert (await entered(outside, path, code))[0] == 303
        house.clock.at += timedelta(minutes=29)
        assert (await page(outside, f"{path}/document"))[0] == 200
        house.clock.at += timedelta(minutes=1)
        assert (await outside.get(f"{path}/document", allow_redirects=False)).status == 303
        assert (await outside.get(f"{path}/document/telecharger")).status == 404
        house.clock.at += timedelta(hours=23, minutes=30)
        assert (await entered(outside, path, code))[0] == 422
        await sign_in(claire, house)
        assert "Aucun lien en cours" in (await page(claire, GIVEN))[1]


@pytest.mark.parametrize("change", ["masked", "ended", "closed"])
async def test_what_changed_since_stops_a_reading_that_has_begun(change: str) -> None:
    house = house_of_one()
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        await made(claire)
        path, code = await told(claire)
        assert (await entered(outside, path, code))[0] == 303
        if change == "masked":
            assert (await post(claire, ONE, f"{ONE}/visibilite", masque="oui"))[0] == 303
        elif change == "ended":
            link = next(iter(house.share_links.kept))
            _, text = await page(claire, f"{GIVEN}/retrait?lien={link}")
            assert "Bilan du 3 mars" in text
            for _ in range(2):
                status, _, _ = await post(claire, GIVEN, f"{GIVEN}/retrait", lien=link)
                assert status == 303
        else:
            person = house.people.persons[key_of(CLAIRE)]
            closed = replace(person, state=AccountState.CLOSED, closed_at=NOW)
            house.people.persons[person.key] = closed
        assert (await outside.get(f"{path}/document", allow_redirects=False)).status == 303
        assert (await outside.get(f"{path}/document/telecharger")).status == 404
        assert (await entered(outside, path, code))[0] == 422


async def test_nothing_masked_or_replaced_is_shared_and_the_page_offers_it_not() -> None:
    house = house_of_one(masked=True)
    async with visiting(house) as claire:
        await sign_in(claire, house)
        assert f"{ONE}/lien" not in (await page(claire, ONE))[1]
        assert (await page(claire, f"{ONE}/lien"))[0] == 404
        assert (await post(claire, ONE, f"{ONE}/lien", jours="7", pour=""))[0] == 404
    assert house.share_links.kept == {}


@pytest.mark.parametrize(
    ("days", "to", "word"),
    [
        ("0", "", "Saisissez un nombre de jours"),
        ("31", "", "Saisissez un nombre de jours"),
        ("", "", "Saisissez un nombre de jours"),
        ("9" * 5000, "", "Saisissez un nombre de jours"),
        ("٣", "", "Saisissez un nombre de jours"),
        ("3", "x" * 51, "50 caractères au plus"),
        ("3", "a\u2028b", "50 caractères au plus"),
    ],
)
async def test_a_wrong_form_says_what_to_write_and_keeps_it(days: str, to: str, word: str) -> None:
    house = house_of_one()
    async with visiting(house) as claire:
        await sign_in(claire, house)
        status, _, text = await post(claire, FORM, FORM, jours=days, pour=to)
        assert status == 422
        assert word in text.replace("&#39;", "'")
        assert not to or to.split("\u2028")[0] in text
    assert house.share_links.kept == {}


async def test_a_second_click_is_the_same_link_and_fifty_are_enough() -> None:
    house = house_of_one()
    async with visiting(house) as claire:
        await sign_in(claire, house)
        for _ in range(2):
            await post(claire, FORM, FORM, jours="7", pour="", cle="k" * 32)
        assert len(house.share_links.kept) == 1
        for number in range(1, MOST_LINKS):
            await post(
                claire, f"{ONE}/lien", f"{ONE}/lien", jours="7", pour="", cle=f"{number:032}"
            )
        status, _, text = await post(claire, FORM, FORM, jours="7", cle="z" * 32)
        assert (status, "Retirez-en un" in text) == (409, True)
    assert len(house.share_links.kept) == MOST_LINKS


async def test_a_parent_shares_for_a_child_and_a_caregiver_does_not() -> None:
    house = family()
    document = house.add("Compte rendu", owner=LEO, body=BODY)
    tie(house, ROSE, ChoiceKind.CAREGIVER, CLAIRE)
    theirs = f"/documents/{document}"
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        assert await open_profile(claire, LEO) == 303
        await made(claire, place=theirs)
        path, code = await told(claire)
        assert (await entered(outside, path, code))[0] == 303
        assert "Compte rendu" in (await page(outside, f"{path}/document"))[1]
        assert await open_profile(claire, ROSE) == 303
        assert (await page(claire, GIVEN))[0] == 403


def test_a_code_is_read_as_it_is_typed() -> None:
    assert read_link_code(" abcd-efgh ") == "ABCDEFGH"
    assert read_link_code("ABCDEFG") == ""
    assert read_link_code("ABCDEFG0") == ""


async def test_who_reads_two_documents_keeps_both_readings() -> None:
    house = house_of_one()
    other = f"/documents/{house.add('Radio', body=BODY)}"
    async with visiting(house) as claire, visiting(house) as outside:
        await sign_in(claire, house)
        places = []
        for place in (ONE, other):
            house.clock.at += timedelta(seconds=1)
            await made(claire, place=place)
            path, code = await told(claire)
            assert (await entered(outside, path, code))[0] == 303
            places.append(f"{path}/document")
        assert "Bilan du 3 mars" in (await page(outside, places[0]))[1]
        assert "Radio" in (await page(outside, places[1]))[1]
