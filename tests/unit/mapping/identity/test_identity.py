"""INS, its key, and the traits beside it."""

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.identity import (
    identity_findings,
    in_capitals,
    ins_key_ok,
    same_traits,
    text_problem,
)
from gateway.records.intake.finding import Severity, verdict_of
from gateway.records.patients.patient import PatientIdentity, Profile

CORPUS = Path(__file__).resolve().parents[5] / "shared"
WHOLE = PatientIdentity(
    ins="255089999999966",
    ins_oid="1.2.250.1.213.1.4.10",
    birth_family="PATTE",
    birth_given="Ana",
    birth_date="1955-08-15",
    sex="F",
    birth_place="51215",
)


def changed(**changes: str | None) -> PatientIdentity:
    values: dict[str, str | None] = {
        name: getattr(WHOLE, name)
        for name in ("ins", "ins_oid", "birth_family", "birth_given", "birth_date", "sex")
    }
    values["birth_place"] = WHOLE.birth_place
    return PatientIdentity(**(values | changes))  # type: ignore[arg-type]  # names of the record


def codes(
    identity: PatientIdentity, *, status: str | None = None, profile: Profile = Profile.TEST
) -> dict[str, Severity]:
    found = identity_findings(identity, status=status, profile=profile)
    return {finding.code: finding.severity for finding in found}


def test_keys_count_2a_as_19_and_2b_as_18() -> None:
    assert ins_key_ok("285032A99999994")
    assert ins_key_ok("290112B03304562")
    assert not ins_key_ok("290112B03304563")
    assert not ins_key_ok("285032C99999994")


@pytest.mark.parametrize(
    "ins",
    ["", "25508999999996", "0255089999999966", "255O89999999966", "255_089999999966",
     "255089999999966\n", "255089999999966\u00a0", "٢٥٥٠٨٩٩٩٩٩٩٩٩٦٦",
     "２５５０８９９９９９９９９６６",
     "25508\u00ad9999999966", "1' OR '1'='1"],
)  # fmt: skip
def test_look_alikes_are_no_ins(ins: str) -> None:
    assert not ins_key_ok(ins)
    assert codes(changed(ins=ins))["ins-malformed"] is Severity.ERROR


@given(st.text(max_size=20))
def test_no_text_makes_the_key_check_fail(ins: str) -> None:
    assert ins_key_ok(ins) in (True, False)


def test_a_whole_identity_has_nothing_to_say() -> None:
    assert codes(WHOLE) == {}
    assert codes(WHOLE, status="VALI") == {}


def test_each_profile_knows_its_own_oids_only() -> None:
    assert codes(WHOLE, profile=Profile.PRODUCTION) == {"ins-oid": Severity.ERROR}
    assert codes(changed(ins_oid="1.2.250.1.213.1.4.8")) == {"ins-oid": Severity.ERROR}
    assert "ins-oid" in codes(changed(ins_oid="1.2.250.1.213.1.4.10 "))


def test_a_wrong_key_is_a_warning_in_tests_and_an_error_in_production() -> None:
    wrong = changed(ins="255089999999967", ins_oid="1.2.250.1.213.1.4.8")
    assert codes(wrong, profile=Profile.PRODUCTION) == {"ins-key": Severity.ERROR}
    assert codes(changed(ins="255089999999967")) == {"ins-key": Severity.WARNING}


def test_an_identity_that_is_not_validated_or_has_no_ins_is_held() -> None:
    for identity, status in ((WHOLE, "PROV"), (changed(ins=None, ins_oid=None), None)):
        findings = identity_findings(identity, status=status, profile=Profile.TEST)
        assert verdict_of(findings).value == "hold"


@pytest.mark.parametrize("trait", ["birth_family", "birth_given", "birth_date", "sex"])
def test_a_missing_trait_holds_with_905(trait: str) -> None:
    (finding,) = identity_findings(changed(**{trait: None}), status=None, profile=Profile.TEST)
    assert (finding.code, finding.holds, finding.application) == ("traits-missing", True, 905)
    assert trait in finding.message


def test_a_date_that_is_none_counts_as_missing() -> None:
    assert "traits-missing" in codes(changed(birth_date="19550815"))


def test_a_missing_birth_place_is_only_a_warning_with_905() -> None:
    (finding,) = identity_findings(changed(birth_place=None), status=None, profile=Profile.TEST)
    assert (finding.code, finding.holds, finding.application) == ("birth-place-missing", False, 905)


@pytest.mark.parametrize(
    "name", ["PATTE\x00", "\u202eETTAP", "PAT\u200bTE", "PАTTE", "A" * 101, "PAT\u00adTE", "A\nB"]
)
def test_unseen_mixed_and_endless_characters_are_refused_without_being_repeated(name: str) -> None:
    findings = identity_findings(changed(birth_family=name), status=None, profile=Profile.TEST)
    assert [finding.code for finding in findings] == ["trait-characters"]
    assert name not in findings[0].message


@pytest.mark.parametrize("name", ["D'ALEMBERT-N'GUYEN", "JEAN-LOUP", "Éloïse", "L’Œuf", "Ana B."])
def test_ordinary_names_pass(name: str) -> None:
    assert text_problem(name) is None


def test_names_differ_only_by_their_letters() -> None:
    other = changed(birth_family="patte", birth_given="ANA")
    assert same_traits(WHOLE, other) == []
    left = changed(birth_family="D'Été-Œuvre", birth_given="Jean-Loup")
    right = changed(birth_family="D’ETE OEUVRE", birth_given="JEAN LOUP")
    assert same_traits(left, right) == []


def test_traits_that_disagree_are_named_and_missing_ones_are_not() -> None:
    other = changed(birth_family="AUTRE", birth_given=None, birth_date="1955-08", sex="M")
    assert same_traits(WHOLE, other) == ["birth_family", "sex"]
    assert same_traits(WHOLE, changed(birth_date="1955-09")) == ["birth_date"]
    assert same_traits(WHOLE, changed(sex="UN", birth_place="99999")) == []


@given(st.text(max_size=30))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert in_capitals(in_capitals(text)) == in_capitals(text)


def published_idents() -> list[Path]:
    folder = CORPUS / "corpus" / "hostile" / "ident"
    return sorted(path for path in folder.glob("*.json") if "email" not in path.name)


@pytest.mark.parametrize("path", published_idents(), ids=lambda path: path.stem)
def test_hostile_identities_are_refused_and_their_controls_taken(path: Path) -> None:
    given_ = json.loads(path.read_text(encoding="utf-8"))
    renamed = {"value": "ins", "family": "birth_family", "given": "birth_given"}
    values = {renamed[key]: value for key, value in given_.items() if key in renamed}
    if "system" in given_:
        values["ins_oid"] = given_["system"].removeprefix("urn:oid:")
    found = codes(changed(**values))
    if "-ctl-" in path.stem:
        assert found == {}
    else:
        assert Severity.ERROR in found.values() or "ins-key" in found


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_the_published_matricules_have_the_keys_said_of_them() -> None:
    with (CORPUS / "reference" / "ins_vectors.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert ins_key_ok(row["value"]) == (row["key_valid"] == "Y")


def test_a_trait_that_is_missing_is_missing_in_its_own_field() -> None:
    for trait, field in (("birth_date", "PID-7"), ("birth_place", "PID-11"), ("sex", "PID-8")):
        (finding,) = identity_findings(changed(**{trait: None}), status=None, profile=Profile.TEST)
        assert finding.where == field
