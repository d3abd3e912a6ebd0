"""The XSD of CDA R2 as an advice: what a document has that its schema does not foresee.

The schema is a file of the operator's (CDA.md section 6: 3 of 174 published examples fail it, and
part of it has no licence to be shipped under), so what it finds is a warning. No message repeats
a value of the document.
"""

import re
import threading
from functools import lru_cache
from pathlib import Path

from lxml import etree

from gateway.errors import RefusedError
from gateway.mapping.cda.nodes import V3
from gateway.mapping.xml import Element
from gateway.records.intake.finding import Finding, Severity

MAX_FINDINGS = 10
MAX_MESSAGE_CHARACTERS = 300

_validating = threading.Lock()
"""A schema keeps its errors in itself: one document at a time."""

_TYPES = etree.ErrorTypes
_NAMES_ONLY = frozenset(
    {
        _TYPES.SCHEMAV_ELEMENT_CONTENT,
        _TYPES.SCHEMAV_CVC_COMPLEX_TYPE_3_2_1,
        _TYPES.SCHEMAV_CVC_COMPLEX_TYPE_3_2_2,
        _TYPES.SCHEMAV_CVC_COMPLEX_TYPE_4,
    }
)
"""Errors whose words hold names of elements and attributes, never a value."""
_NAMESPACE = re.compile(r"\{[^}]*\}")
_ATTRIBUTE = re.compile(r"attribute '([^']{1,60})'")
_STEP = re.compile(r"\*(?:\[(\d+)\])?")


def load_schema(path: Path) -> None:
    """Reads the schema once, ahead of the first document. Raises RefusedError."""
    _schema(path)


@lru_cache(maxsize=4)
def _schema(path: Path) -> etree.XMLSchema:
    try:
        return etree.XMLSchema(file=str(path))
    except (etree.XMLSchemaParseError, etree.XMLSyntaxError) as error:
        raise RefusedError(f"{path.name} is not a schema that can be read.") from error


def schema_findings(root: Element, path: Path, *, strict: bool = False) -> list[Finding]:
    """What the schema at `path` finds in a ClinicalDocument, at most `MAX_FINDINGS`.

    Warnings, errors where `strict`; code `cda-xsd`, `where` the element as an XPath. Raises
    RefusedError where the schema cannot be read.
    """
    schema = _schema(path)
    with _validating:
        if schema.validate(root):
            return []
        errors = list(schema.error_log)
    severity = Severity.ERROR if strict else Severity.WARNING
    findings = [_finding(root, one, severity) for one in errors[:MAX_FINDINGS]]
    if len(errors) > MAX_FINDINGS:
        more = f"The schema finds {len(errors) - MAX_FINDINGS} more: mend these first."
        findings.append(_made("/ClinicalDocument", more, severity))
    return findings


def _finding(root: Element, error: etree._LogEntry, severity: Severity) -> Finding:
    return _made(_place(root, error.path), f"Line {error.line}: {_words(error)}", severity)


def _made(where: str, message: str, severity: Severity) -> Finding:
    return Finding(code="cda-xsd", severity=severity, where=where, message=message, condition=102)


def _words(error: etree._LogEntry) -> str:
    """The validator's words where they hold names only, else what is wrong without the value."""
    if error.type in _NAMES_ONLY:
        told = _NAMESPACE.sub("", error.message).partition(": ")[2]
        return told[:MAX_MESSAGE_CHARACTERS]
    found = _ATTRIBUTE.search(error.message)
    what = f"The attribute {found[1]}" if found else "The content"
    return f"{what} has a value that the schema does not allow."


def _place(root: Element, path: str | None) -> str:
    """The names of the elements on a path of places, "/*/*[3]/*": libxml2 has no prefixes here."""
    node, names = root, [_name(root)]
    for step in (path or "").split("/")[2:]:
        found = _STEP.fullmatch(step)
        place = int(found[1] or 1) if found else 0
        if not 0 < place <= len(node):
            break
        node = node[place - 1]
        names.append(_name(node))
    return "/" + "/".join(names)


def _name(node: Element) -> str:
    return _NAMESPACE.sub("", str(node.tag).removeprefix(V3))
