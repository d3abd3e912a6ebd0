"""ZFA of PAM.fr: what a patient was told of the DMP, and agreed to (XDM_HL7V2 section A7)."""

from gateway.mapping.hl7v2.control.header import component
from gateway.mapping.hl7v2.er7.delimiters import Delimiters
from gateway.records.messages.message import Consent


def read_consent(fields: list[str], marks: Delimiters) -> Consent:
    """ZFA of PAM.fr 2.11 (A7); `fields[n]` is ZFA-n, of which the first component counts."""
    fields = [component(one, 1, marks).strip() for one in fields] + [""] * 13
    return Consent(
        status=fields[1],
        status_date=fields[2],
        feeding=fields[9],
        feeding_date=fields[10],
        consultation=fields[11],
        consultation_date=fields[12],
    )
