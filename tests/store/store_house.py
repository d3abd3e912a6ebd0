"""Synthetic inputs and a judge that files whatever it is given."""

import hashlib
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from gateway.clock import Ids
from gateway.mapping.labels.doubts import guessed
from gateway.ports.people.people import PatientNames
from gateway.records.documents.document import Action, Author, Document, Label
from gateway.records.documents.observation import Observation
from gateway.records.documents.shelved import DocumentStatus
from gateway.records.intake.filing import (
    Answer,
    Door,
    Facts,
    Filed,
    Filing,
    IdentityChange,
    Intake,
    Shelving,
    StatusChange,
)
from gateway.records.intake.finding import Verdict
from gateway.records.intake.understanding import Content, Format, Piece, Understanding
from gateway.records.patients.account import AccountState, NewTrace, Session, SignedIn
from gateway.records.patients.patient import DESK, PatientIdentity, PatientKey
from gateway.records.task import NewTask, TaskKind
from gateway.store import Store

NOW = datetime(2026, 3, 1, 8, 30, 15, 250, tzinfo=UTC)
OID = "1.2.250.1.213.1.4.10"
FAMILY = "ZEBULONIX"
TITLE = "Compte rendu KALEIDOSCOPE"
WORD = "Hématochromatose"


class FixedClock:
    def __init__(self, at: datetime = NOW) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return 0.0


