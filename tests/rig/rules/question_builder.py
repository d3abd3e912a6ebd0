"""Synthetic scenarios for access tests: a base that is permitted, and what a test changes of it."""

import json
from typing import Any

from gateway.access.grid import Cell, Grid
from gateway.access.lines.scenario import decide_line

DOCTOR, NURSE, OTHER = "890000000011", "890000000022", "890000000033"
NOW = "2026-03-15T10:00:00Z"
GRID = Grid(
    [
        Cell(profession="G15_10", type_code="11502-2", permits=True),
        Cell(profession="G15_60", type_code="11502-2", permits=False),
        Cell(profession="GENR08", type_code="11502-2", permits=True),
    ]
)

Json = dict[str, Any]


def consent(to: str = DOCTOR, **more: object) -> Json:
    return {"consents": [{"to": "professional", "id": to, **more}]}


def professional(**more: object) -> Json:
    return {"kind": "professional", "id": DOCTOR, "profession": "G15_10", **more}


def document(**more: object) -> Json:
    return {"type": "11502-2", "author": OTHER, "deposited": "2026-03-10T09:00:00Z", **more}


def scenario(action: str, reader: Json, **parts: object) -> Json:
    """A scenario on an ordinary document; `document=None` takes it away."""
    whole: Json = {"now": NOW, "action": action, "reader": reader, "document": document()}
    return {**whole, **parts}


def rule_of(asked: Json) -> str:
    return decide_line(json.dumps(asked).encode(), GRID).rule
