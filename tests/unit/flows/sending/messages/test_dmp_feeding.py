"""What is fed to a DMP that fails, forgets or answers strangely: nothing twice, nothing lost."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import cast

import pytest
from dmp_authority import STRUCTURE, DmpAuthority
from filing_samples import NOW, CountingIds
from lxml import etree
from papers import ANA, Report, report
from reading_twins import FixedClock, MemoryPeople, MemoryTraces

from gateway.errors import DeferredError, RefusedError
from gateway.flows.again import Again, Kept
from gateway.flows.filing.judging.permission import DepositGate
from gateway.flows.receive import Delivery
from gateway.flows.sending.dmp.feed import ALREADY, FED, FeedDmp
from gateway.mapping.soap.message import NO_PARTS, Message
from gateway.mapping.understand import understand_all
from gateway.mapping.vihf.card import Card
from gateway.mapping.xdm.ebrim.hl7types import Cx
from gateway.mapping.xdm.ebrim.metadata import RIM
from gateway.mapping.xds.answers import Status, registry_response
from gateway.mapping.xds.errors import RegistryError
from gateway.mapping.xds.query.asked import QUERY
from gateway.mapping.xml import Element, parse_xml
from gateway.ports.people.patient_index import PatientIndex
from gateway.records.documents.document import Action
from gateway.records.intake.filing import Answer, Door, Receipt
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding
from gateway.records.task import Task, TaskKind

SIGNER = DmpAuthority().signer()
CARD = Card(SIGNER.key, SIGNER.certificate)
THERE = b"""<PRPA_IN201308UV02 xmlns="urn:hl7-org:v3"><controlActProcess><queryAck>
<queryResponseCode code="OK"/></queryAck></controlActProcess></PRPA_IN201308UV02>"""
BUSY, ENTRY = "XDSRegistryBusy", "urn:uuid:018f0000-0000-7000-8000-000000000001"


def said(*codes: str) -> Element:
    errors = [RegistryError(code, "words", "") for code in codes]
    return registry_response(Status.FAILURE if codes else Status.SUCCESS, errors)


def found(*entries: str) -> Element:
    root = etree.Element(f"{QUERY}AdhocQueryResponse", status=Status.SUCCESS)
    listed = etree.SubElement(root, f"{RIM}RegistryObjectList")
    for one in entries:
        etree.SubElement(listed, f"{RIM}ObjectRef", id=one)
    return root


@dataclass
class Dmp:
    """Answers what it is told to, in this order; keeps what it was asked."""

    answers: list[Element]
    asked: list[tuple[str, Element]] = field(default_factory=list)
    presence: Element = field(default_factory=lambda: parse_xml(THERE))
    card: Card = CARD
    structure: str = STRUCTURE

    async def ask(
        self,
        service: str,
        body: Element,
        action: str,
        patient: Cx,
        parts: Mapping[str, bytes] = NO_PARTS,
    ) -> Message:
        if service == "patients":
            return Message(body, None, self.presence)
        self.asked.append((service, body))
        return Message(body, None, self.answers.pop(0))

    def lots(self) -> list[Element]:
        return [body for service, body in self.asked if service == "repository"]


def understood(*papers: Report, action: Action | None = None) -> Understanding:
    each = [understand_all(one.document(), Reading())[0] for one in papers]
    documents = [one.documents[0] for one in each]
    if action is not None:
        documents = [replace(one, action=action) for one in documents]
    contents = tuple(one.contents[0] for one in each)
    return replace(each[0], documents=tuple(documents), contents=contents)


async def fed(dmp: Dmp, what: Understanding, attempts: int = 1) -> str:
    async def again(_receipt: str) -> Kept:
        delivery = Delivery(door=Door.FOLDER, sender="labo", raw=b"")
        receipt = Receipt(
            id="0" * 31 + "7",
            sender="labo",
            door=Door.FOLDER,
            key=None,
            digest=b"",
            at=NOW,
            answer=Answer(receipt="r1", verdict=Verdict.ACCEPT),
            format="cda",
            size=1,
        )
        return Kept(receipt=receipt, delivery=delivery, understanding=what)

    feed = FeedDmp(
        again=cast("Again", again),
        people=cast("PatientIndex", MemoryPeople({})),
        traces=MemoryTraces(),
        gate=DepositGate(),
        software=lambda _name: dmp,
        clock=FixedClock(),
        ids=CountingIds(),
    )
    listed = ",".join('{"id": null}' for _ in what.documents)
    task = Task(
        id=1,
        kind=TaskKind.FORWARD,
        subject="r1",
        patient=None,
        payload=f'{{"forward": "dmp", "documents": [{listed}]}}'.encode(),
        attempts=attempts,
        created_at=NOW,
    )
    return await feed.carry(task)


def links(lot: Element, kind: str = "RPLC") -> list[Element]:
    return [
        one
        for one in lot.iter(f"{RIM}Association")
        if one.get("associationType", "").endswith(kind)
    ]


async def test_a_deletion_waits_for_a_registry_that_is_busy() -> None:
    """That it tells of no document is not the word that there is none."""
    gone = understood(report(ANA), action=Action.DELETE)
    with pytest.raises(DeferredError, match=BUSY):
        await fed(Dmp([said(BUSY)]), gone)
    assert await fed(Dmp([found()]), gone) == ALREADY
    assert await fed(Dmp([found(ENTRY), said()]), gone) == FED


async def test_what_is_no_answer_about_a_dmp_is_asked_again() -> None:
    with pytest.raises(DeferredError, match="Receiver"):
        await fed(Dmp([], presence=said()), understood(report(ANA)))


async def test_a_replacement_never_goes_as_a_new_document_while_the_registry_is_busy() -> None:
    second = understood(report(ANA).next(title="Corrigé"))
    dmp = Dmp([said(BUSY), said()])
    with pytest.raises(DeferredError, match=BUSY):
        await fed(dmp, second)
    assert dmp.lots() == []
    with pytest.raises(RefusedError, match="XDSUnknownPatientId"):
        await fed(Dmp([said("XDSUnknownPatientId")]), second)


@pytest.mark.parametrize("code", ["XDSRegistryDeprecatedDocumentError", "XDSReplaceFailed"])
async def test_a_replacement_whose_answer_was_lost_is_there_already(code: str) -> None:
    """What it replaced is replaced: by itself."""
    second = understood(report(ANA).next(title="Corrigé"))
    assert await fed(Dmp([found(ENTRY), said(code), found(ENTRY)]), second) == ALREADY
    again = [found(ENTRY), said(code), found()]
    with pytest.raises(RefusedError, match=code):
        await fed(Dmp(again * 2), second)


async def test_what_replaces_another_of_its_own_message_goes_in_a_lot_after_it() -> None:
    first = report(ANA)
    both = understood(first.next(title="Corrigé"), first)
    dmp = Dmp([said(), found(ENTRY), said()])
    assert await fed(dmp, both) == FED
    before, after = dmp.lots()
    assert (links(before), [one.get("targetObject") for one in links(after)]) == ([], [ENTRY])
    names = [
        {one.get("value") for one in lot.iter(f"{RIM}ExternalIdentifier")} for lot in dmp.lots()
    ]
    assert len(names[0] & names[1]) <= 2  # the patient's and the source's alone


@pytest.mark.parametrize(
    ("codes", "kept"),
    [
        (["Jeanne DURAND est inconnue"], "no-answer-of-a-registry"),
        (["X" * 10_000], "no-answer-of-a-registry"),
        ([""], "no-answer-of-a-registry"),
        (["DMPClosed", "né le 12/03"], "DMPClosed"),
        ([f"Code{number}" for number in range(5_000)], " ".join(f"Code{n}" for n in range(10))),
    ],
)
async def test_of_what_a_dmp_calls_a_code_only_codes_are_kept(
    codes: Sequence[str], kept: str
) -> None:
    with pytest.raises(RefusedError) as raised:
        await fed(Dmp([said(*codes)]), understood(report(ANA)))
    assert str(raised.value) == kept


LATER = "urn:uuid:018f0000-0000-7000-8000-000000000002"
OLDER = "urn:uuid:018f0000-0000-7000-8000-000000000003"


def told_in_full(*versions: tuple[str, str, str]) -> Element:
    """Entries by id, last word of their status and version."""
    root = found()
    for name, status, version in versions:
        about = {"id": name, "status": f"urn:oasis:names:tc:ebxml-regrep:StatusType:{status}"}
        entry = etree.SubElement(root[0], f"{RIM}ExtrinsicObject", about)
        etree.SubElement(entry, f"{RIM}VersionInfo", versionName=version)
    return root


@pytest.mark.parametrize(
    "versions",
    [
        ((ENTRY, "Deprecated", "1"), (LATER, "Approved", "2")),
        ((LATER, "Approved", "10"), (ENTRY, "Approved", "9")),
        ((ENTRY, "Deprecated", "3"), (LATER, "Approved", "")),
    ],
)
async def test_a_replacement_names_the_version_of_the_metadata_that_is_in_force(
    versions: tuple[tuple[str, str, str], ...],
) -> None:
    """Without it the door would keep both documents in force."""
    what = understood(replace(report(ANA), replaces="1.2.3.4"), action=Action.REPLACE)
    dmp = Dmp([found(ENTRY, LATER), told_in_full(*versions), said()])
    assert await fed(dmp, what) == FED
    (lot,) = dmp.lots()
    (link,) = links(lot)
    assert link.get("targetObject") == LATER


async def test_a_deletion_names_the_version_that_is_in_force() -> None:
    gone = understood(report(ANA), action=Action.DELETE)
    versions = ((OLDER, "Deprecated", "1"), (LATER, "Approved", "2"))
    dmp = Dmp([found(OLDER, LATER), told_in_full(*versions), said()])
    assert await fed(dmp, gone) == FED
    asked = etree.tostring(dmp.asked[-1][1])
    assert LATER.encode() in asked
    assert OLDER.encode() not in asked
