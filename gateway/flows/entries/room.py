"""The medical profile of one patient, as a page or FHIR asks for it.

`reader` acts on the profile of `patient`. Not there and not for this reader are told alike, by
DeniedError; NotOwnEntryError is of what it sees and may not do.
"""

from dataclasses import dataclass

from gateway.clock import Ids
from gateway.flows.entries.changing import ChangeEntries
from gateway.flows.entries.feeding import ProposeOfDocuments
from gateway.flows.entries.listing import ListEntries
from gateway.flows.entries.proposing import Proposals, Propose, Together
from gateway.flows.entries.sight import Look
from gateway.flows.entries.synchronising import SynchroniseEntries
from gateway.flows.entries.writing import WriteEntries
from gateway.flows.measures.proposing import ProposeMeasures
from gateway.flows.reading.read import ReadShelf
from gateway.ports.entries import Entries


@dataclass(frozen=True, slots=True, kw_only=True)
class MedicalProfile:
    """Its verbs, each with a docstring of its own."""

    write: WriteEntries
    change: ChangeEntries
    look: Look
    listing: ListEntries
    proposals: Proposals
    synchronise: SynchroniseEntries


def profile_of(
    read: ReadShelf, entries: Entries, ids: Ids, propose: Propose | None = None
) -> MedicalProfile:
    """`propose` reads the documents, unless another one is given."""
    look = Look(asking=read, entries=entries)
    documents = Together((ProposeOfDocuments(read=read), ProposeMeasures(read=read)))
    proposals = Proposals(look=look, propose=propose or documents)
    return MedicalProfile(
        look=look,
        write=WriteEntries(look=look, ids=ids),
        change=ChangeEntries(look=look),
        listing=ListEntries(look=look, proposals=proposals),
        proposals=proposals,
        synchronise=SynchroniseEntries(look=look, ids=ids),
    )
