"""Differences between understandings: complete for codes, silent about persons."""

import inspect
import re
from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from gateway.flows.depositing import lot
from gateway.flows.difference import QUOTED, UNQUOTED, Understood, differences
from gateway.flows.filing.judging import findings as judged
from gateway.flows.replay import JUDGED, RELABELLED, VISIBLE, Shelves, relabellings
from gateway.records.documents.document import Author, Document, Label
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.patients.patient import PatientIdentity

SECRET = st.text(st.characters(categories=["Lu"]), min_size=6, max_size=12)
PERSON = PatientIdentity(ins="255089999999966", ins_oid="1.2.250.1.213.1.4.10", birth_given="Zoé")
DOCUMENT = Document(patient=PERSON, type_code="11502-2", label=Label.BIOLOGIE, title="Fictif")


def understood(*documents: Document | None, verdict: Verdict = Verdict.ACCEPT) -> Understood:
    return Understood(verdict=verdict, findings=(), documents=documents)


def finding(code: str, severity: Severity = Severity.WARNING) -> Finding:
    return Finding(code=code, severity=severity, where="PID-3", message="Mend it.")


def words(before: Understood, after: Understood) -> list[str]:
    return [str(one) for one in differences(before, after)]


def test_every_field_of_a_document_is_compared() -> None:
    inside = {"patient", "label_text"}
    assert {*QUOTED, *UNQUOTED, *inside} == {one.name for one in fields(Document)}


def test_every_finding_of_the_judge_is_known_not_to_come_from_the_bytes() -> None:
    source = inspect.getsource(judged) + inspect.getsource(lot)
    codes = set(re.findall(r'(?:code=|doubted\(\s*)"([a-z-]+)"', source))
    envelope = {"recipient-mismatch"}
    assert codes | set(judged.VAULT_CODES.values()) | {"vault-absent"} | envelope == JUDGED


def test_the_same_twice_is_no_difference() -> None:
    same = Understood(verdict=Verdict.HOLD, findings=(finding("a"),), documents=(DOCUMENT, None))
    assert differences(same, same) == []


@given(family=SECRET, other=SECRET, title=SECRET, author=SECRET)
def test_no_name_and_no_title_is_ever_told(
    family: str, other: str, title: str, author: str
) -> None:
    before = replace(DOCUMENT, patient=replace(PERSON, birth_family=family, birth_place=None))
    after = replace(
        DOCUMENT,
        title=title,
        unique_id=f"1.2.3^{title}",
        authors=(Author(kind="person", family=author),),
        patient=replace(PERSON, birth_family=other, birth_given=None, birth_place="75056"),
    )
    told = "\n".join(words(understood(before), understood(after)))
    assert "documents[0].patient.birth_given: present → absent" in told
    assert "documents[0].patient.birth_place: absent → present" in told
    assert "documents[0].title: present → changed" in told
    assert not [one for one in (family, other, title, author) if one in told]


def test_verdict_findings_and_codes_are_told_in_full() -> None:
    before = Understood(
        verdict=Verdict.HOLD, findings=(finding("gone"), finding("stays")), documents=(DOCUMENT,)
    )
    today = replace(DOCUMENT, label=Label.CPT_REND, confidentiality=("N", "MASQUE_PS"))
    after = Understood(
        verdict=Verdict.REFUSE,
        findings=(finding("stays"), finding("come", Severity.ERROR)),
        documents=(today,),
    )
    assert words(before, after) == [
        "verdict: hold → refuse",
        "finding: warning gone at PID-3 → none",
        "finding: none → error come at PID-3",
        "documents[0].label: BIOLOGIE → CPT_REND",
        "documents[0].confidentiality: none → N MASQUE_PS",
    ]


def test_another_number_of_documents_is_told_as_such() -> None:
    assert words(understood(DOCUMENT), understood(DOCUMENT, DOCUMENT)) == ["documents: 1 → 2"]


def test_only_a_document_filed_here_with_another_type_or_label_is_relabelled() -> None:
    today = replace(DOCUMENT, label=Label.CPT_REND, label_text="Comptes rendus", title="Autre")
    shelves = Shelves(ids=["a", None, "c"], documents=[DOCUMENT, None, today])
    (change,) = relabellings([today, today, today], shelves)
    assert change.id == "a"
    assert (change.document.label, change.document.label_text) == (Label.CPT_REND, today.label_text)
    assert change.document.title == DOCUMENT.title
    assert set(VISIBLE) <= set(RELABELLED)
    assert relabellings([today], shelves) == []
