"""References and data of a deposit that lead nowhere: said where they stand."""

from fhir_sample import bundle, raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING


def test_a_reference_to_nobody_is_passed_over_and_said() -> None:
    nobody = reference(author=[{"reference": "#nobody"}], custodian={"reference": "urn:uuid:x"})
    answer = understand_fhir(raw(nobody), DEFAULT_READING)
    assert [(one.code, one.where) for one in answer.findings] == [
        ("reference-missing", "DocumentReference.author[0]"),
        ("reference-missing", "DocumentReference.custodian"),
    ]
    assert answer.verdict is Verdict.ACCEPT


def test_data_that_is_no_base64_is_said_where_it_stands() -> None:
    wrong = bundle()
    wrong["entry"][2]["resource"]["data"] = "%%%"
    [finding] = [
        one for one in understand_fhir(raw(wrong), DEFAULT_READING).findings if one.code == "base64"
    ]
    assert finding.where == "Bundle.entry[1].resource.content[0].attachment.url"
