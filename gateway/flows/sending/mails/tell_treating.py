"""Tell the médecin traitant of an emergency access, by secure mail (RULES E3, VAULT N5).

The mail says the kind of event and the date, nothing of a patient (VAULT NOT-02). Who the treating
doctor is, and whether ACCESS lets him be told (P42), is asked at the second it leaves.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.errors import DeniedError, RefusedError
from gateway.flows.reading.decided.asking import Asking
from gateway.flows.reading.decided.facts import patient_reader, professional_reader
from gateway.flows.reading.decided.trace import trace_of
from gateway.flows.sending.mails.undelivered import DOCTOR, UNREACHABLE, of_a_notice
from gateway.flows.sending.messages.business import KEPT
from gateway.flows.sending.outcome import Outcome
from gateway.mapping.mail.report import message_id_of
from gateway.ports.mail import NoticeMailer
from gateway.ports.oidc import Directory
from gateway.ports.tasks import SentTasks
from gateway.records.duration import PARIS
from gateway.records.messages.outgoing_mail import OutgoingNotice
from gateway.records.patients.account import Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NORMAL, AccessAction, NoticeKind
from gateway.records.task import Task

SUBJECT = "Mon espace santé : accès en urgence"
BODY = (
    "Le {day} à {hour}, un professionnel de santé a consulté en urgence l'espace santé d'un patient"
    " dont vous êtes le médecin traitant.\n\nPour en savoir plus, parlez-en avec ce patient ou"
    " connectez-vous à Mon espace santé, espace des professionnels, en tapant l'adresse habituelle."
    " Ce message ne contient aucun détail. Besoin d'aide ? 3422\n"
)
TOLD = "doctor-told"
SENT, GONE, NOBODY, OWN_ACT, NOT_ALLOWED = "sent", "gone", "no-treating", "own-act", "not-allowed"
NO_ADDRESS = "no-address: gateway professional address, then gateway task retry"


@dataclass(frozen=True, slots=True, kw_only=True)
class TellTreating:
    """Carries DOCTOR_NOTICE tasks, each an emergency of its own; a mail that cannot leave now is
    tried again for three days, with the same Message-ID. `secret` makes of what is known of a task
    32 hexadecimal digits that nobody else can: a receipt that names them is no stranger's."""

    asking: Asking
    directory: Directory
    mailer: NoticeMailer
    sent: SentTasks
    secret: Callable[[str], str]

    async def carry(self, task: Task) -> str | Outcome:
        """Raises DeferredError where the mail server does not take it now."""
        actor, patient = str(json.loads(task.payload)["actor"]), task.patient
        if patient is None:
            return GONE
        try:
            treating = await self._treating(patient)
        except DeniedError:
            return GONE
        if treating is None or treating.id == actor:
            return OWN_ACT if treating else NOBODY
        if not await self._may(patient, treating, actor):
            return NOT_ALLOWED
        if not treating.mail:
            await self._note(patient, treating, UNREACHABLE, why="no-address")
            return Outcome(words=NO_ADDRESS, dead=True)
        return await self._send(task, patient, treating, treating.mail)

    async def _treating(self, patient: PatientKey) -> Professional | None:
        """Who is declared now; by his number alone where we know no more of him."""
        gate = await self.asking.gate(patient_reader(patient), patient)
        declared = gate.record.treating
        if declared is None:
            return None
        known = await self.directory.professional_by_id(declared.id)
        return known or Professional(id=declared.id, name="", profession="")

    async def _may(self, patient: PatientKey, treating: Professional, actor: str) -> bool:
        """ACCESS, now, and traced. Somebody of whom we know nothing has no address either: that
        is what is told."""
        if not treating.profession:
            return True
        circumstances = replace(NORMAL, notice=NoticeKind.EMERGENCY_ACCESS, actor=actor)
        reader = professional_reader(treating)
        gate = await self.asking.gate(reader, patient, circumstances=circumstances)
        decision = gate.may(AccessAction.NOTIFY, None)
        trace = trace_of(gate, decision, action=AccessAction.NOTIFY, door="smtp")
        await self.asking.traces.write([trace])
        return decision.permitted

    async def _send(
        self, task: Task, patient: PatientKey, treating: Professional, address: str
    ) -> str | Outcome:
        entered = task.happened_at.astimezone(PARIS)
        notice = OutgoingNotice(
            to=address,
            subject=SUBJECT,
            body=BODY.format(day=entered.strftime("%d/%m/%Y"), hour=entered.strftime("%H:%M")),
            at=task.created_at,
            tries=task.attempts,
            reference=message_id_of(self.secret(f"{task.id} {task.happened_at.isoformat()}"), 0),
        )
        payload = json.loads(task.payload) | {DOCTOR: _named(treating)}
        await self.sent.call(task, notice.reference, payload=json.dumps(payload).encode())
        try:
            said = await self.mailer.tell(notice)
        except RefusedError as error:
            await self._note(patient, treating, UNREACHABLE, why="refused")
            return Outcome(words=f"refused: {error}", dead=True, finding=error.finding)
        done = said if said.startswith(KEPT) else SENT
        await self._note(patient, treating, TOLD, why=done.partition(":")[0])
        return done

    async def _note(
        self, patient: PatientKey, treating: Professional, act: str, *, why: str
    ) -> None:
        trace = of_a_notice(patient, _named(treating), act, why=why)
        await self.asking.traces.write([trace])


def _named(treating: Professional) -> dict[str, str | None]:
    return {
        "id": treating.id,
        "name": treating.name,
        "profession": treating.profession or None,
        "organization": treating.organization_name,
    }
