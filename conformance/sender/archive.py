"""An IHE_XDM archive opened in memory, within bounds, nothing written to disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from conformance.made.xdm import ENTRY_TYPE, RIM, SET_NODE
from conformance.reading.xml import BadXmlError, Element, read_xml
from conformance.sender.subjects import Document, read_document

MAX_MEMBERS, MAX_MEMBER_BYTES, MAX_TOTAL_BYTES = 200, 20_000_000, 100_000_000
BROKEN = (
    zipfile.BadZipFile, zlib.error, struct.error, EOFError, ValueError, LookupError, RuntimeError,
    NotImplementedError, OverflowError, OSError,
)  # fmt: skip
"""What zipfile raises on bytes that are no right archive."""
R = f"{{{RIM}}}"


@dataclass(frozen=True)
class Entry:
    """One ExtrinsicObject; `body` is the file of its URI, None without one."""

    node: Element
    body: bytes | None

    def slot(self, name: str) -> str:
        return slot_of(self.node, name)

    def external(self, scheme: str) -> str:
        return external_of(self.node, scheme)

    def codes(self, scheme: str) -> list[str]:
        found = self.node.findall(f"{R}Classification")
        return [one.get("nodeRepresentation") or "" for one in found
                if one.get("classificationScheme") == f"urn:uuid:{scheme}"]  # fmt: skip

    @cached_property
    def document(self) -> Document | None:
        """The CDA of its file; None where there is none."""
        read = read_document(self.body) if self.body is not None else None
        return read if read is not None and read.root is not None else None


def slot_of(node: Element, name: str) -> str:
    for slot in node.findall(f"{R}Slot"):
        if slot.get("name") == name:
            value = slot.find(f"{R}ValueList/{R}Value")
            return (value.text or "").strip() if value is not None else ""
    return ""


def external_of(node: Element, scheme: str) -> str:
    for one in node.findall(f"{R}ExternalIdentifier"):
        if one.get("identificationScheme") == f"urn:uuid:{scheme}":
            return str(one.get("value") or "")
    return ""


@dataclass(frozen=True)
class Archive:
    """`error` says why it could not be opened; `metadata_error` why METADATA.XML was not read."""

    names: tuple[str, ...] = ()
    files: dict[str, bytes] = field(default_factory=dict)
    error: str = ""

    @cached_property
    def metadata_name(self) -> str:
        return next((name for name in self.files if name.upper().endswith("METADATA.XML")), "")

    @cached_property
    def _read(self) -> tuple[Element | None, str]:
        if not self.metadata_name:
            return None, "missing"
        try:
            return read_xml(self.files[self.metadata_name]), ""
        except BadXmlError as error:
            return None, str(error)

    @property
    def metadata_error(self) -> str:
        root, error = self._read
        if root is not None and not str(root.tag).endswith("}SubmitObjectsRequest"):
            return f"its root is {str(root.tag)[:60]}"
        return error

    def _all(self, name: str) -> Iterable[Element]:
        root = self._read[0]
        return root.iter(f"{R}{name}") if root is not None else ()

    @cached_property
    def entries(self) -> list[Entry]:
        folder = self.metadata_name.rpartition("/")[0]
        found = []
        for node in self._all("ExtrinsicObject"):
            if node.get("objectType") == f"urn:uuid:{ENTRY_TYPE}":
                uri = slot_of(node, "URI")
                found.append(Entry(node, self.files.get(f"{folder}/{uri}".lstrip("/"))))
        return found

    @cached_property
    def _set(self) -> Element | None:
        for node in self._all("RegistryPackage"):
            kinds = [one.get("classificationNode") for one in node.findall(f"{R}Classification")]
            if f"urn:uuid:{SET_NODE}" in kinds:
                return node
        return None

    def submission(self, scheme: str) -> str:
        return external_of(self._set, scheme) if self._set is not None else ""

    def submission_slot(self, name: str) -> str:
        return slot_of(self._set, name) if self._set is not None else ""


def read_archive(raw: bytes) -> Archive:
    """Never raises, never inflates more than its bounds."""
    try:
        with zipfile.ZipFile(io.BytesIO(raw)) as opened:
            return members(opened)
    except BROKEN as error:
        return Archive(error=f"cannot be opened: {error}"[:120])


def members(opened: zipfile.ZipFile) -> Archive:
    infos = opened.infolist()
    if len(infos) > MAX_MEMBERS:
        return Archive(error=f"{len(infos)} members, at most {MAX_MEMBERS}")
    files, left = dict[str, bytes](), MAX_TOTAL_BYTES
    for info in infos:
        if info.is_dir():
            continue
        with opened.open(info) as member:
            data = member.read(min(MAX_MEMBER_BYTES, left) + 1)
        left -= len(data)
        if len(data) > MAX_MEMBER_BYTES or left < 0:
            return Archive(error="a member, or all together, is larger than a document may be")
        files[info.filename] = data
    return Archive(tuple(info.filename for info in infos), files)
