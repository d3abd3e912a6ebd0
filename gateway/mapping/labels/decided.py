"""An operator's word on a label stands over the rules'; what the rules say is kept beside it.

`label_given` is "<label> <confidence> <rule>", with the doubt after it where there is one.
"""

from dataclasses import replace

from gateway.mapping.labels import LABEL_TEXTS
from gateway.records.documents.document import Document, Label

BY_OPERATOR = "operator:"


def decided(document: Document, label: Label, *, by: str) -> Document:
    """The same document under the label that `by` gave it, for everybody."""
    own = undecided(document)
    return replace(
        own,
        label=label,
        label_text=LABEL_TEXTS[label],
        label_rule=BY_OPERATOR + by,
        label_confidence="high",
        label_doubt=None,
        label_given=_given(own),
    )


def undecided(document: Document) -> Document:
    """The same under the label of the rules; itself where nobody decided."""
    if document.label_given is None:
        return document
    label, confidence, rule, *doubt = document.label_given.split(" ", 3)
    return replace(
        document,
        label=Label(label),
        label_text=LABEL_TEXTS[Label(label)],
        label_rule=rule,
        label_confidence=confidence,
        label_doubt=doubt[0] if doubt else None,
        label_given=None,
    )


def as_decided(today: Document, stored: Document | None) -> Document:
    """What is understood today, under the word of an operator that the stored one bears."""
    own = undecided(today)
    if stored is None or stored.label_given is None:
        return own
    return decided(own, stored.label, by=stored.label_rule.removeprefix(BY_OPERATOR))


def _given(own: Document) -> str:
    parts = [own.label, own.label_confidence, own.label_rule, own.label_doubt]
    return " ".join(part for part in parts if part)
