"""One HL7v2 message, understood purely: envelope, patient, orders, documents or results."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from gateway.mapping.hl7v2.control.header import (
    DOCUMENT_EVENTS,
    day_sent,
    event_of,
    header_findings,
    read_header,
    sent_at,
    time_findings,
    unreadable,
)
from gateway.mapping.hl7v2.control.profile import Profile, profile_of
from gateway.mapping.hl7v2.er7.limits import excess_in
from gateway.mapping.hl7v2.er7.segments import Row, Segments, read_segments
from gateway.mapping.hl7v2.er7.splitter import Split, split
from gateway.mapping.hl7v2.findings import failure, fatal
from gateway.mapping.hl7v2.patients.admission import admit
from gateway.mapping.hl7v2.patients.consent import read_consent
from gateway.mapping.hl7v2.patients.misread import held_if_misread
from gateway.mapping.hl7v2.patients.patient import Pid, read_pid
from gateway.mapping.hl7v2.results.document import build_document, words_of
from gateway.mapping.hl7v2.results.findings import result_findings
from gateway.mapping.hl7v2.results.in_body import results_in
from gateway.mapping.hl7v2.results.observations import count_headings, read_rows
from gateway.mapping.hl7v2.volet.agreement import Envelope, patient_findings
from gateway.mapping.hl7v2.volet.documents import Filled, read_documents
from gateway.mapping.hl7v2.volet.enclosures import (
    Enclosure,
    document_missing,
    enclosures,
    mail_bodies,
    mistyped,
    payloads,
    without_documents,
)
from gateway.mapping.hl7v2.volet.flags import YES, Orders, flag_findings, part_orders, visibility
from gateway.mapping.hl7v2.volet.participations import (
    Participations,
    recipient_findings,
    routing_findings,
)
from gateway.mapping.hl7v2.volet.requirements import volet_findings
from gateway.mapping.hl7v2.zam.read import ZAM, read_zam
from gateway.mapping.identity import identity_findings
from gateway.records.documents.observation import Observation, ResultsInBody
from gateway.records.intake.finding import Finding, Verdict, verdict_of
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Content, Format, Piece, Understanding
from gateway.records.messages.business_ack import BusinessAck
from gateway.records.messages.message import Header, Message
from gateway.records.patients.admission import Admission
from gateway.records.patients.patient import PatientIdentity

ASKED_WITH_INS = ("ins-missing", "traits-missing", "birth-place-missing")


@dataclass(slots=True)
class _Read:
    """What is known of one message while it is being understood."""

    raw: bytes
    split: Split
    segments: Segments
    header: Header
    kind: tuple[str, str]
    profile: Profile
    pid: Pid | None
    orders: Orders
    participations: Participations
    rows: list[Row]
    enclosed: list[Enclosure]
    findings: list[Finding]
    admission: Admission | None = None
    business_ack: BusinessAck | None = None

    @property
    def identity(self) -> PatientIdentity:
        return self.pid.identity if self.pid else PatientIdentity()

    @property
    def time(self) -> str:
        return sent_at(self.split)


def understand(raw: bytes, reading: Reading, *, index: int = 0) -> Understanding:
    """Understands one message (`split_batch` makes them); never raises on bad input.

    `documents` is filled as far as it could be read, also when the verdict is refuse.
    """
    if len(raw) > reading.max_message_bytes:
        text = "The message is larger than this connection takes."
        return _refused(fatal("too-large", "MSH", 207, text), index)
    parted = split(raw, reading)
    if parted is None:
        return _refused(unreadable(raw), index)
    if excess := excess_in(parted, reading):
        return _refused(excess, index)
    read = _read(raw, parted, reading)
    filled = _filled(read, reading)
    message = _message(read)
    findings = tuple(read.findings + filled.findings)
    return Understanding(
        format=Format.HL7V2,
        verdict=verdict_of(findings),
        findings=findings,
        message=message,
        documents=tuple(filled.documents),
        contents=tuple(filled.contents),
        observations=tuple(filled.observations),
        results=sum(len(rows) for rows in filled.observations) - filled.headings,
        index=index,
    )


def _refused(finding: Finding, index: int) -> Understanding:
    return Understanding(
        format=Format.HL7V2, verdict=Verdict.REFUSE, findings=(finding,), index=index
    )


def _read(raw: bytes, parted: Split, reading: Reading) -> _Read:
    segments = read_segments(parted)
    header = read_header(parted.lines[0], parted.marks, parted.charset, parted.how)
    pids = segments.pids
    orders, rows = part_orders(segments.rows, parted)
    profile = profile_of(parted)
    marks, charset = parted.marks, parted.charset
    read = _Read(
        raw=raw,
        split=parted,
        segments=segments,
        header=header,
        kind=event_of(header),
        profile=profile,
        pid=read_pid(pids[0], marks, charset, on=day_sent(parted)) if pids else None,
        orders=orders,
        participations=Participations(segments.participations, marks, charset),
        rows=rows,
        enclosed=enclosures(parted, rows, profile, reading),
        findings=list(parted.findings),
    )
    read.findings += header_findings(header, parted.marks, read.time)
    return read


def _filled(read: _Read, reading: Reading) -> Filled:
    """Documents or results, with what their message says of them; nothing for an ADT."""
    if any(finding.fatal for finding in read.findings):
        return Filled()
    if read.kind[0] == ZAM:
        read.business_ack, found = read_zam(read.kind[1], read.segments.rows, read.split)
        return Filled(findings=found)
    read.findings += _patient_findings(read, reading)
    if read.kind[0] not in DOCUMENT_EVENTS:
        read.admission = admit(read.split, read.kind, reading, read.findings)
        return Filled()
    requests = read.segments.requests
    marks = read.split.marks
    read.findings += time_findings(read.time, requests, marks, strict=reading.strict)
    read.findings += read.orders.findings
    read.findings += flag_findings(read.orders.flags, read.profile, strict=reading.strict)
    filled = _documents(read, reading)
    codes = visibility(read.orders.flags)
    if codes:
        filled.documents = [
            replace(one, confidentiality=tuple(dict.fromkeys((*one.confidentiality, *codes))))
            for one in filled.documents
        ]
    return filled


def _patient_findings(read: _Read, reading: Reading) -> list[Finding]:
    if read.pid is None:
        return [failure("segment-missing", "PID", 100, "The message has no PID segment.")]
    findings = list(read.pid.findings)
    judged = identity_findings(read.identity, status=read.pid.status, profile=reading.profile)
    judged = held_if_misread(judged, read.identity, read.findings)
    if read.kind[0] in DOCUMENT_EVENTS:
        if len(read.segments.pids) > 1:
            text = "One message is about one patient: it has several PID segments."
            findings.append(failure("several-patients", "PID", 198, text))
        return findings + judged
    asked = [one for one in judged if read.identity.ins or one.code not in ASKED_WITH_INS]
    return findings + [replace(one, holds=False) for one in asked]


def _documents(read: _Read, reading: Reading) -> Filled:
    if any(row.fields[2] == "RP" for row in read.rows):
        text = "A reference pointer is not fetched: send the document itself in an ED."
        return Filled(findings=[failure("reference", "OBX-2", 199, text)])
    if any(not one.mail_body for one in read.enclosed):
        return _carried(read, reading)
    if told := mistyped(read.rows, read.split):
        return Filled(findings=told)
    if read.kind[0] == "MDM":
        return Filled(findings=[document_missing(read.rows)])
    return _results(read, reading)


def _carried(read: _Read, reading: Reading) -> Filled:
    """ED documents; result rows beside them belong to the first document."""
    around = Envelope(
        split=read.split,
        segments=read.segments,
        kind=read.kind,
        profile=read.profile,
        flags=read.orders.flags,
        reading=reading,
        order_lines=[n for n, line in enumerate(read.split.lines) if line.startswith("ORC")],
    )
    filled = read_documents(read.enclosed, around)
    filled.findings += volet_findings(around)
    if read.kind[0] == "MDM" and not read.segments.txas:
        text = "An MDM message has a TXA segment."
        filled.findings.append(failure("segment-missing", "TXA", 100, text))
    filled.findings += patient_findings(read.identity, filled.documents)
    filled.findings += routing_findings(
        read.participations,
        read.orders.flags,
        filled.documents,
        ins=read.identity.ins,
        strict=reading.strict,
    )
    rows = without_documents(read.rows, read.enclosed)
    filled.findings += mistyped(rows, read.split)
    if rows and filled.documents:
        found = read_rows(rows, read.segments, read.split)
        filled.observations[0] = (*filled.observations[0], *found)
        filled.headings = count_headings(rows, read.split.marks)
        filled.findings += result_findings(
            rows, read.segments.requests, read.split.marks, reading=reading
        )
    return filled


def _results(read: _Read, reading: Reading) -> Filled:
    """An ORU with rows only: one document, whose body is the message itself."""
    rows = without_documents(read.rows, read.enclosed)
    if not rows:
        text = "The message carries neither a document nor a result."
        return Filled(findings=[failure("segment-missing", "OBX", 100, text)])
    segments, marks, charset = read.segments, read.split.marks, read.split.charset
    findings = result_findings(rows, segments.requests, marks, reading=reading)
    findings += recipient_findings(read.participations.recipients, read.identity.ins)
    if not reading.results_only:
        text = "Results without a CDA document are not taken from this sender."
        findings.append(failure("results-only", "OBX", 199, text))
    found: Sequence[Observation] = ResultsInBody(len(rows), partial(results_in, read.raw))
    words = None
    if read.split.how == "guessed":  # the bytes do not say by which fallback they were read
        found = read_rows(rows, segments, read.split)
        words = words_of(rows, segments, marks, charset)
    document = build_document(read.raw, read.header, rows, segments, read.split, read.identity)
    content = Content(read.raw, words, Piece(0, len(read.raw), base64=False))
    return Filled([document], [content], [found], findings, count_headings(rows, marks))


def _message(read: _Read) -> Message:
    pid, segments, routing, flags = read.pid, read.segments, read.participations, read.orders.flags
    mailed = YES in (flags.get("DESTMSSANTEPS"), flags.get("DESTMSSANTEPAT"))
    return Message(
        header=read.header,
        segments=segments.count,
        obx=len(segments.rows),
        patient_id=pid.patient_id if pid else None,
        patient_ids=pid.patient_ids if pid else 0,
        ins=read.identity.ins,
        family=pid.family if pid else None,
        given=pid.given if pid else None,
        birth_date=pid.birth_date if pid else None,
        sex=pid.sex if pid else None,
        identity_status=pid.status if pid else None,
        z_segments=tuple(dict.fromkeys(segments.z_segments)),
        payloads=payloads(read.enclosed),
        flags=flags,
        sender=routing.sender,
        recipients=tuple(routing.recipients),
        recipient_ids=tuple(routing.numbers.get(one, "") for one in routing.recipients),
        reply_to=routing.reply_to,
        consent=read_consent(segments.consents[0], read.split.marks) if segments.consents else None,
        patient=pid.identity if pid else None,
        admission=read.admission,
        forwards=mailed and bool(routing.recipients),
        mail_bodies=mail_bodies(read.enclosed, read.split),
        last_word=read.orders.last_word,
        business_ack=read.business_ack,
    )
