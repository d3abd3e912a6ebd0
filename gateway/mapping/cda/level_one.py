"""The file of a level 1 document: what `nonXMLBody` carries, decoded."""

from gateway.errors import RefusedError
from gateway.mapping.cda import clinical_document
from gateway.mapping.cda.body import MAGIC, decoded
from gateway.mapping.cda.nodes import first, media_type_of, strings
from gateway.mapping.xml import MAX_DOCUMENT_BYTES


def level_one_file(data: bytes) -> tuple[str, bytes]:
    """Its MIME type and bytes. Raises RefusedError where there is none that may be shown."""
    root = clinical_document(data, max_bytes=MAX_DOCUMENT_BYTES)
    text = first(root, "component/nonXMLBody/text")
    if text is None:
        raise RefusedError("The document holds no file.")
    media = media_type_of(text) or "text/plain"
    plain = "".join(strings(text))
    if media == "text/plain" and text.get("representation") != "B64":
        return media, plain.encode()
    content = decoded(plain)
    if content is None or (media in MAGIC and not content.startswith(MAGIC[media])):
        raise RefusedError("The file of the document is not what it says.")
    return media, content


def text_in(content: bytes) -> str:
    """A text of no declared charset: UTF-8 where it is that, else that of French Windows."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")
