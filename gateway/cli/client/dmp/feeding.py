"""Files sent to the DMP door: those of one patient are one lot, signed by the card (TD2.1)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from gateway.adapters.dmp_software import Software
from gateway.cli.client.dmp.software import fault_line
from gateway.cli.client.target import bytes_of, say
from gateway.cli.intake.inspect import files_of, visible
from gateway.cli.opening import FINDINGS, FINE
from gateway.errors import DeferredError, RefusedError
from gateway.flows.sending.dmp.software import provided
from gateway.mapping.soap.message import FaultError
from gateway.mapping.understand import understand_all
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.sets import filled
from gateway.mapping.xds.answers import Status, error_lines, status_in
from gateway.mapping.xds.lot.write import MAX_SENT
from gateway.records.documents.document import Document
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
    enclosed = [(one.document, one.body) for one in files]
    try:
        answer = await provided(software, patient, submission, enclosed, at=now)
    except FaultError as fault:
        return fault_line(fault), False
    except (DeferredError, RefusedError) as refusal:
        return NOT_SENT.format(refusal), False
    status = status_in(answer.body)
    lines = [f"{status}, submission set {submission.unique_id}", *error_lines(answer.body)]
    return "\n".join(lines), Status.SUCCESS.endswith(f":{status}")
