"""« Qui a accès à mes documents »: everybody the record knows, as he stands before it (CHO-01).

Whether somebody is authorised is asked of the one decision, never read from a choice; the choices
say since when, until when and how.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from gateway.access.question import PHYSICIAN
from gateway.access.time import in_force
from gateway.flows.reading.decided.facts import professional_reader
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.explain import KNOWN_BY
from gateway.flows.reading.history import ReadHistory
from gateway.records.patients.account import Choice, ChoiceKind, Professional, Trace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, Decision, Reader, ReaderKind

DECIDED = frozenset({ChoiceKind.CARE_PROFESSIONAL, ChoiceKind.BLOCK})
OF_TEAMS = frozenset({ChoiceKind.CARE_TEAM, ChoiceKind.TEAM_OBJECTED})
BLOCKED_RULE, NO_AGREEMENT = "F44", "F50"
MAX_TRACES = 500
"""Of the newest, in which tries without an agreement are looked for."""


class State(StrEnum):
    AUTHORISED = "autorisé"
    REFUSED = "refusé"
    BLOCKED = "bloqué"
    WAITING = "en attente"


ORDER = {State.WAITING: 0, State.BLOCKED: 1, State.AUTHORISED: 2, State.REFUSED: 3}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One professional or team: `by` is who gave the agreement or took it back, `until` its end,
    `through` the team by whose agreement he reads, "" where he has his own.

    `team` tells an establishment from a person; `rule` what the decision said.
    """

    id: str
    name: str
    profession: str
    organization: str
    state: State
    since: datetime
    until: datetime | None
    by: str
    rule: str = ""
    through: str = ""
    asked: bool = False
    """Tried to read without an agreement."""
    team: bool = False
    treating: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """What the rows are made from; `asked` when each professional was first refused."""

    gate: Gate
    choices: Sequence[Choice]
    directory: Mapping[str, Professional]
    asked: Mapping[str, datetime]


async def known_to(read: ReadHistory, reader: Reader, patient: PatientKey) -> Known:
    """Raises DeniedError where there is no such record. Tries are looked for only where ACCESS
    shows this reader the log, and only among its rows that this reader is shown."""
    gate = await read.gate(reader, patient)
    shown = gate.may(AccessAction.TRACE, None).permitted
    traces = await read.traces.of_patient(patient, limit=MAX_TRACES) if shown else []
    tries = await read.permitted_rows(gate, filter(_is_asking, traces))
    directory = {one.id: one for one in await read.people.professionals()}
    choices = await read.people.choices(patient)
    return Known(gate, choices, directory, asked_of(tries))


def rows_of(known: Known) -> list[Row]:
    """Those who wait for an answer first, then blocked, authorised, refused; by name. Somebody the
    directory does not know stands under his id."""
    people = {one.target for one in known.choices if one.kind in KNOWN_BY} | known.asked.keys()
    teams = {one.target for one in known.choices if one.kind in OF_TEAMS}
    rows = [_person(known, one) for one in people] + [_team(known, one) for one in teams]
    return sorted(rows, key=lambda row: (ORDER[row.state], row.name, row.id))


def asked_of(traces: Sequence[Trace]) -> dict[str, datetime]:
    """Professionals who were refused for want of an agreement, and the oldest such try of these
    traces (newest first)."""
    return {row.trace.actor: row.at for row in traces if _is_asking(row)}


def _is_asking(row: Trace) -> bool:
    return row.trace.rule == NO_AGREEMENT and row.trace.kind == ReaderKind.PROFESSIONAL


def _reader(known: Known, name: str) -> Reader:
    """Somebody unknown is probed as a physician: his profession closes nothing by itself."""
    one = known.directory.get(name)
    if one is not None:
        return professional_reader(one)
    return Reader(kind=ReaderKind.PROFESSIONAL, id=name, profession=PHYSICIAN)


def _person(known: Known, name: str) -> Row:
    gate = replace(known.gate, reader=_reader(known, name), circumstances=NORMAL)
    decision = gate.standing()
    own = [one for one in known.choices if one.target == name]
    state, fact, through = _state(known, decision, own, gate.reader)
    one, record = known.directory.get(name), gate.record
    since = fact.since if fact else known.asked.get(name) or min(each.since for each in own)
    ended = state is State.REFUSED and fact is not None and fact.until is not None
    return Row(
        id=name,
        name=one.name if one else name,
        profession=one.profession if one else "",
        organization=(one.organization_name or "") if one else "",
        state=state,
        since=fact.until if ended and fact and fact.until else since,
        until=fact.until if fact and state is not State.REFUSED else None,
        by=fact.by if fact else "",
        rule=decision.rule,
        through=through,
        asked=name in known.asked,
        treating=record.treating is not None and record.treating.id == name,
    )


def _state(
    known: Known, decision: Decision, own: Sequence[Choice], reader: Reader
) -> tuple[State, Choice | None, str]:
    """The state, the choice that explains it, and the team by which he reads."""
    now = known.gate.now
    if decision.rule == BLOCKED_RULE:
        return State.BLOCKED, _latest(own, now, ChoiceKind.BLOCK), ""
    if decision.permitted:
        if given := _latest(own, now, ChoiceKind.CARE_PROFESSIONAL):
            return State.AUTHORISED, given, ""
        of_team = [one for one in known.choices if one.target == reader.team]
        given = _latest(of_team, now, ChoiceKind.CARE_TEAM)
        return State.AUTHORISED, given, _team_name(known, reader.team or "")
    decided = [one for one in own if one.kind in DECIDED and one.since <= now]
    if decided:
        return State.REFUSED, decided[-1], ""
    return State.WAITING, None, ""


def _team(known: Known, name: str) -> Row:
    now = known.gate.now
    told = [one for one in known.choices if one.target == name and one.kind in OF_TEAMS]
    given = _latest(told, now, ChoiceKind.CARE_TEAM)
    if given is not None and name not in known.gate.record.teams_objected:
        state, fact = State.AUTHORISED, given
    else:
        state, fact = State.REFUSED, told[-1]
    return Row(
        id=name,
        name=_team_name(known, name),
        profession="",
        organization="",
        state=state,
        since=fact.since,
        until=fact.until if state is State.AUTHORISED else None,
        by=fact.by,
        team=True,
    )


def _team_name(known: Known, name: str) -> str:
    members = (one for one in known.directory.values() if one.organization == name)
    return next((one.organization_name for one in members if one.organization_name), name)


def _latest(choices: Sequence[Choice], now: datetime, kind: ChoiceKind) -> Choice | None:
    held = (one for one in choices if one.kind is kind and in_force(one.since, one.until, now))
    return max(held, key=lambda one: one.since, default=None)
