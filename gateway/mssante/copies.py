"""The readable copies beside an archive: for who opens the mail without software that reads CDA.

ECO.2.1.5 and 2.1.6 (XDM_HL7V2 section B1): of a CDA of level 1 the PDF that it holds, to the byte.
Of level 3 there is none yet: this house writes no PDF/A (docs/decisions/019).
"""

import re
from collections.abc import Iterator, Sequence

from gateway.errors import RefusedError
from gateway.mapping.cda.level_one import level_one_file
from gateway.mapping.identity import in_capitals
from gateway.records.days import iso_day_of
from gateway.records.documents.document import CDA_TYPES, BodyKind, Document

PDF = "application/pdf"
MAX_TYPE = 40
MAX_NAME = 60
"""Letters of a name of a person in the name of a file."""
UNFIT = re.compile(r'[\\/:*?"<>|_\s]+')


def copies_of(documents: Sequence[tuple[Document, bytes]]) -> Iterator[tuple[str, bytes]]:
    """File name and PDF, no name twice."""
    given: set[str] = set()
    for number, (document, body) in enumerate(documents, 1):
        if document.mime_type not in CDA_TYPES or document.body is not BodyKind.PDF:
            continue
        try:
            media, content = level_one_file(body)
        except RefusedError:
            continue
        if media != PDF:
            continue
        name = name_of(document)
        name = f"{name}_{number}" if name in given else name
        given.add(name)
        yield f"{name}.pdf", content


def name_of(document: Document) -> str:
    """`<YYYYMMDD of the act>_<type>_<NAME>_<given>`, as far as it is known."""
    day = iso_day_of(document.service_start or document.creation_time or "").replace("-", "")[:8]
    patient = document.patient
    words = [
        day,
        (document.type_display or document.title or "document")[:MAX_TYPE],
        in_capitals(patient.birth_family or "")[:MAX_NAME],
        in_capitals(patient.birth_given or "").title()[:MAX_NAME],
    ]
    return "_".join(filter(None, map(_fit, words))) or "document"


def _fit(word: str) -> str:
    printed = "".join(letter if letter.isprintable() else " " for letter in word)
    return UNFIT.sub(" ", printed).strip(" .")
