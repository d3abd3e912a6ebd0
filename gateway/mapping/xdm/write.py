"""An IHE_XDM archive written (XDM_HL7V2 sections B2 and B3): the layout all 110 examples share.

Names are ISO 9660 level 1. The bytes tell nothing of the machine that wrote them.
"""

import html
import io
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha1, sha256

from gateway.mapping.xdm.archive import MAX_MEMBER_BYTES, MAX_RATIO, MAX_TOTAL_BYTES
from gateway.mapping.xdm.ebrim.displays import told_in
from gateway.mapping.xdm.ebrim.metadata import MAX_ENTRIES
from gateway.mapping.xdm.ebrim.registry import Described, metadata_xml
from gateway.mapping.xdm.ebrim.text import NOT_XML
from gateway.records.documents.document import RESULTS_TYPE, Author, Document
from gateway.records.intake.understanding import Submission

FOLDERS = ("IHE_XDM/", "IHE_XDM/SUBSET01/")
SUFFIXES = {
    "application/fhir+json": "JSN",
    "application/pdf": "PDF",
    "application/rtf": "RTF",
    "image/gif": "GIF",
    "image/jpeg": "JPG",
    "image/png": "PNG",
    "image/tiff": "TIF",
    "text/plain": "TXT",
    "text/rtf": "RTF",
    RESULTS_TYPE: "HL7",
}
"""CDA is XML, whatever it calls itself."""
FIRST_ZIP_YEAR = 1980
MOST_DENSE = MAX_RATIO - 10
"""What shrinks more is stored: a reader takes it for a bomb."""
FAT, FOLDER_BIT, FILE_BIT = 0, 0x10, 0x20
DOCTYPE = (
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML Basic 1.1//EN" '
    '"http://www.w3.org/TR/xhtml-basic/xhtml-basic11.dtd">'
)
NOT_NAMED = "non precise"
LIGATURES = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "’": "'", "–": "-"})


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
    sender: Author | None = None,
) -> bytes:
    """The same documents and the same `at` give the same bytes; `sender` is the submission's
    author, where more of him is known than `submission.author`.

    Raises ValueError without a document, or with more than an archive may hold.
    """
    sizes = [len(body) for _, body in documents]
    if not sizes or max(sizes) > MAX_MEMBER_BYTES:
        raise ValueError("an archive holds at least one document of at most 20 MB")
    if len(sizes) > MAX_ENTRIES or sum(sizes) > MAX_TOTAL_BYTES - MAX_MEMBER_BYTES:
        raise ValueError("an archive holds at most 100 documents of 80 MB in all")
    named = [
        (_measured(document, body), _file_name(document, number), body)
        for number, (document, body) in enumerate(documents, 1)
    ]
    described = [Described(document, name, told_in(body)) for document, name, body in named]
    subset = FOLDERS[-1]
    files = {
        "README.TXT": _readme(editor, [name for _, name, _ in named]),
        "INDEX.HTM": _index(editor),
        f"{subset}METADATA.XML": metadata_xml(submission, described, sender),
    }
    files |= {f"{subset}{name}": body for _, name, body in named}
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
    mime = document.mime_type.partition(";")[0].strip().lower()
    return f"DOC{number:04d}.{SUFFIXES.get(mime, 'XML')}"


def _readme(editor: Editor, names: Sequence[str]) -> bytes:
    """7-bit ASCII, CRLF."""
    tree = [f"                {name}" for name in ("METADATA.XML", *names)]
    lines = [
        "Emetteur :",
        "==========",
        f"    . Nom : {_ascii(editor.author)}",
        f"    . Organisme : {_ascii(_house(editor))}",
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
    who = html.escape(NOT_XML.sub("", _house(editor)))
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{DOCTYPE}\n'
        '<html xmlns="http://www.w3.org/1999/xhtml" xml:lang="fr">'
        "<head><title>IHE_XDM</title></head><body>"
        f'<p>Emetteur : {who}</p><p>Voir le fichier <a href="README.TXT">README.TXT</a></p>'
        "</body></html>\n"
    ).encode()


def _house(editor: Editor) -> str:
    """As the field writes it: the name, its number in brackets."""
    number = f"({editor.organization_id})" if editor.organization_id else ""
    return " ".join(filter(None, (editor.organization, number))) or NOT_NAMED


def _ascii(text: str) -> str:
    """Printable ASCII on one line: accents taken off, ligatures undone, the rest left out."""
    plain = unicodedata.normalize("NFKD", text.translate(LIGATURES))
    kept = "".join(letter if " " <= letter <= "~" else " " * letter.isspace() for letter in plain)
    return " ".join(kept.split()) or NOT_NAMED


def _zip(files: dict[str, bytes], at: datetime) -> bytes:
    """Deflated, one time for all members, no field that tells of the writer's machine."""
    when = (max(at.year, FIRST_ZIP_YEAR), at.month, at.day, at.hour, at.minute, at.second)
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, body in [*((folder, b"") for folder in FOLDERS), *files.items()]:
            info = zipfile.ZipInfo(name, when)
            info.create_system = FAT
            info.external_attr = FOLDER_BIT if name.endswith("/") else FILE_BIT
            dense = len(body) > MOST_DENSE * len(zlib.compress(body))
            info.compress_type = zipfile.ZIP_DEFLATED if body and not dense else zipfile.ZIP_STORED
            archive.writestr(info, body)
    return made.getvalue()
