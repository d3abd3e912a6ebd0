"""`/messagerie`: what was written is listed and read (VAULT section 6)."""

from dataclasses import replace

from family_house import HIDDEN, LEO, ROSE, family, open_profile, page
from message_twins import CAME, FIRST, furnished, know, put, received, sent
from vault_house import MARC, House, key_of, post, sign_in, visiting

from gateway.records.correspondence.conversation import Delivery, Folder, Reason
from gateway.records.correspondence.letter import Attached

BOX, ONE = "/messagerie", f"/messagerie/{FIRST}"
UNREAD = 'Messagerie&nbsp;<span class="mark new">1<span class="unseen"> non lu</span></span>'
MAIL = b"""From: anne.roux@hopital.mssante.fr
Subject: Lettre
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain

Bonjour
--x
Content-Type: application/pdf; name="../bilan.pdf"
Content-Disposition: attachment

%PDF-1.4 bilan
--x
Content-Type: text/html; name="page.html"
Content-Disposition: attachment

<script>alert(1)</script>
--x--
"""


async def test_an_empty_box_says_so_and_the_navigation_leads_to_it() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        home = (await page(client, "/"))[1]
        status, shown = await page(client, BOX)
        folders = [(await page(client, f"{BOX}?dossier={one}"))[1] for one in Folder]
    assert '<a href="/messagerie">Messagerie</a>' in home
    assert status == 200
    assert "<p>Aucun message.</p>" in shown
    assert 'data-page="messagerie"' in shown
    for words, told in zip(
        ("Reçus", "Envoyés", "Brouillons", "Archivés", "Corbeille"), folders, strict=True
    ):
        assert f'aria-current="page">{words}</a>' in told


async def test_a_conversation_not_read_yet_is_marked_counted_and_read_when_it_is_opened() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = await (await client.get(BOX)).text()
        assert UNREAD in shown
        assert f'data-id="{FIRST}" data-kind="message" data-state="unread"' in shown
        assert "Médecin · Cabinet des Charmes" in shown
        assert "1 message non lu" in shown
        assert 'aria-current="page">Reçus&nbsp;<span class="count">(1)</span></a>' in shown
        assert '<a href="/messagerie">Voir les messages</a>' in (await page(client, "/"))[1]
        opened = (await page(client, ONE))[1]
        assert "Bonjour, voici votre courrier." in opened
        assert "non lu" not in opened
        after = await (await client.get(BOX)).text()
    assert "non lu" not in after
    assert 'data-state="read"' in after


async def test_words_are_looked_for_in_the_folder_that_is_open() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        found = (await page(client, f"{BOX}?q=courrier"))[1]
        none = (await page(client, f"{BOX}?q=radio&dossier=corbeille"))[1]
    assert "1 conversation dans « Reçus » : « courrier »" in found
    assert "Aucun message ne correspond à cette recherche." in none
    assert '<a href="/messagerie?dossier=corbeille">Effacer la recherche</a>' in none


async def test_a_list_of_more_than_a_page_keeps_folder_and_words_in_the_next_address() -> None:
    house = furnished()
    for number in range(26):
        name = f"{number:032x}"
        put(house, replace(received(), id=name, conversation=name))
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = await (await client.get(f"{BOX}?q=lettre")).text()
        rest = await (await client.get(f"{BOX}?q=lettre&page=2")).text()
    assert '<a href="/messagerie?q=lettre&amp;page=2" rel="next">' in shown
    assert shown.count('data-kind="message"') + rest.count('data-kind="message"') == 26
    assert '<a href="/messagerie?q=lettre" rel="prev">' in rest


async def test_what_stands_in_a_message_is_text_and_nothing_else() -> None:
    house = furnished(received("<script>alert(1)</script>\nhttps://exemple.fr/?a=1&b=2"))
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = await (await client.get(ONE)).text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nhttps://exemple.fr/?a=1&amp;b=2</p>" in shown
    assert '<a href="https' not in shown


async def test_a_message_says_in_words_what_became_of_it() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        for delivery, state, said in (
            (Delivery.WAITING, "waiting", "◐ </span>en attente"),
            (Delivery.DELIVERED, "delivered", "● </span>remis"),
            (Delivery.UNDELIVERED, "undelivered", "✕ </span>non remis"),
            (Delivery.READ, "read", "● </span>lu"),
        ):
            reason = Reason.UNKNOWN_ADDRESS if delivery is Delivery.UNDELIVERED else None
            put(house, sent(delivery, reason=reason))
            shown = (await page(client, ONE))[1]
            assert f'data-kind="message" data-state="{state}"' in shown
            assert said in shown
            assert ("n'existe pas, ou n'existe plus" in shown) is (reason is not None)
            assert "<h2>Vous</h2>" in shown


