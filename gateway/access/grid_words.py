"""What another version of the grid changes, in words a person may check."""

from collections import Counter
from collections.abc import Iterable, Iterator

from gateway.access.grid_check import Change
from gateway.access.professions import profession_name

SAYS = {True: "read", False: "not read", None: "not in the grid, so not read"}


def in_words(change: Change, profession: str, document: str | None) -> str:
    """`Médecin (G15_10) and CR (11502-2): read -> not read`; names beside their codes."""
    named = f"{document} ({change.type_code})" if document else change.type_code
    before, after = SAYS[change.before], SAYS[change.after]
    return f"{profession} ({change.profession}) and {named}: {before} -> {after}"


def summary(changes: Iterable[Change]) -> Iterator[str]:
    """A line a profession that gains or loses types; what refuses both ways is told as such."""
    gains, losses, words = Counter[str](), Counter[str](), 0
    for change in changes:
        if change.after:
            gains[change.profession] += 1
        elif change.before:
            losses[change.profession] += 1
        else:
            words += 1
    for code in sorted(gains.keys() | losses.keys()):
        yield f"{profession_name(code)} ({code}): {gains[code]} more, {losses[code]} fewer"
    if words:
        yield f"{words} cells refuse as before, for another reason"
