"""Which message of ours a business acknowledgement answers, and how it is taken."""

from collections.abc import Iterable

from gateway.records.intake.filing import Answer, Facts, Filing, Intake
from gateway.records.intake.finding import Finding, Verdict
from gateway.records.intake.keys import read_key
from gateway.records.messages.business_ack import BusinessAck, ReceivedAck, SentOn
from gateway.records.messages.message import Header


def answered(intake: Intake, header: Header, ack: BusinessAck, facts: Facts) -> Filing | None:
    """A ZAM for something we sent on: kept beside it, in the same person's name; None where
    nothing of ours is answered."""
    sent = _original(header, ack, facts)
    if sent is None:
        return None
    return Filing(
        answer=accepted(intake, intake.understanding.findings),
        patient=sent.patient,
        answered=ReceivedAck(receipt=intake.receipt, original=sent.receipt, ack=ack),
    )


def _original(header: Header, ack: BusinessAck, facts: Facts) -> SentOn | None:
    """By OBX-4 = MSH-10. Where several senders used that number, MSH-5 and MSH-6 must be the
    MSH-3 and MSH-4 of the original; nothing is guessed among several."""
    key = read_key(header.receiving_application, header.receiving_facility, ack.original)
    exact = {one.receipt: one for one in facts.sent if one.key == key}
    found = exact or {one.receipt: one for one in facts.sent}
    return next(iter(found.values())) if len(found) == 1 else None


def accepted(intake: Intake, findings: Iterable[Finding]) -> Answer:
    """Taken, though it files nothing."""
    return Answer(receipt=intake.receipt, verdict=Verdict.ACCEPT, findings=tuple(findings))
