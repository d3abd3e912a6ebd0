"""An understanding as the JSON line of `gateway inspect --json` (CONTRACT section 3)."""

from dataclasses import asdict
from typing import Any

from gateway.mapping.facts import facts_in
from gateway.mapping.hl7v2.inspect import message_json
from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding
from gateway.records.intake.understanding import Understanding

Json = dict[str, Any]
INSIDE = ("label_given", "identifiers", "related", "comments", "paper")


def finding_json(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "where": finding.where,
        "message": finding.message,
    }


def document_json(document: Document) -> Json:
    """All fields of CONTRACT section 3 `documents[]`; null where the input says nothing."""
    line = asdict(document)
    for name in INSIDE:
        line.pop(name)
    return line


def contents_json(understood: Understanding) -> list[Json]:
    """What each document holds in coded form: its observations and facts, in document order.

    An object a document, with the words of `Observation` and `Fact`; read here, not at intake.
    """
    return [
        {
            "observations": [_said(one._asdict()) for one in observations],
            "facts": [_said(asdict(fact)) for fact in facts_in(content.body)],
        }
        for content, observations in zip(understood.contents, understood.observations, strict=False)
    ]


def _said(value: Json) -> Json:
    """Without the fields of which the document says nothing."""
    kept = {name: _said(one) if isinstance(one, dict) else one for name, one in value.items()}
    return {name: one for name, one in kept.items() if one not in (None, "", (), [], {})}


def inspect_line(file: str, understood: Understanding, *, contents: bool = False) -> Json:
    """One JSON object: `file` as the user gave it, and what was understood of it.

    `contents` adds the coded contents of each document, a key that CONTRACT leaves free.
    """
    line = _line(file, understood)
    if contents:
        line["contents"] = contents_json(understood)
    return line


def _line(file: str, understood: Understanding) -> Json:
    message = understood.message
    return {
        "file": file,
        "index": understood.index,
        "format": understood.format.value,
        "verdict": understood.verdict.value,
        "findings": [finding_json(finding) for finding in understood.findings],
        "message": message_json(message, understood.findings, understood.verdict)
        if message
        else None,
        "submission": asdict(understood.submission) if understood.submission else None,
        "documents": [document_json(document) for document in understood.documents],
        "results": understood.results,
    }
