"""Files sent to the DMP door: those of one patient are one lot, signed by the card (TD2.1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gateway.cli.client.dmp.software import Software, fault_line
from gateway.cli.client.target import bytes_of, say
from gateway.cli.intake.inspect import files_of, visible
from gateway.cli.opening import FINDINGS, FINE
from gateway.errors import RefusedError
from gateway.mapping.soap.message import FaultError
from gateway.mapping.understand import understand_all
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.sets import filled
from gateway.mapping.xds.answers import Status, error_lines, status_in
from gateway.mapping.xds.lot.write import ACTION, MAX_SENT, Sent, provide_request
from gateway.mapping.xds.query.ask import ACTION as QUERY_ACTION
from gateway.mapping.xds.query.ask import get_documents, references_in
from gateway.records.documents.document import Action, Author, Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format

NOT_SENT = "not sent: {}"
NO_CDA = "this door takes a CDA whose patient has an INS"


class File(NamedTuple):
    """What the user called it, and what is in it."""

    name: str
    document: Document
    body: bytes


async def feed(software: Software, paths: list[str]) -> int:
    """0 when all were taken, 1 when one was refused or is nothing that this door takes."""
    status = FINE
    patients: dict[Cx, list[File]] = {}
    for given, path in files_of(paths):
        read = read_file(given, bytes_of(path))
        if read is None:
            say(given, NOT_SENT.format(NO_CDA))
            status = FINDINGS
        else:
            patients.setdefault(_patient(read.document), []).append(read)
    for patient, files in _lots(patients):
        for one in files[:-1]:
            print(visible(one.name))
        told, taken = await _sent(software, patient, files)
        say(files[-1].name, told)
        status = status if taken else FINDINGS
    return status


def read_file(given: str, raw: bytes) -> File | None:
    """None for what is no CDA of a patient with an INS."""
    understood = understand_all(raw, DEFAULT_READING)
    documents = [one for each in understood for one in each.documents]
    if len(documents) != 1 or understood[0].format is not Format.CDA:
        return None
    return File(given, documents[0], raw) if documents[0].patient.ins else None


def _patient(document: Document) -> Cx:
    return Cx(document.patient.ins or "", document.patient.ins_oid or "", "NH")


def _lots(patients: Mapping[Cx, Sequence[File]]) -> Iterator[tuple[Cx, Sequence[File]]]:
    for patient, files in patients.items():
        for start in range(0, len(files), MAX_SENT):
            yield patient, files[start : start + MAX_SENT]


async def _sent(software: Software, patient: Cx, files: Sequence[File]) -> tuple[str, bool]:
    """What was answered to a lot of these, and whether it was taken."""
    now, lot = software.clock.now(), software.ids.identifier()
    submission = filled(None, files[0].document, receipt=lot, at=now)
    try:
        sent = [
            Sent(one.document, one.body, await _replaced(software, patient, one.document))
            for one in files
        ]
        body, parts = provide_request(
            submission, sent, software.card, author=_author(software), at=now
        )
        answer = await software.ask("repository", body, ACTION, patient, parts)
    except FaultError as fault:
        return fault_line(fault), False
    except RefusedError as refusal:
        return NOT_SENT.format(refusal), False
    status = status_in(answer.body)
    lines = [f"{status}, submission set {submission.unique_id}", *error_lines(answer.body)]
    return "\n".join(lines), Status.SUCCESS.endswith(f":{status}")


async def _replaced(software: Software, patient: Cx, document: Document) -> str | None:
    """The entryUUID of what it replaces (TD3.1b), None where the door tells of no one such."""
    if document.action is not Action.REPLACE or not document.replaces:
        return None
    question = get_documents([document.replaces], patient, leaf=False)
    answer = await software.ask("registry", question, QUERY_ACTION, patient)
    found = references_in(answer.body)
    return found[0] if len(found) == 1 else None


def _author(software: Software) -> Author:
    """Of the set: who signs."""
    person = software.card.person
    kind = "person" if person else "organization"
    return Author(kind=kind, id=person, organization_id=software.structure)
