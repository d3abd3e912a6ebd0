"""An ADT and what the index knows beside it, for the tests of what it teaches."""

from dataclasses import replace

from filing_samples import CLAIRE, Names, facts, intake, understanding
from msgspec import structs

from gateway.records.intake.filing import Facts, Filing, Intake
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Format
from gateway.records.messages.message import Consent, Header, Message
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.admission import Admission, Subject
from gateway.records.patients.patient import PatientIdentity

OID = "1.2.250.1.213.1.4.10"
MARC = replace(
    CLAIRE, ins="184037511604203", birth_given="MARC", sex="M", other_ids=("1.2.3^IPP2",)
)
MARC_KEY = Names().patient_key(OID, MARC.ins or "")
MARC_PERSON = Person(key=MARC_KEY, state=AccountState.ACTIVE, identity=MARC, qualified=True)
IPP1, IPP2, IPP3 = (f"1.2.3^IPP{n}".encode() for n in (1, 2, 3))


def local(number: int, **traits: str) -> PatientIdentity:
    return PatientIdentity(other_ids=(f"1.2.3^IPP{number}",), **traits)  # type: ignore[arg-type]


def adt(*subjects: Subject, consent: Consent | None = None, event: str = "A28") -> Intake:
    said = Admission(event=event, subjects=subjects, stated_at="20260301120000")
    message = Message(
        header=Header(control_id="C2", sending_facility="CHARMES"),
        patient=subjects[0].identity,
        admission=said,
        consent=consent,
    )
    one = intake(replace(understanding(), message=message, format=Format.HL7V2))
    return structs.replace(one, organization="1999999999")


def known(*pairs: tuple[bytes, Person], persons: tuple[Person, ...] = ()) -> Facts:
    """Local identifiers that lead to a person, and persons by INS."""
    everybody = {person.key: person for _name, person in pairs} | {p.key: p for p in persons}
    ends = {name: person.key for name, person in pairs}
    return structs.replace(facts(*everybody.values()), locals=dict(pairs), ends=ends)


def subject(
    identity: PatientIdentity,
    *,
    prior: PatientIdentity | None = None,
    status: str = "VALI",
    qualified: bool | None = None,
) -> Subject:
    is_qualified = identity.ins is not None and status == "VALI" if qualified is None else qualified
    return Subject(identity=identity, status=status, qualified=is_qualified, prior=prior)


def held(filing: Filing) -> list[str]:
    """What holds it; nothing at all is changed by what is held."""
    if filing.answer.verdict is not Verdict.HOLD:
        return []
    assert not [*filing.identities, *filing.links, *filing.consents]
    assert filing.merge is None
    return [one.code for one in filing.answer.findings if one.holds]
