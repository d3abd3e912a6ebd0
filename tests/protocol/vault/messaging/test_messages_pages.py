"""`/messagerie`: what was written is listed and read (VAULT section 6)."""

from dataclasses import replace

from family_house import LEO, family, open_profile, page
from message_twins import FIRST, MemoryMessages, received
from vault_house import House, post, sign_in, visiting
from vault_twins import NOW

from gateway.records.correspondence.conversation import (
    Delivery,
    Enclosed,
    Folder,
    Mail,
    Reason,
    Shared,
    Shut,
    Way,
)

BOX, ONE = "/messagerie", f"/messagerie/{FIRST}"
UNREAD = 'Messagerie&nbsp;<span class="mark new">1<span class="unseen"> non lu</span></span>'


def furnished(*mails: Mail, shut: Shut | None = None) -> tuple[House, MemoryMessages]:
    house, room = House(), MemoryMessages()
    house.mail = room
    if mails:
        room.put(*mails, shut=shut)
    return house, room


def sent(delivery: Delivery, *, reason: Reason | None = None, by: str = "") -> Mail:
    return Mail(
        id="c" * 32,
        way=Way.OUT,
        at=NOW,
        by=by,
        text="Merci",
        delivery=delivery,
        reason=reason,
        is_own=not by,
    )


async def test_an_empty_box_says_so_and_the_navigation_leads_to_it() -> None:
    house, _ = furnished()
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
    house, _ = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = await (await client.get(BOX)).text()
        assert UNREAD in shown
        assert f'data-id="{FIRST}" data-kind="message" data-state="unread"' in shown
        assert "Médecin · Cabinet des Charmes" in shown
        assert "1 message non lu" in shown
        opened = (await page(client, ONE))[1]
        assert "Bonjour, voici votre courrier." in opened
        after = await (await client.get(BOX)).text()
    assert "non lu" not in opened
    assert "non lu" not in after
    assert 'data-state="read"' in after


async def test_words_are_looked_for_in_the_folder_that_is_open() -> None:
    house, _ = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        found = (await page(client, f"{BOX}?q=Lettre"))[1]
        none = (await page(client, f"{BOX}?q=radio&dossier=corbeille"))[1]
    assert "1 conversation dans « Reçus » : « Lettre »" in found
    assert "Aucun message ne correspond à cette recherche." in none
    assert '<a href="/messagerie?dossier=corbeille">Effacer la recherche</a>' in none


async def test_a_list_of_more_than_a_page_keeps_folder_and_words_in_the_next_address() -> None:
    house, room = furnished(received())
    for number in range(26):
        room.kept[f"{number:032x}"] = replace(
            room.kept[FIRST],
            conversation=replace(room.kept[FIRST].conversation, id=f"{number:032x}"),
        )
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = await (await client.get(f"{BOX}?q=Lettre")).text()
    assert '<a href="/messagerie?q=Lettre&amp;page=2" rel="next">' in shown


async def test_what_stands_in_a_message_is_text_and_nothing_else() -> None:
    house, _ = furnished(received("<script>alert(1)</script>\nhttps://exemple.fr/?a=1&b=2"))
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(ONE)
        shown = await answer.text()
    assert "&lt;script&gt;alert(1)&lt;/script&gt;\nhttps://exemple.fr/?a=1&amp;b=2</p>" in shown
    assert '<a href="https' not in shown


async def test_a_message_says_in_words_what_became_of_it() -> None:
    for delivery, state, said in (
        (Delivery.WAITING, "waiting", "◐ </span>en attente"),
        (Delivery.DELIVERED, "delivered", "● </span>remis"),
        (Delivery.UNDELIVERED, "undelivered", "✕ </span>non remis"),
        (Delivery.READ, "read", "● </span>lu"),
    ):
        reason = Reason.UNKNOWN_ADDRESS if delivery is Delivery.UNDELIVERED else None
        house, _ = furnished(received(), sent(delivery, reason=reason))
        async with visiting(house) as client:
            await sign_in(client, house)
            shown = (await page(client, ONE))[1]
        assert f'data-kind="message" data-state="{state}"' in shown
        assert said in shown
        assert ("n'existe pas, ou n'existe plus" in shown) is (reason is not None)
        assert "<h2>Vous</h2>" in shown


