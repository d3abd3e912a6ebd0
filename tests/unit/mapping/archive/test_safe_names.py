"""Names of files that any system can keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.mapping.files.archive.names import Names, safe

FORBIDDEN = set('<>:"/\\|?*.')
"""By Windows; a point is ours alone, before the extension."""


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("Bilan d’avril : NFS/VS", "Bilan d'avril NFS VS"),
        ("../../etc/passwd", "etc passwd"),
        ("CON", "_CON"),
        ("lpt1", "_lpt1"),
        ("com¹", "_com¹"),
        ("nul.", "_nul"),
        ("e\u0301cho", "écho"),
        ("gauche\u202egpj.exe", "gauche gpj exe"),
        ("a\tb\r\nc\x00d", "a b c d"),
        (" - … - ", "document"),
        ("", "document"),
        ("\udcff", "document"),
    ],
)
def test_a_title_becomes_a_name(words: str, name: str) -> None:
    assert safe(words) == name


@given(st.text(max_size=300))
def test_no_title_makes_a_name_that_a_system_refuses(words: str) -> None:
    name = safe(words)
    assert 0 < len(name.encode()) <= 121
    assert name == name.strip()
    assert not FORBIDDEN & set(name)
    assert name.isprintable()
    assert not name.startswith("-")


def test_two_names_that_a_system_takes_for_one_are_told_apart() -> None:
    names = Names()
    titles = ["Écho", "écho", "E\u0301CHO", "Écho (2)", "Écho"]
    given_names = [names.give("documents/", one, "pdf") for one in titles]
    folded = {unicodedata.normalize("NFD", one).casefold() for one in given_names}
    assert len(folded) == len(titles)
    assert given_names[:3] == [
        "documents/Écho.pdf",
        "documents/écho (2).pdf",
        "documents/ÉCHO (3).pdf",
    ]
    assert names.give("documents/", "Écho", "xml") == "documents/Écho.xml"
