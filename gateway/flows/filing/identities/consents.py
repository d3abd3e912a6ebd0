"""ZFA of an ADT as dated facts (XDM_HL7V2 A7, RULES B8): feeding and consultation, two things.

IO stops deposits (ACCESS F39). IC is a consent to the care team of the sender's organisation and
INC its refusal (ACCESS section 1): where the sender has none, nobody could be meant.
"""

from datetime import datetime

from gateway.flows.filing.judging.findings import consent_unattached
from gateway.mapping.datatypes.times import clock_instant
from gateway.records.intake.filing import Intake
from gateway.records.intake.finding import Finding
from gateway.records.messages.message import Consent, Message
from gateway.records.patients.account import ChoiceKind
from gateway.records.patients.index import ConsentFact
from gateway.records.patients.patient import PatientKey

FEEDING = {
    "IO": (ChoiceKind.FEEDING_OPPOSED, ChoiceKind.FEEDING_ALLOWED),
    "INO": (ChoiceKind.FEEDING_ALLOWED, ChoiceKind.FEEDING_OPPOSED),
}
CONSULTATION = {
    "IC": (ChoiceKind.CARE_TEAM, ChoiceKind.TEAM_OBJECTED),
    "INC": (ChoiceKind.TEAM_OBJECTED, ChoiceKind.CARE_TEAM),
}


def facts_of(
    intake: Intake, message: Message, about: bytes | None
) -> tuple[list[ConsentFact], list[Finding]]:
    """`about` is the name of the person: an INS, or a local identifier until it has one."""
    said = message.consent
    if said is None or not (said.feeding in FEEDING or said.consultation in CONSULTATION):
        return [], []
    if about is None:
        text = "ZFA is about nobody that the index could find: send PID-3 with its authority."
        return [], [consent_unattached("PID-3", text)]
    made = [_feeding(intake, message, said, about), _consultation(intake, message, said, about)]
    findings = []
    if said.consultation in CONSULTATION and intake.organization is None:
        text = "This sender has no organisation here: ZFA-11 says nothing about any care team."
        findings.append(consent_unattached("ZFA-11", text))
    return [one for one in made if one is not None], findings


def _feeding(intake: Intake, message: Message, said: Consent, about: bytes) -> ConsentFact | None:
    if said.feeding not in FEEDING:
        return None
    kind, other = FEEDING[said.feeding]
    return ConsentFact(
        patient=PatientKey(about),
        kind=kind,
        target="",
        since=_since(said.feeding_date, intake, message),
        by=_author(intake, message),
        ends=(other,),
    )


def _consultation(
    intake: Intake, message: Message, said: Consent, about: bytes
) -> ConsentFact | None:
    if said.consultation not in CONSULTATION or intake.organization is None:
        return None
    kind, other = CONSULTATION[said.consultation]
    return ConsentFact(
        patient=PatientKey(about),
        kind=kind,
        target=intake.organization,
        since=_since(said.consultation_date, intake, message),
        by=_author(intake, message),
        ends=(other,),
    )


def _author(intake: Intake, message: Message) -> str:
    """Who wrote it down, as a person may ask for it: sender, house and message."""
    header = message.header
    return f"{intake.sender} ({header.sending_facility}), message {header.control_id}"


def _since(text: str, intake: Intake, message: Message) -> datetime:
    """The date of the word, else of the message; by the clock in Paris where neither it nor MSH-7
    gives an offset.
    Never later than its arrival: nobody has consented tomorrow."""
    said = message.admission
    stated, offset = (said.stated_at, said.offset) if said else ("", "")
    told = (clock_instant(one, offset) for one in (text, stated))
    return min(next((one for one in told if one is not None), intake.at), intake.at)
