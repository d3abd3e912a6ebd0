"""Invented results of biology, and the cards of the documents that say them."""

from typing import Any

from reading_twins import card

from gateway.records.documents.document import RESULTS_TYPE
from gateway.records.documents.observation import Observation
from gateway.records.documents.result import Result

LOINC = "2.16.840.1.113883.6.1"
FIELDS = dict.fromkeys(Observation._fields, "") | {
    "code": "3016-3",
    "system": LOINC,
    "text": "TSH",
    "value": "2.1",
    "value_type": "NM",
    "unit": "mUI/L",
    "status": "F",
    "category": "laboratory",
}
DAY = "2026-03-12T07:15:00Z"


def row(value: str = "2.1", time: str | None = DAY, **more: Any) -> Observation:
    said: dict[str, Any] = FIELDS | {"value": value, "time": time} | more
    return Observation(**said)


def result(
    value: str = "2.1", time: str | None = DAY, *, of: dict[str, Any] | None = None, **more: Any
) -> Result:
    """`of` is what is said of its document, which is a message of a laboratory."""
    said: dict[str, Any] = {"mime_type": RESULTS_TYPE} | (of or {})
    return Result(row(value, time, **more), card(said.pop("id", "d1"), **said))
