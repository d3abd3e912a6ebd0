"""Somebody reports a service, and the desk answers (VAULT APP-08).

The desk is told the service, the reason and the words, and not of whom they are (DSK-01).
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from gateway.access.time import civil_date
from gateway.clock import Clock
from gateway.errors import DeniedError, RefusedError
from gateway.flows.catalogue.launching import Launching
from gateway.flows.choices.act import may_manage
from gateway.flows.desk.agent import BY_ROLE, entry_of
from gateway.flows.family.services import connected
from gateway.flows.reading.decided.asking import NOT_THERE
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.notices.notify import notice_of
from gateway.flows.sending.notices.words import REPORT_ANSWERED
from gateway.ports.people.reports import Reports
from gateway.records.catalogue.files import is_listed
from gateway.records.catalogue.reports import Report, ReportReason
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Manage, Reader
from gateway.records.readers.service import Service

REPORTED, ANSWERED = "service-reported", "service-report-answered"
MAX_WAITING, MAX_WORDS, MAX_SHOWN = 5, 2_000, 100
"""Of one record without an answer; characters; of all at once before the desk, the oldest."""


class TooManyReportsError(RefusedError):
    """As many of this record as may wait are waiting."""


class AnsweredError(RefusedError):
    """Somebody of the desk answered it already, or it is gone."""


async def reportable(
    rooms: Launching, patient: PatientKey, service: str, copied: Mapping[str, Service]
) -> str:
    """The name of a service that is listed, or that acts for this patient; `copied` are those of
    the settings. Raises DeniedError for any other."""
    now = rooms.asking.clock.now()
    if service in copied:
        return copied[service].name
    found = await rooms.catalogue.listing(service)
    if found is not None:
        held = connected(await rooms.asking.people.choices(patient), now)
        if is_listed(found, civil_date(now)) or any(one.target == service for one in held):
            return found.file.name
    raise DeniedError(NOT_THERE)


async def report(
    rooms: Launching,
    reader: Reader,
    patient: PatientKey,
    service: str,
    reason: ReportReason,
    words: str,
    *,
    copied: Mapping[str, Service],
) -> None:
    """What waits word for word already is not told twice. Raises DeniedError, and
    TooManyReportsError."""
    permitted = await may_manage(rooms.asking, reader, patient, Manage.CONSENTS)
    gate = permitted.gate
    name = await reportable(rooms, gate.patient, service, copied)
    waiting = [one for one in await rooms.reports.of(gate.patient) if not one.answer]
    said = (service, reason, words)
    if any((one.service, one.reason, one.words) == said for one in waiting):
        return
    if len(waiting) >= MAX_WAITING:
        raise TooManyReportsError("as many reports as may wait are waiting")
    made = Report(
        id=rooms.ids.identifier(),
        patient=gate.patient,
        service=service,
        name=name,
        reason=reason,
        words=words,
        at=permitted.now,
    )
    told = {"service": service, "reason": reason.value}
    door = rooms.asking.door
    act = trace_of(gate, permitted.decision, action=REPORTED, door=door, said=told)
    await rooms.reports.add(made, act=act)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDesk:
    reports: Reports
    clock: Clock

    async def waiting(self) -> list[Report]:
        """The oldest first."""
        return await self.reports.waiting(limit=MAX_SHOWN)

    async def examine(self, identifier: str) -> Report:
        """Raises AnsweredError where nothing waits under this number."""
        found = await self.reports.find(identifier)
        if found is None or found.answer:
            raise AnsweredError("no report waits under this number")
        return found

    async def answer(self, agent: Reader, identifier: str, words: str) -> None:
        """The patient reads it, and is told that there is one. Raises AnsweredError."""
        found, now = await self.examine(identifier), self.clock.now()
        said = {"service": found.service, "reason": found.reason.value}
        done = await self.reports.answer(
            replace(found, answer=words, answered_at=now),
            act=entry_of(agent, ANSWERED, said, by=BY_ROLE, patient=found.patient),
            then=[notice_of(REPORT_ANSWERED, found.patient, now)],
        )
        if not done:
            raise AnsweredError("no report waits under this number")
