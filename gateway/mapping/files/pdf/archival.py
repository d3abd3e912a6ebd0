"""What a file of PDF/A-2a says of itself: language, marks, profile of colours, metadata
(ISO 19005-2, 6.2.3, 6.6 and 6.7)."""

import struct
from datetime import UTC, datetime
from xml.sax.saxutils import escape

import pikepdf
from PIL import ImageCms

PROFILE_DATED, NEW_YEAR_2000 = slice(24, 36), struct.pack(">6H", 2000, 1, 1, 0, 0, 0)
"""When the profile was made, in its header (ICC.1:2004-10, 7.2): the same in every file."""


def declare(pdf: pikepdf.Pdf, title: str, made_at: datetime) -> None:
    """Language, marks, profile of colours and metadata."""
    root = pdf.Root
    root.Lang = pikepdf.String("fr-FR")
    root.MarkInfo = pikepdf.Dictionary(Marked=True)
    root.ViewerPreferences = pikepdf.Dictionary(DisplayDocTitle=True)
    profile = pdf.make_stream(_profile())
    profile.N = 3
    root.OutputIntents = pikepdf.Array(
        [
            pikepdf.Dictionary(
                Type=pikepdf.Name.OutputIntent,
                S=pikepdf.Name.GTS_PDFA1,
                OutputConditionIdentifier=pikepdf.String("sRGB"),
                Info=pikepdf.String("sRGB"),
                DestOutputProfile=profile,
            )
        ]
    )
    at = made_at.astimezone(UTC).replace(microsecond=0)
    pdf.docinfo["/Title"] = pikepdf.String(title)
    pdf.docinfo["/CreationDate"] = pikepdf.String(at.strftime("D:%Y%m%d%H%M%SZ"))
    metadata = pdf.make_stream(_xmp(title, at))
    metadata.Type, metadata.Subtype = pikepdf.Name.Metadata, pikepdf.Name.XML
    root.Metadata = metadata


def _profile() -> bytes:
    made = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    made[PROFILE_DATED] = NEW_YEAR_2000
    return bytes(made)


def _xmp(title: str, at: datetime) -> bytes:
    instant = at.strftime("%Y-%m-%dT%H:%M:%SZ")
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/"'
        ' xmlns:xmp="http://ns.adobe.com/xap/1.0/"'
        ' xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">\n'
        "<pdfaid:part>2</pdfaid:part><pdfaid:conformance>A</pdfaid:conformance>\n"
        "<dc:format>application/pdf</dc:format>\n"
        '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">'
        f"{escape(title)}</rdf:li></rdf:Alt></dc:title>\n"
        "<dc:language><rdf:Bag><rdf:li>fr-FR</rdf:li></rdf:Bag></dc:language>\n"
        f"<xmp:CreateDate>{instant}</xmp:CreateDate>\n"
        "</rdf:Description>\n</rdf:RDF>\n</x:xmpmeta>\n"
        '<?xpacket end="w"?>'
    ).encode()
