"""Documents found (ITI-18) and opened (ITI-43) at the DMP door."""

import argparse
import os
import sys
from collections.abc import Iterable
from pathlib import Path

from gateway.adapters.dmp_software import Software
from gateway.cli.client.dmp.software import fault_line
from gateway.cli.intake.inspect import visible
from gateway.cli.opening import FINDINGS, FINE, UsageError
from gateway.mapping.soap.message import FaultError, Message
from gateway.mapping.xdm.documents import unique_id
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.metadata import RegistryEntry
from gateway.mapping.xds import retrieve
from gateway.mapping.xds.answers import error_lines
from gateway.mapping.xds.query import ask
from gateway.mapping.xml import Element

REPOSITORY = "repositoryUniqueId"


async def find(software: Software, patient: Cx, arguments: argparse.Namespace) -> int:
    """One line a document: uniqueId, status, creation time, type, title."""
    question = ask.find_documents(patient, archived=arguments.archived)
    answer = await _asked(software, "registry", question, ask.ACTION, patient)
    if answer is None:
        return FINDINGS
    for one in ask.entries_in(answer.body):
        told = (unique_id(one), one.status, one.slot("creationTime"), one.code("typeCode"))
        print(visible("  ".join([*(each or "-" for each in told), one.title or ""]).rstrip()))
    return _refused(error_lines(answer.body))


async def get(software: Software, patient: Cx, arguments: argparse.Namespace) -> int:
    """Its bytes as they came; in a file for its owner alone, which must be new."""
    if arguments.out is not None and arguments.out.exists():
        raise UsageError(f"--out {arguments.out} exists already and is kept")
    wanted = await _wanted(software, patient, arguments.unique_id)
    if wanted is None:
        return FINDINGS
    question = retrieve.retrieve_request([wanted])
    answer = await _asked(software, "repository", question, retrieve.ASKED, patient)
    if answer is None:
        return FINDINGS
    for one in retrieve.retrieved_in(answer.body, answer.parts):
        _write(arguments.out, one.body)
    return _refused(error_lines(answer.body))


async def _wanted(software: Software, patient: Cx, name: str) -> retrieve.Wanted | None:
    """With the repository that has it, which its entry tells."""
    question = ask.get_documents([name], patient, leaf=True)
    answer = await _asked(software, "registry", question, ask.ACTION, patient)
    if answer is None or _refused(error_lines(answer.body)):
        return None
    entry = next(ask.entries_in(answer.body), None)
    if entry is None:
        print("no such document, or not for this reader", file=sys.stderr)
        return None
    return retrieve.Wanted(_repository(entry), name)


def _repository(entry: RegistryEntry) -> str:
    return entry.slot(REPOSITORY) or ""


async def _asked(
    software: Software, service: str, body: Element, action: str, patient: Cx
) -> Message | None:
    """None after a fault, which is said."""
    try:
        return await software.ask(service, body, action, patient)
    except FaultError as fault:
        print(visible(fault_line(fault)), file=sys.stderr)
        return None


def _refused(errors: Iterable[str]) -> int:
    """Says them beside the output; 1 where there is one."""
    lines = list(errors)
    for one in lines:
        print(visible(one), file=sys.stderr)
    return FINDINGS if lines else FINE


def _write(file: Path | None, body: bytes) -> None:
    if file is None:
        sys.stdout.buffer.write(body)
        return
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as sink:
        sink.write(body)
