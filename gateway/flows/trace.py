"""What is written of an act, permitted or not, before its answer leaves (ACCESS section 5)."""

from collections.abc import Iterable, Mapping

import orjson

from gateway.flows.gate import Gate
from gateway.records.access import Decision
from gateway.records.account import NewTrace

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
) -> NewTrace:
    """One act; `details` hold the grid's hash, the reason of an emergency and what was `seen`."""
    reader = gate.reader
    details: dict[str, object] = {"grid": gate.grid.digest[:16], **(seen or {})}
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
        document=document,
        door=door,
        emergency=gate.is_emergency,
        details=orjson.dumps(details),
    )


def seen_in(decided: Iterable[tuple[str, Decision]]) -> dict[str, object]:
    """The sealed part of a list's trace: counts, and the ids under the rule that decided them."""
    by_rule: dict[str, list[str]] = {}
    shown = refused = 0
    for document, decision in decided:
        by_rule.setdefault(decision.rule, []).append(document)
        shown, refused = shown + decision.permitted, refused + (not decision.permitted)
    return {"shown": shown, "refused": refused, "rules": by_rule}
