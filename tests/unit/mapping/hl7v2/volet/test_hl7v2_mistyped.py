"""A document whose OBX-2 calls it something else."""

import base64

import pytest
from hl7_samples import PID, cda, document, message, msh

from gateway.mapping.hl7v2 import understand
from gateway.records.intake.finding import Severity
from gateway.records.intake.reading import DEFAULT_READING

CDA = cda()


def errors(raw: bytes) -> list[tuple[str, int | None]]:
    found = understand(raw, DEFAULT_READING).findings
    return [(one.code, one.condition) for one in found if one.severity is Severity.ERROR]


@pytest.mark.parametrize("kind", ["ed", "", "TX", "CWE"])
@pytest.mark.parametrize("event", ["ORU^R01^ORU_R01", "MDM^T02^MDM_T02"])
def test_a_document_in_an_obx_of_another_type_is_never_filed_as_a_result(
    event: str, kind: str
) -> None:
    data = f"^TEXT^XML^Base64^{base64.b64encode(CDA).decode()}"
    raw = message(msh(event), PID, "OBR|1", "TXA|1", f"OBX|1|{kind}|11502-2||{data}||||||F")
    assert errors(raw) == [("document-in-text", 102)]
    beside = document(CDA) + f"OBX|9|{kind}|11502-2||{data}||||||F\r".encode()
    assert ("document-in-text", 102) in errors(beside)
