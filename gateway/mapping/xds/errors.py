"""What was found of a request, in the error codes of XDS (XDS.md section 9, IHE ITI TF-3 4.2.4).

A finding that no row names is told as what contradicts the metadata, where it refuses.
"""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from gateway.records.intake.finding import Finding, Severity, Verdict

REPOSITORY_METADATA = "XDSRepositoryMetadataError"
REPOSITORY_ERROR = "XDSRepositoryError"
REPOSITORY_BUSY = "XDSRepositoryBusy"
OUT_OF_RESOURCES = "XDSRepositoryOutOfResources"
MISSING_DOCUMENT = "XDSMissingDocument"
MISSING_METADATA = "XDSMissingDocumentMetadata"
PATIENT_DIFFERS = "XDSPatientIdDoesNotMatch"
UNKNOWN_PATIENT = "XDSUnknownPatientId"
DUPLICATE_IN_REGISTRY = "XDSDuplicateUniqueIdInRegistry"
DUPLICATE_IN_MESSAGE = "XDSRepositoryDuplicateUniqueIdInMessage"
NON_IDENTICAL_HASH = "XDSNonIdenticalHash"
DEPRECATED = "XDSRegistryDeprecatedDocumentError"
REPLACE_FAILED = "XDSReplaceFailed"
UNRESOLVED = "UnresolvedReferenceException"
NOT_SAVED = "XDSExtraMetadataNotSaved"
POLICY = "LocalPolicyRestrictionError"
HELD = "GatewayHeld"
"""Ours: taken and durable, kept until somebody has looked. XDS has no code for that."""
WAITS = "Taken and kept: it is filed once somebody has looked."

CODES: Mapping[str, str] = {
    "xds-no-document": MISSING_DOCUMENT,
    "xds-no-entry": MISSING_METADATA,
    "xdm-no-document": MISSING_METADATA,
    "xds-duplicate-set": DUPLICATE_IN_REGISTRY,
    "key-reused": DUPLICATE_IN_REGISTRY,
    "document-withdrawn": DUPLICATE_IN_REGISTRY,
    "unique-id-twice": DUPLICATE_IN_MESSAGE,
    "unique-id-conflict": NON_IDENTICAL_HASH,
    "patient-mismatch": PATIENT_DIFFERS,
    "several-records": PATIENT_DIFFERS,
    "vihf-patient": PATIENT_DIFFERS,
    "vault-absent": UNKNOWN_PATIENT,
    "vault-opposed": UNKNOWN_PATIENT,
    "vault-closed": UNKNOWN_PATIENT,
    "version-not-latest": DEPRECATED,
    "replaced-not-approved": REPLACE_FAILED,
    "replaced-unknown": UNRESOLVED,
    "replaced-elsewhere": PATIENT_DIFFERS,
    "not-author": POLICY,
    "deposit-denied": POLICY,
    "unmask-denied": POLICY,
    "sender-not-author": POLICY,
    "relation-not-kept": NOT_SAVED,
}
"""Finding code -> errorCode."""


class RegistryError(NamedTuple):
    """One rs:RegistryError: `context` is codeContext, for a person; `location` where it stands."""

    code: str
    context: str
    location: str = ""
    is_warning: bool = False


def registry_errors(verdict: Verdict, findings: Iterable[Finding]) -> list[RegistryError]:
    """What the sender is told of them, in order.

    Of a refusal its errors alone. Else nothing but warnings: HELD where it is held, which no other
    answer has, and what CODES names. A client may take any RegistryError for a fault, and ebRS
    knows no severity below Warning, so the other findings stay with the receipt.
    """
    found = list(findings)
    if verdict is Verdict.REFUSE:
        errors = [_error(one) for one in found if one.severity is Severity.ERROR]
        return errors or [RegistryError(REPOSITORY_ERROR, "The request was refused.")]
    warnings = [one for one in found if one.severity is Severity.WARNING]
    told = [_warning(one, CODES[one.code]) for one in warnings if one.code in CODES]
    if verdict is not Verdict.HOLD:
        return told
    held = [_warning(one, HELD) for one in warnings if one.holds]
    return [*(held or [RegistryError(HELD, WAITS, is_warning=True)]), *told]


def code_of(finding: Finding) -> str:
    """The errorCode of a finding that refuses."""
    return CODES.get(finding.code, REPOSITORY_METADATA)


def _error(finding: Finding) -> RegistryError:
    return RegistryError(code_of(finding), _context(finding), finding.where)


def _warning(finding: Finding, code: str) -> RegistryError:
    return RegistryError(code, _context(finding), finding.where, is_warning=True)


def _context(finding: Finding) -> str:
    return f"{finding.message} ({finding.code})"
