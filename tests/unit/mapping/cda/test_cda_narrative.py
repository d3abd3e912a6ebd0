"""Narratives become HTML of our own: safe whatever was sent, and readable by everybody."""

import base64
import re
import struct
import time

import pytest
from cda_sample import narrative, pdf, scanned, structured

from gateway.errors import RefusedError
from gateway.mapping.cda.figures import embedded, first_pdf
from gateway.mapping.cda.narrative import render_narrative


def png(width: int = 4, height: int = 3) -> bytes:
    """As much of a picture as says its size."""
    return b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + struct.pack(">II", width, height)


PNG = png()
ALLOWED = re.compile(
    r"<(?:/?(?:section|h[2-6]|p|ul|ol|li|div|table|caption|thead|tbody|tfoot|tr|th|td|span|sub|sup|"
    r"small|a|ins|del|pre|figure|figcaption)|br|img)(?: (?:class|href|rel|src|alt|scope|rowspan|"
    r'colspan|id|role|tabindex|aria-label)="[^"<>]*")*>'
)


def entry(content: bytes, media: str) -> str:
    value = base64.b64encode(content).decode()
    return (
        f'<entry><observationMedia ID="m1"><value mediaType="{media}" representation="B64">'
        f"{value}</value></observationMedia></entry>"
    )


def html(text: str, entries: str = "") -> str:
    rendered = render_narrative(narrative(text, entries), prefix="/documents/1/figures")
    assert not ALLOWED.sub("", rendered).count("<"), rendered[:2_000]
    return rendered


def test_text_stays_text() -> None:
    text = "<paragraph>&lt;script&gt;alert(1)&lt;/script&gt; &amp; fin</paragraph>"
    assert "<p>&lt;script&gt;alert(1)&lt;/script&gt; &amp; fin</p>" in html(text)


@pytest.mark.parametrize(
    "text",
    [
        "<script>window.x=1</script>",
        '<h:img xmlns:h="http://www.w3.org/1999/xhtml" src="http://127.0.0.1:9/a"/>',
        '<svg xmlns="http://www.w3.org/2000/svg"><script>x</script></svg>',
        '<h:div xmlns:h="http://www.w3.org/1999/xhtml" style="background:url(//a)"/>',
        '<paragraph onclick="x()" style="color:red"/>',
        '<linkHtml href="javascript:x()"/>',
        '<linkHtml href="java&#9;script&#58;x()"/>',
        '<linkHtml href="data:text/html,a"/>',
        '<linkHtml href="//evil.test/"/>',
        '<linkHtml href="https://a.test/&quot; onclick=&quot;x()"/>',
    ],
)
def test_nothing_active_is_written(text: str) -> None:
    rendered = html(text)
    assert not re.search(r"script|onclick|style=|href|src=|url\(", rendered)


def test_https_and_mail_links_are_kept_and_tied_up() -> None:
    rendered = html('<linkHtml href="https://www.has-sante.fr/">HAS</linkHtml>')
    assert '<a href="https://www.has-sante.fr/" rel="noopener noreferrer">HAS</a>' in rendered
    assert ">https://a.test/</a>" in html('<linkHtml href="https://a.test/"/>')
    assert 'href="mailto:a@b.test"' in html('<linkHtml href="mailto:a@b.test">x</linkHtml>')


def test_tables_have_captions_and_scoped_headers() -> None:
    rendered = html(
        "<table><caption>Bilan</caption><thead><tr><th>Examen</th><th>Valeur</th></tr></thead>"
        '<tbody><tr><th>TSH</th><td colspan="2" rowspan="999">1,9</td></tr></tbody></table>'
    )
    assert "<caption>Bilan</caption>" in rendered
    assert rendered.count('scope="col"') == 2
    assert '<th scope="row">TSH</th><td colspan="2">1,9</td>' in rendered
    untitled = html("<table><tbody><tr><td>1</td></tr></tbody></table>")
    assert '<caption class="cda-hidden">Section</caption>' in untitled


def test_lists_styles_and_revisions_have_fixed_words() -> None:
    rendered = html(
        '<list listType="ordered"><caption>Liste</caption><item>un</item></list>'
        '<content styleCode="Bold xEvil">gras</content><content revised="delete">ôté</content>'
        "<paragraph>H<sub>2</sub>O<br/>fin</paragraph>"
    )
    assert '<p class="cda-caption">Liste</p><ol><li>un</li></ol>' in rendered
    assert '<span class="cda-bold">gras</span><del>ôté</del>' in rendered
    assert "H<sub>2</sub>O<br>fin" in rendered


