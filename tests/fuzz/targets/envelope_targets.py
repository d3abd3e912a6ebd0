"""Parsers of envelopes: XDM archives and METADATA.XML, FHIR, and inputs of any format."""

import hashlib
import io
import zipfile
from urllib.parse import parse_qsl

from laws import AT, hold
from seeds import (
    archives,
    cda_seeds,
    fhir_seeds,
    hl7_seeds,
    mail_seeds,
    members_of,
    metadata_seeds,
    report_of_tests,
    xdm_seeds,
)
from target import ELEMENT, OBJECT, Target, vocabulary

from gateway.errors import RefusedError
from gateway.mapping.fhir.json import load_json
from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.mapping.understand import understand_all
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.archive import open_archive
from gateway.mapping.xdm.ebrim.metadata import read_metadata
from gateway.records.documents.document import Document, Label
from gateway.records.documents.shelved import Card, DocumentStatus, Shelved
from gateway.records.intake.reading import DEFAULT_READING, Reading
from gateway.records.patients.patient import PatientIdentity, PatientKey
from gateway.vault.fhir.search.pages import page_of_cards
from gateway.vault.fhir.search.query import BadSearchError, card_matches, deep_matches, search_of

READINGS = (DEFAULT_READING, Reading(strict=True))
FOLDER = "IHE_XDM/SUBSET01"
RECORD = b"\n=====\n"


def archive(data: bytes) -> None:
    """The zip itself: opened within its ceilings, or refused by the rule that it breaks."""
    hold(understand_xdm(data, DEFAULT_READING))
    try:
        opened = open_archive(data)
        for member in opened.members:
            assert len(opened.read(member)) == member.size
    except RefusedError as error:
        assert error.finding is not None


def members(data: bytes) -> None:
    """The files of a sound zip: records of a name, a line end and the bytes."""
    made = io.BytesIO()
    names: set[str] = set()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        for record in data.split(RECORD)[:20]:
            name, _, body = record.partition(b"\n")
            path = f"{FOLDER}/{name[:40].decode('latin-1')}"
            if path.casefold() not in names and path.isprintable():
                names.add(path.casefold())
                opened.writestr(zipfile.ZipInfo(path), body)
    hold(understand_xdm(made.getvalue(), READINGS[len(data) % 2]))


def metadata(data: bytes) -> None:
    """METADATA.XML alone: plain values, or a refusal with its finding."""
    try:
        read = read_metadata(data)
    except RefusedError as error:
        assert error.finding is not None
        return
    for entry in read.entries:
        values = [value for each in entry.slots.values() for value in each]
        assert all(value and value == value.strip() for value in values)


def fhir(data: bytes) -> None:
    """Understood or refused, gently and strictly."""
    hold(understand_fhir(data, READINGS[len(data) % 2]))


def json_door(data: bytes) -> None:
    """An object, or a refusal whose code begins with json."""
    try:
        value = load_json(data, max_bytes=5_000_000)
    except RefusedError as error:
        assert error.finding is not None
        assert error.finding.code.startswith("json-")
        return
    assert isinstance(value, dict)


def search(data: bytes) -> None:
    """A query string: read, or refused with words; a match never raises."""
    pairs = parse_qsl(data.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=None)
    try:
        asked = search_of(pairs)
        page_of_cards([CARD], asked, AT)
    except BadSearchError as error:
        assert str(error)
        return
    assert 0 <= asked.count <= 10_000
    card_matches(CARD, asked)
    deep_matches(SHELVED, asked)


def anything(data: bytes) -> None:
    """What `gateway inspect` and the folder are given: every part has its answer."""
    found = understand_all(data, READINGS[len(data) % 2])
    assert found
    for one in found:
        hold(one)


