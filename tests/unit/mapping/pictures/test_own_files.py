"""What a patient brings is checked by its content and made one document (VAULT DOC-05)."""

import io

import pikepdf
import pytest
from photographs import POSITION, jpeg, picture, png, tiff
from PIL import Image
from vault_samples import pdf_of

from gateway.errors import RefusedError
from gateway.mapping.files.own_file import made_ready, needs_decoding, own_type
from gateway.mapping.files.pdf import joined
from gateway.mapping.files.pdf.pages import page_count, render_pages
from gateway.mapping.files.pictures import frames
from gateway.mapping.files.pictures.frames import frame_count, render_frame

ROOM = 5_000_000
RTF = rb"{\rtf1\ansi Bonjour}"


def code_of(*files: bytes, room: int = ROOM) -> str:
    with pytest.raises(RefusedError) as refused:
        made_ready(*files, max_bytes=room)
    assert refused.value.finding is not None
    return refused.value.finding.code


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (pdf_of(1), "application/pdf"),
        (b"Bonjour", "text/plain"),
        (RTF, "application/rtf"),
        (jpeg(), "image/jpeg"),
        (png(), "image/png"),
        (tiff(), "image/tiff"),
    ],
)
def test_a_file_is_known_by_its_content(body: bytes, kind: str) -> None:
    assert own_type(body) == kind
    made, ready = made_ready(body, max_bytes=ROOM)
    assert made == kind
    assert POSITION not in ready
    if not needs_decoding([body]):
        assert ready == body


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<html><script>alert(1)</script></html>", "unsupported-type"),
        (b"PK\x03\x04\0\0", "unsupported-type"),
        (b"GIF89a\1\0\1\0\0\0\0;", "unsupported-type"),
        (b"<?xml version='1.0'?><ClinicalDocument/>", "unsupported-type"),
        (b"texte %PDF-1.4", "mime-mismatch"),
        (b"%PDF-1.4 /JavaScript %%EOF", "active-content"),
        (b"%PDF-1.4 nothing %%EOF", "pdf-malformed"),
        (b"{\\rtf1{\\object\\objdata 00}}", "active-content"),
        ("é".encode("latin-1"), "text-charset"),
        (b"  \n", "text-empty"),
        (jpeg()[:400], "picture-malformed"),
        (png()[:200], "picture-malformed"),
        (tiff()[:60], "picture-malformed"),
    ],
)
def test_what_is_not_taken_says_why(body: bytes, code: str) -> None:
    assert code_of(body) == code


def test_an_encrypted_pdf_is_refused() -> None:
    made, out = pikepdf.new(), io.BytesIO()
    made.add_blank_page()
    made.save(out, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert code_of(out.getvalue()) == "pdf-encrypted"


def test_a_file_has_as_many_bytes_as_are_taken_and_no_more() -> None:
    assert made_ready(b"x" * ROOM, max_bytes=ROOM)[1] == b"x" * ROOM
    assert code_of(b"x" * (ROOM + 1)) == "too-large"


def test_pictures_and_pdfs_become_one_pdf_in_their_order() -> None:
    files = (jpeg(), pdf_of(2), tiff(2), png())
    kind, made = made_ready(*files, max_bytes=ROOM)
    assert kind == "application/pdf"
    assert page_count(made) == 6
    assert POSITION not in made
    assert made == made_ready(*files, max_bytes=ROOM)[1], "a second click brings the same bytes"


def test_a_joined_photograph_stands_as_it_was_held() -> None:
    """Taken on its side: the page stands, as the picture does where it is shown alone."""
    _, made = made_ready(jpeg(6), jpeg(6), max_bytes=ROOM)
    with Image.open(io.BytesIO(render_pages(made, page=0, width=60))) as page:
        assert page.height > page.width
        alone = render_frame(jpeg(6), page=0, width=60)
        with Image.open(io.BytesIO(alone)) as shown:
            ours, theirs = (one.convert("L").resize((8, 8)).tobytes() for one in (page, shown))
    assert max(abs(a - b) for a, b in zip(ours, theirs, strict=True)) < 60


def test_pages_that_are_too_large_together_are_written_smaller() -> None:
    out = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(out, "PNG")
    files = (out.getvalue(), out.getvalue())
    room = len(out.getvalue())
    assert len(joined.joined_pdf([("image/png", one) for one in files], max_bytes=ROOM)) > room
    assert len(made_ready(*files, max_bytes=room)[1]) <= room


def test_a_text_is_joined_with_nothing() -> None:
    assert code_of(b"Bonjour", jpeg()) == "files-mixed"
    assert code_of(*[jpeg()] * 11) == "files-mixed"


def test_a_picture_of_too_many_pixels_or_pages_is_not_decoded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(frames, "MAX_PIXELS", 60 * 40 - 1)
    assert code_of(jpeg()) == "picture-malformed"
    monkeypatch.setattr(frames, "MAX_PIXELS", 1_000_000)
    monkeypatch.setattr(frames, "MAX_FRAMES", 2)
    assert frame_count(tiff(2)) == 2
    assert code_of(tiff(3)) == "picture-malformed"


def test_a_page_of_a_tiff_is_shown_as_a_png() -> None:
    page = render_frame(tiff(2, "RGB", "tiff_lzw"), page=1, width=36)
    with Image.open(io.BytesIO(page)) as made:
        assert (made.format, made.size) == ("PNG", (36, 20))
    with pytest.raises(RefusedError):
        render_frame(tiff(2), page=2, width=36)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_a_picture_of_any_mode_can_be_shown(mode: str) -> None:
    out = io.BytesIO()
    plain = picture(mode="L" if mode in ("I;16", "LA", "P") else mode)
    plain.convert(mode).save(out, "PNG")
    assert render_frame(out.getvalue(), page=0, width=30).startswith(b"\x89PNG")
