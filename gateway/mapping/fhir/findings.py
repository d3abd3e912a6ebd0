"""Findings of the FHIR reader, made one way; `where` is a FHIRPath."""

from dataclasses import replace

from gateway.records.intake.finding import Finding, Severity


def error(code: str, where: str, message: str, *, application: int | None = None) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where=where, message=message, application=application
    )


def warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


def information(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.INFO, where=where, message=message)


def hold(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message, holds=True)


def foreign_profile_held(finding: Finding) -> Finding:
    """Published examples bear an INS of the other profile: kept for a person, never filed."""
    if finding.code != "ins-oid":
        return finding
    return replace(finding, severity=Severity.WARNING, holds=True)
