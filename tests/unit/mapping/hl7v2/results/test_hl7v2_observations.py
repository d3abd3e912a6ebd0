"""What a row means in every type, and what is said of rows that are odd."""

import pytest
from hl7_samples import PID, message, msh, results

from gateway.mapping.datatypes.units import is_loinc, is_ucum
from gateway.mapping.hl7v2 import understand
from gateway.records.documents.document import Action
from gateway.records.documents.observation import Observation
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.intake.reading import DEFAULT_READING, Reading

HEAD = "OBR|1|P1|A1|58410-2^Hemogramme^LN"


def row(obx: str, *more: str) -> Observation:
    return understand(results(HEAD, obx, *more), DEFAULT_READING).observations[0][0]


def told(*segments: str, reading: Reading = DEFAULT_READING) -> list[Finding]:
    return list(understand(results(*segments), reading).findings)


def codes(*segments: str) -> list[tuple[str, str]]:
    return [(one.code, one.where) for one in told(*segments)]


@pytest.mark.parametrize(
    ("kind", "written", "value"),
    [
        ("SN", "^10", "10"),
        ("SN", ">^100", ">100"),
        ("SN", "=^100", "100"),
        ("SN", ">=^100", ">=100"),
        ("SN", "^1^:^128", "1:128"),
        ("SN", "^2^-^5", "2-5"),
        ("CE", "260385009^Negatif^SCT", "Negatif"),
        ("CE", "NEG", "NEG"),
        ("CWE", "^^^L1^local^L", "local"),
        ("CWE", "LA6576-8^^LN", "LA6576-8"),
        ("CE", "L1^présent^L~L2^abondant^L", "présent\nabondant"),
        ("FT", r"un\.br\deux", "un\ndeux"),
        ("TX", "un~deux", "un\ndeux"),
        ("ST", "a\\T\\b", "a&b"),
        ("DT", "20260115", "2026-01-15"),
        ("TS", "20260115081530+0100", "2026-01-15T07:15:30Z"),
        ("TS", "202601", "2026-01"),
        ("TM", "081530", "08:15:30"),
        ("DT", "hier", "hier"),
        ("NM", "13,4", "13,4"),
        ("NM", "<5", "<5"),
        ("NM", '""', '""'),
        ("XCN", "801^DURAND^Claire", "801 DURAND Claire"),
    ],
)
def test_each_type_is_text_that_people_read(kind: str, written: str, value: str) -> None:
    assert row(f"OBX|1|{kind}|718-7^x^LN||{written}||||||F").value == value


@pytest.mark.parametrize(
    ("named", "code", "text", "system"),
    [
        ("718-7^Hb^LN", "718-7", "Hb", "2.16.840.1.113883.6.1"),
        ("HB^Hb labo^L^718-7^Hémoglobine^LN", "718-7", "Hémoglobine", "2.16.840.1.113883.6.1"),
        ("HB^Hb labo^L^718-7^^LN", "718-7", "Hb labo", "2.16.840.1.113883.6.1"),
        ("718-7^Hb^LN^HB^Hb labo^L", "718-7", "Hb", "2.16.840.1.113883.6.1"),
        ("HB^Hb labo^L", "HB", "Hb labo", "L"),
        ("^Hb labo", "", "Hb labo", ""),
        ("HB", "HB", "", ""),
        ("^^^HB^Hb labo^L", "HB", "Hb labo", "L"),
    ],
)
def test_the_analysis_is_named_by_its_loinc_code_wherever_it_stands(
    named: str, code: str, text: str, system: str
) -> None:
    one = row(f"OBX|1|NM|{named}||1||||||F")
    assert (one.code, one.text, one.system) == (code, text, system)


@pytest.mark.parametrize(
    ("written", "unit"),
    [
        ("g/dL", "g/dL"),
        ("g/dL^gramme par décilitre^UCUM", "g/dL"),
        ("g/100mL^^L^g/dL^^UCUM", "g/dL"),
        ("Giga/L", "Giga/L"),
        ("^pour cent", "pour cent"),
        ("", ""),
        ('""', ""),
    ],
)
def test_a_unit_is_ucum_where_there_is_one_and_text_else(written: str, unit: str) -> None:
    assert row(f"OBX|1|NM|718-7^x^LN||1|{written}|||||F").unit == unit


