"""What a document shows in its frame, and what is downloaded."""

import pytest
from vault_house import House, sign_in, visiting
from vault_samples import narrative_cda, pdf_of, result, wrapped_cda

from gateway.records.document import BodyKind

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
