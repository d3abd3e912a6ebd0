"""PDFs: ordinary ones pass, active ones do not, however they hide it; pages become pictures."""

import struct
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest
from cda_sample import pdf, scanned
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import RefusedError
from gateway.mapping.files.pdf.contents import MAX_INFLATED_BYTES, pdf_findings
from gateway.mapping.files.pdf.pages import page_count, render_pages


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in pdf_findings(data)]


def packed(content: bytes, filters: str = "/FlateDecode") -> str:
    body = zlib.compress(content)
    return (
        f"<</Type/ObjStm/N 1/First 4/Filter{filters}/Length {len(body)}>>\n"
        f"stream\n{body.decode('latin-1')}\nendstream"
    )


def test_an_ordinary_pdf_passes_with_its_web_links() -> None:
    assert codes(pdf()) == []
    assert codes(pdf("/X<</S/URI/URI(https://www.has-sante.fr/)>>")) == []
    assert codes(pdf("/OpenAction[3 0 R/Fit]/Lang(fr-FR)")) == []


@pytest.mark.parametrize(
    "catalog",
    [
        "/OpenAction<</S/JavaScript/JS(1)>>",
        "/OpenAction<</S/J#61vaScript/#4AS(1)>>",
        "/AA<</WC<</S/X/JS(1)>>>>",
        "/OpenAction<</S/Launch/F(a.exe)>>",
        "/OpenAction<</S/GoToR/F(a.pdf)>>",
        "/OpenAction<</S/SubmitForm>>",
        "/OpenAction<</S/ImportData>>",
        "/AcroForm<</XFA()>>",
        "/Names<</EmbeddedFiles<<>>>>",
        "/A<</Subtype/RichMedia>>",
        "/A<</Subtype/FileAttachment/FS<</F(a.exe)/EF<</F 3 0 R>>>>>>",
        "/A<</Subtype/3D/3DD<</OnInstantiate 3 0 R>>>>",
        "/A<</Subtype/Movie/Movie<</F(a.mov)>>>>",
        "/A<</S/Sound/Sound 3 0 R>>",
        "/OpenAction<</S/Thread/F(//x.test/a)/D[0]>>",
        "/X<</F<</FS/URL/F(http://x.test/a)>>>>",
        "/X<</S/URI/URI(javascript:alert\\(1\\))>>",
        "/X<</S/URI/URI(java\\012script:x)>>",
        "/X<</S/URI/URI(file:///etc/hostname)>>",
    ],
)
def test_active_content_is_refused(catalog: str) -> None:
    assert codes(pdf(catalog)) == ["active-content"]


def test_an_action_in_a_compressed_object_stream_is_found() -> None:
    assert codes(pdf("", packed(b"5 0 <</S/JavaScript/JS(1)>>"))) == ["active-content"]
    assert codes(pdf("", packed(b"5 0 <</S/J#61vaScript/J#53(1)>>"))) == ["active-content"]
    assert codes(pdf("", packed(b"5 0 <</S/GoTo>>"))) == []


def test_object_streams_that_cannot_be_looked_into_are_refused() -> None:
    twice = packed(b"5 0 <<>>", "[/FlateDecode/FlateDecode]")
    assert codes(pdf("", twice)) == ["pdf-limits"]
    assert codes(pdf("", packed(b"5 0 <<>>", "/LZWDecode"))) == ["pdf-limits"]
    assert codes(pdf("", packed(b" " * 40_000_000))) == ["pdf-limits"]


def test_objects_written_by_rows_are_not_looked_into_and_refused() -> None:
    """A predictor puts a byte before each row: it cuts every name in two."""
    action = b"5 0 <</S/JavaScript/JS(1)>>".ljust(28)
    rows = b"".join(b"\0" + action[at : at + 4] for at in range(0, 28, 4))
    parms = "/FlateDecode/DecodeParms<</Predictor 12/Columns 4>>"
    assert codes(pdf("", packed(rows, parms))) == ["pdf-limits"]
    assert codes(pdf("", packed(rows, parms.replace("P", "#50")))) == ["pdf-limits"]
    assert codes(pdf("", packed(b"5 0 <<>>", "/FlateDecode/DecodeParms null"))) == []


def test_an_escaped_filter_hides_no_action() -> None:
    hidden = packed(b"5 0 <</S/JavaScript/JS(1)>>").replace("/Filter", "/Fi#6cter")
    assert codes(pdf("", hidden)) == ["active-content"]


def test_a_thread_of_articles_in_the_file_itself_passes() -> None:
    assert codes(pdf("/OpenAction<</S/Thread/D 0>>")) == []


