"""The XSD check: warnings at their place, without a value; errors where a sender is strict."""

import csv
from pathlib import Path

import pytest
from cda_sample import structured

from gateway.errors import RefusedError
from gateway.mapping.cda import clinical_document, understand_cda
from gateway.mapping.cda.schema import load_schema, schema_findings
from gateway.records.intake.finding import Severity, Verdict
from gateway.records.intake.reading import Reading

SHARED = Path(__file__).resolve().parents[5] / "shared"
PUBLISHED = SHARED / "reference" / "cda-schemas" / "CDA_extended.xsd"
TOY = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:hl7-org:v3"
 xmlns="urn:hl7-org:v3" elementFormDefault="qualified">
<xs:element name="ClinicalDocument"><xs:complexType><xs:sequence>
<xs:element name="realmCode"><xs:complexType><xs:attribute name="code" use="required">
<xs:simpleType><xs:restriction base="xs:string"><xs:enumeration value="FR"/></xs:restriction>
</xs:simpleType></xs:attribute></xs:complexType></xs:element>
<xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/>
</xs:sequence></xs:complexType></xs:element></xs:schema>"""


@pytest.fixture
def toy(tmp_path: Path) -> Path:
    path = tmp_path / "toy.xsd"
    path.write_text(TOY)
    return path


def findings(data: bytes, path: Path) -> list[tuple[str, str]]:
    root = clinical_document(data, max_bytes=len(data))
    return [(one.where, one.message) for one in schema_findings(root, path)]


def test_a_document_that_fits_its_schema_has_no_finding(toy: Path) -> None:
    understood = understand_cda(structured(), Reading(cda_schema=toy))
    assert (understood.verdict, understood.findings) == (Verdict.ACCEPT, ())


def test_what_does_not_fit_is_a_warning_and_an_error_of_a_strict_sender(toy: Path) -> None:
    data = structured(('<realmCode code="FR"/>', '<realmCode code="FR" zone="PATTE"/>'))
    understood = understand_cda(data, Reading(cda_schema=toy))
    told = [one for one in understood.findings if one.code == "cda-xsd"]
    assert [(one.where, one.severity) for one in told] == [
        ("/ClinicalDocument/realmCode", Severity.WARNING)
    ]
    assert told[0].message == "Line 3: The attribute 'zone' is not allowed."
    assert understand_cda(data, Reading(cda_schema=toy, strict=True)).verdict is Verdict.REFUSE


def test_no_value_of_the_document_is_repeated(toy: Path) -> None:
    data = structured(('code="FR"', 'code="PATTE Ana"'))
    ((where, message),) = findings(data, toy)
    assert where == "/ClinicalDocument/realmCode"
    assert message == "Line 3: The attribute code has a value that the schema does not allow."


def test_many_findings_are_counted(toy: Path) -> None:
    wrong = " ".join(f'a{number}="x"' for number in range(15))
    found = findings(structured(('code="FR"', f'code="FR" {wrong}')), toy)
    assert len(found) == 11
    assert "5 more" in found[-1][1]


def test_a_schema_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.xsd"
    broken.write_text("<xs:schema")
    for path in (broken, tmp_path / "absent.xsd"):
        with pytest.raises(RefusedError, match=path.name):
            load_schema(path)


def expected() -> list[dict[str, str]]:
    path = SHARED / "corpus" / "cda" / "expected.csv"
    if not path.exists() or not PUBLISHED.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.mark.parametrize("row", expected(), ids=lambda row: row["file"])
def test_the_published_schema_agrees_with_another_validator(row: dict[str, str]) -> None:
    data = (SHARED / "corpus" / "cda" / row["file"]).read_bytes()
    assert bool(findings(data, PUBLISHED)) == (row["xsdValid"] == "N")
