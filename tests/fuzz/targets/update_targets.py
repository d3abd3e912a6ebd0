"""The parser of ITI-57 at the DMP door: what updates stored metadata."""

from dmp_update import Version, availability, submission_set, update
from seeds import corpus
from target import ELEMENT, Target, vocabulary

from gateway.mapping.xds.update.request import read_update
from gateway.mapping.xds.update.stated import changes
from gateway.mapping.xml import XmlRefusedError, parse_xml
from gateway.records.documents.document import Document
from gateway.records.patients.patient import PatientIdentity

INS, ONE, TWO = "284000000000001", "01" * 16, "02" * 16
STORED = Document(patient=PatientIdentity(), unique_id="1.2.3", sha1="da" * 20, size=10)


def updates(data: bytes) -> None:
    """What a request asks of which documents, each once; or what is wrong with it."""
    try:
        body = parse_xml(data)
    except XmlRefusedError:
        return
    made = read_update(body)
    for one in made.entries:
        list(changes(one.entry, STORED, repository="1.2"))
    if not made.errors:
        assert made.documents
        assert len(set(made.documents)) == len(made.documents)
        assert made.unique_id
        assert made.patient


def _seeds() -> list[bytes]:
    codes = ("N", "MASQUE_PS")
    version = Version(document=TWO, ins=INS, unique_id="1.2.3", codes=codes).text
    pieces = submission_set(INS), availability(ONE, "Approved", "Archived"), version
    return [update(*pieces).encode(), *corpus("xds/tk2-update-*.xml")]


TARGETS = (
    Target(
        name="xds-update",
        run=updates,
        seeds=_seeds,
        words=vocabulary("rim", "xml"),
        unit=ELEMENT,
    ),
)
