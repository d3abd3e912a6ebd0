"""The whole store, opened as one: the database and a repository a noun."""

from dataclasses import dataclass

from gateway.clock import Clock, Ids, SystemIds
from gateway.ports.documents.journal import Judge
from gateway.ports.metrics import Metrics
from gateway.store.agenda.agendas import DatabaseAgendas
from gateway.store.agenda.prevention import DatabasePreventions
from gateway.store.burying.erasures import DatabaseErasures
from gateway.store.catalogue.launches import DatabaseLaunches
from gateway.store.catalogue.listings import DatabaseCatalogue
from gateway.store.catalogue.reports import DatabaseReports
from gateway.store.correspondence.correspondence import DatabaseCorrespondence
from gateway.store.documents.receipts.journal import DatabaseJournal
from gateway.store.documents.receipts.messages import DatabaseMessages
from gateway.store.documents.receipts.openings import DatabaseOpenings
from gateway.store.documents.receipts.replays import DatabaseReplays
from gateway.store.documents.receipts.scorecards import DatabaseScorecards
from gateway.store.documents.shelf.bins import DatabaseBins
from gateway.store.documents.shelf.labels import DatabaseLabels
from gateway.store.documents.shelf.shelf import DatabaseShelf
from gateway.store.engine.database import DEFAULT_LIMITS, NO_METRICS, Database
from gateway.store.engine.waiting import Limits
from gateway.store.entries.entries import DatabaseEntries
from gateway.store.grids import DatabaseGrids
from gateway.store.index.merges import DatabaseMerges
from gateway.store.index.proposals import DatabaseProposals
from gateway.store.keys.gateway_keys import Keys
from gateway.store.log.log import DatabaseLog
from gateway.store.log.log_check import LogReader
from gateway.store.log.traces import TraceLog
from gateway.store.people.attestations import DatabaseAttestations
from gateway.store.people.entering.activations import DatabaseActivations
from gateway.store.people.entering.invitations import DatabaseInvitations
from gateway.store.people.entering.majorities import DatabaseMajorities
from gateway.store.people.exports import DatabaseExports
from gateway.store.people.leaving import DatabaseDepartures
from gateway.store.people.notices import DatabaseNoticeMarks
from gateway.store.people.parties import DatabasePeople
from gateway.store.people.share_links import DatabaseShareLinks
from gateway.store.people.signing_in.operators import DatabaseOperators
from gateway.store.people.signing_in.own_tries import DatabaseOwnTries
from gateway.store.people.signing_in.service_tokens import DatabaseServiceTokens
from gateway.store.people.signing_in.sessions import DatabaseSessions
from gateway.store.upkeep import DatabaseUpkeep
from gateway.store.work.business_acks import DatabaseBusinessAcks
from gateway.store.work.ended_tasks import DatabaseEndedTasks
from gateway.store.work.letters import DatabaseLetters
from gateway.store.work.pauses import DatabasePauses
from gateway.store.work.queues import DatabaseQueues
from gateway.store.work.sent import DatabaseSent
from gateway.store.work.task_desk import DatabaseTaskDesk
from gateway.store.work.tasks import DatabaseTasks


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """`keys` answers the port `PatientNames`; the others the ports of their names."""

    database: Database
    keys: Keys
    journal: DatabaseJournal
    messages: DatabaseMessages
    correspondence: DatabaseCorrespondence
    entries: DatabaseEntries
    shelf: DatabaseShelf
    bins: DatabaseBins
    people: DatabasePeople
    majorities: DatabaseMajorities
    operators: DatabaseOperators
    sessions: DatabaseSessions
    own_tries: DatabaseOwnTries
    tasks: DatabaseTasks
    sent: DatabaseSent
    task_desk: DatabaseTaskDesk
    queues: DatabaseQueues
    pauses: DatabasePauses
    letters: DatabaseLetters
    ended_tasks: DatabaseEndedTasks
    upkeep: DatabaseUpkeep
    scorecards: DatabaseScorecards
    business_acks: DatabaseBusinessAcks
    traces: TraceLog
    log: DatabaseLog
    log_reader: LogReader
    replays: DatabaseReplays
    openings: DatabaseOpenings
    merges: DatabaseMerges
    proposals: DatabaseProposals
    grids: DatabaseGrids
    labels: DatabaseLabels
    service_tokens: DatabaseServiceTokens
    catalogue: DatabaseCatalogue
    launches: DatabaseLaunches
    reports: DatabaseReports
    activations: DatabaseActivations
    invitations: DatabaseInvitations
    departures: DatabaseDepartures
    erasures: DatabaseErasures
    exports: DatabaseExports
    attestations: DatabaseAttestations
    share_links: DatabaseShareLinks
    agendas: DatabaseAgendas
    preventions: DatabasePreventions
    notice_marks: DatabaseNoticeMarks

    async def close(self) -> None:
        await self.database.close()


def open_store(
    url: str,
    *,
    keys: Keys,
    judge: Judge,
    clock: Clock,
    ids: Ids | None = None,
    limits: Limits = DEFAULT_LIMITS,
    metrics: Metrics = NO_METRICS,
) -> Store:
    """Opens a migrated database; `close` it on the same event loop."""
    database = Database.open(
        url,
        keys=keys,
        judge=judge,
        clock=clock,
        ids=ids or SystemIds(),
        limits=limits,
        metrics=metrics,
    )
    return Store(
        database=database,
        keys=keys,
        journal=DatabaseJournal(database),
        messages=DatabaseMessages(database),
        correspondence=DatabaseCorrespondence(database),
        entries=DatabaseEntries(database),
        shelf=DatabaseShelf(database),
        bins=DatabaseBins(database),
        people=DatabasePeople(database),
        majorities=DatabaseMajorities(database),
        operators=DatabaseOperators(database),
        sessions=DatabaseSessions(database),
        own_tries=DatabaseOwnTries(database),
        tasks=DatabaseTasks(database, clock),
        sent=DatabaseSent(database),
        task_desk=DatabaseTaskDesk(database),
        queues=DatabaseQueues(database),
        pauses=DatabasePauses(database),
        letters=DatabaseLetters(database),
        ended_tasks=DatabaseEndedTasks(database),
        upkeep=DatabaseUpkeep(database),
        scorecards=DatabaseScorecards(database),
        business_acks=DatabaseBusinessAcks(database),
        traces=TraceLog(database, clock),
        log=DatabaseLog(database),
        log_reader=LogReader(database),
        replays=DatabaseReplays(database),
        openings=DatabaseOpenings(database),
        merges=DatabaseMerges(database),
        proposals=DatabaseProposals(database),
        grids=DatabaseGrids(database),
        labels=DatabaseLabels(database),
        service_tokens=DatabaseServiceTokens(database),
        catalogue=DatabaseCatalogue(database),
        launches=DatabaseLaunches(database),
        reports=DatabaseReports(database),
        activations=DatabaseActivations(database),
        invitations=DatabaseInvitations(database),
        departures=DatabaseDepartures(database),
        erasures=DatabaseErasures(database),
        exports=DatabaseExports(database),
        attestations=DatabaseAttestations(database),
        share_links=DatabaseShareLinks(database),
        agendas=DatabaseAgendas(database),
        preventions=DatabasePreventions(database),
        notice_marks=DatabaseNoticeMarks(database),
    )