async def test_what_came_along_is_given_as_a_file_and_what_the_shield_keeps_is_only_named() -> None:
    enclosed = (
        Enclosed(place=0, name="courrier.html", mime_type="text/html", size=9),
        Enclosed(place=1, name="bilan.pdf", mime_type="application/pdf", size=9, document="d" * 32),
        Enclosed(
            place=2, name="jeu.pdf", mime_type="application/pdf", size=9, refused="active-content"
        ),
    )
    letter = replace(
        received(), enclosed=enclosed, shared=(Shared(document="e" * 32, title="Bilan"),)
    )
    house, room = furnished(letter)
    room.files[letter.id, 0] = ("courrier.html", "text/html", b"<script>")
    room.files[letter.id, 1] = ("../../bilan.pdf", "application/pdf", b"%PDF-1.4")
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, ONE))[1]
        pieces = f"{ONE}/pieces/{letter.id}"
        web, pdf = await client.get(f"{pieces}/0"), await client.get(f"{pieces}/1")
        kept = await client.get(f"{pieces}/2")
    assert f'href="/documents/{"d" * 32}">Voir dans les documents' in shown
    assert "<strong>jeu.pdf</strong> : retenue, car ce fichier contient du contenu actif." in shown
    assert f"{pieces}/2" not in shown
    assert web.content_type == "application/octet-stream"
    assert web.headers["Content-Disposition"] == 'attachment; filename="piece-bbbbbbbb-0.bin"'
    assert pdf.headers["Content-Disposition"] == 'attachment; filename="piece-bbbbbbbb-1.pdf"'
    assert pdf.headers["Content-Type"] == "application/pdf"
    assert pdf.headers["X-Content-Type-Options"] == "nosniff"
    assert pdf.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert kept.status == 404


async def test_an_ended_conversation_says_who_ended_it_and_has_no_form() -> None:
    house, _ = furnished(received(), shut=Shut.ENDED)
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, ONE))[1]
    assert '<div class="block warn" data-refusal="ended">' in shown
    assert "<p>Dr Anne Roux a mis fin à vos échanges.</p>" in shown
    assert "<textarea" not in shown


async def test_another_box_s_conversation_is_not_there() -> None:
    house, _ = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        other = f"{BOX}/{'f' * 32}"
        seen = {
            (await page(client, f"{other}{end}"))[0]
            for end in ("", "/supprimer", "/refuser", "/brouillon", f"/pieces/{'b' * 32}/0")
        }
        posted = {
            (await post(client, BOX, f"{other}{end}", acte="archiver"))[0]
            for end in ("", "/supprimer", "/refuser", "/brouillon")
        }
        answered = (await post(client, BOX, BOX, fil="f" * 32, texte="Bonjour"))[0]
    assert (seen, posted, answered) == ({404}, {404}, 404)


async def test_a_child_s_messages_are_read_in_the_child_s_profile() -> None:
    house, room = family(), MemoryMessages()
    house.mail = room
    room.put(received(), sent(Delivery.READ), sent(Delivery.READ, by="Marc DURAND"))
    async with visiting(house) as client:
        await sign_in(client, house)
        assert await open_profile(client, LEO) == 303
        box, one = (await page(client, BOX))[1], (await page(client, ONE))[1]
        sheet = (await page(client, f"{BOX}/ecrire"))[1]
    assert "<h1>Messagerie de Léo</h1>" in box
    assert "<h2>Marc DURAND</h2>" in one
    assert "Dans le profil de Léo, vous pouvez uniquement contacter" in sheet


async def test_a_house_without_messages_has_no_such_page() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await page(client, BOX))[0] == 404
        assert "accusé" not in (await page(client, "/parametres"))[1]
