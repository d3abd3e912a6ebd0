"""The patient's documents and the professional's space, by the wire."""

import re
from dataclasses import replace

import pytest
from vault_house import (
    CLAIRE,
    MARC,
    PRO_TOKEN,
    House,
    key_of,
    narrative_cda,
    pdf_of,
    post,
    result,
    sign_in,
    sign_in_professional,
    visiting,
    wrapped_cda,
)

from gateway.records.document import BodyKind, Label
from gateway.records.filing import DocumentStatus
from gateway.vault.words import LABEL_WORDS

RESULTS = "x-application/hl7-v2+er7"


def ids_of(page: str) -> list[str]:
    return re.findall(r'data-id="([0-9a-f]{32})" data-kind="document"', page)


async def test_the_list_shows_the_eight_labels_in_order_with_their_counts() -> None:
    house = House()
    house.add("Bilan")
    house.add("Genou", label=Label.RADIO_SC, type_code="18748-4")
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/documents")).text()
    places = [page.index(words) for words in LABEL_WORDS.values()]
    assert places == sorted(places)
    assert 'Radio, écho, scanner, IRM <span class="count">(1)' in page
    assert 'Autres documents <span class="count">(0)' in page
    assert len(ids_of(page)) == 2


async def test_somebody_elses_document_and_one_that_is_not_there_are_the_same_page() -> None:
    house = House()
    foreign = house.add("Secret", owner=MARC)
    async with visiting(house) as client:
        await sign_in(client, house)
        answers = []
        for place in ("", "/corps", "/telecharger", "/corps/page/1"):
            for name in (foreign, "f" * 32):
                answer = await client.get(f"/documents/{name}{place}")
                assert answer.status == 404
                answers.append((await answer.text()).replace(name, ""))
    assert len(set(answers)) == 1
    assert "Secret" not in answers[0]


async def test_fifty_three_documents_fill_three_pages_without_overlap() -> None:
    house = House()
    for number in range(53):
        house.add(f"Document {number}")
    async with visiting(house) as client:
        await sign_in(client, house)
        seen: list[str] = []
        for page in ("1", "2", "3"):
            seen += ids_of(await (await client.get("/documents", params={"page": page})).text())
    assert len(seen) == len(set(seen)) == 53


async def test_filters_keep_their_values_and_say_what_they_did() -> None:
    house = House()
    house.add("Bilan de mars", act_date="2026-03-01")
    house.add("Lettre", label=Label.CPT_REND, act_date="2026-02-01")
    asked = {"libelle": "CPT_REND", "du": "2026-01-01", "au": "2026-02-28"}
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get("/documents", params=asked)).text()
        assert len(ids_of(page)) == 1
        assert (
            "1 document : Comptes rendus, depuis le 1 janvier 2026, jusqu&#39;au 28 février 2026"
            in page
        )
        assert 'value="CPT_REND" checked' in page
        assert "Effacer les filtres" in page
        page = await (await client.get("/documents", params={"q": "bilan"})).text()
        assert len(ids_of(page)) == 1
        page = await (await client.get("/documents", params={"libelle": "DEPISTAG"})).text()
        assert "Aucun document ne correspond à ces filtres." in page


@pytest.mark.parametrize(
    "asked",
    [
        {"du": "31/12/2026"},
        {"au": "2026-02-30"},
        {"du": "2026-03-01", "au": "2026-01-01"},
    ],
)
async def test_a_date_that_is_none_is_an_error_at_its_field(asked: dict[str, str]) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get("/documents", params=asked)
        assert answer.status == 422
        assert 'aria-invalid="true"' in await answer.text()


@pytest.mark.parametrize("page", ["0", "-1", "9" * 50, "²", "x", ""])
async def test_a_page_number_that_is_none_shows_a_page_all_the_same(page: str) -> None:
    house = House()
    house.add("Bilan")
    async with visiting(house) as client:
        await sign_in(client, house)
        assert (await client.get("/documents", params={"page": page})).status == 200


async def test_a_document_says_why_it_has_its_label_and_who_may_see_it() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "TSH normale"))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}")).text()
    assert "Pourquoi ce libellé ?" in page
    assert "type:11502-2" in page
    assert "Qui peut voir ce document, et pourquoi" in page
    assert "Dr Anne Roux" in page
    assert "Personne d'autre que vous n'a consulté ce document." in page
    assert f'src="/documents/{name}/corps"' in page


