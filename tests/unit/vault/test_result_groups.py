"""A table of results says what tells its rows apart."""

from gateway.records.documents.observation import Observation
from gateway.vault.document.results import groups_of

EARLY, LATE = "2026-01-10T07:15:00Z", "2026-01-10T09:15:00Z"
PH = Observation(
    code="2744-1",
    system="LN",
    text="pH",
    value="7.38",
    value_type="NM",
    unit="",
    range="",
    flag="",
    status="F",
    time=EARLY,
    group="GAZ",
    group_text="Gaz du sang",
    group_id="A1",
    sub_id="1",
    producer="",
    note="",
)


def test_one_analysis_at_two_times_says_them() -> None:
    (group,) = groups_of([PH, PH._replace(value="7.41", sub_id="2", time=LATE)])
    assert [one.when.replace("\u00a0", " ") for one in group.rows] == [
        "10 janvier 2026 à 8 h 15",
        "10 janvier 2026 à 10 h 15",
    ]


def test_times_that_tell_nothing_apart_are_not_shown() -> None:
    (group,) = groups_of([PH, PH._replace(code="2703-7", text="pO2", time=LATE)])
    assert [one.when for one in group.rows] == ["", ""]


def test_a_specimen_that_all_rows_share_is_said_once() -> None:
    blood, urine = PH._replace(specimen="Sang"), PH._replace(specimen="Urines", sub_id="2")
    (group,) = groups_of([blood, blood])
    assert (group.specimen, [one.specimen for one in group.rows]) == ("Sang", ["", ""])
    (group,) = groups_of([blood, urine])
    assert (group.specimen, [one.specimen for one in group.rows]) == ("", ["Sang", "Urines"])


def test_a_truth_value_and_a_unit_are_said_in_words() -> None:
    said = [PH._replace(value="true"), PH._replace(value="false"), PH._replace(unit="[IU]/L")]
    (group,) = groups_of(said)
    assert [one.value for one in group.rows] == ["oui", "non", "7.38"]
    assert group.rows[2].unit == "UI/L"


def test_what_was_not_given_has_no_unit() -> None:
    (group,) = groups_of([PH._replace(value="", unit="g/L", status="I"), PH._replace(unit="g/L")])
    assert [(one.value, one.unit) for one in group.rows] == [("non rendu", ""), ("7.38", "g/L")]


def test_a_row_without_type_and_value_is_a_heading_and_no_result_that_is_missing() -> None:
    title = PH._replace(text="BIOCHIMIE", value="", value_type="")
    missing = PH._replace(value="")
    undone, judged = title._replace(status="X"), title._replace(flag="A")
    (group,) = groups_of([title, missing, undone, judged])
    assert [one.heading for one in group.rows] == [True, False, False, False]


def test_the_titles_of_a_group_give_its_rows_no_times() -> None:
    title = PH._replace(code="TITRE", text="GAZ DU SANG", value="", value_type="", time=None)
    (group,) = groups_of([title, PH, title._replace(sub_id="2", text="CALCULS")])
    assert [one.when for one in group.rows] == ["", "", ""]


def test_a_specimen_that_is_a_code_alone_is_said_in_words() -> None:
    (group,) = groups_of([PH._replace(specimen="BLDA")])
    assert group.specimen == "sang artériel"
    serum, other = PH._replace(specimen="ser"), PH._replace(specimen="Sang total", sub_id="2")
    (group,) = groups_of([serum, other])
    assert [one.specimen for one in group.rows] == ["sérum", "Sang total"]


def test_an_antibiogram_has_sensitivities_and_no_interval() -> None:
    rows = [PH._replace(text="Amoxicilline", flag="R"), PH._replace(text="Ofloxacine", flag="s")]
    (group,) = groups_of(rows)
    assert group.sensitivities
    assert [one.flag_words for one in group.rows] == ["résistant", "sensible"]
    for other in (PH._replace(flag="H"), PH._replace(flag="S", range="7.35-7.45")):
        (group,) = groups_of([*rows, other])
        assert not group.sensitivities
    (group,) = groups_of([PH])
    assert not group.sensitivities
