"""A PDF that opens an address by itself is active; one whose links wait for a click is not."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from cda_sample import pdf
from pikepdf import Array, Dictionary, Name, String

from gateway.mapping.files.pdf.contents import pdf_findings

ADDRESS = "https://www.has-sante.fr/"
WEB = f"<</S/URI/URI({ADDRESS})>>"


def codes(data: bytes) -> list[str]:
    return [finding.code for finding in pdf_findings(data)]


def web() -> pikepdf.Object:
    return Dictionary(S=Name.URI, URI=String(ADDRESS))


def made(
    change: Callable[[pikepdf.Pdf], None],
    streams: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.disable,
) -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as one:
        one.add_blank_page(page_size=(200, 100))
        change(one)
        one.save(out, object_stream_mode=streams)
    return out.getvalue()


@pytest.mark.parametrize(
    "catalog",
    [
        f"/OpenAction{WEB}",
        f"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next{WEB}>>",
        f"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next[<</S/Named/N/Print>>{WEB}]>>",
        f"/AA<</WC{WEB}>>",
        f"/AA<</DP<</S/Hide/T(a)/Next{WEB}>>>>",
        f"/AcroForm<</Fields[<</T(a)/FT/Tx/AA<</F{WEB}>>>>]>>",
        f"/X[[[<</AA<</PO{WEB}>>>>]]]",
        "/OpenAction<</S/#55RI/URI(https://x.test/)>>",
    ],
)
def test_an_address_that_opens_by_itself_is_active(catalog: str) -> None:
    assert codes(pdf(catalog)) == ["active-content"]


@pytest.mark.parametrize(
    "catalog",
    [
        f"/X{WEB}",
        f"/OpenAction[3 0 R/Fit]/X{WEB}",
        "/OpenAction<</S/GoTo/D[3 0 R/Fit]>>",
        "/OpenAction<</S/Named/N/Print>>",
        "/OpenAction null",
        f"/URI<</Base({ADDRESS})>>",
        "/AA<<>>",
    ],
)
def test_a_link_that_waits_and_a_place_in_the_file_are_not(catalog: str) -> None:
    assert codes(pdf(catalog)) == []


def on_a_page(one: pikepdf.Pdf) -> None:
    one.pages[0].obj.AA = Dictionary(O=one.make_indirect(web()))


def on_opening(one: pikepdf.Pdf) -> None:
    one.Root.OpenAction = one.make_indirect(web())


def under_a_pointer(one: pikepdf.Pdf) -> None:
    where = Array([0, 0, 9, 9])
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=where, AA=Dictionary(E=web()))
    one.pages[0].obj.Annots = Array([one.make_indirect(link)])


def in_a_circle(one: pikepdf.Pdf) -> None:
    first = one.make_indirect(Dictionary(S=Name.GoTo, D=Array([one.pages[0].obj, Name.Fit])))
    first.Next = first
    one.Root.OpenAction = first


@pytest.mark.parametrize("change", [on_a_page, on_opening, under_a_pointer, in_a_circle])
@pytest.mark.parametrize(
    "streams", [pikepdf.ObjectStreamMode.disable, pikepdf.ObjectStreamMode.generate]
)
def test_it_is_found_behind_a_pointer_and_in_an_object_stream(
    change: Callable[[pikepdf.Pdf], None], streams: pikepdf.ObjectStreamMode
) -> None:
    assert codes(made(change, streams)) == ["active-content"]


def linked(one: pikepdf.Pdf) -> None:
    """As office programs write it: opens at its first page, where a link leads to the web."""
    where = Array([0, 0, 9, 9])
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=where, A=web(), F=4)
    one.pages[0].obj.Annots = Array([one.make_indirect(link)])
    one.Root.OpenAction = Array([one.pages[0].obj, Name.Fit])


def test_links_of_a_page_that_is_opened_first_are_taken() -> None:
    assert codes(made(linked)) == []
    assert codes(made(linked, pikepdf.ObjectStreamMode.generate)) == []


def of_another_file(one: pikepdf.Pdf) -> None:
    one.Root.X = one.make_stream(b"", F=String("//x.test/a"))


def a_page_of_another_file(one: pikepdf.Pdf) -> None:
    form = one.make_stream(b"", Type=Name.XObject, Subtype=Name.Form)
    form.Ref = Dictionary(F=String("//x.test/a.pdf"), Page=0)
    one.Root.X = form


@pytest.mark.parametrize("change", [of_another_file, a_page_of_another_file])
def test_bytes_that_a_reader_would_fetch_from_another_file_are_active(
    change: Callable[[pikepdf.Pdf], None],
) -> None:
    assert codes(made(change)) == ["active-content"]
