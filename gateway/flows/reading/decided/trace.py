"""What is written of an act, permitted or not, before its answer leaves (ACCESS section 5)."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import datetime

import orjson

from gateway.access.grid import Grid
from gateway.flows.reading.decided.facts import NO_TYPE
from gateway.flows.reading.decided.gate import Gate
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Decision, DocumentFacts, Reader
from gateway.records.readers.switches import Switches

ABSENT = "X00"
"""The rule of a question about nothing (ACCESS section 2: `document` null)."""
UNFILED = "unfiled"
"""In the details: the codes that hide what an entry is about, where it names no document."""
IDENTIFIER = re.compile(r"[0-9a-f]{32}", re.ASCII)
SOMEBODY_ELSE = "Une autre personne"
"""How another patient who tried is called: his name is not the holder's business."""


def trace_of(
    gate: Gate,
    decision: Decision,
    *,
    action: str,
    document: str | None = None,
    door: str,
    seen: Mapping[str, object] | None = None,
    said: Mapping[str, object] | None = None,
) -> NewTrace:
    """One act. `details` hold the grid's hash, the settings in force that are not those of ACCESS
    section 6, the notice, the reason of an emergency and what is `said` of the act; what was
    `seen` is kept back from the holder.

    `door` is that of the flow, where the reader came through none of his own.
    """
    reader = gate.reader
    details: dict[str, object] = {"grid": gate.grid.digest[:16], **(said or {})}
    if settings := unusual_settings(gate.switches, gate.now):
        details["settings"] = settings
    if gate.circumstances.notice is not None:
        details["notice"] = gate.circumstances.notice
    if gate.is_emergency:
        details["mode"] = gate.circumstances.mode
        details["reason"] = gate.circumstances.reason
    return NewTrace(
        patient=gate.patient,
        action=action,
        permitted=decision.permitted,
        rule=decision.rule,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=SOMEBODY_ELSE if gate.is_stranger else reader.name,
        profession=reader.profession,
        organization=None if gate.is_stranger else reader.organisation_name,
        document=document,
        door=reader.door or door,
        address=reader.address,
        emergency=gate.is_emergency,
        details=orjson.dumps(details),
        kept=orjson.dumps(seen) if seen else b"",
    )


def facts_of_unfiled(made: NewTrace, at: datetime) -> DocumentFacts | None:
    """Of what was refused, or is several, and hidden by its author; None for any other entry."""
    if made.document is not None or UNFILED.encode() not in made.details:
        return None
    codes = orjson.loads(made.details).get(UNFILED)
    return DocumentFacts(type=NO_TYPE, codes=tuple(codes), deposited=at) if codes else None


def trace_of_nothing(
    reader: Reader,
    whose: PatientKey,
    action: str,
    document: str | None,
    *,
    door: str,
    grid: Grid,
) -> NewTrace:
    """A try at what is not there, as long as a refusal: `whose` log it stands in is no patient's.

    The id is told where it could be one: anything else is what somebody typed.
    """
    return NewTrace(
        patient=whose,
        action=action,
        permitted=False,
        rule=ABSENT,
        kind=reader.kind,
        actor=reader.id or "",
        actor_name=reader.name,
        profession=reader.profession,
        organization=reader.organisation_name,
        document=document if document and IDENTIFIER.fullmatch(document) else None,
        door=reader.door or door,
        address=reader.address,
        details=orjson.dumps({"grid": grid.digest[:16]}),
    )


USUAL = Switches()


def unusual_settings(switches: Switches, now: datetime) -> dict[str, object]:
    """The switches whose value in force is not the one by default, by name."""
    if switches is USUAL or switches == USUAL:
        return {}
    in_force = ((field.name, getattr(switches, field.name).at(now)) for field in fields(Switches))
    return {name: value for name, value in in_force if value != getattr(USUAL, name).at(now)}


def seen_in(decided: Iterable[tuple[str, Decision]]) -> dict[str, object]:
    """The sealed part of a list's trace: counts, and the ids under the rule that decided them."""
    by_rule: dict[str, list[str]] = defaultdict(list)
    counts = {True: 0, False: 0}
    for document, decision in decided:
        by_rule[decision.rule].append(document)
        counts[decision.permitted] += 1
    return {"shown": counts[True], "refused": counts[False], "rules": by_rule}


def counts_in(seen: Mapping[str, object]) -> dict[str, object]:
    """The same without the ids."""
    return {name: count for name, count in seen.items() if name != "rules"}
