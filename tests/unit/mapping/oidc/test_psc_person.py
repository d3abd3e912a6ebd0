"""The claims of Pro Santé Connect name one professional, in each situation of exercise."""

from typing import Any

import pytest
from psc_peer import CABINET, HOSPITAL, RPPS, exercise, person

from gateway.access.professions import professions
from gateway.mapping.oidc.person import person_claims, professionals_of
from gateway.mapping.oidc.refusal import NotProvedError, Why

G15 = "1.2.250.1.213.1.1.5.5"


def why(claims: dict[str, Any]) -> Why:
    with pytest.raises(NotProvedError) as raised:
        professionals_of(claims, professions())
    return raised.value.why


def test_profession_specialty_and_structure_are_read() -> None:
    (one,) = professionals_of(person(exercise(CABINET)), professions())
    assert (one.id, one.name) == (RPPS, "Kit DOC")
    assert (one.profession, one.specialty, one.activity) == ("G15_10", "SM26", "GENR01")
    assert (one.organization, one.organization_name) == ("1750000001", "Cabinet du Test")


def test_each_structure_of_each_exercise_is_a_situation() -> None:
    nurse = exercise(HOSPITAL, codeProfession="60", codeSavoirFaire="")
    roles = [f"10^{G15}", f"60^{G15}"]
    found = professionals_of(
        person(exercise(CABINET, HOSPITAL), nurse, SubjectRole=roles), professions()
    )
    assert [(one.profession, one.organization) for one in found] == [
        ("G15_10", "1750000001"),
        ("G15_10", "1750000002"),
        ("G15_60", "1750000002"),
    ]


def test_those_in_training_and_the_other_lists() -> None:
    (one,) = professionals_of(
        person(exercise(CABINET, codeCategorieProfessionnelle="E")), professions()
    )
    assert one.profession == "G16_10"
    social = person(SubjectRole=["41^1.2.250.1.213.1.6.1.4"], SubjectRefPro=None)
    assert professionals_of(social, professions())[0].profession == "R94_41"


def test_two_roles_without_an_exercise_are_two_situations() -> None:
    found = professionals_of(
        person(SubjectRole=[f"10^{G15}", f"21^{G15}"], SubjectRefPro=None), professions()
    )
    assert [(one.profession, one.organization) for one in found] == [
        ("G15_10", None),
        ("G15_21", None),
    ]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"SubjectNameID": None}, Why.PERSON),
        ({"SubjectNameID": "3750000001/CPET001"}, Why.PERSON),
        ({"SubjectNameID": "89970000000"}, Why.PERSON),
        ({"SubjectNameID": "٨99700000000"}, Why.PERSON),
        ({"SubjectNameID": [RPPS, RPPS]}, Why.CLAIM),
        ({"SubjectRole": None}, Why.PROFESSION),
        ({"SubjectRole": []}, Why.PROFESSION),
        ({"SubjectRole": f"10^{G15}"}, Why.PROFESSION),
        ({"SubjectRole": [f"10^{G15}", "ADMIN^x"]}, Why.PROFESSION),
        ({"SubjectRole": ["10^1.2.3.4.5"]}, Why.PROFESSION),
        ({"SubjectRole": [f"99^{G15}"]}, Why.PROFESSION),
        ({"SubjectRole": [["10"]]}, Why.PROFESSION),
        ({"SubjectRole": [f"60^{G15}"]}, Why.PROFESSION),
        ({"SubjectRefPro": []}, Why.CLAIM),
        ({"SubjectRefPro": {"exercices": {}}}, Why.CLAIM),
        ({"SubjectRefPro": {"exercices": [1]}}, Why.CLAIM),
        ({"SubjectRefPro": {"exercices": [exercise(1)]}}, Why.CLAIM),  # type: ignore[arg-type]
        ({"SubjectRefPro": {"exercices": [exercise(CABINET)] * 51}}, Why.CLAIM),
        ({"SubjectRefPro": {"exercices": [exercise(codeSavoirFaire="<script>")]}}, Why.CLAIM),
        ({"given_name": 1, "SubjectRefPro": None}, Why.CLAIM),
    ],
)
def test_nobody_in_particular_is_refused(changes: dict[str, Any], reason: Why) -> None:
    assert why(person(**{"SubjectRefPro": {"exercices": [exercise(CABINET)]}, **changes})) is reason


@pytest.mark.parametrize("name", ["sub", "SubjectNameID", "SubjectRole"])
def test_two_sources_that_disagree_are_refused(name: str) -> None:
    told = person(exercise(CABINET))
    assert person_claims({"sub": told["sub"]}, told)["SubjectNameID"] == RPPS
    with pytest.raises(NotProvedError):
        person_claims({**told, name: "another"}, told)
    with pytest.raises(NotProvedError):
        person_claims({}, {**told, "sub": None})
