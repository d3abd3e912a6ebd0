"""The valences of a vaccine, by its codes or its name (VAULT VAC-01), and sameness (VAC-02)."""

import pytest

from gateway.mapping.prevention.vaccines.valences import (
    VALENCES,
    in_order,
    titles_of,
    valences_of,
)
from gateway.mapping.tables import rows
from gateway.records.entries.immunization import Immunization

DTP = ("diphterie", "tetanos", "poliomyelite")
HEXA = (*DTP, "coqueluche", "hib", "hepatite-b")


@pytest.mark.parametrize(
    ("name", "codes", "valences"),
    [
        ("Infanrix Hexa", (), HEXA),
        ("INFANRIX TETRA, susp. inj.", (), (*DTP, "coqueluche")),
        ("60917345", (), DTP),
        ("Rougeole-Oreillons-Rubéole", (), ("rougeole", "oreillons", "rubeole")),
        ("Vaccin diphtérique, tétanique et poliomyélitique", (), DTP),
        ("Méningocoques A, C, W, Y", (), ("meningocoques-acwy",)),
        ("rien de connu", ("60917345",), DTP),
        ("rien de connu", ("3400932857241", "J07AM"), ("tetanos",)),
        ("rien de connu", ("J07BB02",), ("grippe",)),
        ("rien de connu", (), ()),
        ("", ("J07",), ()),
        ("Fragerage", (), ()),
    ],
)
def test_the_valences_of_a_vaccine(
    name: str, codes: tuple[str, ...], valences: tuple[str, ...]
) -> None:
    assert valences_of(name, codes) == valences


def test_the_table_of_vaccines_names_known_valences_only() -> None:
    table = rows("vaccines_known", room="gateway.mapping.prevention")
    assert {one for row in table for one in row["valences"].split()} <= set(VALENCES)
    assert len({(row["kind"], row["key"]) for row in table}) == len(table)


def test_a_valence_that_no_table_knows_is_left_out() -> None:
    assert in_order(["tetanos", "inconnue", "diphterie", "tetanos"]) == ("diphterie", "tetanos")
    assert titles_of(["hpv", "inconnue"]) == ["papillomavirus (HPV)"]


def line(day: str, vaccine: str, *valences: str) -> str:
    return Immunization(date=day, vaccine=vaccine, valences=valences).same()


def test_two_lines_may_be_one_dose_on_the_same_day_with_the_same_valences() -> None:
    one = line("2026-03-12", "Revaxis", *DTP)
    assert one == line("2026-03-12", "DTP", *DTP[1:], DTP[0])
    assert one != line("2026-03-13", "Revaxis", *DTP)
    assert one != line("2026-03-12", "Repevax", *DTP, "coqueluche")


def test_an_unknown_vaccine_is_the_same_by_its_name_alone() -> None:
    one = line("2026-03-12", "Vaccin d'essai")
    assert one == line("2026-03-12", "VACCIN D’ESSAI")
    assert one != line("2026-03-12", "Autre vaccin")


def test_what_was_not_given_is_like_nothing() -> None:
    content = Immunization(date="2026-03-12", vaccine="DTP", valences=DTP, contraindicated=True)
    assert content.same() == ""