CARD = Card(
    id="1" * 32, patient=PatientKey(b"p"), receipt="r", status=DocumentStatus.CURRENT,
    type_code="11502-2", class_code="10", label=Label.BIOLOGIE, title="CR", author="Lou TESTEUR",
    author_ids=("899700000000",), organization="1", organization_name="Labo", act_date="2026-01-15",
    codes=("N",), mime_type="text/xml", size=10, results=0, deposited_at=AT, hidden_from=None,
    announced_at=None, by_patient=False,
)  # fmt: skip
SHELVED = Shelved(
    card=CARD,
    document=Document(
        patient=PatientIdentity(), unique_id="1.2.3", creation_time="2026-01-15T09:30:00Z",
        service_start="2026-01-15", format_code="urn:x", event_codes=("A", "B"),
    ),
    sender="labo",
)  # fmt: skip


def _records() -> list[bytes]:
    """Archives of which the bodies are short enough to be changed with their metadata."""
    found = [_note()]
    for raw in archives():
        named = ((path.rpartition("/")[2], body) for path, body in members_of(raw).items())
        found.append(RECORD.join(f"{name}\n".encode() + body for name, body in named))
    return found


def _note() -> bytes:
    """One text and one CDA, described in few words and with right digests."""
    files = {"DOC0001.TXT": b"Bonjour", "DOC0002.XML": report_of_tests()}
    entries = "".join(
        f'<rim:ExtrinsicObject id="e{n}" objectType="urn:uuid:7edca82f-054d-47f2-a032-9b2a5b5186c1"'
        f' mimeType="{"text/plain" if name.endswith("TXT") else "text/xml"}">'
        + "".join(
            f'<rim:Slot name="{slot}"><rim:ValueList><rim:Value>{value}</rim:Value>'
            "</rim:ValueList></rim:Slot>"
            for slot, value in (
                ("URI", name),
                ("hash", hashlib.sha1(body, usedforsecurity=False).hexdigest()),
                ("size", len(body)),
            )
        )
        + "</rim:ExtrinsicObject>"
        for n, (name, body) in enumerate(files.items())
    )
    listed = (
        '<SubmitObjectsRequest xmlns="urn:oasis:names:tc:ebxml-regrep:xsd:lcm:3.0"'
        ' xmlns:rim="urn:oasis:names:tc:ebxml-regrep:xsd:rim:3.0">'
        f"<rim:RegistryObjectList>{entries}</rim:RegistryObjectList></SubmitObjectsRequest>"
    )
    whole = {"METADATA.XML": listed.encode()} | files
    return RECORD.join(f"{name}\n".encode() + body for name, body in whole.items())


def _searches() -> list[bytes]:
    return [
        b"patient.identifier=urn:oid:1.2.250.1.213.1.4.10|255089999999966&_count=20&_sort=-date",
        b"patient=1&type=11502-2,11488-4&date=ge2026-01&period=lt2027&author.family=TES",
        b"subject=Patient/1&identifier=urn:oid:1.2.3&security-label=N&_cursor=MS4yLjM&status=current",
    ]


def _mixture() -> list[bytes]:
    groups = (hl7_seeds, cda_seeds, xdm_seeds, fhir_seeds, mail_seeds)
    return [one for group in groups for one in group()[:6]]


TARGETS = (
    Target(name="xdm-archive", run=archive, seeds=xdm_seeds, words=vocabulary("zip")),
    Target(name="xdm-members", run=members, seeds=_records, words=vocabulary("rim"), unit=ELEMENT),
    Target(
        name="xdm-metadata",
        run=metadata,
        seeds=metadata_seeds,
        words=vocabulary("rim"),
        unit=ELEMENT,
    ),
    Target(
        name="fhir", run=fhir, seeds=fhir_seeds, words=vocabulary("json"), unit=OBJECT, joint=b","
    ),
    Target(
        name="fhir-json",
        run=json_door,
        seeds=fhir_seeds,
        words=vocabulary("json"),
        unit=OBJECT,
        joint=b",",
    ),
    Target(
        name="fhir-search", run=search, seeds=_searches, words=vocabulary("search"), largest=60_000
    ),
    Target(name="any-format", run=anything, seeds=_mixture, words=vocabulary("json", "zip")),
)
