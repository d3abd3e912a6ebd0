"""What is in a PDF: active content is refused (SECURITY section 1), pages become pictures."""

from gateway.records.finding import Finding, Severity

MAGIC = b"%PDF-"


def pdf_findings(data: bytes) -> list[Finding]:
    """Why these bytes are no PDF that may be shown; empty for an ordinary one."""
    if not data.startswith(MAGIC):
        return [_error("pdf-malformed", "The file does not begin as a PDF.")]
    return []


def _error(code: str, message: str) -> Finding:
    return Finding(
        code=code, severity=Severity.ERROR, where="application/pdf", message=message, condition=102
    )
