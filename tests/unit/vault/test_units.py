"""Units of results in the words of people."""

import pytest

from gateway.vault.document.units import unit_words


@pytest.mark.parametrize(
    ("unit", "words"),
    [
        ("g/L", "g/L"),
        ("mmol/L", "mmol/L"),
        ("mL/min", "mL/min"),
        ("%", "%"),
        ("U/L", "U/L"),
        ("G/L", "G/L"),
        ("d", "d"),
        ("", ""),
        ("Cel", "°C"),
        ("mm[Hg]", "mmHg"),
        ("[IU]/L", "UI/L"),
        ("m[iU]/L", "mUI/L"),
        ("u[IU]/mL", "µUI/mL"),
        ("ug/mL", "µg/mL"),
        ("umol/L", "µmol/L"),
        ("/uL", "/µL"),
        ("10*9/L", "10⁹/L"),
        ("10*12/L", "10¹²/L"),
        ("10^3/uL", "10³/µL"),
        ("kg/m2", "kg/m²"),
        ("mL/min/1.73m2", "mL/min/1.73m²"),
        ("/mm3", "/mm³"),
        ("wk", "semaines"),
        ("mo", "mois"),
        ("a", "ans"),
        ("{score}", ""),
        ("{INR}", ""),
        ("{drink}/d", "verres/jour"),
        ("{pack}/a", "paquets/an"),
        ("{times}/wk", "fois/semaine"),
        ("{UFC}/mL", "UFC/mL"),
        ("mg{creat}/d", "mg creat/jour"),
        ("unité", "unité"),
        ("[pH]", ""),
    ],
)
def test_a_unit_is_written_as_people_read_it(unit: str, words: str) -> None:
    assert unit_words(unit) == words