def cross_referenced(*, kind: str, blanks: int) -> bytes:
    """A PDF of version 1.5: object 5 stands in the stream 4, the table is a stream too."""
    packed_ = zlib.compress(b"5 0 (a)" + b" " * blanks, 9)
    parts = [
        b"<</Type/Catalog/Pages 2 0 R/X 5 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>>",
        f"<<{kind}/N 1/First 4/Filter/FlateDecode/Length {len(packed_)}>>".encode()
        + b"\nstream\n" + packed_ + b"\nendstream",
    ]  # fmt: skip
    out, places = b"%PDF-1.5\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(out))
        out += b"%d 0 obj\n" % number + part + b"\nendobj\n"
    rows = [(0, 0, 65535), *((1, place, 0) for place in places), (2, 4, 0), (1, len(out), 0)]
    table = zlib.compress(b"".join(struct.pack(">BIH", *row) for row in rows))
    head = f"<</Type/XRef/Size 7/W[1 4 2]/Root 1 0 R/Filter/FlateDecode/Length {len(table)}>>"
    return (
        out + b"6 0 obj\n" + head.encode() + b"\nstream\n" + table
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % len(out)
    )  # fmt: skip


def test_a_small_pdf_with_object_streams_passes() -> None:
    assert codes(cross_referenced(kind="/Type/ObjStm", blanks=10)) == []


def test_an_object_stream_that_swells_is_refused() -> None:
    assert codes(cross_referenced(kind="/Type/ObjStm", blanks=40_000_000)) == ["pdf-limits"]


def test_one_that_hides_its_type_cannot_swell_either() -> None:
    assert codes(cross_referenced(kind="", blanks=40_000_000)) == []
    assert pikepdf.settings.get_qpdf_limits()["flate_max_memory"] == MAX_INFLATED_BYTES


def test_many_names_that_point_at_one_stream_are_bounded() -> None:
    names = "/ObjStm" * 500
    stream = packed(b"5 0 " + bytes(range(256)) * 40).replace("/Type/ObjStm", names)
    assert codes(pdf("", stream)) == ["pdf-limits"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "pdf-malformed"),
        (b"MZ\x90", "pdf-malformed"),
        (b"<html><!--" + pdf(), "pdf-malformed"),
        (b"%PDF-1.4\n", "pdf-malformed"),
        (pdf().replace(b"Kids[3 0 R]", b"Kids[2 0 R]"), "pdf-malformed"),
        (pdf() + b"<html>" * 300, "pdf-trailing"),
        (pdf("/X " + "[" * 5_000 + "]" * 5_000), "pdf-malformed"),
    ],
)
def test_what_is_no_sound_pdf_is_refused(data: bytes, code: str) -> None:
    assert codes(data) == [code]


@given(st.binary(max_size=300))
def test_no_bytes_raise(data: bytes) -> None:
    assert all(code.startswith(("pdf-", "active")) for code in codes(b"%PDF-1.4\n" + data))


def test_a_page_becomes_a_png_of_the_width_asked_for() -> None:
    picture = render_pages(pdf(), page=0, width=400)
    assert picture.startswith(b"\x89PNG\r\n\x1a\n")
    assert (int.from_bytes(picture[16:20]), int.from_bytes(picture[20:24])) == (400, 200)
    assert page_count(pdf()) == 1


def test_a_page_that_is_not_there_or_too_large_is_refused() -> None:
    tall = pdf().replace(b"[0 0 200 100]", b"[0 0 2 90000]")
    for data, page, width in ((pdf(), 1, 100), (pdf(), -1, 100), (tall, 0, 4_000), (b"x", 0, 10)):
        with pytest.raises(RefusedError):
            render_pages(data, page=page, width=width)


def test_what_qpdf_remarks_of_a_file_is_not_printed(tmp_path: Path) -> None:
    odd = pdf().replace(b"/Kids[3 0 R]", b"/Kids[3 0 R 5]")
    file = tmp_path / "odd.xml"
    file.write_bytes(scanned(odd))
    command = [sys.executable, "-m", "gateway", "inspect", "--json", str(file)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.stderr == b""
    assert done.stdout.count(b"\n") == 1


def test_a_page_tree_that_qpdf_cannot_flatten_is_malformed() -> None:
    broken = (
        b"%PDF-\n1 0 obj<</Type/Catalog/Pages 2 0 R>>\n2 0 obj<<///Kids[3 0 R o]>>\n"
        b"3 0 obj<</MediaBox[0 0 5 2]>></O"
    )
    assert codes(broken + b"\n%%EOF") == ["pdf-malformed"]
