"""What the volet asks of the message around its documents (XDM_HL7V2 A1 to A3), where the message
names the volet in MSH-21. Published examples leave some of it out: that is told, not refused."""

from collections.abc import Iterator

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.segments import PAD
from gateway.mapping.hl7v2.findings import failure
from gateway.mapping.hl7v2.volet.agreement import Envelope, ids_in
from gateway.records.intake.finding import Finding

PARTIES = {3: "sending application", 4: "sending facility", 5: "receiver", 6: "receiver's facility"}
CLASSES = frozenset("EIORN")
"""PV1-2: emergency, inpatient, outpatient, recurring, none."""
WITHOUT_VISIT = "N"
AVAILABLE = frozenset(("AU", "LA"))
"""TXA-17: authenticated; legally authenticated in the older profiles."""


def volet_findings(around: Envelope) -> list[Finding]:
    """Segments and fields that the volet requires and the message lacks."""
    if not (around.profile.of_creator or around.profile.to_practice):
        return []
    return [*_header(around), *_segments(around), *_visit(around), *_txa(around)]


def _header(around: Envelope) -> Iterator[Finding]:
    fields = around.split.fields(0) + PAD
    empty = [f"MSH-{number}" for number in PARTIES if not fields[number - 1].strip()]
    if empty:
        text = f"The volet asks who sends and who receives: {', '.join(empty)} is empty."
        yield around.tolerated("required", empty[0], 101, text)


def _segments(around: Envelope) -> Iterator[Finding]:
    names = {line[:3] for line in around.split.lines}
    wanted = ("EVN", "PV1") if around.kind[0] == "MDM" else ("PV1", "OBR")
    for name in wanted:
        if name not in names:
            text = f"The volet asks for a segment {name}."
            yield around.tolerated("segment-missing", name, 100, text)


def _visit(around: Envelope) -> Iterator[Finding]:
    lines = [line for line in around.split.lines if line.startswith("PV1")]
    if not lines:
        return
    fields = lines[0].split(around.split.marks.field) + PAD * 2
    kind = component(fields[2], 1, around.split.marks).strip()
    if kind not in CLASSES:
        yield around.tolerated("visit-class", "PV1-2", 103, "PV1-2 is one of E, I, O, R and N.")
    elif kind != WITHOUT_VISIT and not fields[19].strip():
        text = "PV1-19 (visit number) is asked for, unless PV1-2 is N."
        yield around.tolerated("required", "PV1-19", 101, text)


def _txa(around: Envelope) -> Iterator[Finding]:
    if around.kind[0] != "MDM" or not around.segments.txas:
        return
    fields = around.segments.txas[0] + PAD * 2
    replaces = around.kind[1] == "T10" and not around.changes_masking
    if replaces and not ids_in(fields[13], around.split):
        text = "TXA-13 names the document that is replaced (T10)."
        yield failure("required", "TXA-13", 101, text)
    if component(fields[17], 1, around.split.marks).strip() not in AVAILABLE:
        yield around.tolerated("completion", "TXA-17", 103, "TXA-17 (completion) is AU.")
