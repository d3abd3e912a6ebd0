"""What the sender is told of a type code that everything else in its document speaks against."""

from dataclasses import replace

from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding, Severity
from gateway.records.intake.understanding import Understanding

BY_TYPE = "type:"
KNOWN = (BY_TYPE, "local:")
"""Rules that guess nothing: an official type, or a local one that the house knows."""


def doubted(document: Document) -> bool:
    """Whether an official type was contradicted; a doubt between mere clues is no finding."""
    return document.label_doubt is not None and document.label_rule.startswith(BY_TYPE)


def guessed(document: Document) -> bool:
    """Whether a person may have to look: no known type said the label, or it was doubted."""
    return document.label_doubt is not None or not document.label_rule.startswith(KNOWN)


def with_doubts(understood: Understanding) -> Understanding:
    """The same, with one finding more where a document contradicts its type; never a verdict.

    The words that contradict it are named by their rule, never quoted.
    """
    found = [_finding(one) for one in understood.documents if doubted(one)]
    if not found:
        return understood
    return replace(understood, findings=(*understood.findings, *found))


def _finding(document: Document) -> Finding:
    label, _, rule = (document.label_doubt or "").partition(" ")
    return Finding(
        code="label-doubt",
        severity=Severity.INFO,
        where="type_code",
        message=f"The type {document.type_code} makes it {document.label}, its words ({rule})"
        f" speak for {label}: check the type. The label of the type was kept.",
    )
