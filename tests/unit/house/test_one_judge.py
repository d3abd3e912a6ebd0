"""One place judges who reads what: nobody else weighs a profession, a code or a choice.

ACCESS section 1. Read in the source: a comparison elsewhere with what the decision weighs must
stand in this list, with what it is for.
"""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import gateway

ROOT = Path(gateway.__file__).parent
WEIGHED = frozenset({"profession", "confidentiality", "masked_by_patient", "hides", "blocks"})
ELSEWHERE = {
    "cli/grid/__init__.py": "picks cells of the grid to print",
    "cli/accounts/professional.py": "a profession that the table does not know is no argument",
    "flows/corresponding/box.py": "which professionals are pharmacies (VAULT POL-13)",
    "flows/filing/judging/versions.py": "what a new version says of its own visibility",
    "mapping/fhir/taken/resources/agreement.py": "whether resource and CDA say the same codes",
    "mapping/xdm/agreement.py": "whether METADATA.XML and its CDA say the same codes",
    "vault/patient/choosing/page.py": "who may be named as treating physician",
    "vault/patient/choosing/settings.py": "who may be named as treating physician",
}


def comparisons(source: str) -> Iterator[str]:
    """Each comparison in which one of WEIGHED is an operand."""
    if not any(f".{word}" in source for word in WEIGHED):
        return  # most files: they need not be parsed
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Compare) and WEIGHED & names_in(node):
            yield ast.unparse(node)


def names_in(node: ast.AST) -> set[str]:
    return {one.attr for one in ast.walk(node) if isinstance(one, ast.Attribute)}


@cache
def found() -> dict[str, list[str]]:
    read = {
        str(path.relative_to(ROOT)): list(comparisons(path.read_text("utf-8")))
        for path in ROOT.rglob("*.py")
        if path.relative_to(ROOT).parts[0] != "access"
    }
    return {name: told for name, told in read.items() if told}


def test_nobody_but_the_decision_weighs_what_it_weighs() -> None:
    strangers = {name: told for name, told in found().items() if name not in ELSEWHERE}
    assert not strangers


def test_the_list_of_the_others_holds_nothing_that_is_gone() -> None:
    assert set(ELSEWHERE) <= set(found())


@pytest.mark.parametrize(
    "line",
    [
        "if reader.profession == 'G15_10': pass",
        "x = [one for one in cards if 'MASQUE_PS' in one.document.confidentiality]",
        "y = reader.id in record.blocks",
    ],
)
def test_a_judgement_elsewhere_would_be_seen(line: str) -> None:
    assert list(comparisons(line))