def test_nested_sections_go_down_one_heading_and_never_below_six() -> None:
    deep = "<section><title>Fond</title></section>"
    for _ in range(8):
        deep = f"<section><title>T</title><component>{deep}</component></section>"
    data = structured(sections=f"<component>{deep}</component>")
    rendered = render_narrative(data)
    assert "<h3>T</h3>" in rendered
    assert "<h6>Fond</h6>" in rendered


def test_a_picture_is_referenced_by_its_number_and_served_by_it() -> None:
    data = narrative('<renderMultiMedia referencedObject="m1"/>', entry(PNG, "image/png"))
    assert '<img src="f/0" alt="Section">' in render_narrative(data, prefix="f")
    assert embedded(data, 0) == ("image/png", PNG)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (png(50_000, 50_000), "image/png"),
        (png(0, 7), "image/png"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"GIF89a" + struct.pack("<HH", 65_535, 65_535), "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x0b\x08\xff\xff\xff\xff", "image/jpeg"),
        (b"\xff\xd8\xff\xe0\x00", "image/jpeg"),
        (b"\xff\xd8\xff" + b"\xd0\xff" * 9_000, "image/jpeg"),
        (PNG + bytes(10_000_001), "image/png"),
    ],
)
def test_a_picture_that_would_fill_a_browser_or_says_no_size_is_not_shown(
    content: bytes, media: str
) -> None:
    data = narrative('<renderMultiMedia referencedObject="m1"/>', entry(content, media))
    assert "non affichable" in render_narrative(data)
    with pytest.raises(RefusedError):
        embedded(data, 0)


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"GIF89a" + struct.pack("<HH", 4, 3), "image/gif"),
        (b"\xff\xd8\xff\xe0\x00\x04ab\xff\xff\xc2\x00\x0b\x08\x00\x03\x00\x04", "image/jpeg"),
    ],
)
def test_gif_and_jpeg_are_pictures_too(content: bytes, media: str) -> None:
    assert embedded(narrative("", entry(content, media)), 0) == (media, content)


@pytest.mark.parametrize("called", ["image/jpeg", "image/jpg", "IMAGE/GIF; name=code"])
def test_a_picture_that_is_called_another_is_shown_as_what_it_is(called: str) -> None:
    data = narrative('<renderMultiMedia referencedObject="m1"/>', entry(PNG, called))
    assert '<img src="f/0" alt="Section">' in render_narrative(data, prefix="f")
    assert embedded(data, 0) == ("image/png", PNG)
    with pytest.raises(RefusedError):
        embedded(narrative("", entry(pdf(), called)), 0)


def test_the_caption_of_a_picture_stands_below_it() -> None:
    text = '<renderMultiMedia referencedObject="m1"><caption>Genou</caption></renderMultiMedia>'
    rendered = html(text, entry(PNG, "image/png"))
    assert 'alt="Genou"><figcaption>Genou</figcaption></figure>' in rendered


def test_a_file_that_no_text_names_stands_at_the_end() -> None:
    rendered = html("<paragraph>Rien</paragraph>", entry(PNG, "image/png"))
    assert "<h3>Pièces jointes</h3>" in rendered
    assert rendered.index("Rien") < rendered.index("/documents/1/figures/0")
    named = html('<renderMultiMedia referencedObject="m1"/>', entry(PNG, "image/png"))
    assert "Pièces jointes" not in named


def test_a_file_that_no_text_names_and_that_may_not_be_shown_is_told_of() -> None:
    unshown = entry(b"<a/>", "application/xml")
    assert "<p>Une pièce jointe ne peut pas être affichée. Elle est dans" in html("", unshown)
    rendered = html("", entry(PNG, "image/png") + unshown * 2)
    assert "/documents/1/figures/0" in rendered
    assert "<p>2 pièces jointes ne peuvent pas être affichées." in rendered
    named = html('<renderMultiMedia referencedObject="m1"/>', unshown)
    assert "peut pas" not in named, "it was told where the text names it"
    nothing = unshown.replace('mediaType="application/xml"', 'nullFlavor="NA"')
    assert "Pièces jointes" not in html("", nothing)


def test_the_pages_of_a_pdf_are_pictures_and_a_second_mention_leads_back() -> None:
    twice = '<renderMultiMedia referencedObject="m1"/>' * 2
    data = narrative(twice, entry(pdf(), "application/pdf"))
    rendered = render_narrative(data, prefix="f", pages=lambda _: 30)
    assert rendered.count("<img") == 25
    assert 'src="f/0/page/25"' in rendered
    assert "Copie du document (PDF), page 1 sur 30" in rendered
    assert "Seules les 25 premières pages sur 30 sont montrées." in rendered
    assert '<div id="file-0">' in rendered
    assert '<a href="#file-0"' in rendered


