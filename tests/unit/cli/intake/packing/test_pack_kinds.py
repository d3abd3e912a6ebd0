"""`gateway pack` of every kind of input: what it was, and what was asked of it."""

import base64
import io
import json
import zipfile
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest
from fhir_sample import reference
from packing_house import PackingHouse
from papers import ANA, AT, EDITOR, Report, mdm, message, msh, pid, report, results
from place import Place

from gateway.errors import RefusedError
from gateway.mapping.cda import read_cda
from gateway.mapping.xdm.ebrim.metadata import Metadata, read_metadata
from gateway.mapping.xdm.write import pack
from gateway.records.documents.document import RESULTS_TYPE, Action, Document
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Format, Submission, Understanding
from gateway.store import Store

Act = Callable[[PackingHouse], Awaitable[None]]


@pytest.fixture
def house(place: Place) -> Callable[[Act], None]:
    """Runs an act in a store of this very engine, in which the patient has a space."""

    def run(act: Act) -> None:
        async def work(store: Store) -> None:
            opened = PackingHouse(store)
            [own] = opened.understood(report(ANA).document(), Format.CDA)[0].documents
            await opened.know(own)
            await act(opened)

        place.inside(work)

    return run


async def kept(house: PackingHouse, raw: bytes, kind: Format) -> Understanding:
    """Deposited, packed, read again; the documents are what they were."""
    [before] = house.understood(raw, kind)
    answer = await house.deposit(raw, kind)
    assert answer.verdict is Verdict.ACCEPT, answer.findings
    back = await house.back(answer.receipt)
    assert back.verdict is Verdict.ACCEPT, back.findings
    assert list(map(bare, back.documents)) == list(map(bare, before.documents))
    assert [one.body for one in back.contents] == [one.body for one in before.contents]
    return back


def bare(document: Document) -> Document:
    """Without what METADATA.XML has no attribute for, where the file is no CDA that tells it."""
    lost = replace(document, hash_ok=None, size_ok=None, identifiers=())
    return lost if document.mime_type == "text/xml" else replace(lost, custodian=None)


async def metadata(house: PackingHouse, receipt: str) -> Metadata:
    archive = (await house.pack(receipt)).archive
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return read_metadata(opened.read("IHE_XDM/SUBSET01/METADATA.XML"))


def test_results_without_a_document_are_packed_as_their_own_message(
    house: Callable[[Act], None],
) -> None:
    async def act(opened: PackingHouse) -> None:
        raw = results(ANA, "M1")
        back = await kept(opened, raw, Format.HL7V2)
        assert back.documents[0].mime_type == RESULTS_TYPE
        assert back.contents[0].body == raw
        values = [one.value for one in back.observations[0] if isinstance(one, Observation)]
        assert values == ["13.4", "12.4"]

    house(act)


def test_two_documents_of_one_message_are_two_of_one_archive(
    house: Callable[[Act], None],
) -> None:
    async def act(opened: PackingHouse) -> None:
        pair = [report(ANA, title="Un"), report(ANA, title="Deux")]
        rows = [
            f"OBX|{n}|ED|{one.type}^{one.display}^LN||^TEXT^XML^Base64^"
            f"{base64.b64encode(one.document()).decode()}||||||F"
            for n, one in enumerate(pair, 1)
        ]
        order = f"OBR|1|||{pair[0].type}^{pair[0].display}^LN"
        head = [msh("ORU^R01^ORU_R01", "M2"), pid(ANA), "PV1|1|I", "ORC|NW", order]
        raw = message(*head, *rows)
        back = await kept(opened, raw, Format.HL7V2)
        assert [one.title for one in back.documents] == ["Un", "Deux"]
        assert back.submission is not None
        assert back.submission.content_type == "03"

    house(act)


