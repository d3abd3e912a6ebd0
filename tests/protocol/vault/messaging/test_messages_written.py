"""The forms of `/messagerie`: sending, drafts, putting away, deleting, refusing a sender."""

from datetime import timedelta
from html import unescape

import pytest
from aiohttp import FormData
from family_house import page
from message_twins import FIRST, ROUX, MemoryMessages, received
from test_messages_pages import BOX, ONE, furnished
from vault_house import Browser, post, sign_in, token_of, visiting

from gateway.records.correspondence.conversation import Draft, Folder, Unwritten
from gateway.vault.messaging.form import FORM_BYTES

DRAFT, ATTACH, SHEET = f"{BOX}/brouillon", f"{BOX}/joindre", f"{BOX}/ecrire"


async def test_an_answer_is_sent_with_the_documents_that_are_chosen() -> None:
    house, room = furnished(received())
    first, second = house.add("Bilan"), house.add("Ordonnance")
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        form = FormData(default_to_multipart=True)
        for name, value in (
            ("jeton", token),
            ("fil", FIRST),
            ("texte", "Merci,\r\nà bientôt"),
            ("documents", first),
            ("documents", second),
            ("documents", first),
        ):
            form.add_field(name, value)
        answer = await client.post(BOX, data=form, allow_redirects=False)
        assert answer.status == 303
        assert answer.headers["Location"] == f"{ONE}?fait=envoye"
        assert "Message envoyé" in (await page(client, f"{ONE}?fait=envoye"))[1]
    assert room.sent == [
        Draft(conversation=FIRST, text="Merci,\nà bientôt", documents=(first, second))
    ]


async def test_a_first_message_goes_to_a_correspondent_of_the_list() -> None:
    house, room = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(
            client, SHEET, BOX, destinataire=ROUX.address, objet="Question", texte="Bonjour"
        )
    assert (status, place) == (303, f"{ONE}?fait=envoye")
    assert room.sent == [Draft(to=ROUX.address, subject="Question", text="Bonjour")]


async def test_all_that_a_first_message_leaves_out_is_said_at_once_and_nothing_is_sent() -> None:
    house, room = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, body = await post(client, SHEET, BOX, texte=" ", objet="")
    assert status == 422
    for field, said in (
        ("destinataire", "Choisissez un destinataire."),
        ("objet", "Donnez un objet à votre message."),
        ("texte", "Votre message est vide."),
    ):
        assert f'<a href="#{field}">{said}</a>' in body
        assert f'id="{field}-error"' in body
    assert "<title>Erreur : Écrire un message" in body
    assert room.sent == []


@pytest.mark.parametrize(
    ("code", "status", "said"),
    [
        (Unwritten.EMPTY, 422, "Votre message est vide."),
        (Unwritten.TEXT_TOO_LONG, 422, "Votre message compte 12 caractères."),
        (Unwritten.TOO_LARGE, 413, "La taille du ou des documents dépasse la limite autorisée."),
        (Unwritten.TOO_MANY, 422, "Choisissez 10 documents au plus."),
        (Unwritten.ENDED, 409, "Dr Anne Roux a mis fin à vos échanges."),
        (Unwritten.REFUSED, 409, "Vous refusez les messages de Dr Anne Roux"),
        (Unwritten.GONE, 409, "Dr Anne Roux n'est plus en activité."),
        (Unwritten.NOT_YOURS, 404, "Un des documents choisis n'est plus disponible."),
    ],
)
async def test_a_refused_answer_says_why_and_keeps_what_was_typed(
    code: Unwritten, status: int, said: str
) -> None:
    house, room = furnished(received())
    document = house.add("Bilan")
    room.answers.append(code)
    async with visiting(house) as client:
        await sign_in(client, house)
        told, _, body = await post(
            client, ONE, BOX, fil=FIRST, texte="Bonjour <toi", documents=document
        )
    assert told == status
    assert f'<div data-refusal="{code}"><div class="block bad" role="alert"' in body
    assert said in unescape(body)
    assert "Bonjour &lt;toi</textarea>" in body
    assert f'value="{document}" checked' in body


