"""What the patient reads of an emergency: red words, who, why and how much (VAULT EMG-03)."""

import re
from dataclasses import replace
from html import unescape

from urgent_house import DOOR, RECORD, Client, enter, in_emergency
from vault_house import House, post, sign_in, sign_in_professional, visiting


async def history(client: Client, house: House, query: str = "") -> str:
    client.session.cookie_jar.clear()
    await sign_in(client, house)
    return unescape(await (await client.get(f"/historique{query}")).text())


def red(page: str) -> list[str]:
    """The words of each emergency above the lines."""
    block = page.partition('<section class="block bad" aria-labelledby="urgences">')[2]
    items = re.findall(r'<li data-kind="emergency">(.*?)</li>', block, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in items]


async def test_an_entry_is_one_red_line_however_often_its_page_is_looked_at() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await enter(client, precision="chute de vélo")
        for _ in range(3):
            await client.get(RECORD)
        page = await history(client, house)
    (line,) = red(page)
    assert "Dr Anne Roux" in line
    assert "a ouvert votre dossier en urgence · 1 document lu" in line
    assert "motif : Perte de connaissance ou coma, chute de vélo" in line
    assert "▲ </span>Accès en urgence" in page, "in words, not by the colour alone"
    rows = re.findall(r'data-kind="trace".*?</tr>', page, re.DOTALL)
    assert sum("a consulté les données codées" in row for row in rows) == 1
    assert all("(P06)" in row for row in rows if "Accès en urgence" in row)


async def test_the_patient_reads_the_whole_of_a_motive_and_a_longer_one_is_told_not_cut() -> None:
    house = in_emergency()
    whole = "é" * 497 + "fin"
    async with visiting(house) as client:
        await sign_in_professional(client)
        told = {"motif": "autre", "incapable": "oui"}
        status, _, page = await post(client, DOOR, DOOR, precision=f"{whole}!", **told)
        assert status == 422
        assert "Le motif compte 501 caractères." in unescape(page)
        assert f'value="{whole}!"' in unescape(page), "what was typed is kept"
        assert (await post(client, DOOR, DOOR, precision=whole, **told))[0] == 303
        shown = await history(client, house)
    (line,) = red(shown)
    assert f"motif : Autre motif, {whole}" in line


async def test_another_motive_without_words_is_told_at_the_field_of_the_words() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        told = {"motif": "autre", "incapable": "oui", "precision": " "}
        status, _, page = await post(client, DOOR, DOOR, **told)
        assert (status, 'id="precision-error"' in page, 'id="motif-error"' in page) == (
            422,
            True,
            False,
        )
        assert '<a href="#precision">Précisez le motif en quelques mots.</a>' in unescape(page)


async def test_a_second_motive_is_a_second_line() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await enter(client)
        await enter(client, motif="detresse")
        page = await history(client, house)
    assert [one.partition("motif : ")[2].partition(" ·")[0] for one in red(page)] == [
        "Détresse vitale",
        "Perte de connaissance ou coma",
    ]


async def test_who_did_not_enter_ends_nothing_and_says_it_once() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await post(client, RECORD, f"{RECORD}/urgence/fin")
        await enter(client)
        for _ in range(2):
            status, _, _ = await post(client, RECORD, f"{RECORD}/urgence/fin")
            assert status == 303
    assert [row.trace.action for row in house.traces.rows].count("emergency-end") == 1


async def test_a_refused_try_is_told_with_its_reason_and_is_no_entry() -> None:
    house = in_emergency()
    house.people.pros[0] = replace(house.people.pros[0], profession="R94_41")
    async with visiting(house) as client:
        await sign_in_professional(client)
        told = {"motif": "coma", "incapable": "oui"}
        assert (await post(client, DOOR, DOOR, **told))[0] == 403
        page = await history(client, house)
    assert red(page) == []
    assert "(F47)" in page
    assert "Ce mode est réservé aux professionnels de santé." in page


async def test_what_is_written_as_a_motive_stays_text() -> None:
    house = in_emergency()
    async with visiting(house) as client:
        await sign_in_professional(client)
        await enter(client, precision="<script>alert(1)</script>")
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = await (await client.get("/historique")).text()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page
