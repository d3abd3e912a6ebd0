"""How the findings of a message are written: refusals with their ERR-3, and warnings."""

from gateway.records.intake.finding import Finding, Severity


def failure(
    code: str, where: str, condition: int, message: str, *, application: int | None = None
) -> Finding:
    """An error the sender corrects: AE or CE, `condition` is ERR-3."""
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=where,
        message=message,
        condition=condition,
        application=application,
    )


def fatal(code: str, where: str, condition: int, message: str) -> Finding:
    """An error that no correction of this message mends: AR or CR (HL7V2 section 5)."""
    return Finding(
        code=code,
        severity=Severity.ERROR,
        where=where,
        message=message,
        condition=condition,
        fatal=True,
    )


def warning(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.WARNING, where=where, message=message)


def info(code: str, where: str, message: str) -> Finding:
    return Finding(code=code, severity=Severity.INFO, where=where, message=message)


def tolerated(code: str, where: str, condition: int, message: str, *, strict: bool) -> Finding:
    """What published guides forbid and published examples do: an error in strict mode only."""
    return failure(code, where, condition, message) if strict else warning(code, where, message)
