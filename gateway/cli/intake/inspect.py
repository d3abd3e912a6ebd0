"""`gateway inspect`: what the gateway understands of files or folders, storing nothing."""

import argparse
import os
import sys
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

from gateway.errors import RefusedError
from gateway.mapping.inspect import inspect_line
from gateway.mapping.understand import understand_all, unreadable
from gateway.records.intake.finding import verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.patient import Profile
from gateway.records.words import UNSEEN

SKIPPED = frozenset({"expected.csv", "PROVENANCE.md"})
SHAPES = {"accept": "●", "hold": "◐", "refuse": "✕"}


def add_parser(subparsers: "argparse._SubParsersAction[Any]") -> None:
    parser = subparsers.add_parser("inspect", help="what the gateway understands of files")
    parser.add_argument("paths", nargs="+", type=str, metavar="PATH")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--profile", choices=[one.value for one in Profile], default="test")
    parser.add_argument("--strict", action="store_true", help="check against the profiles too")
    parser.add_argument(
        "--cda-xsd", type=Path, metavar="FILE", help="hold CDA documents against this schema too"
    )
    parser.add_argument(
        "--contents", action="store_true", help="with --json: the coded entries of each document"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """0 when nothing is found, 1 with findings (a file that cannot be read), 2 bad schema."""
    reading = Reading(
        profile=Profile(arguments.profile), strict=arguments.strict, cda_schema=arguments.cda_xsd
    )
    if reading.cda_schema is not None and (fault := schema_fault(reading.cda_schema)):
        print(f"gateway inspect: {fault}", file=sys.stderr)
        return 2
    status = 0
    for given, path in files_of(arguments.paths):
        for understood in understand_file(path, reading):
            if arguments.json:
                line = inspect_line(given, understood, contents=arguments.contents)
                sys.stdout.buffer.write(orjson.dumps(line) + b"\n")
            else:
                print(human(given, understood))
            if understood.findings:
                status = 1
    sys.stdout.flush()
    return status


def schema_fault(path: Path) -> str:
    """Why a schema cannot be used, "" where it can."""
    from gateway.mapping.cda.schema import load_schema

    try:
        load_schema(path)
    except RefusedError as error:
        return str(error)
    return ""


def files_of(paths: list[str]) -> Iterator[tuple[str, Path]]:
    """Each file with the name the user gave, as it may be printed; folders in name order."""
    for given in paths:
        path = Path(given)
        if os.path.isdir(path):  # not path.is_dir: it raises for a name too long
            for inside in sorted(path.rglob("*")):
                if inside.is_file() and inside.name not in SKIPPED and inside.name[0] != ".":
                    yield printable(str(inside)), inside
        else:
            yield printable(given), path


def printable(name: str) -> str:
    """A file may have a name that is no UTF-8: those bytes are shown as replaced."""
    return os.fsencode(name).decode("utf-8", "replace")


def visible(line: str) -> str:
    """What would move the cursor or colour the terminal of its reader is shown as it is written:
    names of files and codes are their senders' words."""
    if line.isprintable():
        return line
    return "".join(
        one.encode("unicode_escape").decode() if unicodedata.category(one) in UNSEEN else one
        for one in line
    )


def read_at_most(path: Path, limit: int) -> bytes:
    """A byte more than `limit` where there is more: a device never ends. Raises OSError."""
    with path.open("rb") as file:
        return file.read(limit + 1)


def understand_file(path: Path, reading: Reading) -> list[Understanding]:
    try:
        raw = read_at_most(path, reading.max_message_bytes)
    except OSError as error:
        reason = error.strerror or "it cannot be read"
        return [unreadable("file-unreadable", f"Give a file that can be read: {reason}.")]
    if len(raw) > reading.max_message_bytes:
        return [unreadable("too-large", f"At most {reading.max_message_bytes} bytes are read.")]
    understood = understand_all(raw, reading)
    return [strictly(one, raw) for one in understood] if reading.strict else understood


def strictly(one: Understanding, raw: bytes) -> Understanding:
    """With what hl7apy says of the message's published structure."""
    if one.format is not Format.HL7V2:
        return one
    from gateway.mapping.hl7v2.strict import validate

    findings = (*one.findings, *validate(one.raw if one.raw is not None else raw))
    return replace(one, findings=findings, verdict=verdict_of(findings))


def human(given: str, understood: Understanding) -> str:
    """A paragraph for people: the verdict, the documents, the findings."""
    lines = [f"{SHAPES[understood.verdict]} {given}: {understood.format}, {understood.verdict}"]
    for document in understood.documents:
        lines.append(
            f"    {document.label_text} · {document.type_code} · {document.label_rule}"
            f" ({document.label_confidence})"
        )
    if understood.results:
        lines.append(f"    {understood.results} results")
    for finding in understood.findings:
        lines.append(f"    {finding.severity} {finding.code} at {finding.where}: {finding.message}")
    return "\n".join(map(visible, lines))
