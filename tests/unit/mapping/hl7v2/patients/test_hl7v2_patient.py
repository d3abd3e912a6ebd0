"""PID: identifiers, names, dates, status; never a trait in a finding."""

import pytest
from cda_sample import INS_OID
from hl7_samples import INS, OTHER_INS, PID, ROWS, message, msh, results

from gateway.mapping.hl7v2 import understand
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING
from gateway.records.intake.understanding import Understanding


def read(pid: str) -> Understanding:
    return understand(results(pid=pid), DEFAULT_READING)


def test_all_traits_and_identifiers_of_pid_are_read() -> None:
    patient = read(PID).documents[0].patient
    assert (patient.ins, patient.ins_oid, patient.other_ids) == (
        INS,
        INS_OID,
        ("1.2.250.1.999.3^7001",),
    )
    assert (patient.birth_family, patient.birth_given, patient.birth_givens) == (
        "PATTE",
        "Ana",
        "Ana Lea",
    )
    assert (patient.used_family, patient.used_given) == ("DURAND", "Ana")
    assert (patient.birth_date, patient.sex, patient.birth_place) == ("1955-08-15", "F", "51215")
    assert patient.traits_complete


def test_the_ins_is_found_by_its_oid_whatever_its_type_says() -> None:
    patient = read(PID.replace("&ISO^INS~", "&ISO^PI~")).documents[0].patient
    assert patient.ins == INS


@pytest.mark.parametrize("written", [INS_OID, f"{INS_OID}&&ISO", f"&{INS_OID}&ISO"])
def test_the_oid_of_an_ins_may_stand_where_its_name_does(written: str) -> None:
    told = read(PID.replace(f"ASIP-SANTE-INS-NIR&{INS_OID}&ISO", written))
    assert told.verdict is Verdict.ACCEPT
    assert told.documents[0].patient.ins_oid == INS_OID


def test_an_ins_of_an_unknown_oid_is_refused_by_its_oid() -> None:
    understood = read(PID.replace(INS_OID, "1.2.250.1.213.1.4.2"))
    assert "ins-oid" in [finding.code for finding in understood.findings]


def test_two_ins_in_one_pid_are_refused() -> None:
    second = f"{OTHER_INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS~7001"
    understood = read(PID.replace("7001", second, 1))
    assert ("several-ins", 198) in [(f.code, f.condition) for f in understood.findings]


ENDED = "^^20200101^20251231"


def test_an_ins_that_has_ended_waits_for_a_person() -> None:
    """It may have been somebody else's: nobody gets a document by it alone."""
    understood = read(PID.replace("&ISO^INS~", f"&ISO^INS{ENDED}~"))
    assert understood.verdict is Verdict.HOLD
    assert ("ins-ended", "PID-3") in [(f.code, f.where) for f in understood.findings if f.holds]


@pytest.mark.parametrize("ended_first", [False, True])
def test_of_the_history_of_an_ins_the_one_in_force_counts(*, ended_first: bool) -> None:
    one = f"{INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS"
    gone = f"{OTHER_INS}^^^ASIP-SANTE-INS-NIR&{INS_OID}&ISO^INS{ENDED}"
    both = f"{gone}~{one}" if ended_first else f"{one}~{gone}"
    understood = read(PID.replace(one, both))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.documents[0].patient.ins == INS


@pytest.mark.parametrize("end", ["", "20260115", "20261231", "later"])
def test_an_ins_that_ends_later_is_in_force(end: str) -> None:
    understood = read(PID.replace("&ISO^INS~", f"&ISO^INS^^20200101^{end}~"))
    assert understood.verdict is Verdict.ACCEPT


def test_two_pids_in_one_result_message_are_refused() -> None:
    raw = message(msh(), PID, *ROWS, PID.replace(INS, OTHER_INS))
    understood = understand(raw, DEFAULT_READING)
    assert "several-patients" in [finding.code for finding in understood.findings]


@pytest.mark.parametrize(
    ("pid", "code", "condition"),
    [
        ("PID|1||||PATTE^Ana^^^^^L||19550815|F", "required", 101),
        (PID.replace("19550815", "99999999"), "date", 102),
        (PID.replace("19550815", "Aug 15, 1955"), "date", 102),
    ],
)
def test_an_unusable_pid_is_refused(pid: str, code: str, condition: int) -> None:
    understood = read(pid)
    assert understood.verdict is Verdict.REFUSE
    assert (code, condition) in [(f.code, f.condition) for f in understood.findings]


@pytest.mark.parametrize("status", ["PROV", "VALI~PROV", "DOUT"])
def test_results_of_an_identity_that_is_not_validated_are_held(status: str) -> None:
    understood = read(PID.replace("VALI", status))
    assert understood.verdict is Verdict.HOLD
    assert understood.message is not None
    assert understood.message.identity_status == status.rpartition("~")[2]


