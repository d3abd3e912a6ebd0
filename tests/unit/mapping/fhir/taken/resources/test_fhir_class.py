"""The class of a document follows from its type (ASS_X16); what its sender says of it is kept."""

from fhir_sample import raw, reference

from gateway.mapping.fhir.taken.read import understand_fhir
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING


def test_a_category_that_is_not_the_class_of_the_type_is_told_and_kept() -> None:
    system = "https://mos.esante.gouv.fr/NOS/TRE_A03-ClasseDocument-CISIS/FHIR/TRE-A03"
    said = reference(category=[{"coding": [{"system": system, "code": "42"}]}])
    answer = understand_fhir(raw(said), DEFAULT_READING)
    assert [(one.code, one.where) for one in answer.findings] == [
        ("class-differs", "DocumentReference.category")
    ]
    assert answer.verdict is Verdict.ACCEPT
    assert answer.documents[0].class_code == "42"
