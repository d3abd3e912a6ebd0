"""HTML of a mail as plain text: no picture, no style, every link in full (VAULT MSG-09).

Read from front to back once, each character in as many steps as any other: what looks like a tag
and does not end goes to the end.
"""

import re
from html import unescape

TAG = re.compile(r"<!--.*?(?:-->|\Z)|<([!?/]?)([A-Za-z][A-Za-z0-9]*)([^>]*)(?:>|\Z)", re.DOTALL)
HREF = re.compile(r"""\bhref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE)
NOT_SHOWN = frozenset({"script", "style", "head", "title", "template", "noscript", "svg", "object"})
ENDS = {name: re.compile(f"</{name}", re.IGNORECASE | re.ASCII) for name in NOT_SHOWN}
BREAKS = frozenset(
    {
        *("br", "p", "div", "tr", "li", "ul", "ol", "table", "section", "article", "header"),
        *("footer", "blockquote", "pre", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
BLANKS = re.compile(r"[ \t\r\n\f]+")
FEW_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")


def text_of_html(html: str) -> str:
    """Lines where a browser breaks them; a link is followed by where it leads."""
    found: list[str] = []
    link, at = "", 0
    while (tag := TAG.search(html, at)) is not None:
        found.append(_plain(html[at : tag.start()]))
        at = tag.end()
        mark, name = tag[1], (tag[2] or "").lower()
        if name in NOT_SHOWN and not mark:
            end = ENDS[name].search(html, at)
            at = end.start() if end else len(html)
        elif name == "a":
            if link:
                found.append(f" <{link}> ")
            link = "" if mark else _target(tag[3])
        elif name in BREAKS:
            found.append("\n")
        elif name in ("td", "th"):
            found.append(" ")
    found.append(_plain(html[at:]))
    if link:
        found.append(f" <{link}>")
    lines = (line.strip() for line in "".join(found).split("\n"))
    return FEW_LINES.sub("\n\n", "\n".join(lines)).strip()


def _plain(text: str) -> str:
    return BLANKS.sub(" ", unescape(text))


def _target(attributes: str) -> str:
    href = HREF.search(attributes)
    target = next(filter(None, href.groups()), "") if href else ""
    return BLANKS.sub("", unescape(target)).strip()
