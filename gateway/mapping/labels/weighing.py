"""From clues to one label, and from a clue against an official type to a doubt.

A type code of the national value sets decides alone: its label is never changed by words, only
doubted (decision 012). Without one, the clues of a label add up; the heaviest label wins.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from gateway.mapping.labels.clues import HIGH, MEDIUM, Clue, Gather
from gateway.mapping.labels.contents import section_clues
from gateway.mapping.labels.titles import title_clue, title_clues
from gateway.mapping.tables import rows
from gateway.records.documents.document import Label

_NEIGHBOURS = frozenset(
    frozenset((Label(row["one"]), Label(row["other"]))) for row in rows("label_neighbours")
)


class Weighed(NamedTuple):
    """`against` is the strongest clue for another label, None where all agree."""

    label: Label
    rule: str
    confidence: str
    against: Clue | None


def weigh(clues: Iterable[Clue]) -> Weighed | None:
    """The label with most weight; the first named wins a draw. None without any clue.

    High: at least HIGH, and all agree or are far behind; medium: at least MEDIUM and nothing of
    weight against; low: everything else. The rule is that of the winner's strongest clue.
    """
    by_label: defaultdict[Label, list[Clue]] = defaultdict(list)
    for clue in clues:
        by_label[clue.label].append(clue)
    if not by_label:
        return None
    ranked = sorted(by_label.values(), key=_weight, reverse=True)
    strongest = _strongest(ranked[0])
    others = [_speaking_against(strongest.label, clues) for clues in ranked[1:]]
    against = max(others, key=_weight, default=[])
    theirs = _weight(against)
    return Weighed(
        label=strongest.label,
        rule=strongest.rule,
        confidence=_confidence(_weight(ranked[0]), theirs),
        against=_strongest(against) if theirs else None,
    )


def _strongest(clues: list[Clue]) -> Clue:
    return max(clues, key=lambda clue: clue.weight)


def _speaking_against(label: Label, clues: list[Clue]) -> list[Clue]:
    return [clue for clue in clues if label not in clue.allows]


def _weight(clues: list[Clue]) -> int:
    return sum(clue.weight for clue in clues)


def _confidence(ours: int, theirs: int) -> str:
    if ours >= HIGH and (not theirs or ours - theirs >= HIGH):
        return "high"
    return "medium" if ours >= MEDIUM and ours - theirs >= MEDIUM else "low"


def contradiction(
    label: Label, display: str | None, title: str | None, gather: Gather
) -> Clue | None:
    """A clue of full weight against the label of an official type, with none for it.

    `display` is the type's own name: what it says is never against it. Sections are gathered
    only where the title does not speak for the label.
    """
    by_title = title_clue(title) if title else None
    if by_title and _spoken_for(label, by_title, title or "", display):
        return None
    by_section = section_clues(gather().sections)
    if any(_agree(clue.label, label) for clue in by_section):
        return None
    found = [clue for clue in (by_title, *by_section) if clue and clue.weight >= HIGH]
    return found[0] if found else None


def _agree(one: Label, other: Label) -> bool:
    return one is other or frozenset((one, other)) in _NEIGHBOURS


def _spoken_for(label: Label, said: Clue, title: str, display: str | None) -> bool:
    """Whether the title says the label, the type's own name, or the label among other things."""
    if _agree(said.label, label) or _named(said, display):
        return True
    return any(_agree(clue.label, label) for clue in title_clues(title)[1:])


def _named(clue: Clue, display: str | None) -> bool:
    own = title_clue(display) if display else None
    return own is not None and own.label is clue.label