@pytest.mark.parametrize(
    ("written", "flag"),
    [("H", "H"), ("H^Haut^HL70078", "H"), ("H~A", "H"), ("", ""), ('""', ""), ("<", "<")],
)
def test_the_flag_is_its_code(written: str, flag: str) -> None:
    assert row(f"OBX|1|NM|718-7^x^LN||1|g/L|<2|{written}|||F").flag == flag


@pytest.mark.parametrize(
    ("written", "spans"),
    [
        ("3.5 - 5.0", "3.5 - 5.0"),
        ("< 5 \\T\\ > 1", "< 5 & > 1"),
        ("H : 13-17", "H : 13-17"),
        ('""', ""),
    ],
)
def test_ranges_are_free_text(written: str, spans: str) -> None:
    assert row(f"OBX|1|NM|718-7^x^LN||1|g/L|{written}||||F").range == spans


def test_notes_go_to_the_row_or_to_the_order_that_they_follow() -> None:
    one = row("NTE|1|L|à jeun", "NTE|2|L|deux", "OBX|1|NM|718-7^x^LN||1||||||F", "NTE|1|L|revu")
    assert (one.group_note, one.note) == ("à jeun\ndeux", "revu")
    after_prt = row("OBX|1|NM|718-7^x^LN||1||||||F", "PRT||UC||RCT", "NTE|1|L|revu")
    assert after_prt.note == "revu"
    of_patient = message(msh(), PID, "NTE|1|L|personne", HEAD, "OBX|1|NM|718-7^x^LN||1||||||F")
    found = understand(of_patient, DEFAULT_READING).observations[0][0]
    assert (found.group_note, found.note) == ("", "")


def test_a_time_may_name_its_degree_of_precision() -> None:
    """TS.2 of HL7 2.1 to 2.5."""
    obr = f"{HEAD}|||20260115081500+0100^M|20260115^D"
    obx = "OBX|1|NM|718-7^x^LN||1|g/L|||||F|||20260115091500+0100^S"
    raw = results(obr, obx).replace(b"|20260115101500+0100|", b"|20260115101500+0100^S|")
    understood = understand(raw, DEFAULT_READING)
    made = understood.documents[0]
    assert understood.findings == ()
    assert made.creation_time == "2026-01-15T09:15:00Z"
    assert (made.service_start, made.service_stop) == ("2026-01-15T07:15:00Z", "2026-01-15")
    assert understood.observations[0][0].time == "2026-01-15T08:15:00Z"


@pytest.mark.parametrize(
    ("sent", "started", "measured"),
    [
        ("20260115101500+0400", "2026-01-15T04:15Z", "2026-01-15T05:15Z"),
        ("20260115101500", "2026-01-15T07:15Z", "2026-01-15T08:15Z"),
        ("20260115101500+9900", "2026-01-15T07:15Z", "2026-01-15T08:15Z"),
    ],
)
def test_the_hours_of_a_row_and_of_its_order_are_those_of_the_laboratory(
    sent: str, started: str, measured: str
) -> None:
    """The offset of MSH-7 is that of the message (HL7 2.5, 2.15.9.7); else the clock in Paris."""
    obr = f"{HEAD}|||202601150815"
    obx = "OBX|1|TS|718-7^x^LN||202601150915||||||F|||202601150915"
    raw = results(obr, obx).replace(b"|20260115101500+0100|", f"|{sent}|".encode())
    understood = understand(raw, DEFAULT_READING)
    assert understood.documents[0].service_start == started
    assert understood.observations[0][0].time == measured
    assert understood.observations[0][0].value == measured


@pytest.mark.parametrize(
    ("sent", "made"),
    [("20260115101500", "2026-01-15T09:15:00Z"), ("20260715101500", "2026-07-15T08:15:00Z")],
)
def test_a_message_without_any_offset_was_made_by_the_clock_in_paris(sent: str, made: str) -> None:
    raw = results(HEAD, "OBX|1|NM|718-7^x^LN||1||||||F")
    raw = raw.replace(b"|20260115101500+0100|", f"|{sent}|".encode())
    assert understand(raw, DEFAULT_READING).documents[0].creation_time == made


