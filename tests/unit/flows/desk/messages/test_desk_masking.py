"""What the desk reads of a finding: every sentence of ours whole, and nothing of a sender's."""

import ast
import re
from collections.abc import Iterator
from dataclasses import astuple
from functools import cache
from pathlib import Path

import pytest

import gateway
from gateway.flows.desk.messages.masking import MASK, masked, masked_place
from gateway.flows.filing.judging.places import places_in
from gateway.records.intake.understanding import Format

ROOT = Path(gateway.__file__).parent
ROOMS = ("mapping", "flows/filing")
CODE = re.compile(r"[a-z]+(?:-[a-z0-9]+)*")
SENTENCE = re.compile(r"[A-Z][\w^-]* .*\.", re.DOTALL)
NO_FINDINGS = {"card.py", "narrative.py", "emit_capability.py", "retrieve.py"}
"""They write pages, cards, declarations and answers."""
FAULTS = {"dmp", "soap", "vihf", "query", "update"}
"""Folders of what is told to software of the DMP alone: no finding is kept of it."""


@cache
def read_rooms() -> dict[Path, list[ast.AST]]:
    """The nodes of each file, read once for all tests here."""
    paths = (path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py")))
    return {path: list(ast.walk(ast.parse(path.read_text(encoding="utf-8")))) for path in paths}


def fixed_sentences() -> Iterator[str]:
    """Those that findings are made of, as they stand in the code."""
    for path, nodes in read_rooms().items():
        if path.name in NO_FINDINGS or FAULTS & set(path.relative_to(ROOT).parts):
            continue
        passed = {id(node.value) for node in nodes if isinstance(node, ast.Expr)}
        for node in nodes:
            if isinstance(node, ast.JoinedStr):
                passed |= {id(part) for part in node.values}
            elif isinstance(node, ast.Constant) and id(node) not in passed:
                text = node.value if isinstance(node.value, str) else ""
                if SENTENCE.fullmatch(text.strip()):
                    yield text


def fixed_places() -> Iterator[str]:
    """Where findings stand, as the code says it in one word: behind their code, or by name."""
    for nodes in read_rooms().values():
        for node in nodes:
            if isinstance(node, ast.Call):
                said = [one.value for one in node.keywords if one.arg == "where"]
                if len(node.args) > 2 and CODE.fullmatch(str(_constant(node.args[0]))):
                    said.append(node.args[1])
                yield from filter(None, map(_constant, said))


def _constant(node: ast.expr) -> str:
    text = node.value if isinstance(node, ast.Constant) else None
    return text if isinstance(text, str) else ""


def test_every_fixed_place_of_a_finding_is_shown_whole() -> None:
    places = {*fixed_places(), *(each for form in Format for each in astuple(places_in(form)))}
    assert len(places) > 60
    assert [one for one in sorted(places) if masked_place(one) != one] == []


def test_every_fixed_sentence_of_a_finding_is_shown_whole() -> None:
    sentences = sorted(set(fixed_sentences()))
    assert len(sentences) > 250
    assert [one for one in sentences if masked(one) != one] == []


@pytest.mark.parametrize(
    "sentence",
    [
        "Send at most 26214400 bytes.",
        "This is not well-formed XML (line 123456).",
        "Send the traits that go with the INS: birth_date, sex.",
        "The rules of access refuse this deposit (rule F39). Do not resend it.",
        "Declare the model of the document: exactly 1.3.6.1.4.1.19376.1.2.20.",
        "The type 11502-2 is not known.",
    ],
)
def test_lengths_positions_and_codes_stay(sentence: str) -> None:
    assert masked(sentence) == sentence


@pytest.mark.parametrize(
    ("sentence", "shown"),
    [
        ("The name DURAND is not known.", f"The name {MASK} is not known."),
        ("Durand-Petit Claire is not known.", f"{MASK} is not known."),
        ("284037511604282 has a wrong key.", f"{MASK} has a wrong key."),
        ("Born on 19840312: too early.", f"{MASK} on {MASK}: too early."),
        ("The title “cancer du sein” is doubted.", f"The title {MASK} is doubted."),
        ("The name 'durand' is not known.", f"The name {MASK} is not known."),
        ("Write to claire.durand@exemple.fr.", f"Write to {MASK}."),
        ("It is BIOLOGIE, its words speak for CPT_REND.", f"It is {MASK}, its words speak for"),
    ],
)
def test_what_may_be_a_name_a_number_or_a_quotation_is_masked(sentence: str, shown: str) -> None:
    assert masked(sentence).startswith(shown)
    assert MASK in masked(sentence)


@pytest.mark.parametrize(
    "place",
    [
        "/",
        "",
        "PID-3.4",
        "OBX[12]-5: /ClinicalDocument/recordTarget/patientRole/patient/name/family",
        "DOC0001.XML: urn:action:extraMetadataSlot",
        "IHE_XDM/SUBSET01/METADATA.XML",
        "DocumentReference.content[0].attachment.data",
        "Bundle.entry[0].resource",
        "type_code",
    ],
)
def test_a_place_of_the_standards_is_shown(place: str) -> None:
    assert masked_place(place) == place


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("DURAND CLAIRE.pdf: hash", f"{MASK}.pdf: hash"),
        ("IHE_XDM/SUBSET01/DURAND.XML", f"IHE_XDM/SUBSET01/{MASK}.XML"),
        ("/srv/claire/bilan.pdf", f"{MASK}.pdf"),
        ("Durand 284037511604282", MASK),
        ("Marie.Roux", MASK),
        ("durand: hash", f"{MASK}: hash"),
        ("ROY: hash", f"{MASK}: hash"),
        ("DOC0001.ROUX", MASK),
        ("Patient.DURAND.pdf", f"{MASK}.pdf"),
        ("DURAND: CLAIRE.pdf", f"{MASK}: {MASK}.pdf"),
    ],
)
def test_of_a_file_that_its_sender_named_the_ending_is_left(place: str, shown: str) -> None:
    assert masked_place(place) == shown