def test_a_birth_date_may_name_its_degree_of_precision() -> None:
    understood = read(PID.replace("19550815", "1955^Y"))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.message is not None
    assert (understood.message.birth_date, understood.documents[0].patient.birth_date) == (
        "1955",
        "1955",
    )


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("1955", "1955"),
        ("195508+0100", "195508"),
        ("1955+0100", "1955"),
        ("195508151530.25-0500", "19550815"),
        ("1955-08-15", None),
        ("15/08/1955", None),
        ("19550", None),
    ],
)
def test_a_birth_date_is_shown_as_far_as_its_digits_go(written: str, shown: str | None) -> None:
    understood = read(PID.replace("19550815", written))
    assert understood.message is not None
    assert understood.message.birth_date == shown


@pytest.mark.parametrize("written", ["VALI ", " VALI", "VALI~VALI  "])
def test_blanks_around_the_status_are_no_other_status(written: str) -> None:
    understood = read(PID.replace("VALI", written))
    assert understood.verdict is Verdict.ACCEPT
    assert understood.message is not None
    assert understood.message.identity_status == "VALI"


@pytest.mark.parametrize(
    ("written", "bad", "where"),
    [
        ("PATTE", "PAT\u200bTE", "PID-5"),
        ("DURAND", "DUR\u200bAND", "PID-5"),
        ("BDL^^51215", "BDL^^51\u200b215", "PID-11"),
    ],
)
def test_a_trait_that_cannot_be_taken_is_told_at_its_own_field(
    written: str, bad: str, where: str
) -> None:
    found = [f for f in read(PID.replace(written, bad)).findings if f.code == "trait-characters"]
    assert [one.where for one in found] == [where]


def test_results_without_an_ins_are_held() -> None:
    assert read(
        PID.replace("&ISO^INS~", "&ISO^INS~", 1).replace(f"{INS}^^^", "^^^", 1)
    ).verdict is (Verdict.HOLD)


def test_an_adt_of_an_identity_that_is_not_validated_is_taken() -> None:
    raw = message(msh("ADT^A28^ADT_A05"), "EVN||20260115", PID.replace("VALI", "PROV"))
    understood = understand(raw, DEFAULT_READING)
    assert understood.verdict is Verdict.ACCEPT
    assert understood.documents == ()
    assert understood.message is not None
    assert understood.message.patient is not None


def test_a_deleted_value_is_no_trait() -> None:
    patient = read(PID.replace("|F|||", '|""|||')).documents[0].patient
    assert patient.sex is None


def test_no_finding_holds_a_trait() -> None:
    broken = PID.replace("19550815", "Aug 15").replace("VALI", "PROV").replace("51215", "")
    told = " ".join(finding.message + finding.where for finding in read(broken).findings)
    assert not any(trait in told for trait in ("PATTE", "Ana", INS, "Aug"))


DELETED = '""'


def test_deleted_values_of_pid_are_none() -> None:
    said = read(PID.replace("19550815", DELETED)).message
    assert said is not None
    assert (said.birth_date, said.patient_id) == (None, INS)


def test_a_deleted_identifier_names_nobody() -> None:
    understood = read(PID.replace("7001^^^", '""^^^'))
    assert understood.documents[0].patient.other_ids == ()
    alone = read(PID.replace(f"{INS}^", '""^').replace("~7001^", '~""^'))
    assert (alone.verdict, alone.documents[0].patient.ins) == (Verdict.REFUSE, None)
    assert [(one.code, one.where) for one in alone.findings if one.condition == 101] == [
        ("required", "PID-3")
    ]


OTHER_NAME = "^^^^L~MARTIN^Ana^Ana Lea^^^^L~"
OTHER_PLACE = "^BDL^^51215~^^^^^^BDL^^75056"


@pytest.mark.parametrize(
    ("written", "twice", "code", "where"),
    [
        ("^^^^L~", OTHER_NAME, "several-names", "PID-5"),
        ("^^^^L~", "^^^^L~PATTE^Lea^Lea^^^^L~", "several-names", "PID-5"),
        ("^BDL^^51215", OTHER_PLACE, "several-places", "PID-11"),
    ],
)
def test_a_trait_with_two_values_waits_for_a_person(
    written: str, twice: str, code: str, where: str
) -> None:
    understood = read(PID.replace(written, twice))
    assert understood.verdict is Verdict.HOLD
    assert [(f.code, f.where, f.application) for f in understood.findings if f.holds] == [
        (code, where, 904)
    ]


def test_the_same_trait_written_twice_is_one() -> None:
    again = PID.replace("^^^^L~", "^^^^L~Patte^ANA^^^^^L~").replace(
        "BDL^^51215", "BDL^^51215~^^^^^^BDL"
    )
    assert read(again).verdict is Verdict.ACCEPT


def test_an_adt_with_two_birth_names_waits_for_a_person() -> None:
    raw = message(msh("ADT^A28^ADT_A05"), "EVN||20260115", PID.replace("^^^^L~", OTHER_NAME))
    assert understand(raw, DEFAULT_READING).verdict is Verdict.HOLD


def test_an_adt_without_an_ins_is_not_asked_for_what_goes_with_one() -> None:
    local = "PID|1||7001^^^CLINIQUE&1.2.250.1.999.3&ISO^PI||PATTE^Ana^^^^^L||19550815|F"
    understood = understand(message(msh("ADT^A28^ADT_A05"), "EVN||2026", local), DEFAULT_READING)
    assert (understood.verdict, understood.findings) == (Verdict.ACCEPT, ())
