"""Which of the eight labels of Mon espace santé a document bears, and by which rule.

By the type code of the national value sets; else by the name of the code, the class, the title
and what the document holds, weighed together; `AUTR_DOC` when nothing tells. The tables are data
(`gateway/mapping/tables`); the answer always names its rule and its confidence.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from typing import NamedTuple, TypedDict

from gateway.mapping.labels.clues import (
    MEDIUM,
    NO_ORIGIN,
    WEIGHTS,
    Clue,
    Gather,
    Origin,
    no_signs,
    plain,
)
from gateway.mapping.labels.contents import (
    author_clue,
    narrative_clues,
    result_clue,
    section_clues,
)
from gateway.mapping.labels.titles import code_clue, name_clue, title_clues
from gateway.mapping.labels.weighing import contradiction, weigh
from gateway.mapping.tables import rows
from gateway.records.documents.document import Document, Label


class Labelled(NamedTuple):
    """`text` is the label on screen; `confidence` high, medium or low.

    `rule` begins with type, loinc, display, code, class, title, format, section, text,
    author or results, and goes on with its name; "default" where nothing told. `doubt` is the
    strongest clue for another label ("ORD_SOIN title:ordonnance"), None where nothing speaks
    against this one.
    """

    label: Label
    text: str
    rule: str
    confidence: str
    doubt: str | None = None


class LabelFields(TypedDict):
    """The fields of a Document that say its label."""

    label: Label
    label_text: str
    label_rule: str
    label_confidence: str
    label_doubt: str | None


LABEL_TEXTS: dict[Label, str] = {
    Label.RADIO_SC: "Radio, écho, scanner, IRM",
    Label.SYNTHESE: "Ma santé en résumé",
    Label.ORD_SOIN: "Ordonnances et soins",
    Label.CPT_REND: "Comptes rendus",
    Label.BIOLOGIE: "Résultats de biologie",
    Label.DEPISTAG: "Prévention et dépistage",
    Label.CERT_MED: "Certificats médicaux",
    Label.AUTR_DOC: "Autres documents",
}
"""The eight labels, exact, in the order of VAULT section 3."""

UNLISTED_FORMAT = "urn:asipSante:modelesHorsProfils:2011"
PATIENTS_OWN = ("DOCPAT", "EXPPAT")
"""Types by which a patient chose the label himself: nobody doubts them."""

_TYPES = {row["type_code"]: row for row in rows("types")}
_CLASSES = {row["class_code"]: row for row in rows("classes")}
_FORMATS = {row["template"]: row["format_code"] for row in rows("formats")}
_YEAR = re.compile(r":\d{4}$", re.ASCII)
_LOINC = re.compile(r"\d{1,7}-\d", re.ASCII)


def _labelled(label: Label, rule: str, confidence: str, doubt: str | None = None) -> Labelled:
    return Labelled(label, LABEL_TEXTS[label], rule, confidence, doubt)


def _clue(row: dict[str, str], rule: str) -> Clue:
    return Clue(Label(row["label"]), WEIGHTS[row["confidence"]], rule)


_BY_TYPE = {
    code: _labelled(Label(row["label"]), f"type:{code}", row["confidence"])
    for code, row in _TYPES.items()
}
_BY_CLASS = {
    code: _clue(row, f"class:{code}")._replace(
        allows=frozenset(
            Label(one["label"]) for one in _TYPES.values() if one["class_code"] == code
        )
    )
    for code, row in _CLASSES.items()
    if row["label"]
}
"""A class speaks against no label that one of its own types bears (42: an arrêt de travail)."""
_BY_LOINC = {
    row["type_code"]: _clue(row, f"loinc:{row['type_code']}") for row in rows("loinc_documents")
}
_BY_FORMAT = {
    row["format_code"]: Clue(
        Label(row["label"]),
        WEIGHTS[row["confidence"]] + MEDIUM,
        f"format:{row['format_code'].rpartition(':')[2]}",
    )
    for row in rows("format_labels")
}
"""A model is declared by a machine: it weighs more than any words of a hand."""
_BY_DISPLAY = {
    plain(row["display"]): Clue(Label(row["label"]), WEIGHTS["high"], f"display:{row['type_code']}")
    for row in sorted(_TYPES.values(), key=lambda one: one["in_dmp"])
    if row["display"]
}
"""Of two types with one name, the one that the DMP takes."""
_DEFAULT = _labelled(Label.AUTR_DOC, "default", "low")


def label_of(
    type_code: str | None,
    class_code: str | None,
    title: str | None,
    *,
    type_system: str | None = None,
    type_display: str | None = None,
    origin: Origin = NO_ORIGIN,
    gather: Gather = no_signs,
) -> Labelled:
    """The label of a document; `gather` is asked only where its codes and title do not settle it.

    An official type keeps its label whatever else is said; a clear contradiction makes it a
    label of low confidence with a doubt.
    """
    official = _official(type_code, type_system)
    if official is not None:
        return _doubted(official, type_code or "", title, gather)
    said = _said_clues(type_code, class_code, title, type_display)
    weighed = weigh(chain(said, _held_clues(gather, origin)))
    if weighed is None:
        return _DEFAULT
    doubt = _doubt(weighed.against) if weighed.against else None
    return _labelled(weighed.label, weighed.rule, weighed.confidence, doubt)


def labelled(document: Document, gather: Gather = no_signs) -> Document:
    """The same document under its label."""
    return replace(document, **label_fields(document, gather))


def label_fields(document: Document, gather: Gather = no_signs) -> LabelFields:
    """The label of a document as its fields."""
    return fields_of(
        label_of(
            document.type_code,
            document.class_code,
            document.title,
            type_system=document.type_system,
            type_display=document.type_display,
            origin=Origin(document.format_code, document.authors),
            gather=gather,
        )
    )


def fields_of(found: Labelled) -> LabelFields:
    return LabelFields(
        label=found.label,
        label_text=found.text,
        label_rule=found.rule,
        label_confidence=found.confidence,
        label_doubt=found.doubt,
    )


def _official(type_code: str | None, type_system: str | None) -> Labelled | None:
    """By the table of types; a code that is only spelled like one of it is not one.

    A LOINC code is one whatever its system is called: no other system has its shape.
    """
    found = _BY_TYPE.get(type_code or "")
    if found is None or not type_code:
        return None
    foreign = type_system and type_system != _TYPES[type_code]["type_system"]
    return None if foreign and not _LOINC.fullmatch(type_code) else found


def _doubted(official: Labelled, type_code: str, title: str | None, gather: Gather) -> Labelled:
    if type_code.startswith(PATIENTS_OWN):
        return official
    against = contradiction(official.label, display_of(type_code), title, gather)
    if against is None:
        return official
    return official._replace(confidence="low", doubt=_doubt(against))


def _doubt(clue: Clue) -> str:
    return f"{clue.label} {clue.rule}"


def _said_clues(
    type_code: str | None, class_code: str | None, title: str | None, type_display: str | None
) -> Iterator[Clue]:
    """What its metadata say, those that win a draw first."""
    yield from _code_clues(type_code, type_display)
    if title:
        yield from title_clues(title)
    if class_code and (by_class := _BY_CLASS.get(class_code)):
        yield by_class


def _held_clues(gather: Gather, origin: Origin) -> Iterator[Clue]:
    """The model it follows, what it holds, and who wrote it."""
    if by_format := _BY_FORMAT.get(_YEAR.sub("", origin.format_code or "")):
        yield by_format
    signs = gather()
    yield from section_clues(signs.sections)
    yield from narrative_clues(signs.words)
    if by_results := result_clue(signs.results):
        yield by_results
    if by_author := author_clue(origin.authors):
        yield by_author


def _code_clues(type_code: str | None, type_display: str | None) -> Iterator[Clue]:
    if type_code and (known := _BY_LOINC.get(type_code)):
        yield known
        return
    named = _BY_DISPLAY.get(plain(type_display)) if type_display else None
    named = named or (name_clue(type_display) if type_display else None)
    if named:
        yield named
    elif type_code and (abbreviated := code_clue(type_code)):
        yield abbreviated


def type_known(type_code: str) -> bool:
    """Whether the code is in the value sets we carry (JDV_J07, JDV_J66 and retired ones)."""
    return type_code in _TYPES


def type_system_of(type_code: str) -> str | None:
    """The OID of the code system that a known type belongs to."""
    row = _TYPES.get(type_code)
    return row["type_system"] or None if row else None


def class_of(type_code: str | None) -> str | None:
    """The classCode of a typeCode (associations ASS_X16, then ASS_X04)."""
    row = _TYPES.get(type_code or "")
    return row["class_code"] or None if row else None


def display_of(type_code: str | None) -> str | None:
    """The French name of a typeCode."""
    row = _TYPES.get(type_code or "")
    return row["display"] or None if row else None


def class_display_of(class_code: str | None) -> str | None:
    """The French name of a classCode."""
    row = _CLASSES.get(class_code or "")
    return row["display"] or None if row else None


def format_of(template_roots: Iterable[str]) -> str:
    """The formatCode of a CDA by the roots of its `templateId`s, the most specific one first.

    An unlisted model is `urn:asipSante:modelesHorsProfils:2011` (CDA.md section 5).
    """
    known = [root for root in template_roots if root in _FORMATS]
    return _FORMATS[max(known, key=lambda root: root.count("."))] if known else UNLISTED_FORMAT
