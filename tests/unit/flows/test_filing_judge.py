"""The judgement of one intake: copies, holds, refusals, versions and consequences."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from gateway.flows.filing import FilingJudge
from gateway.flows.filing.consequences import quarter_after
from gateway.records.account import AccountState, Person
from gateway.records.document import Action, Author, Document, Label
from gateway.records.filing import (
    Answer,
    DocumentStatus,
    Door,
    Earlier,
    Facts,
    Filing,
    Intake,
    Known,
)
from gateway.records.finding import Finding, Severity, Verdict
from gateway.records.message import Header, Message
from gateway.records.patient import PatientIdentity, PatientKey
from gateway.records.task import TaskKind
from gateway.records.understanding import Content, Format, Understanding

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


def test_a_document_of_an_open_space_is_filed_with_a_notice() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert [one.id for one in filing.answer.documents] == ["id1"]
    assert filing.shelvings[0].patient == KEY
    assert [task.kind for task in filing.tasks] == [TaskKind.NOTICE]
    assert filing.tasks[0].due_at == datetime(2026, 3, 2, 10, 15, tzinfo=UTC)


def test_notices_of_one_quarter_of_an_hour_fall_due_together() -> None:
    assert quarter_after(NOW) == quarter_after(NOW + timedelta(minutes=7, seconds=59))
    assert quarter_after(NOW) != quarter_after(NOW + timedelta(minutes=8))


@pytest.mark.parametrize(
    ("state", "code", "dropped"),
    [
        (None, "vault-absent", False),
        (AccountState.INVITED, "vault-absent", False),
        (AccountState.ERASED, "vault-absent", False),
        (AccountState.OPPOSED, "vault-opposed", True),
        (AccountState.CLOSED, "vault-closed", True),
        (AccountState.ERASING, "vault-closed", True),
    ],
)
def test_without_an_open_space_nothing_is_filed(
    state: AccountState | None, code: str, dropped: bool
) -> None:
    people = [replace(PERSON, state=state)] if state else []

    filing = judge(intake(understanding(DOCUMENT)), facts(*people))

    assert filing.answer.verdict is Verdict.REFUSE
    assert codes(filing) == [code]
    assert filing.answer.findings[0].application == 902
    assert filing.drop_bytes is dropped
    assert not filing.shelvings


def test_a_message_with_a_mail_leg_is_taken_for_that_leg_without_a_space() -> None:
    message = Message(
        header=Header(control_id="C1"),
        flags={"DESTMSSANTEPS": "Y", "DESTDMP": "Y", "ACK_RECEPTION": "Y"},
        recipients=("dr@exemple.mssante.fr",),
        forwards=True,
    )
    understood = replace(understanding(DOCUMENT), message=message, format=Format.HL7V2)

    filing = judge(intake(understood), facts())

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["vault-absent"]
    assert [task.kind for task in filing.tasks] == [TaskKind.MAIL, TaskKind.BUSINESS_ACK]
    assert b'"ok": false' in filing.tasks[1].payload


def test_the_same_bytes_get_the_first_answer_and_create_nothing() -> None:
    first = Answer(receipt="r0", verdict=Verdict.ACCEPT)

    filing = judge(
        intake(understanding(DOCUMENT), key="msh:A|B|C1"),
        facts(PERSON, earlier=Earlier(answer=first, same_bytes=True)),
    )

    assert filing.answer == replace(first, copy=True)
    assert not filing.store


def test_a_key_with_other_bytes_is_refused_with_205() -> None:
    first = Answer(receipt="r0", verdict=Verdict.ACCEPT)

    filing = judge(
        intake(understanding(DOCUMENT), key="msh:A|B|C1"),
        facts(PERSON, earlier=Earlier(answer=first, same_bytes=False)),
    )

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.answer.findings[0].condition == 205
    assert filing.answer.findings[0].where == "MSH-10"
    assert filing.keep_until == NOW + timedelta(days=30)


def test_the_same_document_from_another_sender_is_already_filed() -> None:
    here = known("1.2.3.4", sha256=bytes.fromhex(SHA))

    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(here,)))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["already-filed"]
    assert [one.id for one in filing.answer.documents] == ["old"]
    assert not filing.shelvings
    assert not filing.tasks


def test_one_unique_id_with_two_contents_is_a_conflict() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(PERSON, documents=(known("1.2.3.4"),)))

    assert filing.answer.verdict is Verdict.REFUSE
    assert codes(filing) == ["unique-id-conflict"]


def test_a_replacement_supersedes_and_keeps_the_clock_of_the_hidden_document() -> None:
    since = NOW - timedelta(days=10)
    hidden = replace(
        DOCUMENT,
        action=Action.REPLACE,
        replaces="1.2.3.3",
        confidentiality=("N", "INVISIBLE_PATIENT"),
    )

    filing = judge(
        intake(understanding(hidden)), facts(PERSON, documents=(known(hidden_from=since),))
    )

    assert filing.changes[0].status is DocumentStatus.SUPERSEDED
    assert filing.changes[0].by == "id1"
    assert filing.shelvings[0].hidden_from == since
    assert not filing.tasks, "nothing announces a document the patient may not see"


def test_a_stranger_may_not_replace() -> None:
    target = known(sender="other", organization="9999", author_ids=("899",))
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(target,)))

    assert codes(filing) == ["not-author"]
    assert filing.answer.findings[0].application == 901


def test_an_older_version_cannot_be_replaced() -> None:
    target = known(status=DocumentStatus.SUPERSEDED)
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON, documents=(target,)))

    assert filing.answer.findings[0].application == 900


def test_a_document_of_another_patient_is_as_unknown_as_none() -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")
    other = known(patient=PatientKey(b"other"), set_id=None)
    understood = replace(understanding(newer), format=Format.HL7V2)

    with_other = judge(intake(understood), facts(PERSON, documents=(other,)))
    without = judge(intake(understood), facts(PERSON))

    assert with_other.answer == without.answer
    assert with_other.answer.findings[0].condition == 204


def test_a_cda_that_replaces_what_came_before_our_time_is_filed_with_a_warning() -> None:
    newer = replace(DOCUMENT, action=Action.REPLACE, replaces="1.2.3.3")

    filing = judge(intake(understanding(newer)), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert codes(filing) == ["replaced-unknown"]


def test_corrected_results_of_a_set_we_do_not_know_are_filed_as_the_first() -> None:
    corrected = replace(DOCUMENT, action=Action.REPLACE, replaces=None)
    understood = replace(understanding(corrected), format=Format.HL7V2)

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert not codes(filing)
    assert not filing.changes


def test_corrected_results_supersede_the_current_ones_of_their_set() -> None:
    corrected = replace(DOCUMENT, action=Action.REPLACE, replaces=None)

    filing = judge(intake(understanding(corrected)), facts(PERSON, documents=(known(),)))

    assert [change.id for change in filing.changes] == ["old"]


def test_a_deletion_withdraws_and_a_second_one_changes_nothing() -> None:
    gone = replace(DOCUMENT, action=Action.DELETE)
    target = known("1.2.3.4")

    first = judge(intake(understanding(gone)), facts(PERSON, documents=(target,)))
    withdrawn = replace(target, status=DocumentStatus.WITHDRAWN)
    second = judge(intake(understanding(gone)), facts(PERSON, documents=(withdrawn,)))

    assert first.changes[0].status is DocumentStatus.WITHDRAWN
    assert not first.shelvings
    assert second.answer.verdict is Verdict.ACCEPT
    assert not second.changes


def test_an_unqualified_identity_is_held_and_says_what_would_release_it() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert filing.waits_for == (KEY, b"1.2.3^IPP1")
    assert not filing.shelvings


def test_a_held_document_files_itself_when_released() -> None:
    understood = replace(understanding(DOCUMENT, verdict=Verdict.HOLD), findings=(HELD,))
    released = replace(intake(understood), released=True)

    filing = judge(released, facts(PERSON))

    assert filing.answer.verdict is Verdict.ACCEPT
    assert len(filing.shelvings) == 1


def test_a_document_with_a_local_number_only_is_filed_for_whom_the_index_names() -> None:
    local = replace(DOCUMENT, patient=PatientIdentity(other_ids=("1.2.3^IPP1",)))
    missing = replace(HELD, code="ins-missing")
    understood = replace(understanding(local, verdict=Verdict.HOLD), findings=(missing,))
    known_here = replace(facts(PERSON), locals={b"1.2.3^IPP1": PERSON})

    filing = judge(intake(understood), known_here)

    assert filing.answer.verdict is Verdict.ACCEPT
    assert filing.shelvings[0].patient == KEY


def test_a_known_local_number_does_not_settle_what_a_person_must_look_at() -> None:
    local = replace(DOCUMENT, patient=PatientIdentity(other_ids=("1.2.3^IPP1",)))
    missing = replace(HELD, code="ins-missing")
    differs = replace(HELD, code="confidentiality-differs")
    understood = replace(understanding(local, verdict=Verdict.HOLD), findings=(missing, differs))
    known_here = replace(facts(PERSON), locals={b"1.2.3^IPP1": PERSON})

    for one in (intake(understood), replace(intake(understood), released=True)):
        assert judge(one, known_here).answer.verdict is Verdict.HOLD


def test_traits_that_disagree_are_held_for_a_person() -> None:
    other = replace(DOCUMENT, patient=replace(CLAIRE, birth_date="1985-03-12"))

    filing = judge(intake(understanding(other)), facts(PERSON))

    assert filing.answer.verdict is Verdict.HOLD
    assert codes(filing) == ["identity-mismatch"]


def test_opposition_to_feeding_refuses() -> None:
    filing = judge(intake(understanding(DOCUMENT)), facts(replace(PERSON, feeding_opposed=True)))

    assert codes(filing) == ["deposit-denied"]
    assert "F39" in filing.answer.findings[0].message


def test_a_type_reserved_to_the_patient_is_refused_to_a_sender() -> None:
    own = replace(DOCUMENT, type_code="DOCPAT05")

    filing = judge(intake(understanding(own)), facts(PERSON))

    assert "F37" in filing.answer.findings[0].message


def test_an_adt_teaches_the_index_and_asks_for_a_release() -> None:
    message = Message(header=Header(control_id="C2"), patient=CLAIRE)
    understood = replace(understanding(), message=message, format=Format.HL7V2)

    filing = judge(intake(understood), facts())

    assert filing.identities[0].qualified
    assert filing.identities[0].local_ids == ("1.2.3^IPP1",)
    assert [task.kind for task in filing.tasks] == [TaskKind.RELEASE]
    assert filing.tasks[0].payload == f"{KEY.hex()},{b'1.2.3^IPP1'.hex()}".encode()


def test_what_mapping_refused_stays_refused_and_its_bytes_are_kept_thirty_days() -> None:
    understood = replace(understanding(verdict=Verdict.REFUSE), findings=(WRONG,))

    filing = judge(intake(understood), facts(PERSON))

    assert filing.answer.verdict is Verdict.REFUSE
    assert filing.keep_until == NOW + timedelta(days=30)
    assert not filing.drop_bytes