async def test_what_came_along_is_given_as_a_file_and_what_the_shield_keeps_is_only_named() -> None:
    attached = (
        Attached(place=1, name="../bilan.pdf", mime_type="application/pdf", size=14),
        Attached(place=2, name="page.html", mime_type="text/html", size=25),
        Attached(
            place=3, name="jeu.pdf", mime_type="application/pdf", size=9, refused="active-content"
        ),
    )
    house = furnished()
    house.journal.mails[CAME] = MAIL
    document = house.add("Lettre d'orientation")
    put(house, received(attached=attached, documents=(document,)))
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, ONE))[1]
        pieces = f"{ONE}/pieces/{CAME}"
        pdf, web = await client.get(f"{pieces}/1"), await client.get(f"{pieces}/2")
        kept = await client.get(f"{pieces}/3")
    assert f'href="/documents/{document}">Voir dans les documents' in shown
    assert "<strong>jeu.pdf</strong> : retenue, car ce fichier contient du contenu actif." in shown
    assert f"{pieces}/3" not in shown
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="piece-bbbbbbbb-1.pdf"'
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    assert pdf.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert web.content_type == "application/octet-stream"
    assert web.headers["Content-Disposition"] == 'attachment; filename="piece-bbbbbbbb-2.bin"'
    assert kept.status == 404


async def test_an_ended_conversation_says_who_ended_it_and_has_no_form() -> None:
    house = furnished(received(is_last=True))
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, ONE))[1]
    assert '<div class="block warn" data-refusal="ended">' in shown
    assert "<p>Dr Anne Roux a mis fin à vos échanges.</p>" in shown
    assert "<textarea" not in shown


async def test_a_conversation_of_another_box_is_not_there() -> None:
    house = furnished()
    put(house, received(), owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        ends = ("", "/supprimer", "/refuser", "/brouillon", f"/pieces/{CAME}/1")
        seen = {(await page(client, f"{ONE}{end}"))[0] for end in ends}
        acts = [await post(client, BOX, f"{ONE}{end}", acte="archiver") for end in ends[:4]]
        answer = await post(client, BOX, BOX, fil=FIRST, texte="Bonjour")
        draft = await post(client, BOX, f"{BOX}/brouillon", fil=FIRST, texte="Bonjour")
    assert seen == {404}
    assert {status for status, _, _ in (*acts, answer, draft)} == {404}
    assert house.correspondence.noted == {}


async def test_a_child_s_messages_are_read_and_answered_in_the_child_s_profile() -> None:
    house = family()
    know(house)
    put(house, received(), sent(Delivery.READ, by="f" * 32, by_name="Marc DURAND"), owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, ONE))[0] == 404
        assert await open_profile(client, LEO) == 303
        box, one = (await page(client, BOX))[1], (await page(client, ONE))[1]
        sheet = (await page(client, f"{BOX}/ecrire"))[1]
        status, place, _ = await post(client, ONE, BOX, fil=FIRST, texte="Léo va mieux")
        after = (await page(client, place))[1]
    assert "<h1>Messagerie de Léo</h1>" in box
    assert "<h2>Marc DURAND</h2>" in one
    assert "Dans le profil de Léo, vous pouvez uniquement contacter" in sheet
    assert status == 303
    assert "<h2>Vous</h2>" in after


async def test_a_message_with_a_secret_of_a_child_is_not_in_the_parent_s_list_nor_counted() -> None:
    house = family()
    know(house)
    secret = house.add("Consultation", owner=LEO, codes=HIDDEN)
    put(house, received(documents=(secret,)), owner=LEO)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        box = (await page(client, BOX))[1]
        assert (await page(client, ONE))[0] == 404
    assert "<p>Aucun message.</p>" in box
    assert "non lu" not in box


async def test_a_caregiver_reads_and_writes_but_refuses_no_sender_and_sets_nothing() -> None:
    house = family()
    know(house)
    put(house, received(), owner=ROSE)
    async with visiting(house) as client:
        await sign_in(client, house, "marc81durand")
        assert await open_profile(client, ROSE) == 303
        assert UNREAD in await (await client.get("/documents")).text()
        shown = (await page(client, ONE))[1]
        assert "Refuser les messages" not in shown
        assert (await page(client, f"{ONE}/refuser"))[0] == 403
        assert (await post(client, ONE, "/parametres/messagerie", accuses="oui"))[0] == 403
        assert (await post(client, ONE, BOX, fil=FIRST, texte="Rose va bien"))[0] == 303
    left = [one for one in house.correspondence.kept.values() if one.id != CAME]
    assert [(one.letter.text, one.by) for one in left] == [("Rose va bien", key_of(MARC).hex())]
