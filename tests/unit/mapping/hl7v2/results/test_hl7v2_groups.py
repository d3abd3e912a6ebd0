"""What a group of results was made of: its specimen, and the germ of an antibiogram."""

import time

import pytest
from hl7_samples import results

from gateway.mapping.hl7v2 import understand
from gateway.records.documents.observation import Observation
from gateway.records.intake.reading import DEFAULT_READING

BLOOD = ("OBR|1|P1|A1|2345-7^Glucose^LN", "OBX|1|NM|2345-7^Glucose^LN||5.1|mmol/L|||||F")
URINE = ("OBR|2|P1|A2|2345-7^Glucose^LN", "OBX|1|NM|2345-7^Glucose^LN||0|mmol/L|||||F")
CULTURE = (
    "OBR|1|P9|M9|630-4^ECBU^LN",
    "OBX|1|CE|6463-4^Germe^LN|1|112283007^Escherichia coli^SCT||||||F",
    "OBX|2|CE|6463-4^Germe^LN|2|E2^Proteus mirabilis^L||||||F",
)
SENSIBLE = "OBX|1|ST|18906-8^Ciprofloxacine^LN|1|S|||S|||F"


def rows(*segments: str) -> list[Observation]:
    return list(understand(results(*segments), DEFAULT_READING).observations[0])


def test_two_specimens_of_one_message_are_told_apart() -> None:
    found = rows(*BLOOD, "SPM|1|||SER^Sérum^HL70487", *URINE, "SPM|1|||UR")
    assert [one.specimen for one in found] == ["Sérum", "UR"]


@pytest.mark.parametrize(
    ("version", "source", "words"),
    [
        ("2.5", "URN&Urines&HL70487", "Urines"),
        ("2.5", "&Sang total", "Sang total"),
        ("2.5", "SANG", "SANG"),
        ("2.5", "", ""),
        ("2.3.1", "BLD^^sang capillaire", "sang capillaire"),
        ("2.4", "^^sang capillaire", "sang capillaire"),
        ("2.4", "BLD&Sang&HL70070^^au doigt", "Sang"),
        ("2.5", "BLD^^ponction au doigt", "BLD"),
        ("2.5.1^FRA", "BLD^^ponction au doigt", "BLD"),
        ("2.6", "^^ponction au doigt", ""),
    ],
)
def test_the_specimen_of_an_older_version_is_that_of_obr_15(
    version: str, source: str, words: str
) -> None:
    """Its third part is free text up to 2.4 and the method of collection from 2.5 on (SPS.3)."""
    obr = "OBR|1|P1|A1|2345-7^Glucose^LN" + "|" * 11 + source
    sent = results(obr, BLOOD[1], version=version)
    found = understand(sent, DEFAULT_READING).observations[0]
    assert [one.specimen for one in found] == [words]


@pytest.mark.parametrize(
    ("parent", "name"),
    [
        ("6463-4&Germe&LN^1^E. coli BLSE", "Antibiogramme · E. coli BLSE"),
        ("6463-4&Germe&LN^2", "Antibiogramme · Proteus mirabilis"),
        ("6463-4^1", "Antibiogramme · Escherichia coli"),
        ("6463-4^7", "Antibiogramme"),
        ("", "Antibiogramme"),
    ],
)
def test_an_antibiogram_bears_the_germ_of_its_parent(parent: str, name: str) -> None:
    child = "OBR|2|P9|M9-1|29576-6^Antibiogramme^LN" + "|" * 22 + parent
    assert rows(*CULTURE, child, SENSIBLE)[-1].group_text == name


def test_the_germs_of_many_antibiograms_are_looked_up_and_not_searched_for() -> None:
    isolate = "OBX|1|CE|6463-4^Germe^LN|{}|E{}^Germe {}^L||||||F"
    child = "OBR|2|P9|M{}|29576-6^Antibiogramme^LN" + "|" * 22 + "6463-4&Germe&LN^{}"
    isolates = [isolate.format(n, n, n) for n in range(6_000)]
    children = [one for n in range(6_000) for one in (child.format(n, n), SENSIBLE)]
    start = time.process_time()
    found = rows(CULTURE[0], *isolates, *children)
    assert found[-1].group_text == "Antibiogramme · Germe 5999"
    assert time.process_time() - start < 15
