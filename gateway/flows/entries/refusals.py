"""Why an entry was not written, for the form that asked."""

from collections.abc import Sequence

from gateway.errors import DeniedError, RefusedError
from gateway.mapping.entries.faults import Fault


class UnfitError(RefusedError):
    """What was written cannot be kept; `faults` say which fields and why."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        said = ", ".join(f"{one.field} {one.wrong}" for one in faults)
        super().__init__(f"The entry was not kept: {said}.")
        self.faults = tuple(faults)


class FullError(RefusedError):
    """There are as many of this kind as there may be."""


class FiledError(FullError):
    """There is one as a document already."""


class StaleEntryError(RefusedError):
    """The entry was changed since the form was shown."""


class NotOwnEntryError(DeniedError):
    """This reader sees the entry, and may not do that with it."""