def test_each_repetition_of_a_note_is_a_line() -> None:
    one = row("NTE|1|L|à jeun~ce matin", "OBX|1|NM|718-7^x^LN||1||||||F", "NTE|1||vu~a\\R\\b~relu")
    assert (one.group_note, one.note) == ("à jeun\nce matin", "vu\na~b\nrelu")


def test_a_deleted_name_of_a_result_names_nothing() -> None:
    assert codes(HEAD, 'OBX|1|NM|""||1||||||F') == [("required", "OBX-3")]


def test_each_order_keeps_its_own_name_and_number() -> None:
    raw = results(
        HEAD, "OBX|1|NM|718-7^x^LN||1||||||F", "ORC|RE", "OBR|2||B2|24326-1^Iono^LN",
        "NTE|1|L|du groupe", "OBX|1|NM|2951-2^y^LN||1||||||F", "OBX|2|NM|2823-3^z^LN||1||||||F",
    )  # fmt: skip
    found = understand(raw, DEFAULT_READING).observations[0]
    assert [(one.group_id, one.group_text, one.group_note) for one in found] == [
        ("A1", "Hemogramme", ""),
        ("B2", "Iono", "du groupe"),
        ("B2", "Iono", "du groupe"),
    ]


@pytest.mark.parametrize(
    ("obx", "code", "severity"),
    [
        ("OBX|1|NM|718-7^x^LN||13,4|g/dL|||||F", "decimal-comma", Severity.WARNING),
        ("OBX|1|SN|718-7^x^LN||<^0,5|g/dL|||||F", "decimal-comma", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN||7~1,5|g/dL|||||F", "decimal-comma", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN||<5|g/dL|||||F", "not-a-number", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN||7~<5|g/dL|||||F", "not-a-number", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN||1.2.3|g/dL|||||F", "not-a-number", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN||négatif|g/dL|||||F", "not-a-number", Severity.WARNING),
        ("OBX|1|NM|718-7^x^LN|||g/dL|||||F", "no-value", Severity.INFO),
        ("OBX|1|NM|718-8^x^LN||1|g/dL|||||F", "loinc-check", Severity.INFO),
        ("OBX|1|NM|HB^x^LN||1|g/dL|||||F", "loinc-check", Severity.INFO),
        ("OBX|1|NM|718-7^x^LN||1|Giga/L|||||F", "unit-text", Severity.INFO),
        ("OBX|1|NM|29463-7^Poids^LN||150|[lb_av]|||||F", "unit-unknown", Severity.INFO),
        ("OBX|1|NM|2345-7^Glucose^LN||1|g|||||F", "unit-unknown", Severity.INFO),
        ("OBX|1|NM|718-7^x^LN||1|g/dL|||||F|||demain", "date", Severity.WARNING),
        ("OBX|1|DT|718-7^x^LN||20261340||||||F", "date-value", Severity.WARNING),
        ("OBX|1|TM|718-7^x^LN||2560||||||F", "date-value", Severity.WARNING),
        ("OBX|1|TM|718-7^x^LN||0815~midi||||||F", "date-value", Severity.WARNING),
        ("OBX|1|ZZ|718-7^x^LN||1||||||F", "value-type", Severity.WARNING),
        ("OBX|1||718-7^x^LN||1||||||F", "value-type", Severity.WARNING),
    ],
)
def test_what_is_odd_is_told_and_the_result_is_kept(
    obx: str, code: str, severity: Severity
) -> None:
    understood = understand(results(HEAD, obx), DEFAULT_READING)
    (found,) = understood.findings
    assert (found.code, found.severity) == (code, severity)
    assert (understood.verdict, understood.results) == (Verdict.ACCEPT, 1)


@pytest.mark.parametrize("status", ["D", "X", "I", "O", "P"])
def test_a_row_without_a_number_is_right_where_there_is_none_yet(status: str) -> None:
    assert codes(HEAD, f"OBX|1|NM|718-7^x^LN||||||||{status}") == []


@pytest.mark.parametrize("unit", ["mmol/L", "g/L", "mg/dL"])
def test_a_measure_in_any_unit_of_it_is_told_nothing_of(unit: str) -> None:
    assert codes(HEAD, f"OBX|1|NM|2345-7^Glucose^LN||5|{unit}|||||F") == []
    assert codes(HEAD, "OBX|1|ST|2345-7^Glucose^LN||voir commentaire||||||F") == []
    assert codes(HEAD, "OBX|1|NM|2345-7^Glucose^L||5|chez nous|||||F")[0][0] == "unit-text"


@pytest.mark.parametrize("value", ["13.4", "-2", "+0.5", ".5", "7.", "60~120", "60~~ 7"])
def test_numbers_are_numbers(value: str) -> None:
    assert codes(HEAD, f"OBX|1|NM|718-7^x^LN||{value}|g/dL|||||F") == []


def test_the_same_oddity_is_told_once_and_errors_each_time() -> None:
    odd = [f"OBX|{n}|NM|718-7^x^LN||1,{n}|Giga/L|||||F" for n in range(1, 30)]
    assert codes(HEAD, *odd) == [("decimal-comma", "OBX-5"), ("unit-text", "OBX-6")]
    wrong = [f"OBX|{n}|NM|718-7^x^LN||1||||||" for n in range(1, 4)]
    assert codes(HEAD, *wrong) == [
        ("required", "OBX-11"),
        ("required", "OBX[2]-11"),
        ("required", "OBX[3]-11"),
    ]
    assert len(told(HEAD, *wrong * 30)) == 20


def test_results_without_an_order_are_told_and_refused_when_strict() -> None:
    row_only = "OBX|1|NM|718-7^x^LN||1||||||F"
    assert codes(row_only) == [("order-missing", "OBR")]
    (found,) = told(row_only, reading=Reading(strict=True))
    assert (found.severity, found.condition) == (Severity.ERROR, 100)


def test_a_correction_that_names_no_order_is_told() -> None:
    obx = "OBX|1|NM|718-7^x^LN||1||||||C"
    assert codes("OBR|1|P1", obx) == [("correction-unnamed", "OBR-3")]
    assert codes(HEAD, "OBX|1|NM|718-7^x^LN||1||||||F", "OBR|2|P1", obx) == [
        ("correction-unnamed", "OBR[2]-3")
    ]


@pytest.mark.parametrize(
    ("statuses", "action"),
    [("FF", Action.CREATE), ("FC", Action.REPLACE), ("DF", Action.REPLACE), ("W", Action.REPLACE),
     ("P", Action.CREATE), ("X", Action.CREATE)],
)  # fmt: skip
def test_corrections_and_deletions_make_a_replacement(statuses: str, action: Action) -> None:
    rows = [f"OBX|{n}|ST|718-7^x^LN||1||||||{one}" for n, one in enumerate(statuses, 1)]
    assert understand(results(HEAD, *rows), DEFAULT_READING).documents[0].action is action


@pytest.mark.parametrize(
    "unit",
    ["g/dL", "10*9/L", "10*6/uL", "m[IU]/L", "k[IU]/L", "%", "mm[Hg]", "mL/min/{1.73_m2}", "{INR}",
     "umol/L", "mg/g{creat}", "fL", "U/L", "/[HPF]", "1", "mosm/kg", "kPa", "Cel", "mL/(min.m2)"],
)  # fmt: skip
def test_ucum_units_of_laboratories_are_known(unit: str) -> None:
    assert is_ucum(unit)


@pytest.mark.parametrize(
    "unit", ["Giga/L", "G/L", "T/L", "UI/L", "µmol/L", "g/100mL/x", "mn", "mEq/L", "a" * 61]
)
def test_other_units_are_not(unit: str) -> None:
    assert not is_ucum(unit)


def test_the_check_digit_of_loinc() -> None:
    assert all(map(is_loinc, ("718-7", "2951-2", "58410-2", "11502-2", "33914-3")))
    assert not any(map(is_loinc, ("718-8", "7187", "718-", "LP1234-5", "", "7١8-7")))
