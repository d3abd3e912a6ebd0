"""Elements of ebRIM as text, escaped as libxml2 writes them."""

import re
from collections.abc import Mapping

NOT_XML = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
PLAIN = re.compile(r"[ !#-%'-;=?-~\xa0-\ud7ff]*")
"""What stands in text and in attributes as it is."""
TEXT = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
ATTRIBUTE = TEXT | {'"': "&quot;", "\n": "&#10;", "\t": "&#9;"}
IN_TEXT, IN_ATTRIBUTE = str.maketrans(TEXT), str.maketrans(ATTRIBUTE)


def element(name: str, about: Mapping[str, str], inside: str = "") -> str:
    """`inside` is XML already; `about` are attributes as they are meant."""
    told = "".join([f' {key}="{in_attribute(value)}"' for key, value in about.items()])
    return f"<rim:{name}{told}>{inside}</rim:{name}>" if inside else f"<rim:{name}{told}/>"


def in_text(value: str) -> str:
    """Without what XML cannot hold."""
    return value if PLAIN.fullmatch(value) else NOT_XML.sub("", value).translate(IN_TEXT)


def in_attribute(value: str) -> str:
    """Without what XML cannot hold."""
    return value if PLAIN.fullmatch(value) else NOT_XML.sub("", value).translate(IN_ATTRIBUTE)
