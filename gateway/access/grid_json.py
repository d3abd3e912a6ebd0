"""The official publication of the grid, in the shape it has on its site (RULES C10).

One record a (profession, class, type) with a boolean; plain, or as the resources of a JSON:API
answer. It says neither dates nor sources: its cells are official and without bounds.
"""

from collections.abc import Iterator
from typing import Any

import orjson

FIELDS = {
    "field_code_profession": "profession_code",
    "field_code_categorie_document": "class_code",
    "field_code_loinc": "type_code",
    "field_consultation_document": "consultation",
}
"""Its names for our columns."""
YES_OR_NO = {True: "Y", False: "N", "1": "Y", "0": "N", "true": "Y", "false": "N"}


class OfficialGridError(ValueError):
    """The JSON is not of the official shape; the text names the record and what to fix."""


def looks_official(content: bytes) -> bool:
    """JSON, by its first character."""
    return content.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"[", b"{")


def official_rows(content: bytes) -> Iterator[dict[str, str]]:
    """The records by the columns of ACCESS section 8. Raises OfficialGridError."""
    try:
        whole = orjson.loads(content.removeprefix(b"\xef\xbb\xbf"))
    except orjson.JSONDecodeError as error:
        raise OfficialGridError("the grid is no JSON") from error
    records = whole.get("data") if isinstance(whole, dict) else whole
    if not isinstance(records, list):
        raise OfficialGridError("the grid is a list of records, or an answer with `data`")
    for number, record in enumerate(records, 1):
        yield _row(number, record)


def _row(number: int, record: Any) -> dict[str, str]:  # whatever the JSON holds
    fields = record.get("attributes", record) if isinstance(record, dict) else None
    if not isinstance(fields, dict):
        raise OfficialGridError(f"record {number} is no object")
    row = {"status": "official", "source": "official publication"}
    for name, column in FIELDS.items():
        value = fields.get(name)
        if column == "consultation":
            row[column] = _answer(number, value)
        elif isinstance(value, str) and value.strip():
            row[column] = value.strip()
        elif column != "class_code":
            raise OfficialGridError(f"record {number}: {name} is missing or empty")
    return row


def _answer(number: int, value: object) -> str:
    known = YES_OR_NO.get(value) if isinstance(value, bool | int | str) else None
    if known is None:
        raise OfficialGridError(f"record {number}: field_consultation_document is no boolean")
    return known
