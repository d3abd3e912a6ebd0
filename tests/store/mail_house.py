"""A box with a professional who writes to it: the real store, judge and room; no relay."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP

from papers import ANA, AT, EDITOR, Person, Report, archive
from real_store import open_space
from store_house import FixedClock

from gateway.access.grid import read_grid, shipped_bytes
from gateway.clock import SystemIds
from gateway.errors import DeferredError, RefusedError
from gateway.flows.corresponding.admitting import Admit
from gateway.flows.corresponding.box import Boxes
from gateway.flows.corresponding.carrying import CarryMessages, Fates
from gateway.flows.corresponding.room import Messages
from gateway.flows.corresponding.sight import Look
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.flows.receive import Delivery, Here, Receive
from gateway.flows.sending.deliver import Deliver
from gateway.mapping.cda import read_cda
from gateway.mapping.mail import for_recipients
from gateway.mapping.xdm.write import pack
from gateway.records.correspondence.conversation import Conversation, Folder, Limits
from gateway.records.correspondence.letter import KeptMail
from gateway.records.intake.filing import Answer, Door
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format, Submission
from gateway.records.messages.patient_mail import PatientMail, ReadReceipt
from gateway.records.patients.account import Professional
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Reader
from gateway.records.readers.switches import PATIENT_MAY_WRITE, Switch, Switches
from gateway.records.task import TaskKind
from gateway.store import Store

DOMAIN = "patient.mssante.fr"
ROUX = "helene.roux@demo.mssante.fr"
DIRECTORY = Professional(
    id="899900000018",
    name="Dr Hélène Roux",
    profession="G15_10",
    organization="1",
    organization_name="Cabinet des Tilleuls",
    mail=ROUX,
)
HIDDEN = "INVISIBLE_REPRESENTANTS_LEGAUX"


@dataclass
class Relay:
    """The port `PatientMailer`; raises what it is told to."""

    mails: list[PatientMail] = field(default_factory=list)
    receipts: list[ReadReceipt] = field(default_factory=list)
    fails: Exception | None = None

    async def answer(self, mail: PatientMail) -> str:
        if self.fails is not None:
            raise self.fails
        self.mails.append(mail)
        return "sent: 2.0.0"

    async def receipt(self, receipt: ReadReceipt) -> str:
        self.receipts.append(receipt)
        return "sent: 2.0.0"


def refusal(code: int) -> RefusedError:
    finding = Finding(
        code="mail-reply", severity=Severity.ERROR, where="SMTP", message="no", application=code
    )
    return RefusedError(f"refused ({code})", finding=finding)


DEFAULT_LIMITS = Limits()
NO_ANSWER = DeferredError("The mail server cannot be reached now.")


@dataclass
class Post:
    """Mail goes in by `come`, out by `leave`; `ana` reads her own box through `room`."""

    store: Store
    clock: FixedClock
    policy: Switch[str] = PATIENT_MAY_WRITE
    limits: Limits = DEFAULT_LIMITS
    relay: Relay = field(default_factory=Relay)

    def __post_init__(self) -> None:
        self.ids = SystemIds()
        self.receive = Receive(self.store.journal, self.clock, self.ids, Here())
        self.read = ReadShelf(
            shelf=self.store.shelf,
            people=self.store.people,
            traces=self.store.traces,
            clock=self.clock,
            grid=read_grid(shipped_bytes()),
            switches=Switches(),
        )
        self.look = Look(asking=self.read, correspondence=self.store.correspondence)
        self.room = Messages(
            boxes=Boxes(look=self.look, policy=self.policy),
            journal=self.store.journal,
            limits=self.limits,
            ids=self.ids,
            domain=DOMAIN,
        )
        self.fates = Fates(read=self.read, correspondence=self.store.correspondence)
        self.admit = Admit(
            people=self.store.people,
            traces=self.store.traces,
            is_known=lambda address: address.endswith(".mssante.fr"),
            clock=self.clock,
        )
        self.key = self.store.keys.patient_key(ANA.oid, ANA.ins)

    @property
    def ana(self) -> Reader:
        return patient_reader(self.key, name="Ana")

    async def open(self, who: Person = ANA) -> PatientKey:
        await self.store.people.add_professional(DIRECTORY)
        return await open_space(self.store, who.identity)

    async def come(self, mail: EmailMessage | bytes, *, to: Sequence[Person] = (ANA,)) -> Answer:
        """As the mail door hands it over. Raises DeniedError for a refused sender."""
        raw = mail if isinstance(mail, bytes) else mail.as_bytes()
        boxes = [self.store.keys.patient_key(one.oid, one.ins) for one in to]
        recipients = tuple(f"{one.ins}@{DOMAIN}" for one in to)
        delivery = Delivery(
            sender="roux@demo.mssante.fr",
            writer=ROUX,
            door=Door.SMTP,
            raw=raw,
            recipients=recipients,
            declared=Format.MAIL,
            box=boxes[0] if len(boxes) == 1 else None,
        )
        (understood,) = self.receive.understand(delivery)
        admitted = await self.admit(understood, ROUX, delivery.box)
        filed = await self.receive.file_all(delivery, [for_recipients(admitted, recipients)])
        return filed[0].answer

    async def leave(self) -> int:
        """Carries what is due of secure mail; how many tasks."""
        carry = CarryMessages(fates=self.fates, mailer=self.relay)
        carriers = {TaskKind.MESSAGE: carry.carry, TaskKind.READ_RECEIPT: carry.receipt}
        return await Deliver(self.store.tasks, self.clock, carriers, {})()

    async def folder(
        self, folder: Folder = Folder.RECEIVED, words: str = "", reader: Reader | None = None
    ) -> tuple[Conversation, ...]:
        page = await self.room.listing(reader or self.ana, self.key, folder, words)
        return page.conversations

    async def only(self) -> Conversation:
        (found,) = await self.folder()
        return found

    async def mails(self) -> Sequence[KeptMail]:
        return await self.store.correspondence.mails(self.key)

    async def acts(self) -> list[tuple[str, bool, str]]:
        """Newest last."""
        rows = await self.store.traces.of_patient(self.key, limit=99)
        return [(r.trace.action, r.trace.permitted, r.trace.rule) for r in reversed(rows)]

    def wait(self, **time: int) -> None:
        self.clock.at += timedelta(**time)


def letter(
    subject: str = "Suivi", text: str = "Bonjour", *, sender: str = ROUX, **headers: str
) -> EmailMessage:
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = sender, f"{ANA.ins}@{DOMAIN}"
    mail["Subject"] = subject
    for name, value in headers.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(text)
    return mail


def with_report(what: Report, *, codes: tuple[str, ...] = (), **headers: str) -> EmailMessage:
    """A letter with the archive of one document, which its author hid by these codes."""
    mail = letter("XDM/1.0/DDM+Lettre", **headers)
    content = archive(what)
    if codes:
        read = read_cda(what.document(), DEFAULT_READING).document
        assert read is not None
        hidden = replace(read, confidentiality=("N", *codes))
        made = Submission(
            unique_id=f"{what.id}.9",
            source_id="1.2.250.1.71.4.2.2.1",
            patient_id=f"{what.who.oid}^{what.who.ins}",
            time="2026-01-15T09:30:00Z",
            content_type="07",
        )
        content = pack([(hidden, what.document())], made, editor=EDITOR, at=AT)
    mail.add_attachment(content, maintype="application", subtype="zip", filename="IHE_XDM.ZIP")
    return mail
