"""The forms of `/messagerie`: an answer, a first message, what is refused (MSG-04 to MSG-10)."""

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest
from aiohttp import FormData
from family_house import page
from message_twins import FIRST, ROUX, furnished, put, received
from test_messages_pages import BOX, ONE
from vault_house import MARC, Browser, House, post, sign_in, token_of, visiting
from vault_twins import NOW

from gateway.records.correspondence.conversation import Way
from gateway.records.correspondence.letter import KeptMail, Letter
from gateway.vault.messaging.form import FORM_BYTES

SHEET = f"{BOX}/ecrire"
KEY = "of-one-form-that-was-shown"


def left(house: House) -> list[KeptMail]:
    """What was sent."""
    return [one for one in house.correspondence.kept.values() if one.way is Way.OUT]


def hidden(answer: tuple[int, str], name: str) -> str:
    """The hidden field of that name."""
    found = re.search(rf'name="{name}" value="([^"]+)"', answer[1])
    assert found is not None
    return found[1]


def refusal(body: str, code: str, said: str) -> bool:
    """Whether the page says so, and to programs by its code."""
    marked = f'<div data-refusal="{code}"><div class="block bad" role="alert"'
    return marked in body and said in unescape(body)


async def test_an_answer_is_sent_with_the_documents_that_are_chosen() -> None:
    house = furnished(received())
    first, second = house.add("Bilan"), house.add("Ordonnance")
    async with visiting(house) as client:
        await sign_in(client, house)
        form = FormData(default_to_multipart=True)
        for name, value in (
            ("jeton", await token_of(client, ONE)),
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
        shown = (await page(client, f"{ONE}?fait=envoye"))[1]
    assert "Message envoyé" in shown
    assert f'<a href="/documents/{second}">Ordonnance</a>' in shown
    assert "◐ </span>en attente" in shown
    (one,) = left(house)
    assert (one.letter.text, one.documents) == ("Merci,\nà bientôt", (first, second))
    assert [task.subject for task in house.correspondence.tasks] == [one.id]


async def test_a_second_click_sends_nothing_and_other_words_are_another_message() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        key = hidden(await page(client, ONE), "cle")
        for text in ("Merci", "Merci", "Merci encore"):
            status, place, _ = await post(client, ONE, BOX, fil=FIRST, texte=text, cle=key)
            assert (status, place) == (303, f"{ONE}?fait=envoye")
        assert hidden(await page(client, ONE), "cle") != key
    assert [one.letter.text for one in left(house)] == ["Merci", "Merci encore"]
    assert len(house.correspondence.tasks) == 2


async def test_a_second_click_on_a_first_message_sends_nothing() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        key = hidden(await page(client, SHEET), "cle")
        said = {"destinataire": ROUX, "objet": "Question", "texte": "Bonjour", "cle": key}
        places = {(await post(client, SHEET, BOX, **said))[1] for _ in range(2)}
    assert len(places) == len(left(house)) == 1


async def test_a_form_that_is_shown_again_keeps_its_key() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        key = hidden(await page(client, ONE), "cle")
        answer = await post(client, ONE, BOX, fil=FIRST, texte=" ", cle=key)
    assert hidden((answer[0], answer[2]), "cle") == key


async def test_a_first_message_goes_to_a_correspondent_of_the_list() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, place, _ = await post(
            client, SHEET, BOX, destinataire=ROUX, objet="Question", texte="Bonjour"
        )
        shown = (await page(client, place))[1]
    assert (status, FIRST in place) == (303, False)
    assert "<h1>Question</h1>" in shown
    assert [(one.to, one.letter.subject) for one in left(house)] == [(ROUX, "Question")]


async def test_all_that_a_first_message_leaves_out_is_said_at_once_and_nothing_is_sent() -> None:
    house = furnished(received())
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
    assert left(house) == []


async def test_who_has_nobody_to_write_to_is_told_why() -> None:
    house = furnished()
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, SHEET))[1]
    assert (
        "Je peux uniquement contacter les professionnels qui m'ont déjà écrit et qui n'ont pas "
        "mis fin aux échanges." in shown
    )
    assert "<textarea" not in shown


async def test_a_refused_answer_says_why_and_keeps_what_was_typed() -> None:
    house = furnished(received())
    small, large = house.add("Bilan"), house.add("Scanner", body=b"x" * 5_000_001)
    many = [house.add(f"Bilan {number}") for number in range(11)]
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)

        empty, too_long = (
            await _send(client, token, " \n "),
            await _send(client, token, "é" * 10_001),
        )
        heavy = await _send(client, token, "Voici <tout", large, small)
        several = await _send(client, token, "Voici", *many)
    assert (empty[0], refusal(empty[1], "empty", "Votre message est vide.")) == (422, True)
    said = "Votre message compte 10\u00a0001 caractères. Raccourcissez-le à 10\u00a0000 au plus."
    assert (too_long[0], refusal(too_long[1], "text-too-long", said)) == (422, True)
    assert "é" * 10_001 in too_long[1]
    said = "La taille du ou des documents dépasse la limite autorisée."
    assert (heavy[0], refusal(heavy[1], "too-large", said)) == (413, True)
    assert "Voici &lt;tout</textarea>" in heavy[1]
    assert f'value="{large}" checked' in heavy[1]
    assert (several[0], refusal(several[1], "too-many", "Choisissez 10 documents")) == (422, True)
    assert left(house) == []


