"""A tagged PDF as a program hears it, and the rules of PDF/A-2a (ISO 19005-2) that it can look at.

No certificate: no validator of the format runs here (decision 055).
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager

import pikepdf
from lxml import etree

INSIDE = {
    "/Document": {"/H1", "/H2", "/H3", "/H4", "/P", "/L", "/Table"},
    "/L": {"/LI"},
    "/LI": {"/Lbl", "/LBody"},
    "/Table": {"/TR"},
    "/TR": {"/TH", "/TD"},
}
"""Which elements of ours stand in which (ISO 32000-1, 14.8.4)."""
FORBIDDEN = ("/OpenAction", "/AA", "/AcroForm", "/OCProperties", "/Names", "/Requirements")
OPERATORS = {"BDC", "BMC", "EMC", "BT", "ET", "Tf", "Td", "Tj", "g", "G", "m", "l", "S"}
PDFAID = "{http://www.aiim.org/pdfa/ns/id/}"


@contextmanager
def opened(data: bytes) -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield pdf


def told_in(data: bytes) -> list[tuple[str, str]]:
    """Tag and text of each element that has text of its own, in the order of the tree."""
    with opened(data) as pdf:
        return [*_told(pdf)]


def text_of(data: bytes) -> str:
    """All that it says, a line an element."""
    return "\n".join(text for _, text in told_in(data))


def _told(pdf: pikepdf.Pdf) -> Iterator[tuple[str, str]]:
    shown = {page.obj.objgen: dict(marked(page)) for page in pdf.pages}
    for element in _elements(pdf.Root.StructTreeRoot.K):
        own = [kid for kid in element.K if kid.get("/S") is None]
        if own:
            lines = (shown[kid.Pg.objgen][int(kid.MCID)] for kid in own)
            yield str(element.S), " ".join(lines)


def _elements(element: pikepdf.Object) -> Iterator[pikepdf.Object]:
    yield element
    for kid in element.K:
        if kid.get("/S") is not None:
            yield from _elements(kid)


def marked(page: pikepdf.Page) -> Iterator[tuple[int, str]]:
    """Number and text of each marked content; what is meant where other signs are drawn."""
    number, actual = None, None
    for one in pikepdf.parse_content_stream(page):
        if str(one.operator) == "BDC":
            number, actual = one.operands[1].get("/MCID"), one.operands[1].get("/ActualText")
        if str(one.operator) == "Tj" and number is not None:
            drawn = bytes(one.operands[0]).decode("cp1252")
            yield int(number), drawn if actual is None else str(actual)


def faults_in(data: bytes) -> list[str]:
    """What breaks a rule, by the clause of ISO 19005-2; nothing where all hold."""
    with opened(data) as pdf:
        found = [*_file(pdf), *_metadata(pdf), *_tree(pdf)]
        for page in pdf.pages:
            found += [*_page(pdf, page)]
    return found


def _file(pdf: pikepdf.Pdf) -> Iterator[str]:
    root = pdf.Root
    if pdf.is_encrypted or "/ID" not in pdf.trailer:
        yield "6.1.3 trailer"
    intents = [one for one in root.get("/OutputIntents", []) if one.S == "/GTS_PDFA1"]
    if [one.DestOutputProfile.read_bytes()[36:40] for one in intents] != [b"acsp"]:
        yield "6.2.3 profile of colours"
    yield from (f"6.5, 6.9 {name}" for name in FORBIDDEN if name in root)
    if not root.MarkInfo.get("/Marked") or not str(root.get("/Lang", "")):
        yield "6.7.2, 6.7.4 marks and language"


def _metadata(pdf: pikepdf.Pdf) -> Iterator[str]:
    tree = etree.fromstring(pdf.Root.Metadata.read_bytes())
    said = [(str(one.tag), (one.text or "").strip()) for one in tree.iter() if len(one) == 0]
    if not {(f"{PDFAID}part", "2"), (f"{PDFAID}conformance", "A")} <= {*said}:
        yield "6.6.4 part and conformance"
    values = {text for _, text in said}
    if str(pdf.docinfo["/Title"]) not in values:
        yield "6.6.3 title"
    if _digits(str(pdf.docinfo["/CreationDate"])) not in {*map(_digits, values)}:
        yield "6.6.3 date"


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _page(pdf: pikepdf.Pdf, page: pikepdf.Page) -> Iterator[str]:
    if {"/Group", "/Annots", "/AA"} & {*page.obj.keys()}:
        yield "6.2.10, 6.3 transparency and annotations"
    if {*page.Resources.keys()} != {"/Font"}:
        yield "6.2 resources"
    for font in page.Resources.Font.values():
        yield from _font(font)
    instructions = [*pikepdf.parse_content_stream(page)]
    depth = 0
    for one in instructions:
        name = str(one.operator)
        depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(name, 0)
        if name not in OPERATORS or (depth != 1 and name != "EMC"):
            yield f"6.2.2, 6.7.3 {name}"
    begun = [one.operands for one in instructions if str(one.operator) == "BDC"]
    numbers = [(str(tag), int(said.MCID)) for tag, said in begun if "/MCID" in said]
    parents = _parents(pdf)[int(page.obj.StructParents)]
    if numbers != [(str(one.S), number) for number, one in enumerate(parents)]:
        yield "6.7.3 tree of parents"


def _font(font: pikepdf.Object) -> Iterator[str]:
    count = int(font.LastChar) - int(font.FirstChar) + 1
    if "/FontFile3" not in font.FontDescriptor or len(font.Widths) != count:
        yield "6.2.11.4, 6.2.11.5 font"
    if b"beginbfchar" not in font.ToUnicode.read_bytes():
        yield "6.2.11.7.2 what a code means"


def _parents(pdf: pikepdf.Pdf) -> dict[int, list[pikepdf.Object]]:
    numbers = iter(pdf.Root.StructTreeRoot.ParentTree.Nums)
    return {int(number): [*elements] for number, elements in zip(numbers, numbers, strict=True)}


def _tree(pdf: pikepdf.Pdf) -> Iterator[str]:
    parents, level = _parents(pdf), 0
    pages = {page.obj.objgen: parents[int(page.obj.StructParents)] for page in pdf.pages}
    for element in _elements(pdf.Root.StructTreeRoot.K):
        tag = str(element.S)
        for kid in element.K:
            is_text = kid.get("/S") is None
            held = pages[kid.Pg.objgen][int(kid.MCID)] if is_text else kid.P
            if held.objgen != element.objgen or not (is_text or str(kid.S) in INSIDE.get(tag, ())):
                yield f"6.7.3.4 what stands in {tag}"
        if tag in ("/H1", "/H2", "/H3", "/H4"):
            if int(tag[2:]) > level + 1:
                yield f"6.7.3.4 {tag} after level {level}"
            level = int(tag[2:])
        if tag == "/TH" and "/Scope" not in element.get("/A", {}):
            yield "head of a table without scope"
