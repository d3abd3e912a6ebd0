"""Archives that only look like one (PKWARE APPNOTE; IHE ITI TF-2, 3.32)."""

import io
import zipfile

from conformance.bench import Bench
from conformance.check import Chapter
from conformance.checks.xdm.archives import FOLDER, XDM, archive, refused
from conformance.made.cda import paper
from conformance.made.xdm import Entry
from conformance.requirement import Volet

SAFE = Chapter(Volet.XDM, "PKWARE APPNOTE 4.4; IHE ITI TF-2, 3.32.4.1.4")
BOMB_BYTES, MANY_MEMBERS = 150_000_000, 2_000


@SAFE.asks("XDM-30", "Something that is no ZIP is refused", fix="A ZIP begins with PK 03 04.")
def no_zip(bench: Bench) -> None:
    refused(bench, b"PK\x03\x04 mais rien d'autre")
    refused(bench, archive(bench).zip()[:-60])


@SAFE.asks(
    "XDM-31",
    "Names that climb out are refused",
    fix="Refuse absolute names, drive letters, backslashes and '..'.",
)
def climbing(bench: Bench) -> None:
    for name in ("../../conformance-kit.txt", "/conformance-kit.txt", "C:\\kit.txt"):
        made = archive(bench)
        made.files[name] = b"rien"
        refused(bench, made.zip())


@SAFE.asks(
    "XDM-32",
    "Two members with one name are refused",
    fix="Readers differ on which one counts: refuse.",
)
def twins(bench: Bench) -> None:
    made = archive(bench)
    made.files[f"{FOLDER}/doc0001.xml"] = b"<autre/>"
    refused(bench, made.zip())


@SAFE.asks(
    "XDM-33",
    "A member that swells is refused in time",
    fix="Count bytes while inflating; bound the total and the ratio.",
)
def bomb(bench: Bench) -> None:
    made = archive(bench)
    made.files[f"{FOLDER}/DOC0009.XML"] = b"\0" * BOMB_BYTES
    refused(bench, made.zip())


@SAFE.asks(
    "XDM-34",
    "Thousands of members are refused",
    fix="Bound the number of members before reading one.",
)
def crowded(bench: Bench) -> None:
    made = archive(bench)
    made.files |= {f"{FOLDER}/F{number}.TXT": b"x" for number in range(MANY_MEMBERS)}
    refused(bench, made.zip())


@SAFE.asks("XDM-35", "An encrypted member is refused", fix="Refuse flag bit 0: nobody has the key.")
def encrypted(bench: Bench) -> None:
    raw = bytearray(archive(bench).zip())
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = raw.find(mark)
        while at >= 0:
            raw[at + flags] |= 1
            at = raw.find(mark, at + 4)
    refused(bench, bytes(raw))


@SAFE.asks("XDM-36", "A symbolic link is refused", fix="Refuse members whose mode is a link.")
def link(bench: Bench) -> None:
    out = io.BytesIO(archive(bench).zip())
    with zipfile.ZipFile(out, "a") as added:
        info = zipfile.ZipInfo(f"{FOLDER}/DOC0009.XML", (2026, 1, 15, 10, 15, 0))
        info.create_system, info.external_attr = 3, 0o120777 << 16
        added.writestr(info, "/etc/hostname")
    refused(bench, out.getvalue())


@XDM.asks(
    "XDM-37",
    "A false document inside a right envelope is refused",
    fix="Read the document too: metadata are what somebody said of it.",
)
def no_cda(bench: Bench) -> None:
    one = Entry(paper(bench.who, bench.serial), body=b"Document au format CDA")
    refused(bench, archive(bench, one).zip())
