"""Why a sign-in is refused: one word for logs, traces and pages. Never holds a token or a name."""

from enum import StrEnum


class Why(StrEnum):
    STATE = "state"
    """No state, or one that is unknown, spent, older than ten minutes or another browser's."""
    ISSUER = "issuer"
    """Another issuer's answer or token (RFC 9207, mix-up)."""
    CANCELLED = "cancelled"
    """The provider itself answered with an error."""
    CODE = "code"
    """The provider did not take the code: spent, too old or another client's."""
    TOKEN = "token"  # noqa: S105 — a word
    """Not a signed token of the form we take."""
    ALGORITHM = "algorithm"
    HEADER = "header"
    """A header that brings a key, an address or a compression of its own."""
    KEY = "key"
    """No key of the issuer has this kid."""
    SIGNATURE = "signature"
    AUDIENCE = "audience"
    TIME = "time"
    """Expired, not valid yet, or issued in the future."""
    NONCE = "nonce"
    ACR = "acr"
    """The level of the authentication is too low."""
    CLAIM = "claim"
    """A claim is missing, has the wrong type, or two sources disagree."""
    PERSON = "person"
    """No RPPS: an establishment's account, or nobody (VAULT CHO-12)."""
    PROFESSION = "profession"
    """No profession that we know, or another than the ones declared (VAULT CHO-12)."""
    SITUATION = "situation"
    """Several situations of exercise, and none or no single one of them is named."""
    BINDING = "binding"
    """The token is bound to a key or a certificate that was not shown, or not well."""
    REPLAY = "replay"
    """What may be shown once was shown before."""
    SILENT = "silent"
    """The provider does not answer, or nothing that can be used."""


class NotProvedError(Exception):
    """A sign-in that proves nothing: `why` is told, and codes in `hint` to choose from."""

    def __init__(self, why: Why, hint: str = "") -> None:
        super().__init__(why.value)
        self.why, self.hint = why, hint
