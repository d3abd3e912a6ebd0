"""Where MSH-15 and MSH-16 both ask, an application answer follows the accept answer."""

import pytest

from gateway.mapping.hl7v2.control.ack import application_code
from gateway.records.intake.finding import Verdict
from gateway.records.messages.message import Header


@pytest.mark.parametrize(
    ("accept", "application", "code"),
    [
        ("AL", "AL", "AA"),
        ("AL", "SU", "AA"),
        ("ER", "AL", "AA"),
        ("AL", "NE", "none"),
        ("AL", "ER", "none"),
        ("NE", "AL", "none"),
        ("AL", "", "none"),
        ("", "", "none"),
    ],
)
def test_a_good_message_gets_the_second_answer_it_asked_for(
    accept: str, application: str, code: str
) -> None:
    header = Header(type="ADT^A01", accept_ack=accept, application_ack=application)

    assert application_code(header, Verdict.ACCEPT) == code
    assert application_code(header, Verdict.REFUSE) == "none"
    assert application_code(header, Verdict.ACCEPT, always_original=True) == "none"


def test_an_acknowledgement_is_never_answered() -> None:
    header = Header(type="ACK^A01", accept_ack="AL", application_ack="AL")

    assert application_code(header, Verdict.ACCEPT) == "none"
