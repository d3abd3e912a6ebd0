"""What an SMTP peer may say, without sockets: paths, parameters, and the lines of a message.

The rules are those of MSSANTE.md section 6 and SECURITY section 1. Only CRLF ends a line and
only CRLF.CRLF ends a message; a bare CR, LF or NUL inside spoils the whole message.
"""

import re
from email.utils import getaddresses
from itertools import takewhile
from typing import NamedTuple

MAX_MESSAGE_BYTES = 26_214_400
MAX_LINE_BYTES = 998
MAX_HEADER_BYTES = 262_144
MAX_HEADER_LINES = 1_000
MAX_RECIPIENTS = 100
MAX_RECEIVED = 50
MAX_FROM_BYTES = 2_000
MIN_BYTES_A_SECOND = 10_000
"""Of a message; who is slower is cut, else a few that drip would hold every connection."""
MAX_COMMENTS = 20
"""In a From: the standard library reads comments inside comments by calling itself."""

PATH = re.compile(r"<(?:@[A-Za-z0-9.,@-]{1,200}:)?([^<>\s]{0,254})>(?: +(.*))?", re.ASCII)
ADDRESS = re.compile(r"([A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64})@([A-Za-z0-9.-]{1,255})", re.ASCII)
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}", re.ASCII)
PATIENT = re.compile(r"[0-9]{5}(?:[0-9]{2}|2[AB])[0-9]{8}", re.ASCII)
HEADER = re.compile(rb"([!-9;-~]{1,998})[ \t]*:(.*)", re.DOTALL)
ENVELOPE = b"From "
"""Begins the line that mailboxes have before a header."""
NAMED = re.compile(r"([^<>()]*)<([^<>()\s]*)>")
MAIL_OPTIONS = frozenset({"SIZE", "BODY", "SMTPUTF8", "RET", "ENVID"})
RCPT_OPTIONS = frozenset({"NOTIFY", "ORCPT"})
SPOILERS = (b"\r", b"\n", b"\0")


class Address(NamedTuple):
    """Both sides as received; the domain in lower case."""

    local: str
    domain: str


class Path(NamedTuple):
    """`address` None is the null path `<>`; `options` the ESMTP parameters in upper case keys."""

    address: Address | None
    options: dict[str, str]


def parse_path(argument: str | None, keyword: str) -> Path | None:
    """`FROM:<…> SIZE=…` or `TO:<…>`; None when it is malformed. A source route is dropped."""
    text = (argument or "").strip()
    if text[: len(keyword)].upper() != keyword:
        return None
    found = PATH.fullmatch(text[len(keyword) :].strip())
    if found is None:
        return None
    options = _options(found[2] or "")
    if options is None:
        return None
    if not found[1]:
        return Path(None, options)
    address = parse_address(found[1])
    return Path(address, options) if address else None


def _options(text: str) -> dict[str, str] | None:
    options: dict[str, str] = {}
    for word in text.split():
        key, _, value = word.partition("=")
        if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,30}", key, re.ASCII):
            return None
        options[key.upper()] = value
    return options


def parse_address(text: str) -> Address | None:
    """A dot-atom address; quoted local parts and non-ASCII letters are not ours."""
    found = ADDRESS.fullmatch(text)
    if found is None or not DOMAIN.fullmatch(found[2].lower()):
        return None
    local = found[1]
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return None
    return Address(local, found[2].lower())


def read_mail(argument: str | None, *, max_bytes: int) -> Path | str:
    """The argument of MAIL, or the reply that refuses it."""
    path = parse_path(argument, "FROM:")
    if path is None:
        return "501 5.1.7 Malformed sender"
    if not path.options.keys() <= MAIL_OPTIONS:
        return "555 5.5.4 Unknown parameter"
    if path.options.get("BODY", "7BIT").upper() not in ("7BIT", "8BITMIME"):
        return "501 5.5.4 BODY is 7BIT or 8BITMIME"
    size = path.options.get("SIZE", "0")
    if not re.fullmatch(r"[0-9]{1,20}", size, re.ASCII):
        return "501 5.5.4 Malformed SIZE"
    return "552 5.3.4 Message too big" if int(size) > max_bytes else path


def read_recipient(argument: str | None) -> Address | str:
    """The argument of RCPT, or the reply that refuses it."""
    path = parse_path(argument, "TO:")
    if path is None or path.address is None:
        return "550 5.1.3 Malformed recipient"
    if not path.options.keys() <= RCPT_OPTIONS:
        return "555 5.5.4 Unknown parameter"
    return path.address


