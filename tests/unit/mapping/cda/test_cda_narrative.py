"""Narratives become HTML of our own: safe whatever was sent, and readable by everybody."""

import base64
import re
import time

import pytest
from cda_sample import narrative, pdf, scanned, structured

from gateway.errors import RefusedError
from gateway.mapping.cda.figures import embedded
from gateway.mapping.cda.narrative import render_narrative

PNG = b"\x89PNG\r\n\x1a\n image"
ALLOWED = re.compile(
    r"<(?:/?(?:section|h[2-6]|p|ul|ol|li|div|table|caption|thead|tbody|tfoot|tr|th|td|span|sub|sup|"
    r'small|a|ins|del|pre)|br|img)(?: (?:class|href|rel|src|alt|scope|rowspan|colspan)="[^"<>]*")*>'
)


def entry(content: bytes, media: str) -> str:
    value = base64.b64encode(content).decode()
    return (
        f'<entry><observationMedia ID="m1"><value mediaType="{media}" representation="B64">'
        f"{value}</value></observationMedia></entry>"
    )


def html(text: str, entries: str = "") -> str:
    rendered = render_narrative(narrative(text, entries), prefix="/documents/1/figures")
    assert not ALLOWED.sub("", rendered).count("<"), rendered
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


def test_a_row_of_many_headings_costs_no_more_than_its_length() -> None:
    start = time.process_time()
    html(f"<table><tbody><tr>{'<th>a</th>' * 20_000}</tr></tbody></table>")
    assert time.process_time() - start < 1


def test_a_long_title_is_not_repeated_for_each_table_below_it() -> None:
    long = narrative("<table/>" * 1_000).replace(b"<title>", b"<title>" + b"T" * 100_000)
    assert len(render_narrative(long)) < 1_000_000


def test_a_picture_named_again_and_again_is_decoded_once() -> None:
    picture = entry(PNG + b"\0" * 2_000_000, "image/png")
    start = time.process_time()
    rendered = html(f'<renderMultiMedia referencedObject="{"m1 " * 2_000}"/>', picture)
    assert rendered.count("<img") == 2_000
    assert time.process_time() - start < 1