async def test_a_document_that_is_not_yours_is_refused_as_one_that_is_not_there() -> None:
    house = furnished(received())
    foreign = house.add("Bilan de Marc", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        answers = [
            await post(client, ONE, BOX, fil=FIRST, texte="Voici", documents=one, cle=KEY)
            for one in (foreign, "f" * 32)
        ]
    assert answers[0] == answers[1]
    assert answers[0][0] == 404
    assert refusal(answers[0][2], "not-yours", "Un des documents choisis n'est plus disponible.")
    assert "Bilan de Marc" not in answers[0][2]


async def test_who_ended_the_exchange_is_not_answered_and_the_text_is_not_lost() -> None:
    house = furnished(received(is_last=True))
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, body = await post(client, ONE, BOX, fil=FIRST, texte="Bonjour <toi")
        again = await post(client, SHEET, BOX, destinataire=ROUX, objet="Question", texte="Bonjour")
    assert status == 409
    assert refusal(body, "ended", "Dr Anne Roux a mis fin à vos échanges.")
    assert '<p class="said">Bonjour &lt;toi</p>' in body
    assert again[0] == 409
    assert left(house) == []


async def test_a_stranger_is_not_written_to_and_the_values_are_kept() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, body = await post(
            client, SHEET, BOX, destinataire="x@hopital.mssante.fr", objet="Une", texte="Bonjour"
        )
    assert status == 403
    assert refusal(body, "unknown-correspondent", "Je peux uniquement contacter les professionnels")
    assert 'id="destinataire-error"' in body
    assert 'name="objet" value="Une"' in body
    assert "Bonjour</textarea>" in body


@pytest.mark.parametrize("subject", ["Une\nligne", "Une\r\nBcc: x@exemple.fr", "é" * 201])
async def test_a_subject_is_one_line_of_limited_length(subject: str) -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        status, _, body = await post(
            client, SHEET, BOX, destinataire=ROUX, objet=subject, texte="Bonjour"
        )
    assert status == 422
    said = "L'objet tient sur une seule ligne, de 200 caractères au plus."
    assert refusal(body, "subject", said)
    assert 'id="objet-error"' in body
    assert left(house) == []


async def test_ten_thousand_letters_of_four_bytes_come_through_the_form_and_no_book() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        token = await token_of(client, ONE)
        assert (await _send(client, token, "😀" * 10_000))[0] == 303
        assert (await _send(client, token, "a" * (FORM_BYTES + 1)))[0] == 413
    assert [len(one.letter.text) for one in left(house)] == [10_000]


async def _send(client: Browser, token: str, text: str, *documents: str) -> tuple[int, str]:
    form = FormData({"jeton": token, "fil": FIRST, "texte": text}, default_to_multipart=True)
    for one in documents:
        form.add_field("documents", one)
    answer = await client.post(BOX, data=form, allow_redirects=False)
    return answer.status, await answer.text()


async def test_a_message_that_was_typed_in_another_profile_is_not_sent() -> None:
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        proof = (await token_of(client, ONE)).partition(".")[0]
        data = {"jeton": f"{proof}.{'0' * 32}", "fil": FIRST, "texte": "Bonjour"}
        answer = await client.post(BOX, data=data, allow_redirects=False)
    assert answer.status == 409
    assert left(house) == []


async def test_a_document_s_page_leads_to_a_message_with_it_in() -> None:
    house = furnished(received())
    document = house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        shown = (await page(client, f"/documents/{document}"))[1]
        place = f"{SHEET}?documents={document}"
        assert f'href="{place}">Envoyer par messagerie</a>' in shown
        assert f'value="{document}" checked' in (await page(client, place))[1]


async def test_an_answer_goes_to_whom_its_writer_saw_or_is_asked_again() -> None:
    """Another professional wrote in the same conversation while the form was open."""
    house = furnished(received())
    async with visiting(house) as client:
        await sign_in(client, house)
        seen = hidden(await page(client, ONE), "destinataire")
        letter = Letter(subject="Re: Lettre", sender="lou@labo.mssante.fr", text="Et moi")
        put(house, replace(received(), id="d" * 32, at=NOW + timedelta(minutes=1), letter=letter))
        meant = {"fil": FIRST, "texte": "Entre nous"}
        status, _, body = await post(client, ONE, BOX, **meant, destinataire=seen)
        assert (status, seen) == (409, ROUX)
        assert refusal(body, "other-correspondent", "lou@labo.mssante.fr a écrit dans")
        assert "Entre nous" in body
        assert left(house) == []
        now = hidden((status, body), "destinataire")
        assert (await post(client, ONE, BOX, **meant, destinataire=now))[0] == 303
    assert [one.to for one in left(house)] == ["lou@labo.mssante.fr"]