class DataPatience:
    """How long a message may take: as long as it goes on, without a pause of `seconds` and not
    slower than MIN_BYTES_A_SECOND once they are over. The largest over a slow line takes longer
    than any silence is borne."""

    def __init__(self, now: float, seconds: float) -> None:
        self._end = now + seconds
        self._seconds = seconds
        self._said = now

    def left(self, now: float, size: int) -> float | None:
        """Seconds from now on; None while what was last said of them is nearly true still."""
        if now - self._said < self._seconds / 10:
            return None
        self._said = now
        most = self._end + size / MIN_BYTES_A_SECOND - now
        return max(min(self._seconds, most), 0.001)


class MessageLines:
    """Collects the lines of DATA and remembers the first rule that was broken.

    From then on nothing is kept: a peer that never ends costs no memory.
    """

    def __init__(self, *, max_bytes: int = MAX_MESSAGE_BYTES) -> None:
        self._max_bytes = max_bytes
        self._lines: list[bytes] = []
        self._header_lines = 0
        self._in_header = True
        self.size = 0
        self.problem: str | None = None

    def add(self, line: bytes) -> None:
        """One line with its CRLF, the transparency dot still on it."""
        self.size += len(line)
        if self.problem is None:
            self.problem = self._problem(line)
            if self.problem:
                self._lines.clear()
        if self.problem is None:
            self._lines.append(line[1:] if line.startswith(b".") else line)

    def overflow(self, count: int) -> None:
        """`count` bytes without a line end in sight: thrown away."""
        self.size += count
        self.problem = self.problem or "500 5.5.2 Line too long"
        self._lines.clear()

    @property
    def hopeless(self) -> bool:
        """The peer goes on far beyond what it may send: the connection ends."""
        return self.size > 2 * self._max_bytes

    def content(self) -> bytes:
        return b"".join(self._lines)

    def _problem(self, line: bytes) -> str | None:
        text = line[:-2]
        if any(spoiler in text for spoiler in SPOILERS):
            return "550 5.5.2 Bare CR, LF or NUL in the message"
        if len(text) > MAX_LINE_BYTES + text.startswith(b"."):
            return "500 5.5.2 Line too long"
        if self.size > self._max_bytes:
            return "552 5.3.4 Message too big"
        if self._in_header:
            self._in_header = bool(text)
            self._header_lines += 1
            if self._header_lines > MAX_HEADER_LINES or self.size > MAX_HEADER_BYTES:
                return "552 5.3.4 Header too big"
        return None


def headers(message: bytes, name: str) -> list[bytes]:
    """The values of every header field of that name, unfolded. The header ends at the first line
    that is no field, as for who reads the mail: what follows is its text."""
    head = message.partition(b"\r\n\r\n")[0].removesuffix(b"\r\n")
    lines = re.sub(rb"\r\n([ \t])", rb"\1", head).split(b"\r\n")
    wanted, fields = name.lower().encode(), lines[lines[0].startswith(ENVELOPE) :]
    found = takewhile(lambda one: one is not None, map(HEADER.fullmatch, fields))
    return [one[2].strip() for one in found if one and one[1].lower() == wanted]


def header_problem(message: bytes, sender: Address | None) -> str | None:
    """Loops, and a From that is not single or not of the sender's domain."""
    if len(headers(message, "Received")) > MAX_RECEIVED:
        return "554 5.4.6 Too many hops"
    written = headers(message, "From")
    if len(written) != 1:
        return "550 5.7.1 Write exactly one From"
    if len(written[0]) > MAX_FROM_BYTES or written[0].count(b"(") > MAX_COMMENTS:
        return "550 5.7.1 Write one plain address in From"
    author = _author(written[0].decode("utf-8", "replace"))
    if author is None:
        return "550 5.7.1 Write exactly one address in From"
    if sender is not None and author.domain != sender.domain:
        return "550 5.7.1 From is not of the domain of the sender"
    return None


def _author(text: str) -> Address | None:
    """The one address of a From; also where a name before it holds what a mail program should have
    put in quotes (a comma, the address once more), but no address of another."""
    people = getaddresses([text])
    if len(people) == 1 and (author := parse_address(people[0][1])):
        return author
    found = NAMED.fullmatch(text.strip())
    author = parse_address(found[2]) if found else None
    if found is None or author is None:
        return None
    others = (word.strip("'\",;:[]") for word in found[1].lower().split() if "@" in word)
    return author if all(one == "@".join(author).lower() for one in others) else None
