"""An archive of an invented patient, made by our own writer or bent member by member."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

from cda_sample import INS, cda, patient_id

from gateway.mapping.cda import read_cda
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.documents.document import Document
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Submission, Understanding

AT = datetime(2026, 1, 15, 9, 30, tzinfo=UTC)
EDITOR = Editor(author="Dr Élan", organization="Labo fictif", organization_id="1999999999")
SUBMISSION = Submission(
    unique_id="1.2.250.1.999.8.1",
    source_id="1.2.250.1.71.4.2.2.1999999999",
    patient_id="1.2.250.1.213.1.4.10^255089999999966",
    time="2026-01-15T09:30:00Z",
    content_type="07",
    author="Lou TESTEUR",
)
FOLDER = "IHE_XDM/SUBSET01"
METADATA = f"{FOLDER}/METADATA.XML"
CDA = cda(patient_ids=INS + patient_id("L42", "1.2.250.1.999.5")).encode()


def document(body: bytes = CDA) -> Document:
    read = read_cda(body, DEFAULT_READING).document
    assert read is not None
    return read


NOTE = replace(document(), mime_type="text/plain", unique_id="1.2.250.1.999.1.9", title="Note")
SECOND = CDA.replace(b"999.1.1", b"999.1.2").replace(b"999.2.1", b"999.2.2")


def archive(body: bytes = CDA, envelope: Document | None = None) -> bytes:
    """One document; `envelope` is what METADATA.XML says of it, else the CDA's own words."""
    return pack([(envelope or document(body), body)], SUBMISSION, editor=EDITOR, at=AT)


def members(raw: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(raw)) as opened:
        return {name: opened.read(name) for name in opened.namelist()}


def zipped(files: dict[str, bytes], *more: tuple[zipfile.ZipInfo, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, body in files.items():
            opened.writestr(name, body)
        for info, body in more:
            opened.writestr(info, body)
    return made.getvalue()


def understood(raw: bytes) -> Understanding:
    return understand_xdm(raw, DEFAULT_READING)


def told(answer: Understanding) -> set[tuple[str, str]]:
    """Code and member of each finding."""
    return {(one.code, one.where.partition(":")[0]) for one in answer.findings}


def moved(raw: bytes, folder: str) -> dict[str, bytes]:
    """The same members in another folder."""
    return {name.replace(FOLDER, folder): body for name, body in members(raw).items()}


def edited(files: dict[str, bytes], before: str, after: str, path: str = METADATA) -> bytes:
    """These members with one text replaced in one of them."""
    assert before.encode() in files[path], before
    return zipped(files | {path: files[path].replace(before.encode(), after.encode())})


def two(second: tuple[Document, bytes]) -> bytes:
    """The sample document and another in one subset."""
    return pack([(document(), CDA), second], SUBMISSION, editor=EDITOR, at=AT)


def bent(path: str, before: str, after: str) -> bytes:
    """The sample archive with one text replaced in one member."""
    return edited(members(archive()), before, after, path)
