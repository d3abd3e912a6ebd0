"""The attributes that our own HTML of a narrative may bear, and its last gate."""

import re
from collections.abc import Iterator

import nh3

from gateway.mapping.xml import Element

CLASSES = {
    "bold": "cda-bold",
    "italics": "cda-italics",
    "bolditalics": "cda-bold cda-italics",
    "underline": "cda-underline",
    "emphasis": "cda-emphasis",
    "botrule": "cda-rule-bottom",
    "toprule": "cda-rule-top",
    "lrule": "cda-rule-left",
    "rrule": "cda-rule-right",
}
ALIGNS = {"left": "cda-left", "center": "cda-center", "right": "cda-right"}
CELLS = frozenset({"td", "th"})
TAGS = {
    "section", "h2", "h3", "h4", "h5", "h6", "p", "ul", "ol", "li", "div", "table", "caption",
    "thead", "tbody", "tfoot", "tr", "th", "td", "span", "br", "sub", "sup", "small", "a", "img",
    "ins", "del", "pre", "figure", "figcaption",
}  # fmt: skip
ATTRIBUTES = {
    "*": {"class", "id"},
    "a": {"href"},
    "div": {"role", "tabindex", "aria-label"},
    "img": {"src", "alt"},
    "th": {"scope", "rowspan", "colspan"},
    "td": {"rowspan", "colspan"},
}
ANCHOR = "t-"
"""Before every ID of a sender: none of them is an id of ours, or a name a script knows."""
MAX_SPAN = 100

_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}", re.ASCII)


def clean(html: str) -> str:
    """What our writer made, through a second allow-list."""
    return nh3.clean(
        html,
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"https", "mailto"},
        link_rel="noopener noreferrer",
    )


def anchor(name: str) -> str:
    """The id that an ID of the narrative becomes; "" where it is no plain name."""
    return ANCHOR + name if _NAME.fullmatch(name) else ""


def class_of(node: Element, kind: str = "") -> str:
    names = [kind] if kind else []
    names.extend(_style_classes(node))
    return f' class="{" ".join(names)}"' if names else ""


def _style_classes(node: Element) -> Iterator[str]:
    for code in (node.get("styleCode") or "").split():
        if code.lower() in CLASSES:
            yield CLASSES[code.lower()]
    if (align := (node.get("align") or "").lower()) in ALIGNS:
        yield ALIGNS[align]


def spans_of(node: Element, name: str) -> str:
    if name not in CELLS:
        return ""
    spans = ""
    for attribute in ("rowspan", "colspan"):
        number = node.get(attribute) or ""
        if number.isascii() and number.isdigit() and 1 < int(number[:4]) <= MAX_SPAN:
            spans += f' {attribute}="{int(number[:4])}"'
    return spans
