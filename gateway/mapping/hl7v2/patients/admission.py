"""ADT of PAM.fr: PID and MRG in their pairs, ZBE of a correction, ZFA and ZFD checked.

Sources: IHE PAM (ITI-30, ITI-31) with the French extension 2.11 as HL7V2 section 6 and
XDM_HL7V2 A7 tell it. Pure: what the index holds is asked by `flows.filing.identities`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from gateway.mapping.datatypes.times import date_of, iso_of, offset_of
from gateway.mapping.hl7v2.control.header import PATIENT_EVENTS, component, day_sent
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.mapping.hl7v2.er7.splitter import Split
from gateway.mapping.hl7v2.findings import failure, info, warning
from gateway.mapping.hl7v2.patients.patient import DELETED, read_ids, read_pid
from gateway.mapping.identity import identity_findings
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.reading import Reading
from gateway.records.patients.admission import Admission, Subject
from gateway.records.patients.patient import PatientIdentity

MERGES = frozenset({"A40", "A47"})
"""Merge of two identities; change of an identifier: MRG-1 names what ends."""
LINKS = frozenset({"A24", "A37"})
"""Two PIDs by nature: taken, and without effect here."""
CORRECTION = "Z99"
MOVEMENTS = frozenset({"INSERT", "UPDATE", "CANCEL"})
FEEDING = frozenset({"", "INO", "IO", "NA"})
CONSULTATION = frozenset({"", "IC", "INC", "NA"})
NOT_FOUND_BY = (
    "No identifier of PID-3 is a number of the patient (CX.5 PI) under its authority (CX.4)"
    " and in force (CX.8): nothing can be found by it."
)
"""What `read_ids` asks of an identifier."""
NOT_A_MERGE = (
    "MRG joins identities in A40 and A47 alone: here it changes nothing. Documents of another"
    " patient are deleted, and sent anew with the right one."
)
"""A44 moves one account, not a patient (HL7 2.5, 3.3.44); in other events MRG has no place."""
MAX_SUBJECTS = 100
MAX_NAMES = 50
MAX_NAMES_IN_ALL = 1_000


@dataclass(slots=True)
class _Found:
    """The segments of an ADT that say who is who, as fields; MRG by the number of its PID, `others`
    (EVN and the French ones) by their first components.

    `spare` counts the MRG behind the first of one PID.
    """

    pids: list[list[str]]
    priors: dict[int, list[str]]
    others: dict[str, list[str]]
    spare: int = 0


def admit(
    parted: Split, kind: tuple[str, str], reading: Reading, findings: list[Finding]
) -> Admission | None:
    """What an ADT says of identities; None for another message, or one without a PID.

    Adds to `findings`; those of the first PID alone are told elsewhere.
    """
    found = _segments(parted) if kind[0] == "ADT" else None
    if found is None or not found.pids:
        return None
    event = kind[1]
    if not reading.identities:
        text = "Identities are not taken from this sender: ask the operator."
        findings.append(failure("identities-not-taken", "MSH-9", 199, text))
    told = found if event in MERGES else replace(found, priors={})
    subjects = tuple(_subjects(told, parted, reading, findings))
    findings += _findings(found, event, subjects)
    zfd = _padded(found.others.get("ZFD"), 7)
    return Admission(
        event=event,
        subjects=subjects,
        obtained=_plain(zfd[5]),
        obtained_on=date_of(zfd[6]),
        stated_at=_stated_at(found, parted.marks),
        offset=offset_of(component(_padded(found.others.get("MSH"), 8)[7], 1, parted.marks)),
    )


def _segments(parted: Split) -> _Found:
    found = _Found([], {}, {})
    for number, line in enumerate(parted.lines):
        name = line[:3]
        if name == "PID":
            found.pids.append(parted.fields(number))
        elif name == "MRG":
            found.spare += len(found.pids) - 1 in found.priors
            found.priors.setdefault(len(found.pids) - 1, parted.fields(number))
        elif name in ("EVN", "ZBE", "ZFA", "ZFD"):
            codes = [component(one, 1, parted.marks).strip() for one in parted.fields(number)]
            found.others.setdefault(name, codes)
    msh = parted.fields(0)
    found.others["MSH"] = ["MSH", *msh]
    return found


def _subjects(
    found: _Found, parted: Split, reading: Reading, findings: list[Finding]
) -> Iterable[Subject]:
    """Errors of the PIDs after the first are added to `findings`."""
    marks, charset = parted.marks, parted.charset
    on = day_sent(parted)
    for number, fields in enumerate(found.pids[:MAX_SUBJECTS]):
        pid = read_pid(list(fields), marks, charset, on=on)
        own = read_ids(_padded(fields, 4)[3], marks, charset, on=on)
        identity = replace(pid.identity, other_ids=own.other_ids)
        judged = identity_findings(identity, status=pid.status, profile=reading.profile)
        if number:
            findings += pid.findings
            findings += [one for one in judged if one.severity is Severity.ERROR]
        mrg = found.priors.get(number)
        yield Subject(
            identity=identity,
            status=pid.status,
            qualified=not any(one.holds or one.severity is Severity.ERROR for one in judged),
            prior=read_ids(_padded(mrg, 2)[1], marks, charset) if mrg else None,
        )


def _findings(found: _Found, event: str, subjects: tuple[Subject, ...]) -> Iterable[Finding]:
    yield from _size_findings(found, subjects)
    if event in MERGES:
        yield from _merge_findings(found, subjects)
    elif len(found.pids) > 1 and event not in LINKS:
        text = "One message is about one patient: it has several PID segments."
        yield failure("several-patients", "PID", 198, text)
    if event in LINKS:
        yield info("event-not-applied", "MSH-9.2", "Links of identities (A24, A37) change nothing.")
    if event not in MERGES and found.priors:
        yield warning("event-not-applied", "MRG", NOT_A_MERGE)
    if event not in MERGES and any(not _named(one.identity) for one in subjects):
        yield warning("local-id-authority", "PID-3.4", NOT_FOUND_BY)
    if event == CORRECTION:
        yield from _correction_findings(found)
    zfa = found.others.get("ZFA")
    if zfa is not None:
        yield from _consent_findings(_padded(zfa, 13))


def _size_findings(found: _Found, subjects: tuple[Subject, ...]) -> Iterable[Finding]:
    if len(found.pids) > MAX_SUBJECTS:
        yield failure("too-many", "PID", 198, f"Send at most {MAX_SUBJECTS} merges a message.")
    counts = [_count(one) for one in subjects]
    if any(count > MAX_NAMES for count in counts) or sum(counts) > MAX_NAMES_IN_ALL:
        text = (
            f"Send at most {MAX_NAMES} identifiers of one patient (PID-3 and MRG-1)"
            f" and {MAX_NAMES_IN_ALL} a message."
        )
        yield failure("too-many", "PID-3", 198, text)


def _merge_findings(found: _Found, subjects: tuple[Subject, ...]) -> Iterable[Finding]:
    if (unpaired := _unpaired(found)) is not None:
        yield unpaired
        return
    for one in subjects:
        if not _named(one.identity) and one.identity.ins is None:
            text = "The surviving identifier needs an authority (PID-3.4), and type PI (PID-3.5)."
            yield failure("required", "PID-3.4", 101, text)
        elif one.prior is not None and not _named(one.prior) and one.prior.ins is None:
            text = "The identifier that ends needs an authority (MRG-1.4), and type PI (MRG-1.5)."
            yield failure("required", "MRG-1.4", 101, text)
        elif one.prior is not None and _same(one.identity, one.prior):
            text = "PID-3 and MRG-1 name the same identity: there is nothing to merge."
            yield failure("merge-itself", "MRG-1", 199, text)


def _unpaired(found: _Found) -> Finding | None:
    """Every PID has its MRG, one, and that says what ends."""
    if any(number not in found.priors for number in range(len(found.pids))):
        text = "A40 and A47 name the identity that ends in an MRG after each PID."
        return failure("segment-missing", "MRG", 100, text)
    if found.spare:
        text = "One MRG follows each PID: repeat the PID, or MRG-1, for more that ends."
        return failure("several-priors", "MRG", 198, text)
    if any(not _padded(fields, 2)[1] for fields in found.priors.values()):
        return failure("required", "MRG-1", 101, "MRG-1 (prior identifiers) is empty.")
    return None


def _correction_findings(found: _Found) -> Iterable[Finding]:
    """Z99: a movement is corrected, and ZBE says which (PAM.fr)."""
    if "ZBE" not in found.others:
        text = "A correction (Z99) names the movement that it corrects in ZBE."
        yield failure("segment-missing", "ZBE", 100, text)
        return
    zbe = _padded(found.others["ZBE"], 7)
    if zbe[4] and zbe[4] not in MOVEMENTS:
        yield failure("movement", "ZBE-4", 103, "ZBE-4 must be INSERT, UPDATE or CANCEL.")
    if zbe[6] and zbe[6] not in PATIENT_EVENTS:
        text = "ZBE-6 must be the event of the movement that is corrected, as A01."
        yield failure("movement", "ZBE-6", 103, text)


def _consent_findings(zfa: list[str]) -> Iterable[Finding]:
    """ZFA of PAM.fr 2.11 (XDM_HL7V2 A7): a word nobody understands must not pass for a yes."""
    for number, codes in ((9, FEEDING), (11, CONSULTATION)):
        value, at = zfa[number], zfa[number + 1]
        if value == DELETED:
            text = f"ZFA-{number} is deleted: what was said before stays. Send a code of its table."
            yield warning("consent-deleted", f"ZFA-{number}", text)
        if value and value != DELETED and value not in codes:
            text = f"ZFA-{number} must be one of {', '.join(sorted(codes - {''}))}."
            yield failure("consent", f"ZFA-{number}", 103, text)
        if at and at != DELETED and iso_of(at) is None:
            where = f"ZFA-{number + 1}"
            yield failure("date", where, 102, f"{where} (date of the consent) is not a date.")


def _count(subject: Subject) -> int:
    prior = subject.prior.other_ids if subject.prior is not None else ()
    return len(subject.identity.other_ids) + len(prior)


def _named(identity: PatientIdentity) -> bool:
    return bool(identity.other_ids) or identity.ins is not None


def _same(one: PatientIdentity, other: PatientIdentity) -> bool:
    """All that the prior names is among what survives."""
    if other.ins is not None and (other.ins, other.ins_oid) != (one.ins, one.ins_oid):
        return False
    return set(other.other_ids) <= set(one.other_ids)


def _stated_at(found: _Found, marks: Delimiters) -> str:
    evn = _padded(found.others.get("EVN"), 7)
    times = (evn[6], evn[2], _padded(found.others.get("MSH"), 8)[7])
    written = (component(one, 1, marks) for one in times)
    return next((one for one in written if one and iso_of(one) is not None), "")


def _plain(text: str) -> str | None:
    """A short code as it stands; what is longer, or deleted, is none."""
    return text if text and text.isalnum() and len(text) <= 20 else None


def _padded(fields: list[str] | None, count: int) -> list[str]:
    return [*(fields or []), *[""] * count][: max(count, len(fields or []))]