def session(**changes: object) -> Session:
    made = Session(
        id_hash=b"h" * 32,
        who=SignedIn.PATIENT,
        subject="ab",
        proved=True,
        csrf="c",
        created_at=NOW,
        seen_at=NOW,
        expires_at=NOW + timedelta(minutes=5),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # any field of a session


def identity(serial: int = 1, **changes: str | None) -> PatientIdentity:
    made = PatientIdentity(
        ins=f"1{serial:012d}00",
        ins_oid=OID,
        other_ids=(f"1.2.3.4^IPP{serial}",),
        birth_family=FAMILY,
        birth_given="Zoltan",
        birth_date="1970-01-02",
        sex="M",
        birth_place="75056",
        traits_complete=True,
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names are checked by replace


def results(count: int = 40) -> tuple[Observation, ...]:
    return tuple(
        Observation(
            code=f"{n}-1",
            system="LN",
            text=f"Analyse numero {n}",
            value=str(n),
            value_type="NM",
            unit="mmol/L",
            range="1-9",
            flag="N",
            status="F",
            time="2026-03-01T08:00:00Z",
            group="G1",
            group_text="Biochimie",
            group_id="F1",
            sub_id="",
            producer="",
            note="",
        )
        for n in range(count)
    )


def document(body: bytes, serial: int = 1, **changes: object) -> Document:
    made = Document(
        patient=identity(serial),
        type_code="11502-2",
        class_code="11502-2",
        title=TITLE,
        label=Label.BIOLOGIE,
        label_rule="type:11502-2",
        unique_id=f"1.2.3^{hashlib.sha256(body).hexdigest()[:20]}",
        confidentiality=("N",),
        service_start="2026-03-01T08:00:00Z",
        size=len(body),
        sha1=hashlib.sha1(body, usedforsecurity=False).hexdigest(),
        sha256=hashlib.sha256(body).hexdigest(),
        authors=(Author(kind="person", id="899700000001", family="YGGDRASILL", given="Ursule"),),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # names are checked by replace


def intake(
    ids: Ids,
    number: int = 1,
    *,
    serial: int = 1,
    sender: str = "labo",
    verdict: Verdict = Verdict.ACCEPT,
    raw: bytes | None = None,
    key: str | None = "",
    documents: tuple[Document, ...] | None = None,
) -> Intake:
    """One ORU-like input of about 5 KB whose one document is the message itself."""
    if raw is None:
        raw = f"MSH|{number}|{FAMILY}|{WORD}|".encode() + b"OBX|1|NM|abc||12|mmol/L\r" * 200
    made = documents if documents is not None else (document(raw, serial),)
    understanding = Understanding(
        format=Format.HL7V2,
        verdict=verdict,
        documents=made,
        contents=tuple(Content(raw, WORD, Piece(0, len(raw), base64=False)) for _ in made),
        observations=tuple(results() for _ in made),
        results=40,
    )
    return Intake(
        receipt=ids.identifier(),
        sender=sender,
        organization="1.2.250^ORG",
        door=Door.MLLP,
        key=f"msh:A|B|{number}" if key == "" else key,
        raw=raw,
        digest=hashlib.sha256(raw).digest(),
        at=NOW,
        understanding=understanding,
    )


@dataclass
class PlainJudge:
    """Copies answer again, an accepted input is filed for its own patient, the rest waits."""

    names: PatientNames
    ids: Ids
    learns: bool = False
    tasks: int = 2
    seen: list[Facts] = field(default_factory=list)
    keep_facts: bool = False

    def __call__(self, intake: Intake, facts: Facts) -> Filing:
        if self.keep_facts:
            self.seen.append(facts)
        if intake.raw.startswith(b"BOOM"):
            raise RuntimeError("a bug in judgement")
        if facts.earlier is not None and facts.earlier.same_bytes:
            return Filing(answer=replace(facts.earlier.answer, copy=True), store=False)
        if intake.understanding.verdict is Verdict.REFUSE or facts.earlier is not None:
            answer = Answer(receipt=intake.receipt, verdict=Verdict.REFUSE)
            return Filing(answer=answer, keep_until=intake.at + timedelta(days=30))
        first = intake.understanding.documents[0].patient
        key = self.names.patient_key(first.ins_oid or "", first.ins or "")
        if intake.understanding.verdict is Verdict.HOLD and not intake.released:
            answer = Answer(receipt=intake.receipt, verdict=Verdict.HOLD)
            return Filing(answer=answer, waits_for=(key,))
        return self._file(intake, facts, key, first)

    def _file(
        self, intake: Intake, facts: Facts, key: PatientKey, first: PatientIdentity
    ) -> Filing:
        shelvings = tuple(
            Shelving(
                index=n,
                id=self.ids.identifier(),
                patient=key,
                document=one,
                deposited_at=intake.at,
                organization="1.2.250^ORG",
                guessed=guessed(one),
            )
            for n, one in enumerate(intake.understanding.documents)
            if not (one.unique_id and one.unique_id in facts.documents)
        )
        filed = tuple(
            Filed(id=s.id, label=s.document.label, unique_id=s.document.unique_id)
            for s in shelvings
        )
        changes = tuple(
            StatusChange(
                id=facts.documents[s.document.replaces].id,
                patient=key,
                status=DocumentStatus.SUPERSEDED,
                by=s.id,
                at=intake.at,
            )
            for s in shelvings
            if s.document.replaces and s.document.replaces in facts.documents
        )
        changes += tuple(
            StatusChange(
                id=facts.documents[one.unique_id or ""].id,
                patient=key,
                status=DocumentStatus.WITHDRAWN,
                by=None,
                at=intake.at,
            )
            for one in intake.understanding.documents
            if one.action is Action.DELETE
        )
        learned = IdentityChange(key=key, identity=first, qualified=True, local_ids=first.other_ids)
        tasks = tuple(
            NewTask(kind=TaskKind.NOTICE, subject=intake.receipt, due_at=intake.at, patient=key)
            for _ in range(self.tasks)
        )
        return Filing(
            answer=Answer(receipt=intake.receipt, verdict=Verdict.ACCEPT, documents=filed),
            patient=key,
            shelvings=shelvings,
            changes=changes,
            identities=(learned,) if self.learns else (),
            tasks=tasks,
        )


async def put_into(store: Store, patient: PatientKey, state: AccountState) -> None:
    """The account of somebody known, as an act of the gateway would leave it."""
    person = await store.people.person(patient)
    assert person is not None
    change = IdentityChange(
        key=patient, identity=person.identity, qualified=person.qualified, state=state
    )
    assert await store.people.change_identity(change)
    left = await store.people.person(patient)
    assert left is not None
    assert left.state is state


def act_at_desk(action: str) -> NewTrace:
    """What the log keeps of an act of the first agent."""
    return NewTrace(
        patient=DESK,
        action=action,
        permitted=True,
        rule="DSK-01",
        kind="operator",
        actor="101",
        actor_name="3422",
    )
