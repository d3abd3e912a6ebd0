"""Replacement, deletion and update of masking: they supersede, they never erase (CDA.md 4)."""

import re
from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct

from gateway.access.rules.rule import PATIENT_SIDE
from gateway.flows.filing.judging.findings import (
    already_filed,
    not_approved,
    not_author,
    not_latest,
    replaced_elsewhere,
    target_unknown,
    unique_id_conflict,
    unmask_denied,
    withdrawn,
)
from gateway.records.documents.document import RESULTS_TYPE, Action, Document
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Facts, Intake, Known
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Format
from gateway.records.patients.patient import PatientKey

NAMES_ITS_TARGET = frozenset({Format.HL7V2, Format.FHIR})
"""A message or a transaction must be right on what it replaces (HL7V2 section 5, FHIR.md 6)."""
OURS = re.compile(r"[0-9a-f]{32}").fullmatch
"""A public id of ours, as an RPLC association names it by its entryUUID (XDS.md section 4)."""
YES, MASK = "Y", "MASQUE_PS"
TARGETING = (Action.REPLACE, Action.DELETE, Action.UPDATE)


class Place(Struct, frozen=True, kw_only=True):
    """Where a document goes: `known` is itself, filed before; `target` what it supersedes; `twin`
    the number of the same document in the same intake; `id` what it is filed under, if it is."""

    findings: tuple[Finding, ...] = ()
    known: Known | None = None
    target: Known | None = None
    twin: int | None = None
    id: str = ""


def place_of(intake: Intake, document: Document, patient: PatientKey, facts: Facts) -> Place:
    """Finds the copy and the version before, and checks the right to supersede it."""
    known = facts.documents.get(document.unique_id) if document.unique_id else None
    if document.action is Action.DELETE:
        return _deletion(intake, document, patient, facts)
    if known is not None:
        return _again(intake, document, patient, known)
    if document.mime_type == RESULTS_TYPE and document.action is Action.CREATE:
        return _of_its_order(intake, document, patient, facts)
    if document.action not in TARGETING:
        return Place()
    sets = {} if _names_entry(intake, document) else facts.sets
    target = _target(document, facts.documents, sets)
    if target is None and document.replaces is None:
        return Place()  # corrected results name no document: the first of their set
    return _checked(intake, document, patient, target)


def _again(intake: Intake, document: Document, patient: PatientKey, known: Known) -> Place:
    """Its unique id is known here: a copy, other flags of it, or what cannot be filed."""
    form = intake.understanding.format
    if known.patient != patient or known.sha256 != bytes.fromhex(document.sha256):
        return Place(findings=(unique_id_conflict(form),))
    if known.status is DocumentStatus.WITHDRAWN:
        return Place(findings=(withdrawn(form),))
    if _changes_masking(intake, document, known):
        return _remasked(intake, document, patient, known)
    return Place(findings=(already_filed(form),), known=known)


def _of_its_order(intake: Intake, document: Document, patient: PatientKey, facts: Facts) -> Place:
    """More, or final, results of an order known here are its next version (HL7V2 section 8); a
    number that somebody else's order bears too says nothing."""
    target = _in_set(document, facts.sets)
    if target is None or target.patient != patient or not may_supersede(intake, document, target):
        return Place()
    return Place(target=target)


def _changes_masking(intake: Intake, document: Document, known: Known) -> bool:
    """The same document again with MODIF_CONF_CODE: other flags are what is sent (A5)."""
    message = intake.understanding.message
    asked = message is not None and message.flags.get("MODIF_CONF_CODE") == YES
    return asked and document.action is Action.REPLACE and _codes(document) != set(known.codes)


def _codes(document: Document) -> set[str]:
    return set(document.confidentiality) or {"N"}


def _remasked(intake: Intake, document: Document, patient: PatientKey, known: Known) -> Place:
    """A version of its own with the same bytes: history stays, readers get the new flags. Only the
    patient lifts a mask (ACCESS F59)."""
    if MASK in known.codes and MASK not in document.confidentiality:
        return Place(findings=(unmask_denied(),))
    return _checked(intake, document, patient, known)


