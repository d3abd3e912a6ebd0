"""The list of `gateway person invite`: CSV in UTF-8, a header, one person a line.

A line is a line of the file: no field holds a line break. So each is read alone, in bounded memory,
and named by its number.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from gateway.errors import RefusedError
from gateway.flows.inviting.invite import Listed
from gateway.records.patients.patient import PatientIdentity

NEEDED = ("ins", "family", "givens", "birth_date", "sex", "place", "serial")
OPTIONAL = ("email", "mobile", "postal", "parent")
MAX_LINE_BYTES = 4_096
BOM = b"\xef\xbb\xbf"
SEXES = ("F", "M")


class NoListError(Exception):
    """The file is no such list: nothing of it was done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """`number` counts from 1, the header's; `wrong` is why there is no `listed`."""

    number: int
    listed: Listed | None = None
    wrong: str = ""


def read_list(path: Path, oid: str) -> Iterator[Line]:
    """Line by line; an empty one is passed over. Raises NoListError before the first of them, and
    OSError."""
    with path.open("rb") as file:
        columns, mark = _header(file)
        number = 1
        while raw := file.readline(MAX_LINE_BYTES + 1):
            number += 1
            if len(raw) > MAX_LINE_BYTES:
                _to_the_end(file, raw)
                yield Line(number=number, wrong=f"the line is longer than {MAX_LINE_BYTES} bytes")
            elif raw.strip():
                yield _line(number, raw, columns, mark, oid)


def _to_the_end(file: IO[bytes], raw: bytes) -> None:
    while raw and not raw.endswith(b"\n"):
        raw = file.readline(MAX_LINE_BYTES)


def _header(file: IO[bytes]) -> tuple[list[str], str]:
    """The names of the columns, and what parts them."""
    raw = file.readline(MAX_LINE_BYTES + 1).removeprefix(BOM)
    mark = ";" if b";" in raw else ","
    try:
        columns = [one.strip().lower() for one in _fields(raw, mark)]
    except RefusedError as error:
        raise NoListError(f"line 1: {error}") from error
    known = (*NEEDED, *OPTIONAL)
    if unknown := [one for one in columns if one not in known]:
        raise NoListError(f"line 1: unknown column {unknown[0][:40]!r}; known: {', '.join(known)}")
    if missing := [one for one in NEEDED if one not in columns]:
        raise NoListError(f"line 1: the column {missing[0]} is missing")
    if len(set(columns)) < len(columns):
        raise NoListError("line 1: a column stands there twice")
    return columns, mark


def _fields(raw: bytes, mark: str) -> list[str]:
    try:
        text = raw.decode("utf-8")
        return next(csv.reader([text.rstrip("\r\n")], delimiter=mark, strict=True))
    except UnicodeDecodeError:
        raise RefusedError("the line is not UTF-8") from None
    except (csv.Error, StopIteration):
        raise RefusedError("a quotation mark is not closed, or stands in a field") from None


def _line(number: int, raw: bytes, columns: list[str], mark: str, oid: str) -> Line:
    try:
        fields = [one.strip() for one in _fields(raw, mark)]
        if len(fields) != len(columns):
            raise _wrong_count(len(fields), len(columns))
        listed = _listed(dict(zip(columns, fields, strict=True)), oid)
    except RefusedError as error:
        return Line(number=number, wrong=str(error))
    return Line(number=number, listed=listed)


def _wrong_count(found: int, named: int) -> RefusedError:
    return RefusedError(f"{found} fields, where the header names {named}")


def _listed(said: Mapping[str, str], oid: str) -> Listed:
    if empty := [name for name in NEEDED if not said[name]]:
        raise RefusedError(f"{empty[0]} is empty")
    if said["sex"] not in SEXES:
        raise RefusedError("sex is F or M")
    givens = said["givens"]
    identity = PatientIdentity(
        ins=said["ins"],
        ins_oid=oid,
        birth_family=said["family"],
        birth_given=givens.split()[0],
        birth_givens=givens,
        birth_date=said["birth_date"],
        sex=said["sex"],
        birth_place=said["place"],
        traits_complete=True,
    )
    optional = {name: said.get(name, "") for name in OPTIONAL}
    return Listed(identity=identity, serial=said["serial"], **optional)
