"""An archive as we write it: the layout of the field, names anybody can read, the same bytes."""

import io
import re
import zipfile
from dataclasses import replace

import pytest
from lxml import etree
from xdm_sample import AT, CDA, EDITOR, FOLDER, SUBMISSION, archive, document, members

from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.ebrim.metadata import read_metadata
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.documents.document import Action, Author, Document
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

METADATA = f"{FOLDER}/METADATA.XML"
ISO_9660_LEVEL_1 = re.compile(r"[A-Z0-9_]{1,8}(?:\.[A-Z0-9_]{1,3})?")
NOTE = replace(document(), mime_type="text/plain", unique_id="1.2.250.1.999.1.9")


def packed(*documents: tuple[Document, bytes], sender: Author | None = None) -> bytes:
    return pack(documents, SUBMISSION, editor=EDITOR, at=AT, sender=sender)


def read(raw: bytes) -> tuple[Document, ...]:
    answer = understand_xdm(raw, DEFAULT_READING)
    assert answer.verdict is Verdict.ACCEPT, answer.findings
    return answer.documents


def test_the_layout_is_that_of_the_published_archives() -> None:
    with zipfile.ZipFile(io.BytesIO(packed((document(), CDA), (NOTE, b"Bonjour")))) as opened:
        infos = opened.infolist()
    assert {info.filename for info in infos} == {
        "IHE_XDM/",
        "IHE_XDM/SUBSET01/",
        "README.TXT",
        "INDEX.HTM",
        METADATA,
        f"{FOLDER}/DOC0001.XML",
        f"{FOLDER}/DOC0002.TXT",
    }
    for info in infos:
        parts = info.filename.rstrip("/").split("/")
        assert all(ISO_9660_LEVEL_1.fullmatch(part) for part in parts), info.filename
        assert (info.create_system, info.extra, info.comment) == (0, b"", b"")
        assert info.date_time == (2026, 1, 15, 9, 30, 0)


@pytest.mark.parametrize(
    ("mime", "suffix"),
    [
        ("application/pdf", "PDF"),
        ("image/jpeg", "JPG"),
        ("text/plain; charset=utf-8", "TXT"),
        ("application/fhir+json", "JSN"),
        ("x-application/hl7-v2+er7", "HL7"),
        ("application/xslt+xml", "XML"),
        ("text/xml", "XML"),
    ],
)
def test_a_file_is_named_for_what_it_is(mime: str, suffix: str) -> None:
    assert f"{FOLDER}/DOC0001.{suffix}" in members(packed((replace(NOTE, mime_type=mime), b"a")))


def test_the_readme_is_seven_bit_ascii_with_crlf() -> None:
    editor = Editor(
        author="Dr Zoë Œuvre\n",
        organization="Hôpital d’été – Élan",
        organization_id="1999999999",
        version="1.2",
    )
    raw = members(pack([(document(), CDA)], SUBMISSION, editor=editor, at=AT))["README.TXT"]
    assert raw.isascii()
    assert raw.count(b"\r\n") == raw.count(b"\n") == raw.count(b"\r")
    text = raw.decode("ascii")
    assert ". Nom : Dr Zoe OEuvre\r\n" in text.replace("Oeuvre", "OEuvre")
    assert ". Organisme : Hopital d'ete - Elan (1999999999)\r\n" in text
    assert "                METADATA.XML\r\n                DOC0001.XML\r\n" in text


def test_the_index_is_xhtml_that_links_the_readme_and_escapes_its_names() -> None:
    editor = Editor(author="", organization="A<b>&'\x01", organization_id="")
    raw = members(pack([(document(), CDA)], SUBMISSION, editor=editor, at=AT))["INDEX.HTM"]
    root = etree.XML(raw)
    assert root.tag == "{http://www.w3.org/1999/xhtml}html"
    assert [one.get("href") for one in root.iter("{http://www.w3.org/1999/xhtml}a")] == [
        "README.TXT"
    ]
    assert "Emetteur : A<b>&'" in "".join(root.itertext())


