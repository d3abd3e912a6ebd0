"""TD0.2 as a client: what is asked, read by our own door, and what the answers mean."""

from datetime import UTC, datetime

import pytest
from lxml import etree

from gateway.mapping.dmp.interaction import Reason, read_patient_query
from gateway.mapping.dmp.patient_answer import Written, patient_answer
from gateway.mapping.dmp.presence import Asking, Presence, presence_in, presence_query
from gateway.mapping.soap.message import FaultError
from gateway.records.patients.habilitation import Existence

INS, OID = "284037511604282", "1.2.250.1.213.1.4.10"
AT = datetime(2026, 3, 2, 10, 7, tzinfo=UTC)
QUESTION = presence_query(INS, OID, Asking("q-1", "2.25.7", AT))


def test_the_door_of_this_house_understands_the_question() -> None:
    read = read_patient_query(QUESTION)
    assert (read.ins, read.ins_oid, read.reason) == (INS, OID, Reason.EXISTENCE)
    assert (read.message_id.extension, read.sender.root) == ("q-1", "2.25.7")


@pytest.mark.parametrize(
    ("existence", "presence"),
    [
        (Existence(exists=True, closed=False), Presence.FOUND),
        (Existence(exists=False, closed=True), Presence.CLOSED),
        (Existence(exists=False, closed=False), Presence.NONE),
    ],
)
def test_its_answers_are_understood(existence: Existence, presence: Presence) -> None:
    answer = patient_answer(read_patient_query(QUESTION), existence, Written("a", "1.2", AT))
    assert presence_in(answer) is presence


def test_the_dmp_s_own_word_for_closed_counts_and_what_says_nothing_is_a_fault() -> None:
    text = (
        '<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3"><acknowledgement typeCode="AA">{}'
        "</acknowledgement><controlActProcess><queryAck>{}</queryAck></controlActProcess>"
        "</PRPA_IN201308UV02>"
    )
    closed = '<acknowledgementDetail><code code="DMPClosed"/></acknowledgementDetail>'
    ok = '<queryResponseCode code="OK"/>'
    assert presence_in(etree.fromstring(text.format(closed, ok))) is Presence.CLOSED
    for answer in (text.format("", '<queryResponseCode code="AE"/>'), text.format("", "")):
        with pytest.raises(FaultError):
            presence_in(etree.fromstring(answer))
