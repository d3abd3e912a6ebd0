"""An answer as HTTP says it: status and JSON (CONTRACT section 2)."""

from typing import Any

from gateway.mapping.inspect import finding_json
from gateway.records.intake.filing import Answer, Filed
from gateway.records.intake.finding import Severity, Verdict

Json = dict[str, Any]
STATUS_OF_CODE = {
    "unknown-format": 400,
    "msh-unreadable": 400,
    "xml-malformed": 400,
    "xml-compressed": 400,
    "zip-unreadable": 400,
    "zip-damaged": 400,
    "idempotency-key": 400,
    "too-large": 413,
    "xml-too-large": 413,
    "json-too-big": 413,
    "json-too-many": 413,
    "batch-too-many": 413,
    "zip-too-big": 413,
    "unsupported-type": 415,
    "unique-id-conflict": 409,
    "document-withdrawn": 409,
}
MALFORMED_JSON = "json-"
MALFORMED = 400
REFUSED = 422
WORST = {Verdict.ACCEPT: 0, Verdict.HOLD: 1, Verdict.REFUSE: 2}


def answer_status(answer: Answer) -> int:
    """201 filed, 200 a copy, 202 held, 4xx refused by the first error's kind."""
    if answer.verdict is Verdict.HOLD:
        return 202
    if answer.verdict is Verdict.ACCEPT:
        return 200 if answer.made_nothing else 201
    first = next((f for f in answer.findings if f.severity is Severity.ERROR), None)
    return _refusal_status(first.code) if first else REFUSED


def _refusal_status(code: str) -> int:
    """What cannot be read at all is 400; what can be read and is wrong, 422."""
    otherwise = MALFORMED if code.startswith(MALFORMED_JSON) else REFUSED
    return STATUS_OF_CODE.get(code, otherwise)


def filed_json(filed: Filed) -> Json:
    return {
        "id": filed.id,
        "label": filed.label.value,
        "unique_id": filed.unique_id,
        "type_code": filed.type_code,
    }


def answer_json(answer: Answer) -> Json:
    """One answer; the same shape for `POST /documents` and `GET /documents/{receipt}`."""
    return {
        "receipt": answer.receipt,
        "verdict": answer.verdict.value,
        "documents": [filed_json(one) for one in answer.documents],
        "findings": [finding_json(one) for one in answer.findings],
    }


def answers_json(answers: list[Answer]) -> tuple[int, Json]:
    """Status and body for a whole delivery: the worst message decides, each is listed."""
    worst = max(answers, key=lambda one: WORST[one.verdict])
    if len(answers) == 1:
        return answer_status(worst), answer_json(worst)
    body = answer_json(worst) | {"messages": [answer_json(one) for one in answers]}
    return answer_status(worst), body
