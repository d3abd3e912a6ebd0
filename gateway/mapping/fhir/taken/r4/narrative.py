"""Strict mode: the narrative of a resource is XHTML without anything active (R4, txt-1), and says
something (txt-2).

A page never shows it; whoever is handed the resource might.
"""

from collections.abc import Iterator
from typing import Any

from gateway.errors import RefusedError
from gateway.mapping.fhir.findings import error
from gateway.mapping.fhir.json import Json
from gateway.mapping.xml import Element, parse_xml
from gateway.records.intake.finding import Finding

XHTML = "{http://www.w3.org/1999/xhtml}"
XML = "{http://www.w3.org/XML/1998/namespace}"
_ELEMENTS = (
    "a abbr acronym address area b bdo big blockquote br caption cite code col colgroup dd dfn "
    "div dl dt em h1 h2 h3 h4 h5 h6 hr i img kbd li map ol p pre q samp small span strong sub sup "
    "table tbody td tfoot th thead tr tt ul var"
)
_ATTRIBUTES = (
    "abbr accesskey align alt axis border cellpadding cellspacing char charoff charset cite class "
    "colspan compact coords dir frame headers height href id lang longdesc name nohref rel "
    "rowspan rules scope shape span src start style summary tabindex title type usemap valign "
    "value width"
)
"""HTML 4.0, chapters 7 to 11 and 15, without forms, scripts and objects (R4 narrative)."""
ELEMENTS, ATTRIBUTES = frozenset(_ELEMENTS.split()), frozenset(_ATTRIBUTES.split())


def narrative_findings(resource: Json) -> Iterator[Finding]:
    for place, div in _divs(resource, str(resource.get("resourceType") or "Resource")):
        root = _xhtml(div)
        if root is None or not _is_plain(root):
            message = "Write the narrative in plain XHTML: no script, event, form or entity."
            yield error("fhir-narrative", place[:200], message)
        elif _is_blank(root):
            message = "Write something into the narrative, or leave it out (txt-2)."
            yield error("fhir-txt-2", place[:200], message)


def _divs(value: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, list):
        for number, one in enumerate(value):
            yield from _divs(one, f"{place}[{number}]")
    elif isinstance(value, dict):
        for name, one in value.items():
            if name == "div" and isinstance(one, str):
                yield f"{place}.div", one
            else:
                yield from _divs(one, f"{place}.{name}")


def _xhtml(div: str) -> Element | None:
    try:
        return parse_xml(div.encode())
    except RefusedError:
        return None


def _is_plain(root: Element) -> bool:
    elements = [one for one in root.iter() if isinstance(one.tag, str)]
    names = {str(name) for one in elements for name in one.attrib}
    return (
        root.tag == f"{XHTML}div"
        and all(str(one.tag).removeprefix(XHTML) in ELEMENTS for one in elements)
        and all(name.removeprefix(XML) in ATTRIBUTES for name in names)
    )


def _is_blank(root: Element) -> bool:
    """Neither a word nor a picture."""
    words = any(text.strip() for text in root.itertext())
    return not words and next(root.iter(f"{XHTML}img"), None) is None
