"""An archive of an invented patient, made by our own writer or bent member by member."""

import io
import zipfile
from datetime import UTC, datetime

from cda_sample import INS, cda, patient_id

from gateway.mapping.cda import read_cda
from gateway.mapping.xdm.write import Editor, pack
from gateway.records.document import Document
from gateway.records.reading import DEFAULT_READING
from gateway.records.understanding import Submission

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
CDA = cda(patient_ids=INS + patient_id("L42", "1.2.250.1.999.5")).encode()


def document(body: bytes = CDA) -> Document:
    read = read_cda(body, DEFAULT_READING).document
    assert read is not None
    return read


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


def bent(path: str, before: str, after: str) -> bytes:
    """The sample archive with one text replaced in one member."""
    files = members(archive())
    assert before.encode() in files[path], before
    files[path] = files[path].replace(before.encode(), after.encode())
    return zipped(files)
