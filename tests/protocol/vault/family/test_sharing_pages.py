"""Sharing a profile and naming caregivers: invited, answered, ended (VAULT REP-03, REP-09)."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from family_house import JADE, LEO, ROSE, Client, activated_at_18, family, open_profile, page, tie
from vault_house import CLAIRE, MARC, House, identity, key_of, post, sign_in, visiting

from gateway.records.patients.account import AccountState, ChoiceKind
from gateway.records.patients.patient import PatientIdentity

SHARE, CARERS = "/parametres/partage", "/parametres/aidants"
NOT_FOUND = "Profil introuvable, informations incorrectes ou compte Mon espace santé non actif."
NOBODY = identity("199027511607785", "PERSONNE", "Nul")


async def invite(
    client: Client, path: str, who: PatientIdentity, **changes: str
) -> tuple[int, str, str]:
    fields = {
        "nir": who.ins or "",
        "nom_naissance": who.birth_family or "",
        "naissance": who.birth_date or "",
        "fin": "",
    }
    return await post(client, path, path, **(fields | changes))


async def answer(client: Client, of: PatientIdentity, said: str) -> int:
    fields = {"profil": key_of(of).hex(), "reponse": said}
    return (await post(client, "/profils", "/profils/invitation", **fields))[0]


def neighbour(house: House, number: int) -> PatientIdentity:
    who = identity(f"1810669383{number:05d}", f"VOISIN{number}", "Ali")
    house.add_person(who, f"voisin{number}ali", AccountState.ACTIVE)
    return who


async def as_claire(client: Client, house: House, profile: PatientIdentity | None = None) -> None:
    await sign_in(client, house)
    if profile is not None:
        assert await open_profile(client, profile) == 303


async def test_a_second_parent_is_invited_accepts_and_reads() -> None:
    house = family()
    house.add("Vaccin de Léo", owner=LEO)
    async with visiting(house) as claire, visiting(house) as marc:
        await as_claire(claire, house, LEO)
        _, shown = await page(claire, SHARE)
        assert "Partager l'accès au profil de Léo" in shown
        assert (await invite(claire, SHARE, MARC))[:2] == (303, f"{SHARE}?fait=invite")
        _, shown = await page(claire, SHARE)
        assert "invitation en attente" in shown
        await sign_in(marc, house, "marc81durand")
        assert await open_profile(marc, LEO) == 404
        _, cards = await page(marc, "/profils")
        assert "Invitation de Léo DURAND" in cards
        assert "Vaccin" not in cards
        house.clock.at += timedelta(days=3)
        await sign_in(marc, house, "marc81durand")
        assert await answer(marc, LEO, "accepter") == 303
        assert await open_profile(marc, LEO) == 303
        assert "Vaccin de Léo" in (await page(marc, "/documents"))[1]
        assert await answer(marc, LEO, "accepter") == 303  # a second click
        assert await answer(marc, LEO, "refuser") == 409  # it was answered
        assert await open_profile(marc, LEO) == 303
    acts = [row.trace.action for row in house.traces.rows if row.trace.patient == key_of(LEO)]
    assert "parent-asked" in acts
    assert "sharing-accepted" in acts
    told = Counter(task.patient for task in house.people.then if task.subject == "sharing")
    assert told == {key_of(MARC): 1, key_of(LEO): 1, key_of(CLAIRE): 1}


async def test_a_refused_invitation_gives_nothing_and_may_be_made_again() -> None:
    house = family()
    async with visiting(house) as claire, visiting(house) as marc:
        await as_claire(claire, house, LEO)
        await invite(claire, SHARE, MARC)
        await sign_in(marc, house, "marc81durand")
        assert await answer(marc, LEO, "peut-être") == 404
        assert await answer(marc, LEO, "refuser") == 303
        assert await open_profile(marc, LEO) == 404
        assert await answer(marc, LEO, "accepter") == 409
        assert await open_profile(marc, LEO) == 404
        assert (await invite(claire, SHARE, MARC))[0] == 303


@pytest.mark.parametrize(("seconds", "status"), [(-1, 303), (0, 409)])
async def test_an_invitation_waits_thirty_days_to_the_second(seconds: int, status: int) -> None:
    house = family()
    async with visiting(house) as claire, visiting(house) as marc:
        await as_claire(claire, house, LEO)
        await invite(claire, SHARE, MARC)
        house.clock.at += timedelta(days=30, seconds=seconds)
        await sign_in(marc, house, "marc81durand")
        assert await answer(marc, LEO, "accepter") == status


WRONG = {
    "unknown": (NOBODY, {}),
    "another name": (MARC, {"nom_naissance": "DUPONT"}),
    "another birth date": (MARC, {"naissance": "1981-06-05"}),
    "no active space": (ROSE, {}),
    "the child itself": (LEO, {}),
    "a minor": (JADE, {}),
}


@pytest.mark.parametrize("case", WRONG)
@pytest.mark.parametrize("path", [SHARE, CARERS])
async def test_whatever_is_wrong_has_the_same_words(case: str, path: str) -> None:
    house = family()
    key = key_of(ROSE)
    house.people.persons[key] = replace(house.people.persons[key], state=AccountState.CLOSED)
    who, changes = WRONG[case]
    async with visiting(house) as client:
        await as_claire(client, house, LEO)
        status, _, shown = await invite(client, path, who, **changes)
    assert status == 422
    assert NOT_FOUND in shown
    assert house.people.then == []


async def test_five_wrong_names_are_enough() -> None:
    house = family()
    async with visiting(house) as client:
        await as_claire(client, house, LEO)
        for _ in range(5):
            assert (await invite(client, SHARE, NOBODY))[0] == 422
        assert (await invite(client, SHARE, MARC))[0] == 429
        house.clock.at += timedelta(minutes=14)
        await page(client, "/documents")
        house.clock.at += timedelta(minutes=1, seconds=1)
        assert (await invite(client, SHARE, MARC))[0] == 303


BAD = {
    "nir": ("123", "Le numéro de sécurité sociale compte 15 caractères."),
    "nom_naissance": ("", "Remplissez le champ « Nom de naissance »."),
    "naissance": ("31/02/1981", "Saisissez une date"),
    "fin": ("2020-01-01", "La date de fin doit être dans le futur."),
}


@pytest.mark.parametrize("field", BAD)
async def test_a_bad_field_is_named_and_what_was_typed_is_kept(field: str) -> None:
    house = family()
    value, said = BAD[field]
    async with visiting(house) as client:
        await as_claire(client, house, LEO)
        status, _, shown = await invite(client, CARERS, MARC, **{field: value})
    assert status == 422
    assert said in shown
    assert f'id="{field}-error"' in shown
    assert (MARC.birth_family or "") in shown or field == "nom_naissance"


async def test_a_fourth_caregiver_is_409() -> None:
    house = family()
    async with visiting(house) as client:
        await as_claire(client, house)
        for number in range(3):
            assert (await invite(client, CARERS, neighbour(house, number)))[0] == 303
        status, _, shown = await invite(client, CARERS, neighbour(house, 3))
        assert status == 409
        assert "Vous avez déjà 3 proches aidants." in shown
        assert (await invite(client, CARERS, neighbour(house, 0)))[0] == 409


async def test_a_sixth_person_to_care_for_is_409() -> None:
    house = family()  # Marc cares for Rose already
    async with visiting(house) as client:
        for number in range(5):
            tie(house, neighbour(house, number), ChoiceKind.CAREGIVER_ASKED, MARC)
        await sign_in(client, house, "marc81durand")
        said = [await answer(client, neighbour(house, n), "accepter") for n in range(5)]
        assert said == [303, 303, 303, 303, 409]
        assert await answer(client, neighbour(house, 4), "refuser") == 303


async def test_only_the_first_parent_ends_the_sharing_and_the_second_may_leave() -> None:
    house = family()
    tie(house, LEO, ChoiceKind.PARENT, MARC, giver=key_of(CLAIRE).hex())
    async with visiting(house) as claire, visiting(house) as marc:
        await sign_in(marc, house, "marc81durand")
        await open_profile(marc, LEO)
        own, first = {"id": key_of(MARC).hex()}, {"id": key_of(CLAIRE).hex()}
        for one in (own, first):
            assert (await post(marc, SHARE, f"{SHARE}/retrait", **one))[0] == 404
        await as_claire(claire, house, LEO)
        assert (await post(claire, SHARE, f"{SHARE}/retrait", **first))[0] == 404
        assert (await post(claire, SHARE, f"{SHARE}/retrait", **own))[0] == 303
        assert (await page(marc, "/documents"))[0] == 404
        tie(house, LEO, ChoiceKind.PARENT, MARC, giver=key_of(CLAIRE).hex())
        assert (await page(marc, "/documents"))[0] == 200
        leo = {"profil": key_of(LEO).hex()}
        assert (await post(marc, "/profils", "/profils/quitter", **leo))[0] == 303
        assert (await page(marc, "/documents"))[0] == 404
        assert (await post(claire, "/profils", "/profils/quitter", **leo))[0] == 404
        assert (await page(claire, "/documents"))[0] == 200


async def test_a_caregiver_is_named_with_an_end_and_thanked() -> None:
    house = family()
    async with visiting(house) as claire, visiting(house) as marc:
        await as_claire(claire, house)
        assert (await invite(claire, CARERS, MARC, fin="2026-03-20"))[0] == 303
        await sign_in(marc, house, "marc81durand")
        await answer(marc, CLAIRE, "accepter")
        given = [
            one for one in house.people.chosen[key_of(CLAIRE)] if one.kind is ChoiceKind.CAREGIVER
        ]
        assert given[0].until is not None
        assert given[0].until.isoformat() == "2026-03-20T23:00:00+00:00"  # 24:00 in Paris
        assert await open_profile(marc, CLAIRE) == 303
        gone = {"id": key_of(MARC).hex()}
        assert (await post(claire, CARERS, f"{CARERS}/retrait", **gone))[0] == 303
        assert (await page(marc, "/documents"))[0] == 404
        said = await post(claire, CARERS, f"{CARERS}/retrait", **gone)
        assert said[:2] == (303, f"{CARERS}?fait=deja")


async def test_an_adults_profile_is_not_shared_here() -> None:
    house = family()
    async with visiting(house) as client:
        await as_claire(client, house)
        status, shown = await page(client, SHARE)
        assert status == 200
        assert "Pour une tutelle, appelez le 3422." in shown
        assert (await invite(client, SHARE, MARC))[0] == 404


@pytest.mark.parametrize("target", ["", "zz", "ab" * 32])
async def test_an_access_of_nobody_cannot_be_ended(target: str) -> None:
    house = family()
    async with visiting(house) as client:
        await as_claire(client, house)
        assert (await post(client, CARERS, f"{CARERS}/retrait", id=target))[0] == 404


async def test_an_adult_may_make_a_parent_of_former_days_the_own_caregiver() -> None:
    """Two roles in one record: what the one does not give any more, the other may (F22, P03)."""
    house = family()
    hers = house.add("Bilan de Jade", owner=JADE)
    activated_at_18(house)
    house.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    async with visiting(house) as jade, visiting(house) as claire:
        await sign_in(jade, house, "jade08durand")
        _, shown = await page(jade, SHARE)
        assert "Claire" not in shown
        await as_claire(claire, house)
        assert await open_profile(claire, JADE) == 404
        assert (await invite(jade, CARERS, CLAIRE))[0] == 303
        assert await answer(claire, JADE, "accepter") == 303
        assert await open_profile(claire, JADE) == 303
        assert (await page(claire, f"/documents/{hers}"))[0] == 200
        assert (await page(claire, "/historique"))[0] == 403
        _, cards = await page(claire, "/profils")
        assert "vous êtes son proche aidant" in cards
        fields = {"id": key_of(CLAIRE).hex()}
        assert (await post(jade, CARERS, f"{CARERS}/retrait", **fields))[0] == 303
        assert (await page(claire, f"/documents/{hers}"))[0] == 404
    reads = [row.trace for row in house.traces.rows if row.trace.document == hers]
    assert [(one.kind, one.rule) for one in reads] == [("caregiver", "P03")]


async def test_a_parent_is_told_nothing_of_whom_an_adult_trusts() -> None:
    house = family()
    activated_at_18(house)
    house.clock.at = datetime(2026, 12, 1, 9, tzinfo=UTC)
    async with visiting(house) as jade, visiting(house) as marc:
        await sign_in(jade, house, "jade08durand")
        assert (await invite(jade, CARERS, MARC))[0] == 303
        await sign_in(marc, house, "marc81durand")
        assert await answer(marc, JADE, "accepter") == 303
    told = {task.patient for task in house.people.then if task.subject == "sharing"}
    assert told == {key_of(MARC), key_of(JADE)}


@pytest.mark.parametrize(("seconds", "status"), [(-1, 303), (0, 409)])
async def test_an_invitation_to_be_a_second_parent_ends_with_the_childs_majority(
    seconds: int, status: int
) -> None:
    house = family()
    birthday = datetime(2026, 11, 30, 23, tzinfo=UTC)
    house.clock.at = birthday - timedelta(minutes=5)
    async with visiting(house) as claire, visiting(house) as marc:
        await as_claire(claire, house, JADE)
        assert (await invite(claire, SHARE, MARC))[0] == 303
        await sign_in(marc, house, "marc81durand")
        house.clock.at = birthday + timedelta(seconds=seconds)
        assert await answer(marc, JADE, "accepter") == status
