"""ITI-57: hide and show, archive, delete what is stored (XDS.md section 7).

All documents of a request or none, in one commit with the log and what follows. Who may not hear
of a document is told of it what he would be told of one that is not there.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.errors import DeferredError, DeniedError
from gateway.flows.dmp.weighing import (
    Wanted,
    acts_of,
    decided,
    follows,
    is_told,
    shown_codes,
    state_errors,
    update_of,
)
from gateway.flows.reading.decided.asking import NOBODY, Asking
from gateway.flows.reading.decided.gate import Gate
from gateway.flows.reading.decided.trace import trace_of, trace_of_nothing
from gateway.mapping.xdm.ebrim.hl7types import cx
from gateway.mapping.xds.errors import (
    DUPLICATE_IN_REGISTRY,
    PATIENT_DIFFERS,
    POLICY,
    UNKNOWN_PATIENT,
    UNRESOLVED,
    RegistryError,
)
from gateway.mapping.xds.query.objects import registered
from gateway.mapping.xds.update.request import (
    OF_PATIENT,
    VERSION,
    EntryWanted,
    StatusWanted,
    UpdateRequest,
)
from gateway.mapping.xds.update.stated import changes
from gateway.ports.people.people import PatientNames
from gateway.records.documents.shelved import Shelved
from gateway.records.documents.update import Lot, Outcome, Update
from gateway.records.patients.account import NewTrace
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Circumstances, Reader
from gateway.records.readers.vihf import Vihf
from gateway.records.task import NewTask

MAX_TRIES = 5
"""Changes of these documents that may fall into one request."""
ATTEMPT = "update"
OTHER_LOT = "This uniqueId was used for another set."
OTHER_PATIENT = "patientId of the set is that of the VIHF."
NOT_HERE = "No such document is registered here."
NOT_YOURS = "Access does not allow this: it is for the author of the document, or for its patient."
MOVED = "These documents are being changed now."


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Who asks, by his assertion, which was verified; it names a patient."""

    vihf: Vihf
    reader: Reader
    circumstances: Circumstances


