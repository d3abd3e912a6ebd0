"""A laboratory's blood count of a patient of the demo: three rows, and one of before."""

from typing import Any


def haemogram(who: dict[str, Any]) -> bytes:
    """An ORU^R01; `who` as the ready file tells of a patient."""
    names = f"{who['birth_family']}^{who['birth_given']}^{who['birth_givens']}^^^^L"
    day = who["birth_date"].replace("-", "")
    segments = [
        "MSH|^~\\&|LABO|CHARMES|PASSERELLE|VAULT|20260312101500||ORU^R01^ORU_R01|E2E-1|T|2.5"
        "|||||FRA|UNICODE UTF-8",
        f"PID|1||{who['ins']}^^^ASIP-SANTE-INS-NIR&{who['ins_oid']}&ISO^INS||{names}||{day}"
        f"|{who['sex']}|||^^^^^^BDL^^{who['birth_place']}|||||||||||||||||||||VALI",
        "OBR|1||E2E-ORD-1|58410-2^Hémogramme^LN|||20260312080000|||||||||||||||20260312||LAB|F",
        "OBX|1|NM|718-7^Hémoglobine^LN||13.1|g/dL|12.0-16.0|N|||F|||20260312",
        "OBX|2|NM|6690-2^Leucocytes^LN||12.4|10*9/L|4.0-10.0|H|||F|||20260312",
        "OBX|3|NM|777-3^Plaquettes^LN||210|10*9/L|150-400|N|||F|||20260312",
        "OBX|4|NM|718-7^Hémoglobine^LN|2|<40|g/L|120-160|L|||P|||20250912",
    ]
    return ("\r".join(segments) + "\r").encode()
