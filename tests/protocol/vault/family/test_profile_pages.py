"""Several profiles under one login, and nothing of one in another's page (VAULT REP-06, 07, 10)."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from family_house import HIDDEN, JADE, LEO, ROSE, Client, family, open_profile, page, tie
from test_service_pages import connect
from vault_house import CLAIRE, MARC, House, key_of, post, sign_in, visiting

from gateway.records.patients.account import AccountState, Choice, ChoiceKind, NewTrace
from gateway.records.readers.switches import Switch, Switches

PAGES = ("/", "/documents", "/historique", "/parametres/acces", "/parametres/partage")
LAST_SECOND = datetime(2026, 11, 30, 22, 59, 59, tzinfo=UTC)


def deposit_of(document: str) -> NewTrace:
    """The line that a deposit leaves in the log of Léo."""
    return NewTrace(
        patient=key_of(LEO),
        action="deposit",
        permitted=True,
        rule="P22",
        kind="system",
        actor="labo",
        actor_name="Entretien SARL",
        document=document,
    )


async def in_profile_of_leo(client: Client, house: House) -> None:
    await sign_in(client, house)
    assert await open_profile(client, LEO) == 303


async def test_each_profile_has_its_card_and_its_own_documents() -> None:
    house = family()
    mine = house.add("Bilan de Claire")
    his = house.add("Vaccin de Léo", owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        _, cards = await page(client, "/profils")
        assert "Ouvrir le profil de Léo" in cards
        assert "9 ans · votre enfant · 1 nouveauté" in cards
        assert "Ouvrir le profil de Jade" in cards
        assert await open_profile(client, LEO) == 303
        _, listed = await page(client, "/documents")
        assert "Vous consultez le profil de Léo" in listed
        assert f'data-profile="{key_of(LEO).hex()}"' in listed
        assert "Les documents de Léo – Léo – Mon espace santé" in listed
        assert "Vaccin de Léo" in listed
        assert "Bilan de Claire" not in listed
        assert (await page(client, f"/documents/{his}"))[0] == 200
        for path in ("", "/corps", "/telecharger"):
            assert (await page(client, f"/documents/{mine}{path}"))[0] == 404
        await post(client, "/profils", "/profils", profil="")
        _, listed = await page(client, "/documents")
        assert "Vous consultez" not in listed
        assert "Bilan de Claire" in listed
        assert "Vaccin de Léo" not in listed


async def test_inside_one_childs_profile_another_childs_document_is_not_there() -> None:
    house = family()
    hers = house.add("Lunettes de Jade", owner=JADE)
    async with visiting(house) as client:
        await in_profile_of_leo(client, house)
        found = [await page(client, f"/documents/{name}") for name in (hers, "f" * 32)]
        assert [status for status, _ in found] == [404, 404]
        assert found[0][1] == found[1][1]
        answer = await client.get(f"/fhir/DocumentReference/{hers}")
        assert answer.status == 404


async def test_what_is_hidden_from_representatives_is_not_there_for_them() -> None:
    house = family()
    house.add("Vaccin de Léo", owner=LEO)
    secret = house.add("Entretien confidentiel", owner=LEO, codes=HIDDEN, act_date="2026-03-11")
    await house.traces.write([deposit_of(secret)])
    async with visiting(house) as client:
        await sign_in(client, house)
        _, cards = await page(client, "/profils")
        assert "1 nouveauté" in cards
        assert "2 nouveautés" not in cards
        await open_profile(client, LEO)
        for path in (*PAGES, "/documents?q=entretien", "/historique?moi=oui", "/historique/csv"):
            status, shown = await page(client, path)
            assert status == 200, path
            assert "Entretien" not in shown, path
            assert secret not in shown, path
        _, listed = await page(client, "/documents")
        assert "1 document," in listed
        for path in ("", "/corps", "/corps/image", "/telecharger"):
            refused = await page(client, f"/documents/{secret}{path}")
            absent = await page(client, f"/documents/{'f' * 32}{path}")
            assert refused == absent
            assert refused[0] == 404
        status, _, _ = await post(
            client, "/documents", f"/documents/{secret}/visibilite", masque="oui"
        )
        assert status == 404


async def test_parents_lose_everything_with_the_first_second_of_adulthood() -> None:
    house = family()
    hers = house.add("Lunettes de Jade", owner=JADE)
    house.clock.at = LAST_SECOND - timedelta(minutes=1)
    async with visiting(house) as client:
        await sign_in(client, house)
        await open_profile(client, JADE)
        house.clock.at = LAST_SECOND
        assert (await page(client, f"/documents/{hers}"))[0] == 200
        house.clock.at = LAST_SECOND + timedelta(seconds=1)
        for path in (*PAGES, f"/documents/{hers}", f"/documents/{hers}/telecharger"):
            status, shown = await page(client, path)
            assert status == 404, path
            assert "Jade" not in shown
            assert "Revenir à mon profil" in shown
        _, cards = await page(client, "/profils")
        assert "Jade" not in cards
        assert "Ouvrir le profil de Léo" in cards
        assert await open_profile(client, JADE) == 404
        await post(client, "/profils", "/profils", profil="")
        assert (await page(client, "/documents"))[0] == 200
    told = [row.trace for row in house.traces.rows if row.trace.patient == key_of(JADE)]
    assert [one.rule for one in told if not one.permitted][-1] == "F11", "no longer an active one"


async def test_a_guardian_stays_after_the_birthday_until_his_own_end() -> None:
    house = family()
    end = LAST_SECOND + timedelta(hours=1)
    tie(house, JADE, ChoiceKind.GUARDIAN, MARC, until=end)
    house.clock.at = end - timedelta(seconds=1)
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, JADE) == 303
        assert (await page(client, "/documents"))[0] == 200
        house.clock.at = end
        assert (await page(client, "/documents"))[0] == 404


async def test_a_right_that_is_taken_back_is_gone_on_the_next_request() -> None:
    house = family()
    async with visiting(house) as client:
        await in_profile_of_leo(client, house)
        assert (await page(client, "/documents"))[0] == 200
        parent, now = key_of(CLAIRE).hex(), house.clock.now()
        ended = Choice(kind=ChoiceKind.PARENT, target=parent, since=now, until=now)
        await house.people.choose(key_of(LEO), ended)
        assert (await page(client, "/documents"))[0] == 404


async def test_a_parent_whose_own_space_is_closed_reads_no_childs() -> None:
    house = family()
    async with visiting(house) as client:
        await in_profile_of_leo(client, house)
        key = key_of(CLAIRE)
        closed = replace(house.people.persons[key], state=AccountState.CLOSED)
        house.people.persons[key] = closed
        assert (await page(client, "/documents"))[0] == 303  # to the sign-in, which he has not
        assert (await page(client, "/profils"))[0] == 303


@pytest.mark.parametrize("profile", ["ab", "zz", "00" * 32, "é"])
async def test_a_profile_that_is_nobodys_is_not_there(profile: str) -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, _ = await post(client, "/profils", "/profils", profil=profile)
        assert status == 404


async def test_a_stranger_who_names_a_record_is_refused_and_told_to_its_holder() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, ROSE) == 404
    (told,) = [row.trace for row in house.traces.rows if row.trace.patient == key_of(ROSE)]
    assert (told.permitted, told.rule) == (False, "F21")
    assert told.actor_name == "Une autre personne"


async def test_who_manages_only_the_own_profile_is_told_so() -> None:
    house = family()
    async with visiting(house) as client:
        await sign_in(client, house, "rose52pelletier")
        _, cards = await page(client, "/profils")
    assert "Vous ne gérez que votre profil." in cards


async def test_what_a_parent_does_stands_in_the_history_as_a_representatives_deed() -> None:
    house = family()
    his = house.add("Vaccin de Léo", owner=LEO)
    async with visiting(house) as client:
        await in_profile_of_leo(client, house)
        address = f"/documents/{his}"
        status, _, _ = await post(client, address, f"{address}/visibilite", masque="oui")
        assert status == 303
        _, shown = await page(client, "/historique")
    assert "par Claire DURAND, représentant légal" in shown
    assert "a masqué un document" in shown
    assert house.shelf.shelved[his].card.masked_by_patient


async def test_a_parent_reads_the_emergency_informations_of_the_child_a_caregiver_does_not() -> (
    None
):
    house = family()
    house.add("Carnet", owner=LEO, body=b"<ClinicalDocument/>")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        status, text = await page(client, "/profil/urgence")
        assert (status, "<h1>Informations d'urgence de Léo" in text) == (200, True)
        client.session.cookie_jar.clear()
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, ROSE) == 303
        assert (await page(client, "/profil/urgence"))[0] == 403


ADULT = {"the adult": 200, "the guardian": 404, "the caregiver": 200, "a service": 200}


@pytest.mark.parametrize("who", ADULT)
async def test_what_an_adult_said_in_confidence_is_kept_from_the_guardian_alone(who: str) -> None:
    """F28 binds whoever represents, of whatever age; F29 the others only before a minor."""
    house = family()
    house.switches = replace(Switches(), application_reading=Switch(before=True))
    tie(house, ROSE, ChoiceKind.GUARDIAN, CLAIRE)
    name = house.add("Entretien", owner=ROSE, codes=HIDDEN)
    login = {"the guardian": "claire84durand", "the caregiver": "marc81durand"}
    async with visiting(house) as client:
        await sign_in(client, house, login.get(who, "rose52pelletier"))
        if who in login:
            assert await open_profile(client, ROSE) == 303
        headers, path = {}, f"/documents/{name}"
        if who == "a service":
            _, token = await connect(client, read="oui")
            headers, path = {"Authorization": f"Bearer {token}"}, f"/fhir/Binary/{name}"
        answer = await client.get(path, headers=headers)
        assert answer.status == ADULT[who]
        listed = await (await client.get("/documents")).text()
        assert ("Entretien" in listed) is (who != "the guardian")


CHOICES = (
    "",
    "/blocage",
    "/blocage/confirmer?professionnel=801234567890",
    "/documents",
    "/simulateur",
    "/grille",
)
OWN_WORDS = (" mes documents", "vos documents", "mes nouveaux documents")
OWN_TITLES = ("Mes professionnels", "Mon médecin traitant", "mon médecin traitant")


@pytest.mark.parametrize("path", CHOICES)
async def test_the_choices_of_a_child_are_never_said_of_the_parent(path: str) -> None:
    """PAGES 2, rule 4: « les documents de Léo », not « mes documents » under his name."""
    house = family()
    house.add("Vaccin de Léo", owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        _, mine = await page(client, f"/parametres/acces{path}")
        assert await open_profile(client, LEO) == 303
        status, his = await page(client, f"/parametres/acces{path}")
    assert status == 200
    assert [one for one in (*OWN_WORDS, *OWN_TITLES) if one in his] == []
    assert "documents de Léo" in his
    assert "Léo" not in mine
    assert "mes documents" in mine


async def test_the_agreement_of_a_child_names_the_child() -> None:
    house = family()
    async with visiting(house) as client:
        await in_profile_of_leo(client, house)
        _, his = await page(client, "/parametres/acces")
    assert "J'autorise ce professionnel à lire les documents de Léo" in his
    assert "je rends visibles les nouveaux documents de Léo" in his
    assert "Médecin traitant de Léo" in his
