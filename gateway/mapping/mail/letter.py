"""What a mail says to whom it is for: its words, who wrote them, and what came with them.

Shown as text and nothing else (VAULT MSG-09): a file of it that a page could be harmed by keeps
its name and tells why it is not given.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from email.message import Message as Mail
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses

from gateway.mapping.files.enclosed import read_single
from gateway.mapping.mail.html_text import text_of_html
from gateway.mapping.mail.leaves import Part, in_words, is_of_texts, leaves
from gateway.records.correspondence.letter import Attached, Letter

PLAIN, HTML = "text/plain", "text/html"
MAX_TEXT = 50_000
"""Letters of a mail that are kept to be read; its bytes are kept whole."""
MAX_HTML_BYTES = 1_000_000
MAX_SUBJECT, MAX_NAME, MAX_FILE_NAME = 300, 120, 150
MAX_ANSWERED, MAX_IDS = 20, 10_000
MAX_FROM = 2_000
CUT = "\n[…]"
NO_NAME = "piece-jointe"
NO_TYPE = "application/octet-stream"
PREFIX = re.compile(r"XDM/1\.0/DDM\+?\s*", re.IGNORECASE)
ENDS = re.compile(r"\[\s*FIN\s*\]", re.IGNORECASE)
MESSAGE_ID = re.compile(r"<([^<>\s]{1,250})>")
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
REPLY_MARK = re.compile(r"\A\s*(?:re|tr|fw|fwd|rép|rep|aw)\s*(?:\[\d+\])?\s*:\s*", re.IGNORECASE)
UNSHOWN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ud800-\udfff]"
)
"""Controls, halves of pairs that nobody can write, and marks that turn the direction of a text: a
link would not read as it leads."""
TITLE_NAME = re.compile(r"(?:[A-Za-zÀ-ÿ.-]+)(?:_[A-Za-z0-9À-ÿ.' -]+)+")


def letter_of(mail: Mail, parts: Sequence[Part], documents: Collection[Part] = ()) -> Letter | None:
    """`documents` are those of its parts that file themselves. None for a mail of nobody. Raises
    what the library raises on malformed parameters."""
    (display, sender), *_ = *_people(mail, "From"), ("", "")
    if not sender:
        return None
    subject = _line(in_words(_field(mail, "Subject")))
    asked = [address for _, address in _people(mail, "Disposition-Notification-To")]
    fins = {str(one).strip().upper() for one in mail.get_all("X-MSS-MES", ())}
    body = [number for number, part in enumerate(parts) if _is_words(part)]
    return Letter(
        subject=_titled(subject),
        sender=sender,
        display=_called(display),
        reply_to=next((address for _, address in _people(mail, "Reply-To")), None),
        message_id=next(iter(_ids(mail, "Message-ID")), None),
        answers=_answered(mail),
        receipt_to=asked[0] if len(asked) == 1 else None,
        is_last="FIN" in fins or ENDS.search(subject) is not None,
        is_automatic=_field(mail, "Auto-Submitted").strip().lower() not in ("", "no"),
        text=_text([parts[number] for number in body]),
        attached=tuple(
            _attached(number, part)
            for number, part in enumerate(parts)
            if number not in body and not any(part is one for one in documents)
        ),
    )


def attached_in(raw: bytes, place: int) -> Part | None:
    """One leaf of a mail, by its number."""
    found = list(leaves(BytesParser(policy=compat32).parsebytes(raw)))
    return found[place] if 0 <= place < len(found) else None


def files_in(raw: bytes, places: Collection[int]) -> dict[int, Part]:
    """Those of these places that the mail has."""
    found = enumerate(leaves(BytesParser(policy=compat32).parsebytes(raw)))
    return {place: part for place, part in found if place in places}


def plain_subject(subject: str) -> str:
    """Without the marks of an answer: what two mails of one conversation have in common."""
    while (mark := REPLY_MARK.match(subject)) is not None:
        subject = subject[mark.end() :]
    return subject.strip()


def _titled(subject: str) -> str:
    """As a person reads it, without what software writes (MSG-02)."""
    return ENDS.sub("", PREFIX.sub("", subject)).strip()[:MAX_SUBJECT]


def _people(mail: Mail, header: str) -> Iterator[tuple[str, str]]:
    """Display names and addresses of a header; what is no plain address is left out."""
    text = _field(mail, header)[:MAX_FROM].replace("(", " ").replace(")", " ")
    for name, address in getaddresses([text]):
        if ADDRESS.fullmatch(address):
            yield _line(in_words(name))[:MAX_NAME], address


def _field(mail: Mail, name: str) -> str:
    """The first of that name in one line; eight bits are read as UTF-8 (RFC 6532)."""
    found = (value for key, value in mail.raw_items() if key.lower() == name.lower())
    text = str(next(found, ""))
    return " ".join(text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").split())


def _called(display: str) -> str:
    """`<Titre>_<Prenom>_<NOM>_<Entité>` (ECO.2.2.7) as words."""
    return display.replace("_", " ").strip() if TITLE_NAME.fullmatch(display) else display


def _ids(mail: Mail, header: str) -> list[str]:
    return MESSAGE_ID.findall(_field(mail, header)[-MAX_IDS:])


def _answered(mail: Mail) -> tuple[str, ...]:
    """The nearest first: In-Reply-To, then References from their end."""
    named = [*_ids(mail, "In-Reply-To"), *reversed(_ids(mail, "References"))]
    return tuple(dict.fromkeys(named))[:MAX_ANSWERED]


def _is_words(part: Part) -> bool:
    return part.mime_type in (PLAIN, HTML) and not part.name and not part.is_file


def _text(parts: Sequence[Part]) -> str:
    """Of both forms the plain one; the other where that says nothing."""
    plain = "\n\n".join(_read(part) for part in parts if part.mime_type == PLAIN)
    if not plain.strip():
        html = b"".join(part.body for part in parts if part.mime_type == HTML)[:MAX_HTML_BYTES]
        charset = next((part.charset for part in parts if part.mime_type == HTML), "")
        plain = text_of_html(_decoded(html, charset))
    plain = UNSHOWN.sub("", plain.replace("\r\n", "\n").replace("\r", "\n")).strip()
    return plain if len(plain) <= MAX_TEXT else plain[:MAX_TEXT] + CUT


def _read(part: Part) -> str:
    return _decoded(part.body, part.charset)


def _decoded(body: bytes, charset: str) -> str:
    for one in (charset or "utf-8", "utf-8"):
        try:
            if is_of_texts(one):
                return body.decode(one)
        except (LookupError, ValueError):
            continue
    return body.decode("iso8859-15")


def _attached(place: int, part: Part) -> Attached:
    mime = _line(part.mime_type) or NO_TYPE
    _, findings = read_single(mime, part.body)
    refused = next((one.code for one in findings), None)
    name = _line(part.name)[:MAX_FILE_NAME] or NO_NAME
    return Attached(place=place, name=name, mime_type=mime, size=len(part.body), refused=refused)


def _line(text: str) -> str:
    return " ".join(UNSHOWN.sub(" ", text).split())
