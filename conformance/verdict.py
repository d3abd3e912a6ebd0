"""How a check ends early: the requirement is not met, or cannot be tried here."""


class NotMetError(Exception):
    """The text says what was seen instead."""


class SkippedError(Exception):
    """The text says what the target, or the command line, would have to offer."""


def expect(met: object, saw: object) -> None:
    """Raises NotMetError with what was seen."""
    if not met:
        raise NotMetError(str(saw))
