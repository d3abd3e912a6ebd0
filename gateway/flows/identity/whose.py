"""In whose log an act on a held receipt stands: of whom it names, or is said to be of."""

from gateway.flows.again import Kept
from gateway.flows.filing.judging.people import names_of
from gateway.flows.identity.propose import claim_of
from gateway.flows.identity.qualify import house_of, received_identity
from gateway.ports.people.people import PatientNames
from gateway.records.patients.index import Proposal
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey


def whose_claim(names: PatientNames, proposal: Proposal) -> PatientKey:
    """Of a proposal to attach a document: whom to."""
    identity = claim_of(proposal).identity
    return names.patient_key(identity.ins_oid or "", identity.ins or "")


def whose_receipt(names: PatientNames, kept: Kept) -> PatientKey:
    """Whom it names first; the desk where it names nobody."""
    identity = received_identity(kept.understanding) or PatientIdentity()
    return PatientKey(next(iter(names_of(identity, names, house_of(kept))), DESK))
