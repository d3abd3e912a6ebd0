"""Types that senders made up, and the labels that the house says they have."""

from dataclasses import replace

from gateway.mapping.labels import LABEL_TEXTS
from gateway.mapping.labels.doubts import BY_TYPE
from gateway.records.documents.document import Document, Label
from gateway.records.intake.reading import Reading
from gateway.records.intake.understanding import Understanding

BY_HOUSE = "local:"


def with_local_types(understood: Understanding, reading: Reading) -> Understanding:
    """The same, under the labels that the configuration gives to its local types."""
    if not reading.local_types or not understood.documents:
        return understood
    said = {(code, system): label for code, system, label in reading.local_types}
    documents = tuple(_labelled(one, said) for one in understood.documents)
    return replace(understood, documents=documents)


def _labelled(document: Document, said: dict[tuple[str, str], Label]) -> Document:
    """An official type stays what it is: nobody redefines those."""
    code = document.type_code
    if code is None or document.label_rule.startswith(BY_TYPE):
        return document
    label = said.get((code, document.type_system or "")) or said.get((code, ""))
    if label is None:
        return document
    return replace(
        document,
        label=label,
        label_text=LABEL_TEXTS[label],
        label_rule=BY_HOUSE + "_".join(code.split()),
        label_confidence="high",
        label_doubt=None,
    )
