"""Reference curves of a file, their lines, and exact ages (VAULT MEA-06, MEA-07).

The references here are invented: a median that grows by one a hundred days.
"""

from datetime import date

import pytest

from gateway.errors import RefusedError
from gateway.mapping.growth.ages import age_days, due
from gateway.mapping.growth.charts import RANGES, lines_of, reference_for
from gateway.mapping.growth.reference import Lms, Reference, references_in
from gateway.mapping.measures.kinds import BMI, HEIGHT, WEIGHT

HEAD = "reference,sex,measure,age_days,L,M,S\n"
SOME = HEAD + "".join(
    f"Essai 2020,{sex},poids,{age},1,{10 + age / 100},0.1\n"
    for sex in "MF"
    for age in (0, 400, 1200, 7000)
)
UP_TO_3 = next(one for one in RANGES if one.key == "poids-0-3")


def only(text: str) -> Reference:
    (one,) = references_in(text)
    return one


def test_a_line_of_lms_is_coles_formula() -> None:
    assert Lms(1, 10, 0.1).at(2) == pytest.approx(12)
    assert Lms(0, 10, 0.1).at(1) == pytest.approx(11.0517, abs=1e-4)
    assert Lms(-2, 10, 0.1).at(1) == pytest.approx(10 * 0.8**-0.5)
    assert Lms(-5, 10, 0.1).at(3) is None


def test_girls_and_boys_have_curves_of_their_own() -> None:
    every = references_in(SOME)
    assert [(one.sex, one.measure) for one in every] == [("M", WEIGHT), ("F", WEIGHT)]
    girls = reference_for(every, "F", WEIGHT)
    assert girls is not None
    assert (girls.sex, girls.name) == ("F", "Essai 2020")
    assert reference_for(every, "F", HEIGHT) is None


def test_main_lines_are_3_50_and_97_percent_and_more_are_on_demand() -> None:
    one = references_in(SOME)[0]
    main = lines_of(one, UP_TO_3.days, wanted="")
    assert [(line.label, line.is_main) for line in main] == [
        ("3 %", True),
        ("50 %", True),
        ("97 %", True),
    ]
    assert [age for age, _ in main[1].points] == [0, 400]
    assert main[0].points[0][1] == pytest.approx(10 - 1.8808, abs=1e-3)
    more = lines_of(one, UP_TO_3.days, wanted="plus")
    assert [line.label for line in more if not line.is_main] == [
        "1 %", "10 %", "25 %", "75 %", "90 %", "99 %",
    ]  # fmt: skip
    spread = lines_of(one, UP_TO_3.days, wanted="ecarts")
    assert [line.label for line in spread] == ["−3 σ", "−2 σ", "−1 σ", "M", "+1 σ", "+2 σ", "+3 σ"]
    assert spread[-1].points[0][1] == pytest.approx(13)


def test_a_file_of_centiles_and_lines_of_the_iotf_is_drawn_as_far_as_it_goes() -> None:
    one = only(
        "\ufeff# essai\nreference;sex;measure;age_days;p3;50;C97;IOTF_25\n"
        "Essai;fille;IMC;730;13,5;16;19;18\nEssai;fille;IMC;6574;16;21;;25\n"
    )
    assert (one.sex, one.measure) == ("F", BMI)
    lines = lines_of(one, (0, 6575), wanted="plus")
    assert [(line.label, len(line.points)) for line in lines] == [
        ("3 %", 2),
        ("50 %", 2),
        ("97 %", 1),
        ("IOTF 25", 2),
    ]
    assert lines_of(one, (0, 6575), wanted="ecarts") == lines


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("reference,sex,measure,L,M,S\n", "age_days"),
        ("reference,sex,measure,age_days,note\n", "centiles"),
        (HEAD + "E,X,poids,1,1,1,1\n", "line 2"),
        (HEAD + "E,M,pointure,1,1,1,1\n", "line 2"),
        (HEAD + "E,M,poids,1.5,1,1,1\n", "age_days"),
        (HEAD + "E,M,poids,1,1,nan,1\n", "no number"),
        (HEAD + "E,M,poids,1,1,1,\n", "together"),
        (HEAD + "E,M\n", "line 2"),
    ],
)
def test_a_file_that_is_no_reference_is_refused_with_its_line(text: str, told: str) -> None:
    with pytest.raises(RefusedError, match=told):
        references_in(text)


def test_ages_are_exact_days_and_a_corrected_age_counts_from_when_birth_was_due() -> None:
    born = date(2024, 2, 28)
    assert age_days(born, date(2024, 3, 1)) == 2
    assert due(born, None) == born
    assert due(born, 38) == born
    assert (due(born, 32) - born).days == 56
    assert age_days(due(born, 32), date(2024, 3, 1)) == -54
