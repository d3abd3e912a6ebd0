"""A message as `gateway inspect --json` shows it (CONTRACT section 3 `message`)."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from gateway.mapping.hl7v2.control.ack import ack_code, codes_of
from gateway.records.intake.finding import Finding, Severity, Verdict
from gateway.records.messages.message import Message

Json = dict[str, Any]


def message_json(message: Message, findings: Sequence[Finding], verdict: Verdict) -> Json:
    """All fields of the contract, the acknowledgement that this message would get included."""
    header = message.header
    return {
        "type": header.type,
        "control_id": header.control_id,
        "processing": header.processing,
        "version": header.version,
        "charset": header.charset,
        "charset_how": header.charset_how,
        "accept_ack": header.accept_ack,
        "application_ack": header.application_ack,
        "segments": message.segments,
        "obx": message.obx,
        "patient_id": message.patient_id,
        "patient_ids": message.patient_ids,
        "ins": message.ins,
        "family": message.family,
        "given": message.given,
        "birth_date": message.birth_date,
        "sex": message.sex,
        "identity_status": message.identity_status,
        "z_segments": list(message.z_segments),
        "payloads": [asdict(payload) for payload in message.payloads],
        "flags": dict(message.flags),
        "sender": asdict(message.sender) if message.sender else None,
        "recipients": list(message.recipients),
        "reply_to": message.reply_to,
        "consent": asdict(message.consent) if message.consent else None,
        "business_ack": asdict(message.business_ack) if message.business_ack else None,
        "ack": {
            "code": ack_code(header, verdict, findings),
            "errors": [_error(one) for one in findings if _told(one)],
        },
    }


def _told(finding: Finding) -> bool:
    return finding.severity is Severity.ERROR or finding.holds


def _error(finding: Finding) -> Json:
    condition, application = codes_of(finding)
    return {"code": condition, "application": application, "where": finding.where}
