"""A name that a false MSH-18 spoils is for a person to look at, not for the sender alone."""

import pytest
from hl7_samples import PID, ROWS, message, msh

from gateway.mapping.hl7v2 import understand
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

FALSE = [("8859/15", "utf-8", "Élodie"), ("8859/1", "utf-8", "Aída"), ("8859/1", "cp1252", "D’Arc")]


@pytest.mark.parametrize(("declared", "codec", "family"), FALSE)
def test_a_name_read_by_a_false_set_waits_as_it_was_declared(
    declared: str, codec: str, family: str
) -> None:
    pid = PID.replace("PATTE", family)
    read = understand(message(msh(charset=declared), pid, *ROWS, charset=codec), DEFAULT_READING)
    assert [one.code for one in read.findings] == ["charset-suspect", "trait-characters"]
    assert read.verdict is Verdict.HOLD


@pytest.mark.parametrize("family", ["ÉL\u200bODIE", "Él\u043edie"])
def test_what_no_false_set_makes_is_refused_all_the_same(family: str) -> None:
    pid = PID.replace("PATTE", family).replace("Ana^Ana Lea", "ZoÃ©^ZoÃ©")
    read = understand(message(msh(), pid, *ROWS), DEFAULT_READING)
    assert "charset-suspect" in [one.code for one in read.findings]
    assert read.verdict is Verdict.REFUSE


def test_a_control_character_in_a_true_set_is_refused() -> None:
    read = understand(message(msh(), PID.replace("PATTE", "PA\u0089TTE"), *ROWS), DEFAULT_READING)
    assert read.verdict is Verdict.REFUSE
