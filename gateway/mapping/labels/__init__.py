"""Which of the eight labels of Mon espace santé a document bears, and by which rule.

By type code, then by class, then by the words of its title; `AUTR_DOC` when nothing tells.
The tables are data (`gateway/mapping/tables`); the answer always names its rule.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from gateway.mapping.identity import fold
from gateway.mapping.tables import rows
from gateway.records.document import Label


class Labelled(NamedTuple):
    """`text` is the label on screen; `rule` one of "type:…", "class:…", "title:…", "default"."""

    label: Label
    text: str
    rule: str
    confidence: str


TEXTS: dict[Label, str] = {
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

max_title_characters = 500
UNLISTED_FORMAT = "urn:asipSante:modelesHorsProfils:2011"

_TYPES = {row["type_code"]: row for row in rows("types")}
_CLASSES = {row["class_code"]: row for row in rows("classes")}
_FORMATS = {row["template"]: row["format_code"] for row in rows("formats")}
_TITLES = [(re.compile(row["pattern"]), Label(row["label"])) for row in rows("titles")]


def _labelled(label: Label, rule: str, confidence: str) -> Labelled:
    return Labelled(label, TEXTS[label], rule, confidence)


_BY_TYPE = {
    code: _labelled(Label(row["label"]), f"type:{code}", row["confidence"])
    for code, row in _TYPES.items()
}
_BY_CLASS = {
    code: _labelled(Label(row["label"]), f"class:{code}", "low")
    for code, row in _CLASSES.items()
    if row["label"]
}
_DEFAULT = _labelled(Label.AUTR_DOC, "default", "low")


def label_of(type_code: str | None, class_code: str | None, title: str | None) -> Labelled:
    """The label of a document, from the codes and the title its sender gave."""
    if type_code and (by_type := _BY_TYPE.get(type_code)):
        return by_type
    if class_code and (by_class := _BY_CLASS.get(class_code)):
        return by_class
    folded = fold(title[:max_title_characters]) if title else ""
    for pattern, label in _TITLES:
        if folded and pattern.search(folded):
            return _labelled(label, f"title:{label}", "low")
    return _DEFAULT


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