def test_a_replacement_is_packed_as_c_and_a_deletion_as_d_with_what_it_took_away(
    house: Callable[[Act], None],
) -> None:
    async def act(opened: PackingHouse) -> None:
        first = report(ANA)
        second = first.next()
        created = await opened.deposit(mdm(first, "M1"), Format.HL7V2)
        replaced = await opened.deposit(mdm(second, "M2", action="replace"), Format.HL7V2)
        assert replaced.verdict is Verdict.ACCEPT
        [new] = (await opened.back(replaced.receipt)).documents
        assert (new.action, new.replaces) == (Action.REPLACE, first.id)
        [old] = (await opened.back(created.receipt)).documents
        assert (old.action, old.unique_id) == (Action.CREATE, first.id)
        deleted = await opened.deposit(mdm(second, "M3", action="delete"), Format.HL7V2)
        assert deleted.verdict is Verdict.ACCEPT
        back = await opened.back(deleted.receipt)
        assert [one.action for one in back.documents] == [Action.DELETE]
        assert back.contents[0].body == second.document()
        with pytest.raises(RefusedError, match="no document on the shelf"):
            await opened.pack(replaced.receipt)

    house(act)


def test_an_archive_of_several_documents_keeps_each_and_its_submission(
    house: Callable[[Act], None],
) -> None:
    async def act(opened: PackingHouse) -> None:
        note = replace(described(report(ANA)), mime_type="text/plain", unique_id="1.2.250.1.999.9")
        cda = report(ANA).document()
        lot = Submission(
            unique_id="1.2.250.1.999.77",
            source_id="1.2.250.1.999.78",
            patient_id=f"{ANA.oid}^{ANA.ins}",
            time="2026-01-15T09:30:00Z",
            content_type="04",
            author="Lou TESTEUR",
        )
        enclosed = [(note, "Bonjour à tous".encode()), (read(cda), cda)]
        raw = pack(enclosed, lot, editor=EDITOR, at=AT)
        back = await kept(opened, raw, Format.XDM)
        assert back.submission == lot
        again = await opened.deposit(raw, Format.XDM)
        assert (await opened.back(again.receipt)).submission == lot

    house(act)


def test_a_fhir_deposit_is_packed_as_its_attachment(house: Callable[[Act], None]) -> None:
    async def act(opened: PackingHouse) -> None:
        raw = json.dumps(reference()).encode()
        [before] = opened.understood(raw, Format.FHIR)
        await opened.know(before.documents[0])
        back = await kept(opened, raw, Format.FHIR)
        assert back.contents[0].body == b"Tout va bien."

    house(act)


def test_the_sender_of_a_message_is_the_author_of_the_submission(
    house: Callable[[Act], None],
) -> None:
    async def act(opened: PackingHouse) -> None:
        person = "899700000001^ENVOI^Lou^^^^^^ASIP&1.2.250.1.71.4.2.1&ISO^D^^^IDNPS"
        raw = mdm(report(ANA), "M9").rstrip(b"\r") + f"\rPRT|1|UC||SB|{person}\r".encode()
        answer = await opened.deposit(raw, Format.HL7V2)
        assert answer.verdict is Verdict.ACCEPT, answer.findings
        told = await metadata(opened, answer.receipt)
        assert told.submission is not None
        block = told.submission.coded("submissionAuthor")
        assert block is not None
        assert block.slots["authorPerson"][0].startswith("899700000001^ENVOI^Lou^")
        assert told.submission.code("contentTypeCode") == "97"

    house(act)


def described(what: Report) -> Document:
    return read(what.document())


def read(body: bytes) -> Document:
    document = read_cda(body, DEFAULT_READING).document
    assert document is not None
    return document


def test_an_archive_of_results_is_read_back_where_results_alone_are_not_taken(
    house: Callable[[Act], None],
) -> None:
    """The door's rule is of what comes in; what we wrote ourselves is no news."""

    async def act(opened: PackingHouse) -> None:
        answer = await opened.deposit(results(ANA, "M7"), Format.HL7V2)
        strict = replace(DEFAULT_READING, results_only=False)
        packed = await opened.pack(answer.receipt, strict)
        assert [one.code for one in packed.findings] == ["xdm-missing"]

    house(act)
