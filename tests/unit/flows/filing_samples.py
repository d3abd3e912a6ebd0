"""Intakes, facts and documents for the tests of the filing judge."""

from dataclasses import replace
from datetime import UTC, datetime

from gateway.flows.filing import FilingJudge
from gateway.records.documents.document import Author, Document, Label
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import Door, Earlier, Facts, Filing, Intake, Known
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.understanding import Content, Format, Understanding
from gateway.records.patients.account import AccountState, Person
from gateway.records.patients.patient import PatientIdentity, PatientKey

NOW = datetime(2026, 3, 2, 10, 7, tzinfo=UTC)
CLAIRE = PatientIdentity(
    ins="284037511604282",
    ins_oid="1.2.250.1.213.1.4.10",
    other_ids=("1.2.3^IPP1",),
    birth_family="DURAND",
    birth_given="CLAIRE",
    birth_date="1984-03-12",
    sex="F",
    birth_place="75116",
    traits_complete=True,
)
SHA = "ab" * 32
HELD = Finding(
    code="ins-not-qualified",
    severity=Severity.WARNING,
    where="PID-32",
    message="Send VALI.",
    holds=True,
)
WRONG = Finding(code="base64", severity=Severity.ERROR, where="OBX-5", message="Mend it.")


class Names:
    def patient_key(self, ins_oid: str, ins: str) -> PatientKey:
        return PatientKey(f"{ins_oid}|{ins}".encode())

    def local_key(self, identifier: str) -> bytes:
        return identifier.encode()


class CountingIds:
    def __init__(self) -> None:
        self.count = 0

    def identifier(self) -> str:
        self.count += 1
        return f"id{self.count}"

    def secret(self) -> str:
        return "secret"

    def code(self, *, digits: int = 6) -> str:
        return "0" * digits

    def octets(self, count: int) -> bytes:
        return bytes(count)


KEY = Names().patient_key(CLAIRE.ins_oid or "", CLAIRE.ins or "")
DOCUMENT = Document(
    patient=CLAIRE,
    unique_id="1.2.3.4",
    set_id="1.2.3",
    sha256=SHA,
    label=Label.BIOLOGIE,
    type_code="11502-2",
    authors=(Author(kind="person", id="801", organization_id="1750"),),
)
PERSON = Person(key=KEY, state=AccountState.ACTIVE, identity=CLAIRE, qualified=True)


def understanding(*documents: Document, verdict: Verdict = Verdict.ACCEPT) -> Understanding:
    return Understanding(
        format=Format.CDA,
        verdict=verdict,
        documents=documents,
        contents=tuple(Content(body=b"x") for _ in documents),
        observations=tuple(() for _ in documents),
    )


def intake(understood: Understanding, *, key: str | None = None, sender: str = "labo") -> Intake:
    return Intake(
        receipt="r1",
        sender=sender,
        organization=None,
        door=Door.HTTP,
        key=key,
        raw=b"x",
        digest=b"d" * 32,
        at=NOW,
        understanding=understood,
    )


def facts(
    *persons: Person, documents: tuple[Known, ...] = (), earlier: Earlier | None = None
) -> Facts:
    return Facts(
        earlier=earlier,
        persons={person.key: person for person in persons},
        documents={one.unique_id: one for one in documents if one.unique_id},
        sets={one.set_id: one for one in documents if one.set_id},
    )


def known(unique_id: str = "1.2.3.3", **changes: object) -> Known:
    one = Known(
        id="old",
        patient=KEY,
        receipt="r0",
        unique_id=unique_id,
        set_id="1.2.3",
        version="1",
        status=DocumentStatus.CURRENT,
        sha256=bytes(32),
        label=Label.BIOLOGIE,
        type_code="11502-2",
        sender="other",
        organization="1750",
        author_ids=("801",),
        codes=("N",),
        hidden_from=None,
    )
    return replace(one, **changes)  # type: ignore[arg-type]  # the tests name real fields


def judge(one: Intake, known_facts: Facts) -> Filing:
    return FilingJudge(Names(), CountingIds())(one, known_facts)


def codes(filing: Filing) -> list[str]:
    return [finding.code for finding in filing.answer.findings]
