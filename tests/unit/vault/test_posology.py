"""Doses and periods in words; nothing is lost of what is not known."""

import pytest

from gateway.records.documents.fact import Coded, Fact, FactKind, Provenance
from gateway.vault.document.posology import posology


@pytest.mark.parametrize(
    ("dose", "frequency", "expected"),
    [
        ("1 {tablet}", "1 d", "1 comprimé, chaque jour"),
        ("2 {tablet}", "6 h", "2 comprimés, toutes les 6 heures"),
        ("0.5 {tablet}", "2 d", "0.5 comprimé, tous les 2 jours"),
        ("1.5 {tablet}", "1 d", "1.5 comprimé, chaque jour"),
        ("12 {dose}", "", "12 doses"),
        ("1 - 2 {capsule}", "1 wk", "1 - 2 gélules, chaque semaine"),
        ("10 mg", "12 h, ACM", "10 mg, toutes les 12 heures, ACM"),
        ("3 {goutte}", "", "3 goutte"),
        ("1 count", "1 d", "1, chaque jour"),
        ("2 1", "", "2"),
        ("count", "", "count"),
        ("75", "4 - 6 h", "75, 4 - 6 h"),
        ("", "1 fortnight", "1 fortnight"),
        ("", "", ""),
    ],
)
def test_how_much_and_how_often(dose: str, frequency: str, expected: str) -> None:
    fact = Fact(
        kind=FactKind.MEDICATION,
        what=Coded(text="X"),
        where=Provenance(),
        dose=dose,
        frequency=frequency,
    )
    assert posology(fact) == expected
