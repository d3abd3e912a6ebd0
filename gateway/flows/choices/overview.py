"""« Qui a accès à mes documents »: everybody the record knows by a choice, as it stands (CHO-01).

Pure: the choices of a record and the directory in, rows out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.access.time import in_force
from gateway.records.account import Choice, ChoiceKind, Professional

AGREEMENTS = frozenset({ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.CARE_TEAM})


class State(StrEnum):
    AUTHORISED = "autorisé"
    REFUSED = "refusé"
    BLOCKED = "bloqué"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One professional or team: `how` is who gave the agreement or took it back, `until` its end.

    `team` tells an establishment from a person; `treating` the médecin traitant.
    """

    id: str
    name: str
    profession: str
    organization: str
    state: State
    since: datetime
    until: datetime | None
    how: str
    team: bool
    treating: bool


def rows_of(
    choices: Iterable[Choice], directory: Mapping[str, Professional], now: datetime
) -> list[Row]:
    """Blocked first, then authorised, then refused; by name. Somebody the directory does not
    know stands under his id."""
    latest: dict[tuple[str, bool], list[Choice]] = {}
    treating: set[str] = set()
    for choice in choices:
        if choice.kind is ChoiceKind.TREATING and _holds(choice, now):
            treating.add(choice.target)
        if choice.kind in AGREEMENTS or choice.kind is ChoiceKind.BLOCK:
            team = choice.kind is ChoiceKind.CARE_TEAM
            latest.setdefault((choice.target, team), []).append(choice)
    teams = {one.organization: one.organization_name or "" for one in directory.values()}
    rows = [
        _row(target, told, directory.get(target), teams, now, team=team, treating=treating)
        for (target, team), told in latest.items()
    ]
    order = {State.BLOCKED: 0, State.AUTHORISED: 1, State.REFUSED: 2}
    return sorted(rows, key=lambda row: (order[row.state], row.name))


def _row(
    target: str,
    told: list[Choice],
    known: Professional | None,
    teams: Mapping[str | None, str],
    now: datetime,
    *,
    team: bool,
    treating: set[str],
) -> Row:
    state, fact = _state(told, now)
    name = teams.get(target, "") if team else known.name if known else ""
    return Row(
        id=target,
        name=name or target,
        profession=known.profession if known and not team else "",
        organization=(known.organization_name or "") if known else "",
        state=state,
        since=fact.since,
        until=fact.until if state is State.AUTHORISED else None,
        how=fact.by,
        team=team,
        treating=target in treating,
    )


def _state(told: list[Choice], now: datetime) -> tuple[State, Choice]:
    """What the last fact in force says; an agreement older than a block ended with it (B9)."""
    blocks = [one for one in told if one.kind is ChoiceKind.BLOCK]
    for one in blocks:
        if _holds(one, now):
            return State.BLOCKED, one
    ended = max((one.until or one.since for one in blocks), default=None)
    for one in reversed(told):
        given = one.kind in AGREEMENTS and _holds(one, now)
        if given and (ended is None or one.since >= ended):
            return State.AUTHORISED, one
    return State.REFUSED, told[-1]


def _holds(choice: Choice, now: datetime) -> bool:
    return in_force(choice.since, choice.until, now)