async def test_a_narrative_is_framed_under_a_sandbox_and_nothing_of_it_can_run() -> None:
    house = House()
    text = "TSH <content>2,1</content><script>window.x=1</script>"
    name = house.add("Bilan", body=narrative_cda("Bilan", text))
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"/documents/{name}/corps")
        page = await answer.text()
    policy = answer.headers["Content-Security-Policy"]
    assert "sandbox" in policy
    assert "script-src" not in policy
    assert "frame-ancestors 'self'" in policy
    assert "TSH" in page
    assert "<script" not in page


async def test_the_pages_of_a_pdf_are_pictures_of_ours() -> None:
    house = House()
    body = wrapped_cda("application/pdf", pdf_of(2))
    name = house.add("Genou", body=body, kind=BodyKind.PDF)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}/corps")).text()
        assert "Page 2 sur 2" in page
        picture = await client.get(f"/documents/{name}/corps/page/2")
        assert picture.content_type == "image/png"
        assert (await picture.read()).startswith(b"\x89PNG")
        assert (await client.get(f"/documents/{name}/corps/page/3")).status == 404
        assert (await client.get(f"/documents/{name}/corps/page/0")).status == 404


async def test_results_are_a_table_with_the_range_and_words_beside_each_value() -> None:
    house = House()
    name = house.add("Résultats", body=b"MSH|", kind=BodyKind.TEXT, mime_type=RESULTS)
    house.shelf.results[name] = [result("Leucocytes", "12.4", "G/L", "4.0-10.0", "H")]
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}/corps")).text()
    assert "<caption>Hémogramme</caption>" in page
    assert "12.4 G/L" in page
    assert "4.0-10.0" in page
    assert "au-dessus" in page


async def test_a_download_is_the_bytes_received_under_a_name_of_ours() -> None:
    house = House()
    body = narrative_cda("Bilan de Mme Durand", "x")
    name = house.add("Bilan", body=body)
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"/documents/{name}/telecharger")
        assert await answer.read() == body
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="document-')
    assert "Durand" not in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"


async def test_masking_takes_the_document_from_the_professionals_list_at_once() -> None:
    house = House()
    name = house.add("Bilan")
    house.shelf.shelved[name] = replace(
        house.shelf.shelved[name],
        card=replace(house.shelf.shelved[name].card, author_ids=("x",), organization="y"),
    )
    record = f"/pro/patients/{key_of(CLAIRE).hex()}"
    async with visiting(house) as client:
        await sign_in_professional(client)
        assert ids_of(await (await client.get(record)).text()) == [name]
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = f"/documents/{name}"
        status, place, _ = await post(client, page, f"{page}/visibilite", masque="oui")
        assert (status, place) == (303, f"{page}?masque=oui")
        assert "Document masqué" in await (await client.get(place)).text()
        status, _, _ = await post(client, page, f"{page}/visibilite", masque="peut-être")
        assert status == 422
        client.session.cookie_jar.clear()
        await sign_in_professional(client)
        text = await (await client.get(record)).text()
        assert "Aucun document accessible." in text
        assert (await client.get(f"/pro/documents/{name}")).status == 404


async def test_a_patient_who_gave_no_consent_is_one_sentence_and_nothing_else() -> None:
    house = House()
    house.add("Bilan", owner=MARC)
    async with visiting(house) as client:
        await sign_in_professional(client)
        ins = " ".join(MARC.ins or "")
        status, place, _ = await post(client, "/pro", "/pro/patients", ins=ins)
        assert status == 303
        text = await (await client.get(place)).text()
    assert "Le patient n'autorise pas l'accès." in text
    assert "Bilan" not in text


@pytest.mark.parametrize("ins", ["", "123", "2" * 15, "²" * 15])
async def test_an_ins_that_is_nobodys_is_an_error_in_words(ins: str) -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        status, _, page = await post(client, "/pro", "/pro/patients", ins=ins)
    assert status == 422
    assert "Il y a un problème" in page


