"""ITI-57 over a real store, on every engine: what a registry shows comes back with other codes, and
every reader gets what was made of it."""

import pytest
from dmp_update import (
    CONFIDENTIALITY,
    HAS_MEMBER,
    availability,
    entry_uuid,
    link,
    slot,
    submission_set,
    update,
)
from lxml import etree
from real_store import open_space
from store_house import NOW, PlainJudge, document, identity, intake

from gateway.access.grid import Cell, Grid
from gateway.clock import SystemIds
from gateway.flows.dmp.find import find_objects
from gateway.flows.dmp.update import Asked, UpdateDocuments
from gateway.flows.reading.decided.facts import patient_reader
from gateway.flows.reading.read import ReadShelf
from gateway.flows.signing_in.vihf import circumstances_of, reader_of
from gateway.mapping.xds.query.answer import found_response
from gateway.mapping.xds.query.asked import read_query
from gateway.mapping.xds.update.request import read_update
from gateway.mapping.xml import parse_xml
from gateway.records.patients.account import Choice, ChoiceKind
from gateway.records.patients.patient import PatientKey
from gateway.records.readers.access import Mode
from gateway.records.readers.switches import Switches
from gateway.records.readers.vihf import Authentication, Vihf
from gateway.store import Keys, Store

RIM = "{urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0}"
REPOSITORY = "1.2.250.1.9"
AUTHOR = "899700000001"
WHO = identity(1)
GRID = Grid([Cell(profession="G15_10", type_code="11502-2", permits=True, status="reported")])
GET = (
    '<q:AdhocQueryRequest xmlns:q="urn:oasis:names:tc:ebxml-regrep:xsd:query:3.0"'
    ' xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0"><q:ResponseOption'
    ' returnType="LeafClass" returnComposedObjects="true"/><rim:AdhocQuery'
    ' id="urn:uuid:5c4f972b-d56b-40ac-a5fc-c8ca9b40b9d4">'
)
END = "</rim:AdhocQuery></q:AdhocQueryRequest>"


@pytest.fixture
def judge(keys: Keys, ids: SystemIds) -> PlainJudge:
    return PlainJudge(keys, ids, learns=True)


def vihf() -> Vihf:
    return Vihf(
        id="_1",
        issued_at=NOW,
        until=NOW,
        subject=AUTHOR,
        name="FICTIVE CLAIRE",
        structure="1.2.250^ORG",
        sector=None,
        profession="G15_10/SM26",
        authentication=Authentication.DIRECT,
        mode=Mode.NORMAL,
        certificate="c",
        software="Logiciel fictif",
        ins=WHO.ins,
        ins_oid=WHO.ins_oid,
    )


class Software:
    """A record with one document, and who wrote it."""

    def __init__(self, store: Store, patient: PatientKey, document: str) -> None:
        self.store, self.patient, self.document = store, patient, document
        self.read = ReadShelf(
            shelf=store.shelf,
            people=store.people,
            traces=store.traces,
            clock=store.database.clock,
            grid=GRID,
            switches=Switches(),
            door="dmp",
        )

    async def send(self, *pieces: str) -> list[str]:
        one = vihf()
        asked = Asked(vihf=one, reader=reader_of(one), circumstances=circumstances_of(one))
        flow = UpdateDocuments(asking=self.read, names=self.store.keys, repository=REPOSITORY)
        body = update(submission_set(WHO.ins or ""), *pieces)
        return [one.code for one in await flow(asked, read_update(parse_xml(body.encode())))]

    async def found(self) -> etree._Element:
        """The entry as ITI-18 gives it to who asks by its entryUUID."""
        one = vihf()
        named = slot("$XDSDocumentEntryEntryUUID", f"('{entry_uuid(self.document)}')")
        query = read_query(parse_xml(f"{GET}{named}{END}".encode()))
        found = await find_objects(
            self.read, reader_of(one), self.patient, query, circumstances_of(one)
        )
        answer = parse_xml(found_response(found, leaf=True, repository=REPOSITORY))
        (entry,) = answer.iter(f"{RIM}ExtrinsicObject")
        return entry

    async def listed(self) -> list[str]:
        holder = patient_reader(self.patient)
        return [one.id for one in (await self.read.list_documents(holder, self.patient)).cards]


@pytest.fixture
async def software(store: Store, ids: SystemIds) -> Software:
    raw = b"MSH|update|" + b"x" * 50
    patient = await open_space(store, WHO)
    answer = await store.journal.file(intake(ids, 1, raw=raw, documents=(document(raw),)))
    return Software(store, patient, answer.documents[0].id)


async def test_what_is_archived_leaves_the_lists_and_comes_back(software: Software) -> None:
    name = software.document
    assert await software.listed() == [name]
    assert await software.send(availability(name, "Approved", "Archived")) == []
    assert await software.listed() == []
    assert await software.send(availability(name, "Archived", "Approved")) == []
    assert await software.listed() == [name]
    assert await software.send(availability(name, "Approved", "Deleted")) == []
    assert await software.listed() == []
    rows = await software.store.traces.of_document(software.patient, name, limit=20)
    acts = [(one.trace.action, one.trace.rule, one.trace.door) for one in rows]
    assert [one for one in acts if one[0] not in ("list", "deposit")] == [
        ("delete", "P26", "dmp"),
        ("unarchive", "P28", "dmp"),
        ("archive", "P28", "dmp"),
    ]


def coded_anew(entry: etree._Element, *codes: str) -> list[str]:
    """The whole entry as it came, with these codes, and what links it to its set."""
    (version,) = entry.findall(f"{RIM}VersionInfo")
    previous = version.get("versionName") or ""
    (model, *others) = entry.findall(
        f"{RIM}Classification[@classificationScheme='{CONFIDENTIALITY}']"
    )
    place = entry.index(model)
    for one in (model, *others):
        entry.remove(one)
    for code in codes:
        made = etree.fromstring(etree.tostring(model))
        made.set("nodeRepresentation", code)
        entry.insert(place, made)
    entry.set("id", "Document01")
    slots = slot("SubmissionSetStatus", "Original"), slot("PreviousVersion", previous)
    return [etree.tostring(entry).decode(), link(HAS_MEMBER, "Document01", *slots)]


async def test_what_a_registry_shows_is_sent_back_with_other_codes(software: Software) -> None:
    care = Choice(kind=ChoiceKind.CARE_PROFESSIONAL, target=AUTHOR, since=NOW, by="patient")
    await software.store.people.choose(software.patient, care)
    hidden = "INVISIBLE_REPRESENTANTS_LEGAUX"
    entry = await software.found()
    assert await software.send(*coded_anew(entry, "N", "MASQUE_PS", hidden)) == []
    again = await software.found()
    codes = again.findall(f"{RIM}Classification[@classificationScheme='{CONFIDENTIALITY}']")
    assert {one.get("nodeRepresentation") for one in codes} == {"N", "MASQUE_PS", hidden}
    assert await software.send(*coded_anew(again, "N", "MASQUE_PS")) == []
    late = coded_anew(again, "N", "MASQUE_PS", hidden)
    assert await software.send(*late) == ["XDSMetadataVersionError"]
