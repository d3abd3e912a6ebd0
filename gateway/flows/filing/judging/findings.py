"""The findings that only the store can cause, in the words of CONTRACT and HL7V2 section 5."""

from gateway.flows.filing.judging.places import place_of_target, places_in
from gateway.mapping.identity import place_of
from gateway.records.documents.document import Action
from gateway.records.intake.filing import Known
from gateway.records.intake.finding import Finding, Severity, doubted
from gateway.records.intake.understanding import Format, Understanding
from gateway.records.patients.account import AccountState

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


def vault_refusal(state: AccountState, form: Format, *, elsewhere: bool) -> Finding:
    """No open space under this INS (VAULT section 1): 207 + 902; `elsewhere` when another leg of
    the message was taken, so that it is not resent (ACC-22)."""
    code = VAULT_CODES.get(state, "vault-absent")
    return Finding(
        code=code,
        severity=Severity.INFO if elsewhere else Severity.ERROR,
        where=places_in(form).patient,
        message=VAULT_MESSAGES[code],
        condition=207,
        application=902,
    )


def several_records(form: Format) -> Finding:
    return Finding(
        code="several-records",
        severity=Severity.ERROR,
        where=places_in(form).patient,
        message="The documents name several INS. Send those of one person at a time.",
        condition=207,
        application=904,
    )


def key_reused(where: str) -> Finding:
    return Finding(
        code="key-reused",
        severity=Severity.ERROR,
        where=where,
        message="This control id or key came before with other bytes. Use a new one.",
        condition=205,
    )


def already_filed(form: Format, which: str = "The same document") -> Finding:
    return Finding(
        code="already-filed",
        severity=Severity.INFO,
        where=places_in(form).unique_id,
        message=f"{which} is filed already; nothing was created of it.",
        condition=0,
    )


def unique_id_conflict(form: Format) -> Finding:
    return Finding(
        code="unique-id-conflict",
        severity=Severity.ERROR,
        where=places_in(form).unique_id,
        message="Another document bears this unique id. Give a new version a new id.",
        condition=205,
    )


def traits_disagree(names: list[str], form: Format) -> Finding:
    return doubted(
        "identity-mismatch",
        place_of(names[0]) if form is Format.HL7V2 else places_in(form).traits,
        f"Differs from the identity known under this INS: {', '.join(names)}. "
        "Held until a person has looked.",
    )


def local_id_conflict() -> Finding:
    text = "A local identifier of this message is known as that of another person. Held."
    return doubted("local-id-conflict", "PID-3", text)


def merge_of_two_ins() -> Finding:
    text = "The identity that ends has another qualified INS than the survivor. Held."
    return doubted("merge-two-ins", "MRG-1", text)


def merge_unqualified() -> Finding:
    text = "The identity that ends is qualified and the survivor is not shown to be the same. Held."
    return doubted("merge-unqualified", "MRG-1", text)


def merge_without_survivor() -> Finding:
    text = "The survivor is not known: send its INS with VALI, or its local identifier. Held."
    return doubted("merge-unqualified", "PID-3", text)


def merge_of_unknown() -> Finding:
    return Finding(
        code="merge-unknown",
        severity=Severity.WARNING,
        where="MRG-1",
        message="No qualified identity is known under the INS that ends: nothing of it is merged.",
    )


def merge_of_closed() -> Finding:
    text = "One of the two persons opposed or closed a space: these are not merged."
    return doubted("merge-closed", "MRG-1", text)


def set_aside() -> Finding:
    return Finding(
        code="set-aside",
        severity=Severity.ERROR,
        where="/",
        message="Somebody has looked: this is not taken. Send the right identity.",
        condition=207,
        application=904,
    )


def consent_unattached(where: str, message: str) -> Finding:
    return Finding(
        code="consent-unattached", severity=Severity.WARNING, where=where, message=message
    )


def kept_traits_differ(names: list[str]) -> Finding:
    text = f"Documents kept under a local identifier name somebody else: {', '.join(names)}. Held."
    return doubted("identity-mismatch", "PID-3", text)


def deposit_denied(rule: str, form: Format) -> Finding:
    places = places_in(form)
    return Finding(
        code="deposit-denied",
        severity=Severity.ERROR,
        where=places.kind if rule != OPPOSED else places.opposition,
        message=f"The rules of access refuse this deposit (rule {rule}). Do not resend it.",
        condition=207,
        application=906,
    )


def sender_differs() -> Finding:
    return Finding(
        code="sender-differs",
        severity=Severity.WARNING,
        where="PRT-8",
        message="The sender (SB) is not the organisation that this account stands for.",
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


def original_unknown() -> Finding:
    return Finding(
        code="original-unknown",
        severity=Severity.ERROR,
        where="OBX-4",
        message="Nothing was sent from here under this control id. Check OBX-4 and MSH-5.",
        condition=204,
    )


def target_unknown(understood: Understanding, action: Action, *, strict: bool) -> Finding:
    """HL7v2 says what it replaces or deletes and must be right (204); an archive or a CDA may
    come from before our time and is filed with a warning."""
    replaced = places_in(understood.format).replaced
    return Finding(
        code="replaced-unknown",
        severity=Severity.ERROR if strict else Severity.WARNING,
        where=place_of_target(understood, action) if strict else replaced,
        message="The document to replace or delete is not known here. Check its id.",
        condition=204,
        application=906,
    )


def replaced_elsewhere(form: Format) -> Finding:
    return Finding(
        code="replaced-elsewhere",
        severity=Severity.ERROR,
        where=places_in(form).named,
        message="The document to replace is of another patient. Check its id.",
        condition=207,
        application=904,
    )


def not_latest(known: Known, form: Format) -> Finding:
    version = f" (version {known.version})" if known.version else ""
    return Finding(
        code="version-not-latest",
        severity=Severity.ERROR,
        where=places_in(form).replaced,
        message=f"The document to replace or delete{version} is not the latest one.",
        condition=207,
        application=900,
    )


def replaced_in_ring(form: Format) -> Finding:
    return Finding(
        code="replaces-each-other",
        severity=Severity.ERROR,
        where=places_in(form).replaced,
        message="These documents replace each other: only a later one replaces an earlier one.",
        condition=207,
        application=900,
    )


def not_approved() -> Finding:
    return Finding(
        code="replaced-not-approved",
        severity=Severity.ERROR,
        where="Association: RPLC",
        message="The document to replace is archived or deleted: only an Approved one is replaced.",
    )


def not_author(form: Format) -> Finding:
    return Finding(
        code="not-author",
        severity=Severity.ERROR,
        where=places_in(form).author,
        message="Only the author or the same organisation may replace or delete a document.",
        condition=207,
        application=901,
    )


def withdrawn(form: Format) -> Finding:
    return Finding(
        code="document-withdrawn",
        severity=Severity.ERROR,
        where=places_in(form).unique_id,
        message="This document was deleted at its author's word. Send it under a new id.",
        condition=205,
    )
