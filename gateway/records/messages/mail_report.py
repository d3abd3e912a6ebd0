"""What a receiver's mail server or mail program reports of a mail of ours."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MailReport:
    """A DSN (event Z02, RFC 3464) or an MDN (event Z03, RFC 8098).

    `receipt` and `place` are what our Message-ID said: whose message it was, and which of its
    recipients. `positive` None is a delay: nothing is decided yet. `code` is that of ERR-5, an
    SMTP reply for Z02 and an application code (900 to 906) for Z03, "" where it is positive.
    `left_at` is when a person began the tries of this mail (ISO 8601), out of our envelope id or
    the Date of the mail that is enclosed; "" where neither can be read. `tries` is the number of
    the try among them, 0 where no envelope id tells it.
    """

    event: str
    receipt: str
    place: int
    positive: bool | None
    code: str = ""
    left_at: str = ""
    tries: int = 0
