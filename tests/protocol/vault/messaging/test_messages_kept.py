"""Drafts, folders, deletion, refused senders and receipts (MSG-07, MSG-08, MSG-12)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from family_house import page
from message_twins import FIRST, ROUX, furnished, received
from test_messages_pages import BOX, ONE
from test_messages_written import SHEET, left
from vault_house import CLAIRE, Browser, House, key_of, post, sign_in, token_of, visiting

from gateway.records.correspondence.conversation import Draft

DRAFT, ATTACH = f"{BOX}/brouillon", f"{BOX}/joindre"
IDLE_TOO_LONG, FOR_GOOD = timedelta(minutes=16), timedelta(hours=9)


def draft(house: House, conversation: str = FIRST) -> Draft | None:
    note = house.correspondence.noted.get((key_of(CLAIRE), conversation))
    return note.draft if note else None


async def test_a_draft_is_kept_shown_again_and_deleted_after_a_page_that_says_so() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(client, ONE, DRAFT, fil=FIRST, texte="À finir")
        assert (status, place) == (303, f"{ONE}?fait=brouillon")
        shown = (await page(client, place))[1].replace("\u00a0", " ")
        assert "Brouillon enregistré le 12 mars 2026 à 14 h 05." in shown
        assert "À finir</textarea>" in shown
        assert "brouillon</span>" in (await page(client, f"{BOX}?dossier=brouillons"))[1]
        asked = (await page(client, f"{ONE}/brouillon"))[1]
        assert "Ce que vous avez écrit et choisi de joindre ne sera pas gardé." in asked
        status, place, _ = await post(client, f"{ONE}/brouillon", f"{ONE}/brouillon")
        assert (status, place) == (303, f"{ONE}?fait=brouillon-supprime")
        assert "À finir" not in (await page(client, place))[1]
    assert left(house) == []


async def test_the_draft_of_a_first_message_stays_a_sheet_until_it_is_sent() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        _, place, _ = await post(client, SHEET, DRAFT, destinataire=ROUX, objet="Question")
        one = place.partition("?")[0]
        shown = (await page(client, one))[1]
        assert f'value="{ROUX}" selected' in shown
        assert 'name="objet" value="Question"' in shown
        fields = {"fil": one.rpartition("/")[2], "destinataire": ROUX, "objet": "Autre question"}
        status, _, body = await post(client, one, BOX, texte="", **fields)
        assert (status, "Votre message est vide." in body) == (422, True)
        assert (await post(client, one, BOX, texte="Bonjour", **fields))[:2] == (
            303,
            f"{one}?fait=envoye",
        )
    assert [one.letter.subject for one in left(house)] == ["Autre question"]


async def test_the_draft_of_a_first_message_is_deleted_and_leads_back_to_the_list() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        place = (await post(client, SHEET, DRAFT, objet="Question"))[1].partition("?")[0]
        gone = f"{place}/brouillon"
        assert (await post(client, gone, gone))[:2] == (303, f"{BOX}?fait=brouillon-supprime")
        assert (await page(client, place))[0] == 404


async def test_our_script_is_told_in_json_where_the_draft_is_kept() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        data = {"jeton": await token_of(client, SHEET), "objet": "Question", "texte": "Bon"}
        answer = await client.post(DRAFT, data=data, headers={"Accept": "application/json"})
        told = await answer.json()
    kept = draft(house, told["fil"])
    assert kept is not None
    assert kept.text == "Bon"
    assert told["dit"].startswith("Brouillon enregistré le 12 mars 2026")


async def test_a_draft_that_is_too_long_to_be_kept_is_shown_with_why() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, body = await post(client, ONE, DRAFT, fil=FIRST, texte="a" * 10_001)
    assert (status, "Raccourcissez-le" in body) == (422, True)


async def test_choosing_documents_keeps_what_was_typed_and_lists_them() -> None:
    house = furnished(received())
    document = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert document not in (await page(client, ONE))[1]
        status, place, _ = await post(client, ONE, ATTACH, fil=FIRST, texte="Ci-joint")
        assert (status, place) == (303, f"{ONE}?joindre=oui#documents")
        shown = (await page(client, place))[1]
    assert "<details open>" in shown
    assert f'name="documents" value="{document}"' in shown
    assert "Ci-joint</textarea>" in shown


async def listed(client: Browser, folder: str) -> bool:
    return FIRST in (await page(client, f"{BOX}?dossier={folder}"))[1]


@pytest.mark.parametrize(
    ("act", "folder", "back"),
    [("archiver", "archives", "desarchiver"), ("corbeille", "corbeille", "restaurer")],
)
async def test_a_conversation_is_put_away_and_taken_out_again(
    act: str, folder: str, back: str
) -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await post(client, ONE, ONE, acte=act))[0] == 303
        assert (await listed(client, folder), await listed(client, "recus")) == (True, False)
        assert f'name="acte" value="{back}"' in (await page(client, ONE))[1]
        assert (await post(client, ONE, ONE, acte=back))[0] == 303
        assert (await listed(client, folder), await listed(client, "recus")) == (False, True)
        assert (await post(client, ONE, ONE, acte="brûler"))[0] == 422


async def test_deleting_says_first_in_the_exact_words_what_is_lost() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, f"{ONE}/supprimer"))[1]
        assert (
            "Une fois supprimée, vous ne pourrez plus accéder aux messages de cette conversation "
            "et aux documents associés." in asked
        )
        assert f'href="{ONE}">Annuler</a>' in asked
        assert house.correspondence.kept
        status, place, _ = await post(client, f"{ONE}/supprimer", f"{ONE}/supprimer")
        assert (status, place) == (303, f"{BOX}?fait=supprime")
        assert "Conversation supprimée" in (await page(client, place))[1]
    assert house.correspondence.kept == {}


async def test_a_sender_whose_name_begins_with_a_vowel_is_elided() -> None:
    house = furnished(received())
    house.people.pros[0] = replace(house.people.pros[0], name="Inès Roux")
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, f"{ONE}/refuser"))[1]
    assert "Les prochains messages d'Inès Roux ne vous parviendront plus." in asked


async def test_a_sender_is_refused_after_a_page_that_says_so_and_taken_again() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, f"{ONE}/refuser"))[1]
        assert "Les prochains messages de Dr Anne Roux ne vous parviendront plus." in asked
        await post(client, f"{ONE}/refuser", f"{ONE}/refuser")
        shown = (await page(client, ONE))[1]
        assert 'data-refusal="refused"' in shown
        assert "Accepter de nouveau les messages de cet expéditeur" in shown
        assert (await post(client, ONE, BOX, fil=FIRST, texte="Bonjour"))[0] == 409
        house.clock.at += timedelta(seconds=1)
        await post(client, ONE, ONE, acte="accepter")
        assert "<textarea" in (await page(client, ONE))[1]


async def test_read_receipts_are_off_until_the_setting_allows_them() -> None:
    house = furnished()
    box = 'id="accuses" name="accuses" value="oui"'
    async with visiting(house) as client:
        await sign_in(client, house)
        assert f"{box}>" in (await page(client, "/parametres"))[1]
        place = (await post(client, "/parametres", "/parametres/messagerie", accuses="oui"))[1]
        shown = (await page(client, place))[1]
        assert f"{box} checked>" in shown
        assert "Accusés de lecture autorisés" in shown
        house.clock.at += timedelta(seconds=1)
        await post(client, "/parametres", "/parametres/messagerie")
        assert f"{box}>" in (await page(client, "/parametres"))[1]


@pytest.mark.parametrize(("after", "kept"), [(IDLE_TOO_LONG, "Longtemps écrit"), (FOR_GOOD, None)])
async def test_what_was_typed_until_the_session_ran_out_is_kept_and_not_sent(
    after: timedelta, kept: str | None
) -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        house.clock.at += after
        data = {"jeton": token, "fil": FIRST, "texte": "Longtemps écrit"}
        answer = await client.post(BOX, data=data, allow_redirects=False)
        assert answer.status == 303
        assert answer.headers["Location"] == "/connexion?fin=session"
    one = draft(house)
    assert (one.text if one else None) == kept
    assert left(house) == []


@pytest.mark.parametrize("wrong", ["token", "profile", "signed out", "another site"])
async def test_nothing_is_kept_of_a_form_that_is_not_of_the_session_that_ran_out(
    wrong: str,
) -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        proof, _, _ = token.partition(".")
        if wrong == "signed out":
            await post(client, ONE, "/deconnexion")
        house.clock.at += IDLE_TOO_LONG
        said = {"token": f"{'0' * 64}.", "profile": f"{proof}.{'1' * 32}"}.get(wrong, token)
        headers = {"Sec-Fetch-Site": "cross-site"} if wrong == "another site" else {}
        data = {"jeton": said, "fil": FIRST, "texte": "Longtemps écrit"}
        answer = await client.post(BOX, data=data, headers=headers, allow_redirects=False)
        assert answer.status == 303
    assert draft(house) is None
