"""Coded data in French words."""

import pytest

from gateway.records.documents.fact import (
    ABSENT_OR_UNKNOWN,
    Coded,
    Fact,
    FactKind,
    FactStatus,
    Provenance,
)
from gateway.vault.document.coded import coded_groups

ON = FactStatus.ACTIVE
ASTHMA = Coded("J45", "1.2", "Asthme")


def row(kind: FactKind = FactKind.PROBLEM, **said: object) -> tuple[str, str]:
    where = Provenance(section_title="Antécédents")
    fact = Fact(kind=kind, what=ASTHMA, where=where, **said)  # type: ignore[arg-type]
    (group,) = coded_groups([fact])
    (found,) = group.rows
    return found.state, found.when


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"status": ON, "start": "2026-01-10"}, ("en cours", "depuis le 10 janvier 2026")),
        ({"status": ON, "start": "2010"}, ("en cours", "depuis 2010")),
        ({"status": ON, "start": "2010-03"}, ("en cours", "depuis mars 2010")),
        ({"start": "2010", "stop": "2012"}, ("", "de 2010 à 2012")),
        ({"start": "2010-03-02", "stop": "2010-03-09"}, ("", "du 2 mars 2010 au 9 mars 2010")),
        ({"stop": "2012"}, ("", "jusqu'en 2012")),
        ({"stop": "2012-03-02"}, ("", "jusqu'au 2 mars 2012")),
        ({"status": FactStatus.INACTIVE}, ("terminé", "")),
        ({"negated": True, "status": FactStatus.ACTIVE}, ("recherché, non trouvé", "")),
        ({"kind": FactKind.MEDICATION, "status": FactStatus.COMPLETED}, ("terminé", "")),
        ({"kind": FactKind.IMMUNIZATION, "status": FactStatus.REFUSED}, ("non fait", "")),
        ({"kind": FactKind.IMMUNIZATION, "status": FactStatus.INTENDED}, ("prévu", "")),
    ],
)  # fmt: skip
def test_state_and_time_in_words(said: dict[str, object], words: tuple[str, str]) -> None:
    assert row(**said) == words  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "kind", [FactKind.PROBLEM, FactKind.DEVICE, FactKind.PROCEDURE, FactKind.IMMUNIZATION]
)
@pytest.mark.parametrize("status", [FactStatus.COMPLETED, FactStatus.REFUSED])
def test_that_there_is_none_is_neither_done_nor_over(kind: FactKind, status: FactStatus) -> None:
    what = Coded("no-known-things", ABSENT_OR_UNKNOWN, "Rien de connu")
    (group,) = coded_groups([Fact(kind=kind, what=what, where=Provenance(), status=status)])
    assert [(one.text, one.state) for one in group.rows] == [("Rien de connu", "sans objet")]


def test_kinds_stand_in_their_order_and_a_code_stands_for_missing_words() -> None:
    where = Provenance()
    facts = [
        Fact(kind=FactKind.IMMUNIZATION, what=Coded("J07", "1.2"), where=where),
        Fact(kind=FactKind.ALLERGY, what=ASTHMA, where=where),
    ]
    groups = coded_groups(facts)
    assert [one.words for one in groups] == ["Allergies", "Vaccinations"]
    assert groups[1].rows[0].text == "J07"
    assert coded_groups([]) == []


def test_a_place_in_the_text_is_linked_only_where_it_is_there() -> None:
    def anchor(where: Provenance) -> str:
        return (
            coded_groups([Fact(kind=FactKind.PROBLEM, what=ASTHMA, where=where)])[0].rows[0].anchor
        )

    assert anchor(Provenance(anchor="p1", words="Asthme")) == "t-p1"
    assert anchor(Provenance(anchor="p1")) == ""
    assert anchor(Provenance(anchor="x y", words="Asthme")) == ""
