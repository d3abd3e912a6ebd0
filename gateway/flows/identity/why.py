"""Why a word about a held receipt cannot be true: for a person in code and names, in English for
the command line, never with a value of anybody's identity."""

from collections.abc import Iterable
from enum import StrEnum

from gateway.errors import RefusedError


class Why(StrEnum):
    NOT_HELD = "not-held"
    NO_CANDIDATE = "no-candidate"
    NO_DOCUMENT = "no-document"
    OTHER_QUALIFIED = "other-qualified"
    UNSOUND = "unsound"
    LOCAL_ID = "local-id"
    NEVER = "never"
    DIFFERS = "differs"
    LOOK_AT = "look-at"
    NOT_ANSWERED = "not-answered"
    OTHERS_TOO = "others-too"
    OWN_UNQUALIFIED = "own-unqualified"
    NOT_CLOSED = "not-closed"


class CannotBeError(RefusedError):
    """`names` are traits (birth_family) for DIFFERS and OTHER_QUALIFIED, else codes of findings."""

    def __init__(self, message: str, why: Why, names: Iterable[str] = ()) -> None:
        super().__init__(message)
        self.why = why
        self.names = tuple(names)


def not_held(receipt: str) -> CannotBeError:
    """It is settled, or was never there."""
    return CannotBeError(f"receipt {receipt} is not held", Why.NOT_HELD)
