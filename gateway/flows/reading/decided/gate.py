"""One reader before one record at one instant: every decision of a request goes through here."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from gateway.access.conditions import Condition, conditions
from gateway.access.decide import DECISIONS, decide, deciding, standing
from gateway.access.grid import Grid
from gateway.access.question import regulates
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import (
    AccessAction,
    Circumstances,
    Decision,
    DocumentFacts,
    Mode,
    Reader,
    ReaderKind,
    RecordFacts,
)
from gateway.records.readers.switches import Switches

NOTHING_PERMITS = DECISIONS["D00"]
EMERGENCIES = {Mode.SAMU: DECISIONS["P05"], Mode.BRIS_DE_GLACE: DECISIONS["P06"]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What `access.decide` is asked with; `patient` says whose record this is."""

    reader: Reader
    patient: PatientKey
    record: RecordFacts
    circumstances: Circumstances
    switches: Switches
    grid: Grid
    now: datetime

    def may(self, action: AccessAction, document: DocumentFacts | None) -> Decision:
        """Who is bound to one record stands before no other; everybody else as ACCESS says."""
        if self.is_stranger:
            return NOTHING_PERMITS
        return decide(
            self.reader,
            action,
            document,
            self.record,
            self.circumstances,
            self.switches,
            self.grid,
            self.now,
        )

    def each(self, action: AccessAction) -> Callable[[DocumentFacts | None], Decision]:
        """`may` for the documents of a list: what is the same for them is looked at once."""
        if self.is_stranger:
            return lambda _document: NOTHING_PERMITS
        return deciding(
            self.reader,
            action,
            self.record,
            self.circumstances,
            self.switches,
            self.grid,
            self.now,
        )

    def standing(self) -> Decision:
        """Whether this reader could read anything at all."""
        if self.is_stranger:
            return NOTHING_PERMITS
        return standing(self.reader, self.record, self.circumstances, self.switches, self.now)

    def told(self) -> Decision:
        """Standing as the log tells it: an emergency that opens the record by its own rule."""
        decision = self.standing()
        if decision.permitted and self.is_emergency:
            return EMERGENCIES[self.circumstances.mode]
        return decision

    def conditions(self) -> dict[Condition, bool]:
        """The five of RULES A1, met or not, for the professional's first page."""
        return conditions(
            self.reader, self.record, self.circumstances, self.switches, self.grid, self.now
        )

    @property
    def is_regulator(self) -> bool:
        """Whose emergency door is the SAMU's (VAULT EMG-02)."""
        return regulates(self.reader)

    @property
    def is_shut(self) -> bool:
        """No document of this record is this reader's, whatever it is: there is none to look at,
        and looking would cost what tells that there are some (decision 024)."""
        return self.is_stranger or self.standing().rule.startswith("F")

    @property
    def is_stranger(self) -> bool:
        """A patient before another's record, or who came in for another one."""
        own, bound = self.patient.hex(), self.reader.bound_to
        if self.reader.kind is ReaderKind.PATIENT and self.reader.id != own:
            return True
        return bound is not None and bound != own

    @property
    def is_emergency(self) -> bool:
        professional = self.reader.kind is ReaderKind.PROFESSIONAL
        return professional and self.circumstances.mode is not Mode.NORMAL