async def test_the_patient_reads_who_opened_what_and_by_which_rule() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    async with visiting(house) as client:
        await sign_in_professional(client)
        await client.get(f"/pro/documents/{name}")
        await client.get(f"/pro/documents/{name}/corps")
        client.session.cookie_jar.clear()
        await sign_in(client, house)
        page = await (await client.get("/historique")).text()
    assert page.count("Dr Anne Roux") == 1, "a page and its frame are one reading"
    assert "a ouvert un document" in page
    assert "(P11)" in page


async def test_a_replaced_version_is_under_its_successor_and_out_of_the_list() -> None:
    house = House()
    old, new = house.add("Bilan"), house.add("Bilan corrigé")
    one = house.shelf.shelved[old]
    house.shelf.shelved[old] = replace(
        one, card=replace(one.card, status=DocumentStatus.SUPERSEDED), superseded_by=new
    )
    async with visiting(house) as client:
        await sign_in(client, house)
        assert ids_of(await (await client.get("/documents")).text()) == [new]
        assert f'href="/documents/{old}"' in await (await client.get(f"/documents/{new}")).text()
        page = await (await client.get(f"/documents/{old}")).text()
    assert "Une version plus récente existe" in page


async def test_with_an_authorization_header_the_senders_answer_not_the_page() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get("/documents/r1", headers={"Authorization": "Bearer x"})
        assert await answer.json() == {"receipt": "r1"}


async def test_every_answer_carries_the_security_headers() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    paths = ["/", "/connexion", "/aide", "/accessibilite", "/protection-donnees-personnelles"]
    paths += ["/documents", f"/documents/{name}", f"/documents/{name}/telecharger", "/historique"]
    paths += ["/static/app.css", "/static/app.js", "/favicon.ico", "/nothing", "/static/nothing"]
    paths += ["/fhir/metadata", "/fhir/DocumentReference", f"/fhir/Binary/{name}"]
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in paths:
            headers = (await client.get(path)).headers
            policy = headers["Content-Security-Policy"]
            for part in ("default-src 'none'", "frame-ancestors", "base-uri", "form-action"):
                assert part in policy, path
            assert "unsafe" not in policy
            assert headers["X-Content-Type-Options"] == "nosniff"
            assert headers["Referrer-Policy"] == "no-referrer"
            if not path.startswith(("/static/a", "/favicon")):
                assert headers["Cache-Control"] == "no-store", path


async def test_no_page_holds_inline_script_or_style() -> None:
    house = House()
    name = house.add("<script>alert(1)</script>", body=narrative_cda("x", "y"))
    async with visiting(house) as client:
        await sign_in(client, house)
        for path in ("/", "/documents", f"/documents/{name}", "/historique"):
            page = await (await client.get(path)).text()
            assert not re.search(r"<script(?![^>]* src=)|<style|\sstyle=|\son\w+=", page), path


async def test_a_professional_session_opens_no_patients_page() -> None:
    house = House()
    async with visiting(house) as client:
        await sign_in_professional(client)
        answer = await client.get("/documents", allow_redirects=False)
        assert answer.status == 303
    assert PRO_TOKEN.encode() not in b"".join(house.sessions.kept)


@pytest.mark.parametrize(
    ("mime_type", "content"),
    [("text/rtf", b"{\\rtf1 x}"), ("image/tiff", b"II*\x00"), ("application/pdf", b"%PDF-broken")],
)
async def test_what_cannot_be_shown_is_said_and_may_be_downloaded(
    mime_type: str, content: bytes
) -> None:
    house = House()
    body = wrapped_cda(mime_type, content)
    name = house.add("Fichier", body=body, kind=BodyKind.PDF)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}/corps")).text()
        assert "Aperçu non disponible. Vous pouvez télécharger le document." in page
        assert (await client.get(f"/documents/{name}/corps/page/1")).status == 404
        assert (await client.get(f"/documents/{name}/telecharger")).status == 200


async def test_an_address_that_is_nobodys_is_a_page_or_an_outcome() -> None:
    async with visiting(House()) as client:
        for method in ("GET", "POST", "PUT"):
            answer = await client.request(method, "/nulle-part")
            assert answer.status == 404
            assert "Cette page n'existe pas ou vous n'y avez pas accès." in (
                (await answer.text()).replace("&#39;", "'")
            )
        answer = await client.get("/fhir/Nothing")
        assert (await answer.json())["resourceType"] == "OperationOutcome"
