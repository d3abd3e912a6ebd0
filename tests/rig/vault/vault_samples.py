"""Small documents of our own making: a narrative, a PDF of blank pages, results."""

import base64
from io import BytesIO

import pikepdf

from gateway.records.documents.observation import Observation

CDA = "urn:hl7-org:v3"


def pdf_of(pages: int) -> bytes:
    """Blank pages; what they hold is not the point."""
    made, out = pikepdf.new(), BytesIO()
    for _ in range(pages):
        made.add_blank_page(page_size=(595, 842))
    made.save(out)
    return out.getvalue()


def narrative_cda(title: str, text: str) -> bytes:
    body = f"<component><section><title>{title}</title><text>{text}</text></section></component>"
    return (
        f'<ClinicalDocument xmlns="{CDA}"><title>{title}</title>'
        f"<component><structuredBody>{body}</structuredBody></component></ClinicalDocument>"
    ).encode()


def wrapped_cda(mime_type: str, content: bytes) -> bytes:
    data = base64.b64encode(content).decode()
    return (
        f'<ClinicalDocument xmlns="{CDA}"><component><nonXMLBody>'
        f'<text mediaType="{mime_type}" representation="B64">{data}</text>'
        "</nonXMLBody></component></ClinicalDocument>"
    ).encode()


def result(text: str, value: str, unit: str, limits: str, flag: str) -> Observation:
    return Observation(
        code="1-1",
        system="LN",
        text=text,
        value=value,
        value_type="NM",
        unit=unit,
        range=limits,
        flag=flag,
        status="F",
        time=None,
        group="B1",
        group_text="Hémogramme",
        group_id="ORD-1-0",
        sub_id="",
        producer="",
        note="",
    )
