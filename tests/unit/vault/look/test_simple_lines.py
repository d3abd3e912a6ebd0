"""The simple text keeps the rules of FALC that a machine can hold (VAULT UIX-01, PAGES 9)."""

import re

import pytest

from gateway.vault.look.simple import SOURCE, lines_by_name, lines_of_page

MOST_WORDS = 15
EXPLAINED = {"FALC"}
TOPICS = (
    "activer",
    "opposition",
    "connexion",
    "documents",
    "parametres/acces",
    "messagerie",
    "profil",
    "agenda",
    "profils",
    "profil/urgence",
    "parametres/fermer",
    "aide",
)
LINES = [
    (name, line)
    for part in lines_by_name().values()
    for name, lines in part.items()
    for line in lines
]


def words_of(line: str) -> list[str]:
    return re.findall(r"[\w-]+", line.replace("'", " "))


@pytest.mark.parametrize(("name", "line"), LINES)
def test_a_line_is_one_short_idea(name: str, line: str) -> None:
    assert len(words_of(line)) <= MOST_WORDS, name
    assert line[-1] in ".?:", name
    assert not re.search(r"[.?!] ", line), name
    assert not re.search(r"[%;()*_<>]", line), name
    assert not re.search(r"\b(ne|n')\s?\w+ (\w+ )?qu(e|')\b", line), name
    assert not [w for w in words_of(line) if len(w) > 1 and w.isupper() and w not in EXPLAINED]


@pytest.mark.parametrize("topic", TOPICS)
def test_every_topic_of_the_rule_has_lines(topic: str) -> None:
    assert lines_of_page(topic, signed_in=True)


def test_a_page_without_lines_has_those_of_the_page_above_it() -> None:
    of_blocking = lines_of_page("parametres/acces/blocage", signed_in=True)
    assert lines_of_page("parametres/acces/blocage/confirmer", signed_in=True) == of_blocking
    assert lines_of_page("documents/4f1c", signed_in=True) != lines_of_page(
        "documents", signed_in=True
    )
    assert lines_of_page("pro/patients", signed_in=True) == ()


def test_the_first_page_says_something_else_before_one_is_signed_in() -> None:
    inside, outside = (lines_of_page("accueil", signed_in=one) for one in (True, False))
    assert inside != outside
    assert "J'ai besoin d'aide : j'appelle le 3422." in outside


def test_the_words_of_the_published_table_stand_as_they_are() -> None:
    text = SOURCE.read_text("utf-8")
    for line in (
        "Il n'y a rien dans mon espace.",
        "Je ne donne ce code à personne.",
        "Je suis toujours remboursé.",
        "Mon médecin traitant le voit encore.",
        "Elle peut encore en ajouter.",
        "Les docteurs peuvent voir mes documents pour me soigner.",
        "Je vois le nom et le jour.",
        "Le chiffre est plus haut que les chiffres du laboratoire.",
        "Je peux le rouvrir.",
        "Elle commence par le mot Erreur.",
    ):
        assert f'"{line}"' in text
