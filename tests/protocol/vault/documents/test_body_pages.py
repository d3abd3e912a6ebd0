"""What a document shows in its frame, and what is downloaded."""

import base64
from datetime import UTC, date, datetime

import pytest
from cda_entries import concern, entry, problem, section, vaccination
from cda_sample import structured
from family_house import LEO, family, open_profile, page
from vault_house import CLAIRE, House, sign_in, sign_in_professional, visiting
from vault_samples import narrative_cda, pdf_of, result, wrapped_cda

from gateway.records.documents.document import CDA_TYPES, BodyKind

RESULTS = "x-application/hl7-v2+er7"


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


@pytest.mark.parametrize("mime_type", sorted(CDA_TYPES))
async def test_a_cda_of_level_one_is_shown_whatever_its_xml_is_called(mime_type: str) -> None:
    house = House()
    body = wrapped_cda("text/plain", b"Tout va bien.")
    name = house.add("Lettre", body=body, kind=BodyKind.TEXT, mime_type=mime_type)
    async with visiting(house) as client:
        await sign_in(client, house)
        assert "Tout va bien." in await (await client.get(f"/documents/{name}/corps")).text()


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


async def test_the_doctor_of_whom_results_are_is_named_and_no_professional_is_sent_to_one() -> None:
    house = family()
    for whose in (CLAIRE, LEO):
        name = house.add("Bilan", body=b"MSH|", owner=whose, mime_type=RESULTS, kind=BodyKind.TEXT)
        house.shelf.results[name] = [result("Leucocytes", "12.4", "G/L", "4.0-10.0", "H")]
    own, child = house.shelf.shelved
    async with visiting(house) as client, visiting(house) as office:
        await sign_in(client, house)
        assert "l'avis de votre médecin." in (await page(client, f"/documents/{own}/corps"))[1]
        assert await open_profile(client, LEO) == 303
        for sheet in ("corps", "imprimer"):
            _, told = await page(client, f"/documents/{child}/{sheet}")
            assert "l'avis du médecin de Léo." in told
            assert "votre médecin" not in told
        await sign_in_professional(office)
        _, told = await page(office, f"/pro/documents/{own}/corps")
    assert "Leucocytes" in told
    assert "l'avis" not in told


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


async def test_a_download_bears_the_day_of_paris_on_which_the_document_came() -> None:
    house = House()
    house.clock.at = datetime(2027, 1, 5, 23, 30, tzinfo=UTC)
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    assert house.shelf.shelved[name].card.deposited_at.date() == date(2026, 12, 31)  # in UTC
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"/documents/{name}/telecharger")
    assert "document-2027-01-01-" in answer.headers["Content-Disposition"]


async def test_a_pdf_inside_is_downloaded_as_one_and_traced_as_a_download() -> None:
    house = House()
    pdf = pdf_of(2)
    name = house.add("Genou", body=wrapped_cda("application/pdf", pdf), kind=BodyKind.PDF)
    bare = house.add("Sans PDF", body=narrative_cda("Bilan", "x"))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}")).text()
        answer = await client.get(f"/documents/{name}/telecharger/pdf")
        assert await answer.read() == pdf
        last = house.traces.rows[-1].trace
        assert (await client.get(f"/documents/{bare}/telecharger/pdf")).status == 404
    assert f'href="/documents/{name}/telecharger/pdf"' in page
    assert answer.content_type == "application/pdf"
    assert answer.headers["Content-Disposition"].endswith('.pdf"')
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert (last.action, last.document) == ("download", name)


async def test_the_page_to_print_is_the_whole_body_under_a_head() -> None:
    house = House()
    body = wrapped_cda("application/pdf", pdf_of(2))
    name = house.add("Genou", body=body, kind=BodyKind.PDF)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}")).text()
        answer = await client.get(f"/documents/{name}/imprimer")
        printed = await answer.text()
    assert f'href="/documents/{name}/imprimer"' in page
    policy = answer.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert not {"script-src", "sandbox"} & set(policy.replace(";", " ").split())
    assert "<strong>Claire DURAND</strong>, née le 12 mars 1984" in printed
    assert "imprimé le 12 mars 2026" in printed
    assert f'src="/documents/{name}/corps/page/2"' in printed


