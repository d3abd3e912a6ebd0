"""The findings that only the store can cause, in the words of CONTRACT and HL7V2 section 5."""

from gateway.records.account import AccountState
from gateway.records.filing import Known
from gateway.records.finding import Finding, Severity

OPPOSED = "F39"
VAULT_CODES = {
    AccountState.OPPOSED: "vault-opposed",
    AccountState.CLOSED: "vault-closed",
    AccountState.ERASING: "vault-closed",
}
VAULT_MESSAGES = {
    "vault-absent": "This person has no open space here. Do not resend: the document is not filed.",
    "vault-opposed": "This person opposed the creation of a space. Nothing of it is kept.",
    "vault-closed": "This person closed the space. Nothing of it is kept.",
}


def vault_refusal(state: AccountState, *, elsewhere: bool) -> Finding:
    """No open space under this INS (VAULT section 1): 207 + 902; `elsewhere` when another leg of
    the message was taken, so that it is not resent (ACC-22)."""
    code = VAULT_CODES.get(state, "vault-absent")
    return Finding(
        code=code,
        severity=Severity.INFO if elsewhere else Severity.ERROR,
        where="PID-3",
        message=VAULT_MESSAGES[code],
        condition=207,
        application=902,
    )


def key_reused(where: str) -> Finding:
    return Finding(
        code="key-reused",
        severity=Severity.ERROR,
        where=where,
        message="This control id or key came before with other bytes. Use a new one.",
        condition=205,
    )


def already_filed(where: str) -> Finding:
    return Finding(
        code="already-filed",
        severity=Severity.INFO,
        where=where,
        message="The same document is filed already; nothing was created.",
        condition=0,
    )


def unique_id_conflict() -> Finding:
    return Finding(
        code="unique-id-conflict",
        severity=Severity.ERROR,
        where="ClinicalDocument/id",
        message="Another document bears this unique id. Give a new version a new id.",
        condition=205,
    )


def traits_disagree(names: list[str]) -> Finding:
    return Finding(
        code="identity-mismatch",
        severity=Severity.WARNING,
        where="PID-5",
        message=f"Differs from the identity known under this INS: {', '.join(names)}. "
        "Held until a person has looked.",
        condition=207,
        application=904,
        holds=True,
    )


def deposit_denied(rule: str) -> Finding:
    return Finding(
        code="deposit-denied",
        severity=Severity.ERROR,
        where="ClinicalDocument/code" if rule != OPPOSED else "ZFA-9",
        message=f"The rules of access refuse this deposit (rule {rule}). Do not resend it.",
        condition=207,
        application=906,
    )


def unmask_denied() -> Finding:
    return Finding(
        code="unmask-denied",
        severity=Severity.ERROR,
        where="OBX-5",
        message="Only the patient shows a masked document again (rule F59). Do not resend it.",
        condition=207,
        application=906,
    )


def target_unknown(*, strict: bool) -> Finding:
    """HL7v2 says what it replaces or deletes and must be right (204); an archive or a CDA may
    come from before our time and is filed with a warning."""
    return Finding(
        code="replaced-unknown",
        severity=Severity.ERROR if strict else Severity.WARNING,
        where="TXA-13" if strict else "relatedDocument",
        message="The document to replace or delete is not known here. Check its id.",
        condition=204,
        application=906,
    )


def not_latest(known: Known) -> Finding:
    version = f" (version {known.version})" if known.version else ""
    return Finding(
        code="version-not-latest",
        severity=Severity.ERROR,
        where="relatedDocument",
        message=f"The document to replace or delete{version} is not the latest one.",
        condition=207,
        application=900,
    )


def not_author() -> Finding:
    return Finding(
        code="not-author",
        severity=Severity.ERROR,
        where="ClinicalDocument/author",
        message="Only the author or the same organisation may replace or delete a document.",
        condition=207,
        application=901,
    )
