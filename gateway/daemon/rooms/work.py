"""Work that follows from a deposit: every kind of task with the flow that carries it."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from datetime import timedelta

from gateway.clock import Clock, Ids
from gateway.daemon.rooms.sending.dmp import Dmps
from gateway.daemon.rooms.sending.mailer import HouseMailer, postman_of
from gateway.daemon.rooms.sending.receivers import Receivers
from gateway.daemon.rooms.threads import threads
from gateway.flows.agenda.reminding import Remind
from gateway.flows.agenda.sight import Look as AgendaLook
from gateway.flows.corresponding.carrying import CarryMessages, Fates
from gateway.flows.corresponding.sight import Look
from gateway.flows.erasing.receipt import SendReceipt
from gateway.flows.exporting.make import MakeExport
from gateway.flows.exporting.room import Exporting
from gateway.flows.exporting.work_off import WorkOffExports
from gateway.flows.filing.forwards import LANE
from gateway.flows.filing.judging.permission import DepositGate
from gateway.flows.identity.release import Release
from gateway.flows.inviting.send import SendInvitations
from gateway.flows.reading.read import ReadShelf
from gateway.flows.sending.deliver import MAIL_LEASE, Deliver
from gateway.flows.sending.dmp.feed import FeedDmp
from gateway.flows.sending.lanes import Lanes
from gateway.flows.sending.mails.mail import MailDocuments
from gateway.flows.sending.mails.report import TellReport
from gateway.flows.sending.mails.tell_treating import TellTreating
from gateway.flows.sending.mails.undelivered import not_delivered
from gateway.flows.sending.messages.answer_back import AnswerBack
from gateway.flows.sending.messages.business import FollowDmp, FollowMail
from gateway.flows.sending.messages.forward import Destination, ForwardMessages
from gateway.flows.sending.notices.notify import Access, Notify
from gateway.flows.sending.notices.words import NEW_MESSAGE, OF_AGENDA
from gateway.flows.sending.outcome import Carry, Outcome
from gateway.mssante.outbox import FileOutbox
from gateway.ports.tasks import Outbox
from gateway.records.documents.shelved import Shelved
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import NoticeKind, Reader
from gateway.records.task import MAILS, Task, TaskKind
from gateway.settings import Settings
from gateway.settings.sections.sending import Forward
from gateway.store.opening import Store
from gateway.vault.exporting.press import FrenchPress

CLOSE_SECONDS = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """`deliver`, `mails` and `invitations` carry what may leave in any order, `lanes` what leaves
    in turn. A mail may take a relay many minutes, a copy of a record too, and of invitations
    100,000 are due at once: nothing else waits for any of them."""

    deliver: Deliver
    mails: Deliver
    invitations: Deliver
    lanes: Lanes
    exports: WorkOffExports
    answers: AnswerBack

    async def close(self) -> None:
        await self.lanes.close(seconds=CLOSE_SECONDS)


def build_work(
    stack: AsyncExitStack,
    settings: Settings,
    store: Store,
    read: ReadShelf,
    release: Release,
    outbox: FileOutbox,
    exporting: Exporting,
) -> Work:
    """`stack` closes what was opened, the lanes before their connections."""
    receive = release.again.receive
    receivers = Receivers(settings.sending, receive.clock)
    stack.push_async_callback(receivers.close)
    lease = timedelta(seconds=settings.tasks.lease_seconds)
    answers = AnswerBack(store.people, receivers, settings.sending.answers)
    destinations = {one.name: destination_of(one) for one in settings.forward}
    forward = ForwardMessages(store.journal, read, receivers, destinations)
    sent_on = _sent_on(settings, forward, _feeding(settings, store, release))
    mailer = _mailer(stack, settings)
    work = Work(
        deliver=_deliver(settings, store, read, release, outbox),
        mails=_mails(settings, store, read, release, mailer),
        invitations=_invitations(settings, store, release, outbox),
        lanes=Lanes(
            store.tasks,
            receive.clock,
            {TaskKind.BUSINESS_ACK: answers.carry, TaskKind.FORWARD: sent_on},
            lease,
            receive.metrics,
            FollowDmp(receive.clock, receive.ids),
        ),
        exports=WorkOffExports(
            tasks=store.tasks,
            make=MakeExport(room=exporting, press=FrenchPress()),
            metrics=receive.metrics,
        ),
        answers=answers,
    )
    stack.push_async_callback(work.close)
    return work


def _feeding(settings: Settings, store: Store, release: Release) -> FeedDmp:
    receive = release.again.receive
    return FeedDmp(
        again=release.again,
        people=store.people,
        traces=store.traces,
        gate=DepositGate(settings.access.switches),
        software=Dmps(settings.dmp.forward, receive.clock, receive.ids),
        clock=receive.clock,
        ids=receive.ids,
    )


def _sent_on(settings: Settings, messages: ForwardMessages, feeding: FeedDmp) -> Carry:
    """A lane leads to a listener or to a DMP; what either is taken out of the configuration
    becomes a dead letter of the first."""
    dmps = {LANE + one.name for one in settings.dmp.forward}

    async def carry(task: Task) -> str | Outcome:
        return await (feeding.carry if task.lane in dmps else messages.carry)(task)

    return carry


def _mailer(stack: AsyncExitStack, settings: Settings) -> HouseMailer:
    mail = settings.mssante
    postman = postman_of(mail.relay, mail.hostname)
    if postman is not None:
        stack.push_async_callback(postman.close)
    folder = settings.outbox.parent / "sent-mail"
    building = threads(stack, "mails")
    return HouseMailer(mail, folder, postman, is_demo=settings.demo, threads=building)


def _deliver(
    settings: Settings, store: Store, read: ReadShelf, release: Release, outbox: FileOutbox
) -> Deliver:
    receive = release.again.receive

    async def may_notify(shelved: Shelved, notice: str, reader: Reader) -> bool:
        return (await read.may_notify(shelved, NoticeKind(notice), reader)).permitted

    async def may_tell(patient: PatientKey, access: Access, reader: Reader) -> bool:
        notice = NoticeKind(access.notice)
        decision = await read.may_tell(
            patient, notice, access.actor, reader, document=access.document
        )
        return decision.permitted

    hear = Look(asking=read, correspondence=store.correspondence).may_hear
    remind = AgendaLook(asking=read, agendas=store.agendas).may_remind
    notify = Notify(
        people=store.people,
        shelf=store.shelf,
        traces=store.traces,
        outbox=outbox,
        clock=receive.clock,
        may_notify=may_notify,
        may_tell=may_tell,
        may_hear={NEW_MESSAGE: hear, **dict.fromkeys(OF_AGENDA, remind)},
    )
    return Deliver(
        store.tasks,
        receive.clock,
        {
            TaskKind.RELEASE: release.carry,
            TaskKind.REMINDER: Remind(agendas=store.agendas, clock=receive.clock).carry,
            TaskKind.ERASURE_RECEIPT: SendReceipt(
                erasures=store.erasures, traces=store.traces, outbox=outbox
            ).carry,
            TaskKind.MAIL_REPORT: TellReport(
                release.again,
                receive.clock,
                receive.ids,
                store.sent,
                Fates(read=read, correspondence=store.correspondence).came_back,
                receive.metrics,
            ).carry,
        },
        {TaskKind.NOTICE: notify.carry},
        receive.metrics,
        timedelta(seconds=settings.tasks.lease_seconds),
    )


def _invitations(settings: Settings, store: Store, release: Release, outbox: FileOutbox) -> Deliver:
    receive = release.again.receive
    send = invitations_of(settings, store, outbox, receive.clock, receive.ids)
    return Deliver(
        store.tasks,
        receive.clock,
        {},
        {TaskKind.INVITATION: send.carry},
        receive.metrics,
        timedelta(seconds=settings.tasks.lease_seconds),
    )


def invitations_of(
    settings: Settings, store: Store, outbox: Outbox, clock: Clock, ids: Ids
) -> SendInvitations:
    return SendInvitations(
        people=store.people,
        invitations=store.invitations,
        activations=store.activations,
        traces=store.traces,
        outbox=outbox,
        clock=clock,
        ids=ids,
        policy=settings.opening_policy(),
    )


def _mails(
    settings: Settings, store: Store, read: ReadShelf, release: Release, mailer: HouseMailer
) -> Deliver:
    receive = release.again.receive
    fates = Fates(read=read, correspondence=store.correspondence)
    messages = CarryMessages(fates=fates, mailer=mailer)
    carriers = {
        TaskKind.MESSAGE: messages.carry,
        TaskKind.READ_RECEIPT: messages.receipt,
        TaskKind.MAIL: MailDocuments(store.shelf, read, release.again, mailer).carry,
        TaskKind.DOCTOR_NOTICE: TellTreating(
            asking=read,
            directory=store.people,
            mailer=mailer,
            sent=store.sent,
            secret=lambda text: store.keys.name(b"notice", text).hex()[:32],
        ).carry,
    }
    return Deliver(
        store.tasks,
        receive.clock,
        carriers,
        {},
        receive.metrics,
        timedelta(seconds=settings.tasks.lease_seconds),
        dict.fromkeys(MAILS, MAIL_LEASE) if settings.mssante.relay is not None else {},
        FollowMail(receive.clock, receive.ids),
        not_delivered,
    )


def destination_of(forward: Forward) -> Destination:
    return Destination(
        address=forward.to,
        receiving_application=forward.receiving_application,
        receiving_facility=forward.receiving_facility,
    )