@pytest.mark.parametrize(
    ("code", "status", "field"),
    [(Unwritten.UNKNOWN_CORRESPONDENT, 403, "destinataire"), (Unwritten.SUBJECT, 422, "objet")],
)
async def test_a_refused_first_message_says_why_at_its_field_and_keeps_the_values(
    code: Unwritten, status: int, field: str
) -> None:
    house, room = furnished()
    room.answers.append(code)
    async with visiting(house) as client:
        await sign_in(client, house)
        told, _, body = await post(
            client, SHEET, BOX, destinataire=ROUX.address, objet="Une question", texte="Bonjour"
        )
    assert told == status
    assert f'data-refusal="{code}"' in body
    assert f'id="{field}-error"' in body
    assert 'value="Une question"' in body
    assert f'value="{ROUX.address}" selected' in body


async def test_a_message_of_ten_thousand_letters_of_four_bytes_comes_through_the_form() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)

        async def send(text: str) -> int:
            form = FormData(
                {"jeton": token, "fil": FIRST, "texte": text}, default_to_multipart=True
            )
            return (await client.post(BOX, data=form, allow_redirects=False)).status

        assert await send("😀" * 10_000) == 303
        assert await send("a" * (FORM_BYTES + 1)) == 413
    assert [len(one.text) for one in room.sent] == [10_000]


async def test_a_draft_is_kept_shown_again_and_deleted_after_a_page_that_says_so() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(client, ONE, DRAFT, fil=FIRST, texte="À finir")
        assert (status, place) == (303, f"{ONE}?fait=brouillon")
        shown = (await page(client, place))[1]
        assert "Brouillon enregistré le 12 mars 2026 à 14 h 05." in shown.replace("\u00a0", " ")
        assert "À finir</textarea>" in shown
        asked = (await page(client, f"{ONE}/brouillon"))[1]
        assert "Ce que vous avez écrit et choisi de joindre ne sera pas gardé." in asked
        status, place, _ = await post(client, f"{ONE}/brouillon", f"{ONE}/brouillon")
        assert (status, place) == (303, f"{ONE}?fait=brouillon-supprime")
        assert "À finir" not in (await page(client, ONE))[1]
    assert room.sent == []


async def test_the_draft_of_a_first_message_stays_a_sheet_with_its_address_and_subject() -> None:
    house, room = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        await post(client, SHEET, DRAFT, destinataire=ROUX.address, objet="Question", texte="")
        shown = (await page(client, ONE))[1]
        assert f'value="{ROUX.address}" selected' in shown
        assert 'name="objet" value="Question"' in shown
        status, _, body = await post(
            client, ONE, BOX, fil=FIRST, destinataire=ROUX.address, objet="Question", texte=""
        )
        assert (status, "Votre message est vide." in body) == (422, True)
        done = {"destinataire": ROUX.address, "objet": "Question", "texte": "Bonjour"}
        assert (await post(client, ONE, BOX, fil=FIRST, **done))[0] == 303
    assert [one.conversation for one in room.sent] == [FIRST]


async def test_our_script_is_told_in_json_where_the_draft_is_kept() -> None:
    house, _ = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        data = {"jeton": await token_of(client, SHEET), "objet": "Question", "texte": "Bon"}
        answer = await client.post(DRAFT, data=data, headers={"Accept": "application/json"})
        told = await answer.json()
    assert told["fil"] == FIRST
    assert told["dit"].startswith("Brouillon enregistré le 12 mars 2026")


async def test_choosing_documents_keeps_what_was_typed_and_lists_them() -> None:
    house, _ = furnished(received())
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


async def test_a_document_s_page_leads_to_a_message_with_it_in() -> None:
    house, _ = furnished(received())
    document = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, f"/documents/{document}"))[1]
        place = f"{SHEET}?documents={document}"
        assert f'href="{place}">Envoyer par messagerie</a>' in shown
        assert f'value="{document}" checked' in (await page(client, place))[1]


