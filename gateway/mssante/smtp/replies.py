"""What an SMTP peer is told: a table of errors and the words of an answer.

Findings never hold a trait, so their codes may leave; the receipt is the last word of a 250.
"""

from gateway.errors import DeferredError, DeniedError, GatewayError, RefusedError
from gateway.records.intake.filing import Answer
from gateway.records.intake.finding import Severity, Verdict

REPLIES: dict[type[GatewayError], str] = {
    RefusedError: "554 5.6.0",
    DeferredError: "451 4.3.0",
    DeniedError: "550 5.7.1",
}
MAILBOX_CODES = {
    "vault-absent": "550 5.1.1",
    "vault-opposed": "550 5.7.1",
    "vault-closed": "550 5.2.1",
}
MAX_TEXT = 300


def error_reply(error: GatewayError) -> str:
    """One line for an error that crossed the flow; a full disk is 452 (retry)."""
    if isinstance(error, DeferredError):
        return "452 4.3.1 Storage full" if error.disk_full else "451 4.3.0 Try again later"
    code = next(reply for kind, reply in REPLIES.items() if isinstance(error, kind))
    return f"{code} {_plain(str(error))}"


def answer_reply(answer: Answer) -> str:
    """250 with the receipt for accept and hold; 5xx with the first findings for a refusal, and the
    receipt under which the operator finds it."""
    if answer.verdict is Verdict.REFUSE:
        errors = [one for one in answer.findings if one.severity is Severity.ERROR]
        code = next((MAILBOX_CODES[e.code] for e in errors if e.code in MAILBOX_CODES), "554 5.6.0")
        words = "; ".join(f"{one.code}: {one.message}" for one in errors[:3])
        return f"{code} {_plain(words or 'refused')} (receipt {answer.receipt})"
    word = "held" if answer.verdict is Verdict.HOLD else "filed"
    return f"250 2.0.0 Ok, {word}: {answer.receipt}"


def _plain(text: str) -> str:
    """One printable ASCII line."""
    kept = "".join(letter if " " <= letter <= "~" else " " for letter in text)
    return " ".join(kept.split())[:MAX_TEXT]
