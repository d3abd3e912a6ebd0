"""Where a message and the document that it carries must say the same (XDM_HL7V2 A1 to A4)."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.control.profile import Profile
from gateway.mapping.hl7v2.er7.escapes import unescape
from gateway.mapping.hl7v2.er7.segments import PAD, Segments
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure, info, tolerated, warning
from gateway.mapping.hl7v2.volet.enclosures import Enclosure
from gateway.mapping.hl7v2.volet.flags import YES
from gateway.mapping.identity import same_traits
from gateway.records.documents.document import Action, Document
from gateway.records.intake.finding import Finding, doubted
from gateway.records.intake.reading import Reading
from gateway.records.patients.patient import PatientIdentity

ACTIONS = {"F": Action.CREATE, "C": Action.REPLACE, "D": Action.DELETE}
ORDERS = {"F": "NW", "C": "RO", "D": "CA"}
EVENTS = {"F": "T02", "C": "T10", "D": "T04"}
STATUS_CHANGED = "SC"
"""ORC-1 of every message of profiles 1.2 and 2.0, whatever it asks (A1)."""
DELETED = '""'
URN = "urn:oid:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """The message around its documents: `kind` is MSH-9.1 and MSH-9.2, `flags` its orders.

    `order_lines` are the numbers of its ORC lines, in order.
    """

    split: Split
    segments: Segments
    kind: tuple[str, str]
    profile: Profile
    flags: Mapping[str, str]
    reading: Reading
    order_lines: Sequence[int] = ()

    def tolerated(self, code: str, where: str, condition: int, message: str) -> Finding:
        return tolerated(code, where, condition, message, strict=self.reading.strict)

    @property
    def changes_masking(self) -> bool:
        return self.flags.get("MODIF_CONF_CODE") == YES


def action_findings(one: Enclosure, around: Envelope) -> list[Finding]:
    """Trigger event, OBX-11 and ORC-1 must agree (A1)."""
    status = one.status
    if not status:
        return [failure("required", one.place(11), 101, "OBX-11 of the document is empty.")]
    if status not in ACTIONS:
        text = "OBX-11 of a document must be F, C or D."
        return [failure("status", one.place(11), 103, text)]
    findings = []
    if around.kind[0] == "MDM" and EVENTS[status] != around.kind[1]:
        text = "OBX-11 does not agree with the trigger event: T02 F, T10 C, T04 D."
        findings.append(failure("action", one.place(11), 199, text))
    return findings + _order_findings(_order_of(one, around), status, around)


def _order_of(one: Enclosure, around: Envelope) -> str | None:
    """ORC-1 of the group in which the document stands; None where the message has no ORC."""
    orders, split = around.order_lines, around.split
    if not orders:
        return None
    nearest = orders[max(bisect_left(orders, one.row.line) - 1, 0)]
    return component((split.fields(nearest) + PAD)[1], 1, split.marks).strip()


def _order_findings(order: str | None, status: str, around: Envelope) -> list[Finding]:
    if order in ORDERS.values():
        if order == ORDERS[status]:
            return []
        text = "OBX-11 does not agree with ORC-1: F NW, C RO, D CA."
        return [failure("action", "ORC-1", 199, text)]
    if around.profile.before_2_1 and order in (None, STATUS_CHANGED):
        return []
    text = "ORC-1 must be NW, RO or CA."
    if order is None:
        text = "The message has no ORC: ORC-1 says NW, RO or CA."
    return [around.tolerated("order-control", "ORC-1", 103, text)]


def envelope_findings(
    document: Document, related: str | None, one: Enclosure, around: Envelope
) -> list[Finding]:
    """OBX-3 and TXA beside the header of the CDA (A3, A4); `related` is the document that
    the CDA itself replaces."""
    findings = []
    if component(one.row.fields[3], 1, around.split.marks).strip() != document.type_code:
        text = "OBX-3 is not the code of the document."
        findings.append(around.tolerated("type-differs", one.place(3), 199, text))
    findings += _txa_findings(document, related, around)
    if document.action is Action.CREATE and document.replaces:
        where = one.place(11) if related else "TXA-13"
        text = (
            "An earlier document is named and OBX-11 is F: nothing is replaced. Send C to replace."
        )
        findings.append(warning("action-differs", where, text))
    names_none = document.action is Action.REPLACE and not document.replaces
    if names_none and not around.changes_masking:
        text = "A replacement names the document replaced in relatedDocument or TXA-13."
        findings.append(around.tolerated("replaces", one.place(5), 101, text))
    return findings


def _txa_findings(document: Document, related: str | None, around: Envelope) -> list[Finding]:
    if not around.segments.txas:
        return []
    split, txa = around.split, around.segments.txas[0] + PAD
    kind = component(txa[2], 1, split.marks).strip()
    findings = []
    if kind and kind != document.type_code:
        text = "TXA-2 is not the code of the document."
        findings.append(around.tolerated("type-differs", "TXA-2", 199, text))
    announced = ids_in(txa[12], split)
    if not announced:
        text = "TXA-12 names the document: the id of the CDA."
        findings.append(around.tolerated("required", "TXA-12", 101, text))
    elif document.unique_id and document.unique_id not in announced:
        findings.append(_id_differs(document.unique_id, announced, around))
    previous = ids_in(txa[13], split)
    if previous and related and related not in previous:
        text = "TXA-13 is not the document that relatedDocument of the CDA names: that one counts."
        findings.append(around.tolerated("replaces-differs", "TXA-13", 199, text))
    return findings


def _id_differs(unique_id: str, announced: Sequence[str], around: Envelope) -> Finding:
    if unique_id.replace("^", ".") in announced:
        text = "TXA-12 joins root and extension: write extension^^root^ISO."
        return info("id-joined", "TXA-12", text)
    text = "TXA-12 is not the identifier of the document."
    return around.tolerated("id-differs", "TXA-12", 199, text)


def replaced(around: Envelope) -> str | None:
    """TXA-13 as "root" or "root^extension" (A3)."""
    if not around.segments.txas:
        return None
    previous = (around.segments.txas[0] + PAD)[13]
    return next(iter(ids_in(previous, around.split)), None)


def ids_in(value: str, split: Split) -> tuple[str, ...]:
    """What an EI may mean as "root" or "root^extension", the likeliest first; () where empty.

    `root`, `root^name` and `extension^^root^ISO` are the forms of the guide; the universal id may
    also repeat the root, or stand in the last subcomponent.
    """
    if not value.strip() or value.strip() == DELETED:
        return ()
    first = _leaf(component(value, 1, split.marks), split)
    root = _leaf(component(value, 3, split.marks), split)
    if not first:
        return (root,) if root else ()
    if root and root != first:
        return (f"{root}^{first}", first)
    return (first,)


def _leaf(text: str, split: Split) -> str:
    mark = split.marks.subcomponent
    text = text.split(mark, 1)[0] if mark else text
    return unescape(text, split.marks, split.charset).strip().removeprefix(URN)


def patient_findings(pid: PatientIdentity, documents: Sequence[Document]) -> list[Finding]:
    """PID-3 must be the patient of the document (A2); traits that disagree wait for a person.

    Without an INS in PID-3 the documents are still of one patient, whom PID does not contradict.
    """
    findings = []
    if pid.ins is None and len(_named_in(documents)) > 1:
        text = "The documents in OBX-5 name several INS: send one patient a message."
        findings.append(failure("patient-mismatch", "OBX-5", 207, text, application=904))
    for document in documents:
        other = document.patient
        if pid.ins is not None and other.ins is None:
            text = "The document in OBX-5 has no INS for its patient."
            findings.append(failure("cda-without-ins", "OBX-5", 207, text, application=903))
        elif pid.ins is not None and (other.ins, other.ins_oid) != (pid.ins, pid.ins_oid):
            text = "The INS of PID-3 is not the INS of the document."
            findings.append(failure("patient-mismatch", "PID-3", 207, text, application=904))
        elif names := same_traits(pid, other):
            findings.append(_disagreement(names))
    return findings


def _named_in(documents: Sequence[Document]) -> set[tuple[str, str | None]]:
    people = (one.patient for one in documents)
    return {(one.ins, one.ins_oid) for one in people if one.ins}


def _disagreement(names: list[str]) -> Finding:
    text = f"PID and the document disagree on: {', '.join(names)}."
    return doubted("traits-disagree", "PID", text)
