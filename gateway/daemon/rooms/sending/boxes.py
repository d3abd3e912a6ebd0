"""The boxes of patients as the mail door knows them: open or not, and whose mail each takes."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass

from gateway.clock import Clock
from gateway.errors import DeniedError
from gateway.flows.corresponding.admitting import Admit
from gateway.flows.filing.judging.people import OPEN_STATES
from gateway.flows.reading.read import ReadShelf
from gateway.mapping.identity import INS_OIDS
from gateway.mssante.smtp.inbox import Mailbox, SmtpMail
from gateway.ports.people.people import PatientNames, People
from gateway.records.intake.understanding import Understanding
from gateway.records.messages.mailbox import is_patient_box
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.patient import PatientKey
from gateway.settings import Settings
from gateway.store.opening import Store

DEMO_MAIL_SUFFIX = ".mssante.fr"


def is_of_domains(settings: Settings) -> Callable[[str], bool]:
    """Exact domains of the white list (MSSANTE section 2); the demo, on loopback, takes any domain
    of mssante.fr."""
    domains = frozenset(one.lower() for one in settings.mssante.sender_domains)

    def is_known(address: str) -> bool:
        domain = address.rpartition("@")[2].lower()
        return domain in domains or (settings.demo and domain.endswith(DEMO_MAIL_SUFFIX))

    return is_known


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientBoxes:
    """`oids` are those under which an INS is looked for."""

    people: People
    names: PatientNames
    oids: Sequence[str]
    domain: str
    admit: Admit

    async def mailbox(self, ins: str) -> Mailbox:
        """Whether a citizen's box takes mail: all the mail door may know of a person. Who opposed
        never had one (VAULT MSG-01)."""
        async for person, _ in self._persons(ins):
            if person.state in OPEN_STATES:
                return Mailbox.OPEN
            if person.state in (AccountState.CLOSED, AccountState.ERASING):
                return Mailbox.CLOSED
        return Mailbox.UNKNOWN

    async def of(self, recipients: Sequence[str]) -> PatientKey | None:
        """Whose open box a mail is for; None where that is not one patient's alone (MSSANTE
        section 5, ECO.2.1.1)."""
        boxes = {one.lower() for one in recipients if is_patient_box(one)}
        if len(boxes) != 1:
            return None
        ins, _, domain = boxes.pop().rpartition("@")
        if domain != self.domain.lower():
            return None
        async for person, key in self._persons(ins.upper()):
            if person.state in OPEN_STATES:
                return key
        return None

    async def admitted(
        self, understood: Understanding, mail: SmtpMail, box: PatientKey | None
    ) -> Understanding:
        """Raises DeniedError for a sender whom a patient refuses, and for what comes without a
        sender and is no receipt of a mail of ours (RFC 5321 section 4.5.5)."""
        has_box = any(map(is_patient_box, mail.recipients))
        if not mail.sender and has_box and understood.report is None:
            raise DeniedError("Receipts go where the mail came from.")
        return await self.admit(understood, mail.sender, box)

    async def _persons(self, ins: str) -> AsyncIterator[tuple[Person, PatientKey]]:
        for oid in self.oids:
            key = self.names.patient_key(oid, ins)
            person = await self.people.person(key)
            if person is not None:
                yield person, key


def boxes_of(settings: Settings, store: Store, read: ReadShelf) -> PatientBoxes:
    return PatientBoxes(
        people=store.people,
        names=store.keys,
        oids=INS_OIDS[settings.profile],
        domain=settings.mssante.patient_domain,
        admit=admit_of(settings, store, read.clock),
    )


def admit_of(settings: Settings, store: Store, clock: Clock) -> Admit:
    return Admit(
        people=store.people, traces=store.traces, is_known=is_of_domains(settings), clock=clock
    )
