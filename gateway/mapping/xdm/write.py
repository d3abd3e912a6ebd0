"""An IHE_XDM archive written (XDM_HL7V2 sections B2 and B3): the layout all 110 examples share."""

import html
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha1, sha256

from gateway.mapping.identity import fold
from gateway.mapping.xdm.archive import MAX_MEMBER_BYTES
from gateway.mapping.xdm.registry import metadata_xml
from gateway.records.document import Document
from gateway.records.understanding import Submission

SUBSET = "IHE_XDM/SUBSET01"
SUFFIXES = {"application/pdf": "PDF", "text/plain": "TXT", "image/png": "PNG", "image/jpeg": "JPG"}
FIRST_ZIP_YEAR = 1980


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Who writes the archive, for README.TXT and INDEX.HTM."""

    author: str
    organization: str
    organization_id: str
    software: str = "Passerelle"
    version: str = ""


def pack(
    documents: Sequence[tuple[Document, bytes]],
    submission: Submission,
    *,
    editor: Editor,
    at: datetime,
) -> bytes:
    """The same documents and the same `at` give the same bytes.

    Raises ValueError without a document or with one above 20 MB.
    """
    if not documents or any(len(body) > MAX_MEMBER_BYTES for _, body in documents):
        raise ValueError("an archive holds at least one document of at most 20 MB")
    named = [
        (_measured(document, body), _file_name(document, number), body)
        for number, (document, body) in enumerate(documents, 1)
    ]
    names = [name for _, name, _ in named]
    files = {
        "README.TXT": _readme(editor, names),
        "INDEX.HTM": _index(editor),
        f"{SUBSET}/METADATA.XML": metadata_xml(
            submission, [(document, name) for document, name, _ in named]
        ),
    }
    files |= {f"{SUBSET}/{name}": body for _, name, body in named}
    return _zip(files, at)


def _measured(document: Document, body: bytes) -> Document:
    return replace(
        document,
        size=len(body),
        sha1=sha1(body, usedforsecurity=False).hexdigest(),
        sha256=sha256(body).hexdigest(),
    )


def _file_name(document: Document, number: int) -> str:
    """ISO 9660 level 1: capitals, digits, 8.3."""
    return f"DOC{number:04d}.{SUFFIXES.get(document.mime_type, 'XML')}"


def _readme(editor: Editor, names: Sequence[str]) -> bytes:
    """7-bit ASCII, CRLF."""
    tree = [f"                {name}" for name in ("METADATA.XML", *names)]
    lines = [
        "Emetteur :",
        "==========",
        f"    . Nom : {_ascii(editor.author)}",
        f"    . Organisme : {_ascii(editor.organization)} ({_ascii(editor.organization_id)})",
        "",
        "Application de l'emetteur :",
        "===========================",
        f"    . Nom : {_ascii(editor.software)}",
        f"    . Version : {_ascii(editor.version)}",
        "",
        "Instructions :",
        "==============",
        ". Consultez les fichiers dans votre logiciel de professionnel de sante.",
        "",
        "Arborescence :",
        "==============",
        "     README.TXT",
        "     INDEX.HTM",
        "     + IHE_XDM",
        "           + SUBSET01",
        *tree,
    ]
    return ("\r\n".join(lines) + "\r\n").encode("ascii")


def _index(editor: Editor) -> bytes:
    who = html.escape(f"{editor.organization} ({editor.organization_id})")
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<html xmlns="http://www.w3.org/1999/xhtml"><head><title>IHE_XDM</title></head><body>'
        f'<p>Emetteur : {who}</p><p>Voir le fichier <a href="README.TXT">README.TXT</a></p>'
        "</body></html>\n"
    ).encode()


def _ascii(text: str) -> str:
    """Printable ASCII on one line."""
    kept = "".join(letter for letter in fold(text) if " " <= letter <= "~")
    return kept if not text.isascii() else "".join(c for c in text if " " <= c <= "~")


def _zip(files: dict[str, bytes], at: datetime) -> bytes:
    """Deflated, one time for all members, no extra field that tells of the writer's machine."""
    when = (max(at.year, FIRST_ZIP_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in files.items():
            info = zipfile.ZipInfo(name, when)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, body)
    return made.getvalue()
