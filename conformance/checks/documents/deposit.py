"""What every check of this volet does: hand over a document, look at the answer, look it up."""

from conformance.bench import Bench
from conformance.made.cda import Paper, paper
from conformance.made.hl7 import Draft, mdm
from conformance.reading.ack import Ack
from conformance.verdict import NotMetError, expect

VOLET = "CI-SIS, Transmission de document(s) CDA-R2 en HL7v2 2.1"


def made(bench: Bench, **changes: str) -> Paper:
    return paper(bench.who, bench.serial, **changes)


def letter(bench: Bench, what: Paper, action: str = "create") -> Draft:
    return mdm(what, bench.serial.control(), action=action)


def taken(bench: Bench, draft: Draft) -> Ack:
    """Accepted and not held. Raises NotMetError."""
    ack = bench.ask(draft)
    expect(ack.positive and not ack.held, ack)
    return ack


def refused(bench: Bench, draft: Draft, *codes: str) -> Ack:
    """Refused, with one of these codes where some are given. Raises NotMetError."""
    ack = bench.ask(draft)
    if not ack.refused or (codes and not ack.says(*codes)):
        raise NotMetError(
            f"{ack}; wanted a refusal{' with ' + ' or '.join(codes) if codes else ''}"
        )
    return ack


def filed(bench: Bench, **changes: str) -> Paper:
    """A document that the target has accepted just now."""
    what = made(bench, **changes)
    taken(bench, letter(bench, what))
    return what


def current(bench: Bench, what: Paper) -> int:
    """How many current documents bear its id. Raises SkippedError without a reader."""
    return len(bench.filed(what.id))


def not_filed(bench: Bench, what: Paper) -> None:
    """Looked up where a reader can look. Raises NotMetError."""
    expect(not (bench.looks and current(bench, what)), "filed all the same")