def _deletion(intake: Intake, document: Document, patient: PatientKey, facts: Facts) -> Place:
    """The CDA carried is the last version, so the target bears its own unique id."""
    form = intake.understanding.format
    target = facts.documents.get(document.unique_id) if document.unique_id else None
    if target is not None and target.status is DocumentStatus.WITHDRAWN:
        return Place(findings=(already_filed(form),), known=target)
    if target is None:
        target = _target(document, facts.documents, facts.sets)
    if target is None:
        return Place(findings=(target_unknown(intake.understanding, document.action, strict=True),))
    return _checked(intake, document, patient, target)


def _names_entry(intake: Intake, document: Document) -> bool:
    """An RPLC association means the one document whose entryUUID it names, and no other of its
    set."""
    is_lot = intake.understanding.format is Format.XDS
    return is_lot and OURS(document.replaces or "") is not None


def _target(
    document: Document, by_id: Mapping[str, Known], by_set: Mapping[str, Known]
) -> Known | None:
    if document.replaces and document.replaces in by_id:
        return by_id[document.replaces]
    return _in_set(document, by_set)


def _in_set(document: Document, by_set: Mapping[str, Known]) -> Known | None:
    """The current version of its set. Results of an order with an authority continue those of the
    number alone: sets were named so before, and some senders name the authority later."""
    names = (document.set_id, document.number_alone)
    return next((by_set[one] for one in names if one and one in by_set), None)


def _checked(
    intake: Intake, document: Document, patient: PatientKey, target: Known | None
) -> Place:
    """A target of another patient is answered like one that does not exist; but for XDS, which has
    a code of its own, to who filed it (XDS.md section 4)."""
    form = intake.understanding.format
    if target is None or target.patient != patient:
        if form is Format.XDS and target is not None and may_supersede(intake, document, target):
            return Place(findings=(replaced_elsewhere(form),))
        strict = form in NAMES_ITS_TARGET or _names_entry(intake, document)
        unknown = target_unknown(intake.understanding, document.action, strict=strict)
        return Place(findings=(unknown,))
    is_lot = form is Format.XDS
    if target.status is not DocumentStatus.CURRENT:
        is_deleted = is_lot and target.status is DocumentStatus.WITHDRAWN
        return Place(findings=(not_approved() if is_deleted else not_latest(target, form),))
    if not may_supersede(intake, document, target):
        return Place(findings=(not_author(form),))
    if is_lot and target.archived:  # elsewhere it is in force (decision 043)
        return Place(findings=(not_approved(),))
    return Place(target=target)


def may_supersede(intake: Intake, document: Document, target: Known) -> bool:
    """The same sender, the same organisation or one of the same authors (ANS code 901).

    What a document says of its authors is the word of its sender: where the operator bound the
    sender to an organisation, only authors of that one count.
    """
    by_patient = intake.depositor is not None and intake.depositor.kind in PATIENT_SIDE
    if by_patient or target.by_patient:  # whoever of the patient's side brought it (ACCESS P23)
        return by_patient and target.by_patient
    own = organization_names(intake.organization)
    if intake.sender == target.sender or target.organization in own:
        return True
    authors = [one for one in document.authors if not own or one.organization_id in own]
    organizations = {author.organization_id for author in authors} - {None}
    ids = {author.id for author in authors} - {None}
    return target.organization in organizations or bool(ids & set(target.author_ids))


def organization_names(number: str | None) -> frozenset[str]:
    """A FINESS or SIRET as an account bears it, and as a Struct_IdNat: 1 or 3 before it."""
    return frozenset({number, f"1{number}", f"3{number}"}) if number else frozenset()


def hidden_since(document: Document, target: Known | None, at: datetime) -> datetime | None:
    """A replacement never restarts the clock of INVISIBLE_PATIENT (ACCESS section 1)."""
    if "INVISIBLE_PATIENT" not in document.confidentiality:
        return None
    if target is not None and target.hidden_from is not None:
        return target.hidden_from
    return at
