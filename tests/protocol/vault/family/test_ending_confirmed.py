"""A page says what ending an access will do before it is ended (PAGES 2, rule 8)."""

import re

import pytest
from family_house import JADE, LEO, ROSE, Client, family, open_profile, page, tie
from vault_house import CLAIRE, MARC, House, key_of, post, sign_in, visiting
from vault_twins import NOW

from gateway.access.time import in_force
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.patient import PatientIdentity

SHARE, CARERS, PROFILES = "/parametres/partage", "/parametres/aidants", "/profils"
HELPING = {SHARE: (LEO, ChoiceKind.PARENT), CARERS: (CLAIRE, ChoiceKind.CAREGIVER)}
INVITED = {
    ChoiceKind.PARENT: ChoiceKind.PARENT_ASKED,
    ChoiceKind.CAREGIVER: ChoiceKind.CAREGIVER_ASKED,
}
ASKING = re.compile(
    r'<form method="(get|post)" action="([^"]+)">(?:(?!</form>).)*>Retirer', re.DOTALL
)
LEAVING = re.compile(
    r'<form method="(get|post)" action="([^"]+)">(?:(?!</form>).)*>Ne plus avoir', re.DOTALL
)


def house_of(path: str, *, asked: bool = False) -> House:
    """Marc helps with the record that the page is about, or is asked to."""
    house, (whose, kind) = family(), HELPING[path]
    tie(house, whose, INVITED[kind] if asked else kind, MARC, giver=key_of(CLAIRE).hex())
    return house


def helps(house: House, whose: PatientIdentity) -> bool:
    chosen = house.people.chosen[key_of(whose)]
    return any(
        one.target == key_of(MARC).hex() and in_force(one.since, one.until, NOW) for one in chosen
    )


async def before(client: Client, house: House, path: str) -> str:
    """Claire stands before the record; the address of the page that comes first."""
    await sign_in(client, house)
    if HELPING[path][0] is LEO:
        assert await open_profile(client, LEO) == 303
    return f"{path}/retrait/confirmer?id={key_of(MARC).hex()}"


@pytest.mark.parametrize("asked", [False, True])
@pytest.mark.parametrize("path", HELPING)
async def test_a_button_that_takes_access_back_leads_to_a_page_first(
    path: str, asked: bool
) -> None:
    house = house_of(path, asked=asked)
    async with visiting(house) as client:
        await before(client, house, path)
        _, shown = await page(client, path)
    assert ASKING.findall(shown) == [("get", f"{path}/retrait/confirmer")]
    assert ("Retirer l'invitation<" in shown) is asked


@pytest.mark.parametrize("path", HELPING)
async def test_the_page_says_whose_access_and_what_and_ends_nothing_yet(path: str) -> None:
    house, whose = house_of(path), HELPING[path][0]
    async with visiting(house) as client:
        place = await before(client, house, path)
        status, shown = await page(client, place)
        assert (status, helps(house, whose)) == (200, True)
        assert "<h1>Retirer l'accès de Marc DURAND</h1>" in shown
        documents = "les documents de Léo" if whose is LEO else "vos documents"
        assert f"Cette personne ne verra plus {documents}, dès maintenant." in shown
        assert "il faudra l'inviter de nouveau" in shown
        assert f'href="{path}">Annuler<' in shown
        ended = await post(client, place, f"{path}/retrait", id=key_of(MARC).hex())
        assert (ended[:2], helps(house, whose)) == ((303, f"{path}?fait=retire"), False)
        assert "Accès retiré" in (await page(client, f"{path}?fait=retire"))[1]
        assert (await page(client, place))[0] == 303


@pytest.mark.parametrize("path", HELPING)
async def test_an_invitation_is_taken_back_in_words_of_its_own(path: str) -> None:
    house = house_of(path, asked=True)
    async with visiting(house) as client:
        place = await before(client, house, path)
        _, shown = await page(client, place)
        assert "<h1>Retirer l'invitation de Marc DURAND</h1>" in shown
        assert "Cette personne ne pourra plus accepter." in shown
        ended = await post(client, place, f"{path}/retrait", id=key_of(MARC).hex())
        assert ended[1] == f"{path}?fait=annulee"
        assert "Invitation retirée" in (await page(client, ended[1]))[1]


async def test_who_may_not_end_an_access_sees_no_page_of_it() -> None:
    house = house_of(SHARE)
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        await open_profile(client, LEO)
        for target in (key_of(CLAIRE).hex(), key_of(MARC).hex(), "", "zz", "ab" * 32):
            assert (await page(client, f"{SHARE}/retrait/confirmer?id={target}"))[0] == 404
        await open_profile(client, ROSE)
        place = f"{CARERS}/retrait/confirmer?id={key_of(MARC).hex()}"
        assert (await page(client, place))[0] == 403


@pytest.mark.parametrize(("whose", "name"), [(LEO, "de Léo"), (ROSE, "de Rose")])
async def test_who_leaves_a_profile_is_told_first_that_he_cannot_come_back_alone(
    whose: PatientIdentity, name: str
) -> None:
    house, key = house_of(SHARE), key_of(whose).hex()
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        _, cards = await page(client, PROFILES)
        assert set(LEAVING.findall(cards)) == {("get", f"{PROFILES}/quitter/confirmer")}
        place = f"{PROFILES}/quitter/confirmer?profil={key}"
        status, shown = await page(client, place)
        assert (status, helps(house, whose)) == (200, True)
        assert f"Vous ne verrez plus les documents {name}, dès maintenant." in shown
        assert ("Vous ne pourrez plus choisir qui y a accès." in shown) is (whose is LEO)
        assert "Vous ne pourrez pas y revenir de vous-même" in shown
        assert f'href="{PROFILES}">Annuler<' in shown
        left = await post(client, place, f"{PROFILES}/quitter", profil=key)
        assert (left[:2], helps(house, whose)) == ((303, f"{PROFILES}?fait=quitte"), False)
        assert (await page(client, place))[0] == 303


@pytest.mark.parametrize("whose", [LEO, JADE, CLAIRE, MARC])
async def test_a_profile_that_one_cannot_leave_has_no_such_page(whose: PatientIdentity) -> None:
    house = family()  # Claire is the first representative, whom nobody invited
    async with visiting(house) as client:
        await sign_in(client, house)
        place = f"{PROFILES}/quitter/confirmer"
        assert (await page(client, f"{place}?profil={key_of(whose).hex()}"))[0] == 404
        for said in ("", "zz", "ab" * 32):
            assert (await page(client, f"{place}?profil={said}"))[0] == 404


async def test_what_somebody_may_is_what_a_page_lets_do() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        _, own = await page(client, CARERS)
        await open_profile(client, LEO)
        _, of_leo = await page(client, CARERS)
        _, shared = await page(client, SHARE)
    may, may_not = own.split("Ne peut pas", 1)
    assert "ajouter des documents" in may.split(">Peut<", 1)[1]
    assert "ajouter" not in may_not.split("</ul>", 1)[0].replace("document ajouté", "")
    assert "fermer ou supprimer votre espace" in may_not
    assert "fermer ou supprimer l'espace de Léo" in of_leo
    assert "ajouter des documents" in shared.split(">Peut<", 1)[1]