def test_the_same_documents_give_the_same_bytes() -> None:
    assert archive() == archive()


@pytest.mark.parametrize("action", list(Action))
def test_what_is_asked_is_written_as_a_letter(action: Action) -> None:
    raw = packed((replace(document(), action=action), CDA))
    letters = {Action.REPLACE: b">C<", Action.DELETE: b">D<"}
    slot = b"urn:action:extraMetadataSlot"
    assert (slot in members(raw)[METADATA]) == (action in letters)
    assert letters.get(action, b"") in members(raw)[METADATA]


def test_separators_inside_names_come_back_as_they_were() -> None:
    author = Author(
        kind="person",
        id="899700000000",
        id_system="1.2.250.1.999.77",
        family="O^NEIL & FILS",
        given="Lou|~",
        role="Médecin & chef",
        organization_id="1999999999",
        organization_name="Labo A & B \\ C",
    )
    own = replace(NOTE, authors=(author,), title="Sel & eau <1>")
    [back] = read(packed((own, b"Bonjour")))
    assert back.authors == (author,)
    assert back.title == own.title


def test_every_kind_of_author_comes_back() -> None:
    authors = (
        Author(kind="device", id="D1", family="Logiciel", given="Modèle"),
        Author(
            kind="patient", id="255089999999966", id_system="1.2.250.1.213.1.4.10", family="PATTE"
        ),
        Author(kind="organization", organization_id="1", organization_name="Labo"),
        Author(kind="person", family="SANS", given="Numéro", specialty="G15_10/SM02"),
    )
    [back] = read(packed((replace(NOTE, authors=authors), b"Bonjour")))
    assert back.authors == authors


def test_every_local_number_comes_back() -> None:
    ids = ("1.2.250.1.999.5^L42", "1.2.250.1.999.6^IPP&7", "1.2.250.1.999.7^8")
    patient = replace(NOTE.patient, other_ids=ids)
    [back] = read(packed((replace(NOTE, patient=patient), b"Bonjour")))
    assert back.patient.other_ids == ids


def test_codes_bear_the_system_and_name_that_their_own_cda_gives() -> None:
    own = b'code="SA25" codeSystem="1.2.250.1.71.4.2.4"'
    assert own in CDA
    told = CDA.replace(own, b'code="SA25" codeSystem="1.9" displayName="Labo"')
    files = members(archive(told))
    [entry] = read_metadata(files[METADATA]).entries
    facility = entry.coded("healthcareFacilityTypeCode")
    assert facility is not None
    assert (facility.system, facility.label) == ("1.9", "Labo")
    setting = entry.coded("practiceSettingCode")
    assert setting is not None
    assert setting.label == "Ambulatoire"
    confidentiality = entry.coded("confidentialityCode")
    assert confidentiality is not None
    assert confidentiality.label == "Normal"


def test_the_author_of_the_submission_is_its_sender() -> None:
    sender = Author(kind="person", id="8", family="ENVOI", given="Lou", organization_name="Maison")
    submission = read_metadata(members(packed((NOTE, b"a"), sender=sender))[METADATA]).submission
    assert submission is not None
    block = submission.coded("submissionAuthor")
    assert block is not None
    assert block.slots["authorPerson"][0].startswith("8^ENVOI^Lou")
    assert block.slots["authorInstitution"][0].startswith("Maison^")


def test_what_shrinks_like_a_bomb_is_stored_so_that_we_may_read_it() -> None:
    body = b"a" * 2_000_000
    [back] = read(packed((NOTE, body)))
    assert back.size == len(body)


@pytest.mark.parametrize("sizes", [[], [20_000_001], [20_000_000] * 5, [1] * 101])
def test_more_than_an_archive_may_hold_is_not_written(sizes: list[int]) -> None:
    with pytest.raises(ValueError, match="an archive holds"):
        packed(*((NOTE, bytes(size)) for size in sizes))
