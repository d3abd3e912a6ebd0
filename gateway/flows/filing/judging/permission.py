"""May this sender put this document into this record? The same decision as everywhere else."""

from dataclasses import dataclass, field
from functools import lru_cache

from gateway.access.decide import DECISIONS, decide
from gateway.access.grid import Grid
from gateway.access.rules.rule import PATIENT_SIDE
from gateway.flows.filing.judging.findings import sender_differs
from gateway.flows.filing.judging.versions import organization_names
from gateway.flows.reading.decided.facts import ACCOUNTS, NO_TYPE, NORMAL_CODES, latest_day
from gateway.mapping.hl7v2.volet.flags import matrix_findings
from gateway.mapping.labels.own import SYNTHESIS
from gateway.records.documents.document import Action, Document
from gateway.records.entries.kind import HISTORY
from gateway.records.intake.filing import Door, Intake
from gateway.records.intake.finding import Finding
from gateway.records.patients.account import Person
from gateway.records.readers.access import (
    CODES,
    NORMAL,
    AccessAction,
    Application,
    Decision,
    DocumentFacts,
    Entry,
    Reader,
    ReaderKind,
    RecordFacts,
    Representative,
)
from gateway.records.readers.switches import Switches

EMPTY_GRID = Grid(())
"""A deposit is not a consultation: no rule of it reads a cell (RULES A3)."""


@dataclass(frozen=True, slots=True)
class DepositGate:
    """Asks `access.decide` for action deposit; `switches` are those in force."""

    switches: Switches = field(default_factory=Switches)

    def mail_denials(self, intake: Intake) -> list[Finding]:
        """The guide's mail matrix, where the house keeps it to the letter (ACCESS F62)."""
        message = intake.understanding.message
        if message is None or not self.switches.strict_mail_matrix.at(intake.at):
            return []
        return matrix_findings(message.flags)

    def sender_findings(self, intake: Intake) -> list[Finding]:
        """Where the operator bound the sender to an organisation, PRT (SB) names that one."""
        message, own = intake.understanding.message, organization_names(intake.organization)
        if not own or message is None or message.sender is None:
            return []
        named = message.sender.organization_id
        return [sender_differs()] if named and named not in own else []

    def may_deposit(self, intake: Intake, document: Document, person: Person) -> Decision:
        reader = intake.depositor or _reader(intake.sender, intake.organization)
        if reader.kind is ReaderKind.APPLICATION and document.action is not Action.CREATE:
            return DECISIONS["D00"]  # of the patient side P23 and P25 name no application
        facts = DocumentFacts(
            type=_asked_as(intake, document),
            class_code=document.class_code,
            codes=_codes(document),
            deposited=intake.at,
        )
        record = RecordFacts(
            account=ACCOUNTS[person.state],
            qualified=person.qualified,
            birth_date=latest_day(person.identity.birth_date),
            feeding_opposed=person.feeding_opposed,
            applications=_proved(reader),
            representatives=_representing(reader),
            caregivers=_caring(reader),
        )
        return decide(
            reader,
            AccessAction.DEPOSIT,
            facts,
            record,
            NORMAL,
            self.switches,
            EMPTY_GRID,
            intake.at,
        )


def _asked_as(intake: Intake, document: Document) -> str:
    """The type of the document; a synthesis that a page of ours made is nobody's deposit, of which
    F35 and F37 are asked: it is what the patient wrote (VAULT PRO-05). No page takes that type."""
    came = intake.depositor
    by_space = intake.door is Door.PAGES and came is not None and came.kind in PATIENT_SIDE
    if by_space and document.type_code == SYNTHESIS:
        return HISTORY
    return document.type_code or NO_TYPE


def _proved(reader: Reader) -> tuple[Application, ...]:
    """An application's door has found the patient's word in force for this very token; the rules
    about its scopes are asked of that."""
    if reader.kind is not ReaderKind.APPLICATION:
        return ()
    return (Application(id=reader.id or "", scopes=reader.scopes),)


def _representing(reader: Reader) -> tuple[Representative, ...]:
    """The flow has found this person's standing in force for this very deposit, and in which role
    (`Reader.role`)."""
    if reader.kind is not ReaderKind.REPRESENTATIVE:
        return ()
    return (Representative(id=reader.id or "", role=reader.role or ""),)


def _caring(reader: Reader) -> tuple[Entry, ...]:
    return (Entry(id=reader.id or ""),) if reader.kind is ReaderKind.CAREGIVER else ()


@lru_cache(maxsize=1_000)
def _reader(sender: str, organization: str | None) -> Reader:
    return Reader(kind=ReaderKind.SYSTEM, id=sender, organisation=organization)


def _codes(document: Document) -> tuple[str, ...]:
    codes = document.confidentiality
    if codes and CODES.issuperset(codes):
        return codes
    return tuple(code for code in codes if code in CODES) or NORMAL_CODES