@pytest.mark.parametrize(
    ("mime_type", "content"),
    [
        ("text/rtf", b"{\\rtf1}"),
        ("image/tiff", b"II*\x00"),
        ("application/pdf", b"%PDF-broken"),
        ("image/png", b"\x89PNG\r\n\x1a\n without a size"),
    ],
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


async def test_texts_of_letters_are_shown_as_text_whatever_they_hold() -> None:
    house = House()
    rtf = house.add("Lettre", body=wrapped_cda("text/rtf", rb"{\rtf1 <b>Cher</b> coll\'e8gue}"),
                    kind=BodyKind.TEXT)  # fmt: skip
    text = "Été <script>x</script>".encode("cp1252")
    plain = house.add("Note", body=wrapped_cda("text/plain", text), kind=BodyKind.TEXT)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{rtf}/corps")).text()
        assert "&lt;b&gt;Cher&lt;/b&gt; collègue" in page
        page = await (await client.get(f"/documents/{plain}/corps")).text()
        assert "Été &lt;script&gt;x" in page


async def test_the_pdf_inside_a_structured_document_is_shown_page_by_page() -> None:
    house = House()
    data = base64.b64encode(pdf_of(2)).decode()
    media = (
        f'<entry><observationMedia ID="d"><value mediaType="application/pdf" representation="B64">'
        f"{data}</value></observationMedia></entry>"
    )
    body = narrative_cda("Bilan", '<renderMultiMedia referencedObject="d"/>')
    name = house.add("Bilan", body=body.replace(b"</text>", b"</text>" + media.encode()))
    async with visiting(house) as client:
        await sign_in(client, house)
        answer = await client.get(f"/documents/{name}/corps")
        assert "Copie du document (PDF), page 2 sur 2" in await answer.text()
        assert "allow-same-origin" in answer.headers["Content-Security-Policy"]
        page = await client.get(f"/documents/{name}/corps/image/0/page/2")
        assert (page.status, page.content_type) == (200, "image/png")
        for place in ("image/0/page/3", "image/0/page/0", "image/1", "image/1/page/1"):
            assert (await client.get(f"/documents/{name}/corps/{place}")).status == 404, place


async def test_coded_data_stand_below_the_text_and_lead_to_it() -> None:
    house = House()
    entries = (
        concern(problem())
        + entry(vaccination())
        + entry(
            '<observation><templateId root="1.3.6.1.4.1.19376.1.3.1.6"/><code code="3016-3"'
            ' displayName="TSH"/><value xsi:type="PQ" value="1.9" unit="mU/L"/></observation>'
        )
    )
    body = structured(sections=section(entries, text='<content ID="p1">Asthme ancien</content>'))
    name = house.add("Synthèse", body=body)
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}/corps")).text()
    assert "Données codées par l'auteur du document (3)" in page
    assert 'id="t-p1"' in page
    assert '<a href="#t-p1">lire le texte' in page
    said = (
        "Maladies et problèmes",
        "Vaccinations",
        "Lot : LOT-7",
        "Dose : n° 3",
        "depuis le 1 janvier 2026",
        "Dans le texte : Asthme ancien",
        "1.9 mU/L",
    )
    assert [words for words in said if words not in page] == []


async def test_a_document_without_coded_data_says_nothing_of_them() -> None:
    house = House()
    name = house.add("Bilan", body=narrative_cda("Bilan", "x"))
    async with visiting(house) as client:
        await sign_in(client, house)
        page = await (await client.get(f"/documents/{name}/corps")).text()
    assert "Données codées" not in page
