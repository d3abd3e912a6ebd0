"""What two understandings of the same bytes say differently, in words an operator may read.

Codes are quoted; whatever names a person or stands in a title is only absent, present or changed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from gateway.records.documents.document import Document
from gateway.records.intake.finding import Finding, Verdict

QUOTED = (
    "action",
    "type_code",
    "type_system",
    "type_display",
    "class_code",
    "format_code",
    "label",
    "label_rule",
    "label_confidence",
    "label_doubt",
    "label_given",
    "paper",
    "confidentiality",
    "language",
    "version",
    "practice_setting",
    "facility_type",
    "mime_type",
    "body",
    "size",
    "hash_ok",
    "size_ok",
)
UNQUOTED = (
    "title",
    "unique_id",
    "set_id",
    "replaces",
    "creation_time",
    "service_start",
    "service_stop",
    "event_codes",
    "sha1",
    "sha256",
    "attachments",
    "authors",
    "custodian",
    "legal_authenticator",
    "identifiers",
    "related",
    "comments",
)
ABSENT, PRESENT, CHANGED, NOTHING = "absent", "present", "changed", "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`what` is a path as documents[0].label; before and after are words."""

    what: str
    before: str
    after: str

    def __str__(self) -> str:
        return f"{self.what}: {self.before} → {self.after}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """The compared part of an understanding; a document is None where there is none to compare."""

    verdict: Verdict
    findings: Sequence[Finding]
    documents: Sequence[Document | None]


def differences(before: Understood, after: Understood) -> list[Difference]:
    """Nothing where both say the same; in the order verdict, findings, documents."""
    found = []
    if before.verdict is not after.verdict:
        found.append(
            Difference(what="verdict", before=before.verdict.value, after=after.verdict.value)
        )
    found += _findings(before.findings, after.findings)
    if len(before.documents) != len(after.documents):
        counts = str(len(before.documents)), str(len(after.documents))
        found.append(Difference(what="documents", before=counts[0], after=counts[1]))
        return found
    for index, (old, new) in enumerate(zip(before.documents, after.documents, strict=True)):
        if old is not None and new is not None:
            found += _document(f"documents[{index}]", old, new)
    return found


def _findings(before: Sequence[Finding], after: Sequence[Finding]) -> list[Difference]:
    old, new = Counter(map(_name, before)), Counter(map(_name, after))
    gone = [Difference(what="finding", before=one, after=NOTHING) for one in (old - new).elements()]
    come = [Difference(what="finding", before=NOTHING, after=one) for one in (new - old).elements()]
    return gone + come


def _name(finding: Finding) -> str:
    return f"{finding.severity} {finding.code} at {finding.where}"


def _document(where: str, old: Document, new: Document) -> list[Difference]:
    pairs = [(name, _quoted(old, name), _quoted(new, name)) for name in QUOTED]
    pairs += [(name, *_presence(getattr(old, name), getattr(new, name))) for name in UNQUOTED]
    before, after = asdict(old.patient), asdict(new.patient)
    pairs += [(f"patient.{name}", *_presence(before[name], after[name])) for name in before]
    return [
        Difference(what=f"{where}.{name}", before=one, after=other)
        for name, one, other in pairs
        if one != other
    ]


def _quoted(document: Document, name: str) -> str:
    value = getattr(document, name)
    if isinstance(value, tuple):
        return " ".join(value) or NOTHING
    return NOTHING if value is None else str(value)


def _presence(before: object, after: object) -> tuple[str, str]:
    if before == after:
        return PRESENT, PRESENT
    return PRESENT if before else ABSENT, (CHANGED if before else PRESENT) if after else ABSENT