async def moved(client: Browser, room: MemoryMessages, act: str) -> frozenset[Folder]:
    status, place, _ = await post(client, ONE, ONE, acte=act)
    assert (status, place.partition("?")[0]) == (303, ONE)
    return room.kept[FIRST].conversation.folders


async def test_a_conversation_goes_to_the_bin_and_back() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await moved(client, room, "corbeille") == {Folder.BIN}
        assert "Sortir de la corbeille" in (await page(client, ONE))[1]
        assert await moved(client, room, "restaurer") == {Folder.RECEIVED}
        assert (await post(client, ONE, ONE, acte="brûler"))[0] == 422


async def test_deleting_says_first_in_the_exact_words_what_is_lost() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, f"{ONE}/supprimer"))[1]
        assert (
            "Une fois supprimée, vous ne pourrez plus accéder aux messages de cette conversation "
            "et aux documents associés." in asked
        )
        assert f'href="{ONE}">Annuler</a>' in asked
        assert FIRST in room.kept
        status, place, _ = await post(client, f"{ONE}/supprimer", f"{ONE}/supprimer")
        assert (status, place) == (303, f"{BOX}?fait=supprime")
        assert "Conversation supprimée" in (await page(client, place))[1]
    assert room.kept == {}


async def test_a_sender_is_refused_after_a_page_that_says_so_and_taken_again() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        asked = (await page(client, f"{ONE}/refuser"))[1]
        assert "Les prochains messages de Dr Anne Roux ne vous parviendront plus." in asked
        await post(client, f"{ONE}/refuser", f"{ONE}/refuser")
        shown = (await page(client, ONE))[1]
        assert 'data-refusal="refused"' in shown
        assert "Accepter de nouveau les messages de cet expéditeur" in shown
        await post(client, ONE, ONE, acte="accepter")
    assert not room.kept[FIRST].conversation.is_refused


async def test_read_receipts_are_off_until_the_setting_allows_them() -> None:
    house, room = furnished()
    box = 'id="accuses" name="accuses" value="oui"'
    async with visiting(house) as client:
        await sign_in(client, house)
        assert f"{box}>" in (await page(client, "/parametres"))[1]
        place = (await post(client, "/parametres", "/parametres/messagerie", accuses="oui"))[1]
        shown = (await page(client, place))[1]
        assert f"{box} checked>" in shown
        assert "Accusés de lecture autorisés" in shown
        await post(client, "/parametres", "/parametres/messagerie")
    assert room.allowed == [True, False]


async def test_a_message_that_was_typed_in_another_profile_is_not_sent() -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        data = {"jeton": f"{token.partition('.')[0]}.{'0' * 32}", "fil": FIRST, "texte": "Bonjour"}
        answer = await client.post(BOX, data=data, allow_redirects=False)
    assert answer.status == 409
    assert room.sent == []


IDLE_TOO_LONG, FOR_GOOD = timedelta(minutes=16), timedelta(hours=9)


@pytest.mark.parametrize(("after", "kept"), [(IDLE_TOO_LONG, "Longtemps écrit"), (FOR_GOOD, None)])
async def test_what_was_typed_until_the_session_ran_out_is_kept_and_not_sent(
    after: timedelta, kept: str | None
) -> None:
    house, room = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        house.clock.at += after
        data = {"jeton": token, "fil": FIRST, "texte": "Longtemps écrit"}
        answer = await client.post(BOX, data=data, allow_redirects=False)
        assert answer.status == 303
        assert answer.headers["Location"] == "/connexion?fin=session"
    draft = room.kept[FIRST].draft
    assert (draft.text if draft else None) == kept
    assert room.sent == []


@pytest.mark.parametrize("wrong", ["token", "profile", "signed out", "another site"])
async def test_nothing_is_kept_of_a_form_that_is_not_of_the_session_that_ran_out(
    wrong: str,
) -> None:
    house, room = furnished(received())
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
    assert room.kept[FIRST].draft is None
