"""What was last answered to something that left, as the desk may read it: how it ended, codes, and
which of our own sentences it was.

A sentence that is not of ours is never repeated, and of a receiver's codes only numbers are: they
may name somebody.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from gateway.flows.desk.messages.masking import MASK


class End(StrEnum):
    """First word of an outcome; AGAIN of what will be tried again."""

    REFUSED = "refused"
    GIVEN_UP = "given-up"
    DENIED = "denied"
    NO_ADDRESS = "no-address"
    UNREADABLE = "unreadable"
    RETURNED = "returned"
    UNCLEAR = "unclear"
    UNREAD = "unread"
    AGAIN = "again"
    OTHER = "other"


class What(StrEnum):
    MAIL_REFUSED = "mail-refused"
    MAIL_LATER = "mail-later"
    MAIL_AWAY = "mail-away"
    MAIL_NO_TLS = "mail-no-tls"
    MAIL_CERTIFICATE = "mail-certificate"
    MAIL_TLS = "mail-tls"
    MAIL_CLOSED = "mail-closed"
    RETURNED = "returned"
    UNCLEAR = "unclear"
    UNREAD = "unread"
    ANSWERED = "answered"
    SILENT = "silent"
    CUT = "cut"
    TLS = "tls"
    AWAY = "away"
    BAD_ADDRESS = "bad-address"
    NO_FORWARD = "no-forward"
    NOT_KEPT = "not-kept"
    NO_DOCUMENT = "no-document"
    NO_RECIPIENT = "no-recipient"
    UNFIT = "unfit"
    CERTIFICATES = "certificates"
    STORAGE = "storage"
    OURS = "ours"
    RULE = "rule"
    NOTHING = "nothing"
    """The end says it all."""
    MASKED = "masked"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastWord:
    end: End
    what: What
    codes: tuple[str, ...] = ()


SENTENCES = tuple(
    (re.compile(pattern), what)
    for pattern, what in (
        (r"The mail server refuses the message \((\d{3})\)\.", What.MAIL_REFUSED),
        (r"The mail server does not take the message now \((\d{3})\)\.", What.MAIL_LATER),
        (r"The mail server cannot be reached now\.", What.MAIL_AWAY),
        (r"The mail server offers no STARTTLS: nothing is sent in clear\.", What.MAIL_NO_TLS),
        (r"The mail server has no certificate for its address .*", What.MAIL_CERTIFICATE),
        (r"The mail server and this one do not agree on TLS, .*", What.MAIL_TLS),
        (r"The mail server closed the connection\.", What.MAIL_CLOSED),
        (r"(?:A[AER]|C[AER])(?: \S+){0,2}", What.ANSWERED),
        (r"The receiver did not answer (?:in time|lately)\.", What.SILENT),
        (r"(?:The receiver|Another message to this address) takes too long\.", What.SILENT),
        (r"Not answered: .*", What.CUT),
        (r"TLS with the receiver failed\.", What.TLS),
        (r"The receiver cannot be reached\.", What.AWAY),
        (r"no address to send to: .*", What.BAD_ADDRESS),
        (r"no forward .* is configured", What.NO_FORWARD),
        (r"The message is not kept any more\.", What.NOT_KEPT),
        (r"(?:the bytes of receipt .* were dropped|there is no receipt .*)", What.NOT_KEPT),
        (r"The document is not there any more\.", What.NO_DOCUMENT),
        (r"The receipt names no recipient of its message\.", What.NO_RECIPIENT),
        (r"The message (?:holds block characters of MLLP|has no MSH-10)\.", What.UNFIT),
        (r"(?:the mail exceeds \d+ bytes|an address cannot be written .*)", What.UNFIT),
        (r"The certificates of \[sending\] cannot be read\.", What.CERTIFICATES),
        (r"(?:The storage cannot|No space is left) .*", What.STORAGE),
        (r"(?:internal error|\d+ held inputs could not be judged again)", What.OURS),
    )
)
RULE = re.compile(r"[A-Z]\d{2}")
NUMBER = re.compile(r"\d{1,4}|\d\.\d{1,3}\.\d{1,3}", re.ASCII)
"""A code of a reply, or an enhanced one (RFC 3463)."""


def last_word(outcome: str) -> LastWord:
    """Of a task that ended: "refused: AE 207 904"."""
    first, _, rest = outcome.partition(":")
    end, rest = End(first) if first in set(End) else End.OTHER, rest.strip()
    match end:
        case End.DENIED:
            return LastWord(end=end, what=What.RULE, codes=tuple(RULE.findall(rest)[:1]))
        case End.NO_ADDRESS | End.UNREADABLE:
            return LastWord(end=end, what=What.NOTHING)
        case End.RETURNED:
            return LastWord(
                end=end, what=What.RETURNED, codes=tuple(map(_number, rest.split()[:1]))
            )
        case End.UNCLEAR | End.UNREAD:
            return LastWord(end=end, what=What(end.value), codes=_of_another(rest.split()[:2]))
        case _:
            what, codes = _understood(rest)
            return LastWord(end=end, what=what, codes=codes)


def _of_another(words: list[str]) -> tuple[str, ...]:
    """A reply, and the task that it may be of."""
    code, tasks = words[:1], words[1:]
    numbers = (f"n° {one}" if one.isdecimal() else MASK for one in tasks)
    return (*map(_number, code), *numbers)


def why_again(reason: str) -> LastWord:
    """Of a task that was put off."""
    what, codes = _understood(reason)
    return LastWord(end=End.AGAIN, what=what, codes=codes)


def _understood(text: str) -> tuple[What, tuple[str, ...]]:
    for pattern, what in SENTENCES:
        if found := pattern.fullmatch(text):
            words = text.split() if what is What.ANSWERED else found.groups()
            return what, tuple(_code(word, place) for place, word in enumerate(words))
    return What.MASKED, ()


def _code(word: str, place: int) -> str:
    """MSA-1 stands first and is of a closed set; ERR-5 may be whatever a receiver wrote."""
    return word if place == 0 and len(word) == 2 else _number(word)


def _number(word: str) -> str:
    return word if NUMBER.fullmatch(word) else MASK