@dataclass(slots=True)
class Weighed:
    """What would be written, unless something stands against it: then the `tries` alone."""

    updates: list[Update] = field(default_factory=list)
    acts: list[NewTrace] = field(default_factory=list)
    then: list[NewTask] = field(default_factory=list)
    tries: list[NewTrace] = field(default_factory=list)
    errors: list[RegistryError] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class UpdateDocuments:
    """`repository` is our repositoryUniqueId."""

    asking: Asking
    names: PatientNames
    repository: str

    async def __call__(self, asked: Asked, request: UpdateRequest) -> Sequence[RegistryError]:
        """What stands against it; none where it was done, now or by the same request before.
        Raises DeferredError."""
        if request.errors:
            return request.errors
        patient, lot = self._patient(asked.vihf), _lot(asked, request)
        own = request.patient
        if own is None or self.names.patient_key(own.oid, own.id) != patient:
            return [RegistryError(PATIENT_DIFFERS, OTHER_PATIENT, "SubmissionSet.patientId")]
        for _ in range(MAX_TRIES):
            before = await self.asking.shelf.written_before(lot)
            outcome = before or await self._try(asked, request, patient, lot)
            if isinstance(outcome, list):
                return outcome
            if outcome is Outcome.USED:
                return [RegistryError(DUPLICATE_IN_REGISTRY, OTHER_LOT, lot.unique_id[:80])]
            if outcome is not Outcome.MOVED:
                return []
        raise DeferredError(MOVED)

    def _patient(self, vihf: Vihf) -> PatientKey:
        return self.names.patient_key(vihf.ins_oid or "", vihf.ins or "")

    async def _try(
        self, asked: Asked, request: UpdateRequest, patient: PatientKey, lot: Lot
    ) -> Outcome | list[RegistryError]:
        try:
            gate = await self.asking.gate(
                asked.reader, patient, circumstances=asked.circumstances, attempt=ATTEMPT
            )
        except DeniedError:
            return [RegistryError(UNKNOWN_PATIENT, "No such patient.", "SubmissionSet.patientId")]
        weighed = Weighed()
        found = await self.asking.shelf.find_each(request.documents)
        for wanted in request.wanted:
            await self._weigh(asked, gate, wanted, found.get(wanted.document), weighed)
        if weighed.errors:
            await self.asking.traces.write(weighed.tries)
            return weighed.errors
        return await self.asking.shelf.update(
            lot, weighed.updates, at=gate.now, acts=weighed.acts, then=weighed.then
        )

    async def _weigh(
        self, asked: Asked, gate: Gate, wanted: Wanted, shelved: Shelved | None, weighed: Weighed
    ) -> None:
        asking, door = self.asking, self.asking.door
        if shelved is None or shelved.card.patient != gate.patient:
            weighed.errors.append(_unknown(wanted))
            word, reader = ATTEMPT, gate.reader
            weighed.tries.append(
                trace_of_nothing(reader, NOBODY, word, wanted.document, door=door, grid=asking.grid)
            )
            return
        card, facts = shelved.card, await asking.facts(shelved)
        said = _said(wanted, shelved)
        for act in acts_of(wanted, card, gate.now):
            decision = decided(gate, asked.vihf, card, facts, act)
            trace = trace_of(
                gate, decision, action=act.word, document=card.id, door=door, said=said
            )
            (weighed.acts if decision.permitted else weighed.tries).append(trace)
            if not decision.permitted:
                told = is_told(gate, card, facts)
                error = RegistryError(POLICY, NOT_YOURS, wanted.where) if told else None
                weighed.errors.append(error or _unknown(wanted))
                return
        errors = [*state_errors(wanted, card), *await self._stated(wanted, shelved)]
        weighed.errors += errors
        if not errors:
            update = update_of(wanted, card, gate.now)
            weighed.updates.append(update)
            weighed.then += follows(update, card, gate.now)

    async def _stated(self, wanted: Wanted, shelved: Shelved) -> list[RegistryError]:
        """What a new version states otherwise than a registry shows it. Numbers of the patient
        before a merge mean the same person."""
        if isinstance(wanted, StatusWanted):
            return []
        person = await self.asking.people.person(shelved.card.patient)
        document = registered(shelved.card, shelved.document, person.identity if person else None)
        errors = list(changes(wanted.entry, document, repository=self.repository))
        if not await self._is_of(wanted, shelved):
            errors.append(RegistryError(OF_PATIENT, "patientId must not change.", wanted.where))
        return errors

    async def _is_of(self, wanted: EntryWanted, shelved: Shelved) -> bool:
        said = cx(wanted.entry.ids.get("patientId"))
        if said is None:
            return False
        person = await self.asking.people.person(self.names.patient_key(said.oid, said.id))
        return person is not None and person.key == shelved.card.patient


def _unknown(wanted: Wanted) -> RegistryError:
    code = UNRESOLVED if isinstance(wanted, StatusWanted) else VERSION
    return RegistryError(code, NOT_HERE, wanted.where)


def _said(wanted: Wanted, shelved: Shelved) -> dict[str, object] | None:
    if isinstance(wanted, StatusWanted):
        return None
    before = sorted(shown_codes(shelved.card))
    return {"before": {"codes": before}, "after": {"codes": sorted(wanted.codes)}}


def _lot(asked: Asked, request: UpdateRequest) -> Lot:
    """What it asks in an order of its own, so that a request that is written anew is the same."""
    vihf = asked.vihf
    statuses = sorted([one.document, one.before, one.after] for one in request.statuses)
    entries = sorted(_told(one) for one in request.entries)
    who = [vihf.subject, vihf.structure, vihf.ins, vihf.ins_oid]
    return Lot(unique_id=request.unique_id, said=json.dumps([who, statuses, entries]))


def _told(wanted: EntryWanted) -> list[object]:
    return [wanted.document, wanted.previous, sorted(wanted.codes)]