def test_a_pdf_that_cannot_be_opened_is_a_link() -> None:
    def broken(_data: bytes) -> int:
        raise RefusedError("The PDF cannot be opened.")

    data = narrative('<renderMultiMedia referencedObject="m1"/>', entry(pdf(), "application/pdf"))
    assert '<a href="f/0"' in render_narrative(data, prefix="f", pages=broken)


def test_ids_are_kept_under_a_prefix_once_and_inner_links_reach_them() -> None:
    rendered = html(
        '<paragraph ID="un">a</paragraph><paragraph ID="un">b</paragraph>'
        '<content ID="app.js">c</content><content ID="x y&quot;z">d</content>'
        '<linkHtml href="#un">voir</linkHtml><linkHtml href="#&quot;">non</linkHtml>'
    )
    assert rendered.count('id="t-un"') == 1
    assert 'id="t-app.js"' in rendered
    assert '<a href="#t-un" rel="noopener noreferrer">voir</a>' in rendered
    assert "<span>non</span>" in rendered
    assert "x y" not in rendered


def test_a_wide_table_scrolls_by_keyboard_and_says_its_name() -> None:
    rendered = html("<table><caption>Bilan &lt;b&gt;</caption><tbody/></table><table/>")
    assert '<div class="cda-table" role="region" tabindex="0"' in rendered
    assert 'aria-label="Tableau 1 : Bilan &lt;b&gt;"' in rendered
    assert 'aria-label="Tableau 2 : Section"' in rendered


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252"])
def test_a_text_body_is_read_in_the_charset_it_is_written_in(charset: str) -> None:
    rendered = render_narrative(scanned("Été à l'hôpital, œil".encode(charset), "text/plain"))
    assert "Été à l'hôpital, œil" in rendered


def test_the_pdf_inside_is_found_behind_files_that_are_missing_or_damaged() -> None:
    missing = '<entry><observationMedia><value nullFlavor="UNK"/></observationMedia></entry>'
    before = missing + entry(PNG, "image/png") + entry(b"x", "application/pdf")
    assert first_pdf(narrative("", before + entry(pdf(), "application/pdf"))) == pdf()
    with pytest.raises(RefusedError):
        first_pdf(narrative("", before))


def test_an_embedded_pdf_is_a_link() -> None:
    rendered = html('<renderMultiMedia referencedObject="m1"/>', entry(pdf(), "application/pdf"))
    assert '<a href="/documents/1/figures/0" rel="noopener noreferrer">Copie du' in rendered


@pytest.mark.parametrize(("content", "media"), [(b"<svg/>", "image/svg+xml"), (b"x", "image/png")])
def test_what_may_not_be_shown_is_said_and_not_served(content: bytes, media: str) -> None:
    text = '<renderMultiMedia referencedObject="m1"/>'
    assert "non affichable" in html(text, entry(content, media))
    with pytest.raises(RefusedError):
        embedded(narrative(text, entry(content, media)), 0)
    with pytest.raises(RefusedError):
        embedded(narrative(text), 7)


def test_a_plain_text_body_is_shown_as_text() -> None:
    assert render_narrative(scanned(b"<b>a</b>", "text/plain")) == (
        '<pre class="cda-text">&lt;b&gt;a&lt;/b&gt;</pre>'
    )
    assert render_narrative(scanned(pdf())) == ""


def test_a_heading_of_a_row_is_told_from_the_headings_of_a_row_of_headings() -> None:
    rendered = html(
        "<table><tbody><tr><th>a</th><th>b</th></tr><tr><th>c</th><td>d</td></tr></tbody></table>"
    )
    assert rendered.count('scope="col"') == 2
    assert '<th scope="row">c</th>' in rendered


def test_an_empty_heading_is_a_cell() -> None:
    rendered = html("<table><thead><tr><th>a</th><th/></tr></thead><tbody/></table>")
    assert '<th scope="col">a</th><td></td>' in rendered


def test_a_row_of_many_headings_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    html(f"<table><tbody><tr>{'<th>a</th>' * 20_000}</tr></tbody></table>")
    assert time.process_time() - start < 6


def test_a_long_title_is_not_repeated_for_each_table_below_it() -> None:
    long = narrative("<table/>" * 1_000).replace(b"<title>", b"<title>" + b"T" * 100_000)
    assert len(render_narrative(long)) < 1_000_000


def test_a_picture_named_again_and_again_is_decoded_once() -> None:
    picture = entry(PNG + b"\0" * 2_000_000, "image/png")
    start = time.process_time()
    rendered = html(f'<renderMultiMedia referencedObject="{"m1 " * 2_000}"/>', picture)
    assert rendered.count("<img") == 2_000
    assert time.process_time() - start < 6
