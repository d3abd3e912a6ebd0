"""What an operator reads in the log of an input that was refused or held."""

from dataclasses import dataclass, replace

import pytest
from filing_samples import HELD, WRONG
from msgspec import structs
from structlog.testing import capture_logs

from gateway.clock import SystemClock, SystemIds
from gateway.flows.receive import Delivery, Here, Receive
from gateway.records.intake.filing import Answer, Door, Intake
from gateway.records.intake.finding import Finding, Verdict

DELIVERY = Delivery(sender="labo", door=Door.HTTP, raw=b"a letter of DURAND Claire")


@dataclass
class Answering:
    """A journal that answers everything alike."""

    answer: Answer

    async def file(self, intake: Intake) -> Answer:
        return replace(self.answer, receipt=intake.receipt)


async def told(verdict: Verdict, *findings: Finding, delivery: Delivery = DELIVERY) -> object:
    journal = Answering(Answer(receipt="", verdict=verdict, findings=findings))
    receive = Receive(journal, SystemClock(), SystemIds(), Here())  # type: ignore[arg-type]  # files, and no more
    with capture_logs() as lines:
        (received,) = await receive(delivery)
    (line,) = (line for line in lines if line["event"].startswith("intake."))
    assert line.pop("receipt") == received.answer.receipt
    return line


@pytest.mark.parametrize(
    ("verdict", "finding", "event", "level"),
    [
        (Verdict.REFUSE, WRONG, "intake.refused", "warning"),
        (Verdict.HOLD, HELD, "intake.held", "info"),
    ],
)
async def test_its_line_names_the_receipt_the_sender_and_each_finding_once(
    verdict: Verdict, finding: Finding, event: str, level: str
) -> None:
    assert await told(verdict, finding, finding) == {
        "event": event,
        "log_level": level,
        "door": "http",
        "sender": "labo",
        "verdict": verdict.value,
        "codes": [finding.code],
    }


async def test_of_a_mailbox_only_the_domain_is_named() -> None:
    mail = structs.replace(DELIVERY, sender="284037511604282@patient.fr", door=Door.SMTP)
    assert "284037511604282" not in str(await told(Verdict.REFUSE, WRONG, delivery=mail))


async def test_of_what_was_accepted_nothing_is_told_but_where_everything_is() -> None:
    line = await told(Verdict.ACCEPT)
    assert line == {"event": "intake.accepted", "log_level": "debug", "door": "http"}
