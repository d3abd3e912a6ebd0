"""A zip that lies is not read further; an honest one is, and only within its ceilings."""

import io
import stat
import struct
import unicodedata
import zipfile
from pathlib import Path

import pytest
from xdm_sample import FOLDER, METADATA, archive, members, zipped

from gateway.errors import RefusedError
from gateway.mapping.xdm import understand_xdm
from gateway.mapping.xdm.archive import MAX_MEMBER_BYTES, open_archive
from gateway.records.intake.finding import Verdict
from gateway.records.intake.reading import DEFAULT_READING

CORPUS = Path(__file__).resolve().parents[5] / "shared" / "corpus" / "hostile" / "zip"


def read_all(raw: bytes) -> list[bytes]:
    opened = open_archive(raw)
    return [opened.read(member) for member in opened.members]


def refusal(raw: bytes) -> str:
    with pytest.raises(RefusedError) as caught:
        read_all(raw)
    assert caught.value.finding is not None
    return caught.value.finding.code


def with_member(name: str, body: bytes = b"x", mode: int = stat.S_IFREG | 0o600) -> bytes:
    info = zipfile.ZipInfo(name)
    info.external_attr = mode << 16
    return zipped(members(archive()), (info, body))


def test_members_are_read_without_case_and_only_in_their_folder() -> None:
    opened = open_archive(archive())
    [metadata] = opened.named("metadata.xml")
    assert metadata.folder == FOLDER
    assert opened.at(FOLDER, "doc0001.xml") is not None
    assert opened.at("", "DOC0001.XML") is None
    assert opened.read(metadata).startswith(b"<?xml")


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/evil",
        "a/../../evil",
        "a//b",
        "a\\b",
        "C:evil",
        "CON",
        "IHE_XDM/aux.txt",
        "a\x01b",
        "x" * 300,
    ],
)
def test_a_name_that_leaves_the_archive_is_refused(name: str) -> None:
    assert refusal(with_member(name)) == "zip-name"


def under_here(raw: bytes) -> bytes:
    """As `bsdtar --format zip ./` writes it: the folder itself, and `./` before each name."""
    return zipped({"./": b""} | {f"./{name}": body for name, body in members(raw).items()})


def test_a_dot_before_each_name_is_the_same_archive() -> None:
    raw = archive()
    plain, dotted = (understand_xdm(one, DEFAULT_READING) for one in (raw, under_here(raw)))
    assert (dotted.verdict, dotted.findings) == (plain.verdict, plain.findings)
    assert dotted.documents == plain.documents != ()


@pytest.mark.parametrize("name", ["./../evil", "././evil", "./", "a/./b", ".", "./."])
def test_a_dot_leads_nowhere_else(name: str) -> None:
    assert refusal(with_member(name, b"x")) == "zip-name"


def test_a_name_with_a_dot_is_the_twin_of_the_one_without() -> None:
    assert refusal(with_member(f"./{FOLDER}/DOC0001.XML")) == "zip-twins"


def test_names_that_differ_by_case_only_are_twins() -> None:
    assert refusal(with_member(METADATA.lower())) == "zip-twins"


def without_flag(name: str, *more: str) -> bytes:
    """A zip of files of whose UTF-8 names `name` is not flagged as such, as macOS writes it."""
    octets = name.encode()
    stand_in = "x" * len(octets)
    files = {f"{FOLDER}/{one}": b"x" for one in (stand_in, *more)}
    return zipped(files).replace(stand_in.encode(), octets)


def test_a_name_in_utf_8_is_found_whether_or_not_a_flag_says_so() -> None:
    flagged = zipped({f"{FOLDER}/Élan.xml": b"x"})

    for raw in (flagged, without_flag("Élan.xml")):
        found = open_archive(raw).at(FOLDER, "ÉLAN.XML")
        assert found is not None
        assert found.name == "Élan.xml"


def test_a_name_in_cp437_without_a_flag_is_read_as_such() -> None:
    raw = zipped({f"{FOLDER}/Yl.xml": b"x"}).replace(b"Yl.xml", b"\x90l.xml")

    assert open_archive(raw).at(FOLDER, "Él.xml") is not None


def test_a_name_is_found_whether_its_accents_are_composed_or_not() -> None:
    name = unicodedata.normalize("NFD", "Élan.xml")

    assert open_archive(zipped({f"{FOLDER}/{name}": b"x"})).at(FOLDER, "Élan.xml") is not None


def test_names_that_differ_by_their_flag_only_are_twins() -> None:
    assert refusal(without_flag("Élan.xml", "Élan.xml")) == "zip-twins"


def test_a_symbolic_link_is_refused() -> None:
    assert refusal(with_member("LINK", b"/etc/passwd", stat.S_IFLNK | 0o777)) == "zip-link"


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c"])
def test_an_archive_inside_the_archive_is_refused(start: bytes) -> None:
    assert refusal(with_member("N.BIN", start + b"\0" * 40)) == "zip-nested"


def test_what_inflates_a_hundredfold_is_refused_before_it_is_inflated() -> None:
    assert refusal(zipped({"A.TXT": b"\0" * 2_000_000})) == "zip-bomb"


def test_a_member_over_the_limit_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("A.BIN", bytes(MAX_MEMBER_BYTES + 1))
    assert refusal(made.getvalue()) == "zip-too-big"


def test_more_members_than_the_limit_are_refused_by_their_count() -> None:
    assert refusal(zipped({f"F{n}": b"" for n in range(201)})) == "zip-too-many-files"


@pytest.mark.parametrize("cut", [0, 1, 4, 21, 200])
def test_a_zip_that_is_cut_off_is_refused(cut: int) -> None:
    raw = archive()
    assert refusal(raw[: len(raw) - 1 - cut]) == "zip-unreadable"


def test_bytes_before_or_after_the_zip_are_refused() -> None:
    assert refusal(b"MZ" + archive()) == "zip-unreadable"
    assert refusal(archive() + b"tail") == "zip-unreadable"


def test_members_that_share_their_bytes_are_refused() -> None:
    raw = bytearray(zipped({"A.TXT": b"a" * 50, "B.TXT": b"b" * 50}))
    first = raw.index(b"PK\x01\x02")
    second = raw.index(b"PK\x01\x02", first + 4)
    struct.pack_into("<L", raw, second + 42, 0)
    assert refusal(bytes(raw)) in {"zip-overlap", "zip-two-faces"}


def test_a_member_whose_two_headers_disagree_is_refused() -> None:
    raw = bytearray(zipped({"A.TXT": b"a" * 50}))
    raw[30:35] = b"B.TXT"
    assert refusal(bytes(raw)) == "zip-two-faces"


def test_a_member_whose_bytes_were_changed_is_refused() -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as opened:
        opened.writestr("A.TXT", b"unchanged")
    assert refusal(made.getvalue().replace(b"unchanged", b"unchanges")) == "zip-damaged"


def test_an_encrypted_member_is_refused() -> None:
    raw = bytearray(zipped({"A.TXT": b"a"}))
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert refusal(bytes(raw)) == "zip-encrypted"


@pytest.mark.parametrize("count", [0, 21])
def test_an_archive_has_one_to_twenty_metadata_files(count: int) -> None:
    files = members(archive())
    metadata = files.pop(METADATA)
    files |= {f"IHE_XDM/SUBSET{n:02}/METADATA.XML": metadata for n in range(count)}
    answer = understand_xdm(zipped(files), DEFAULT_READING)
    assert answer.verdict is Verdict.REFUSE
    assert [finding.code for finding in answer.findings] == ["xdm-metadata"]


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no corpus beside the repository")
def test_hostile_archives_are_refused_and_controls_are_taken() -> None:
    for path in sorted(CORPUS.glob("*.zip")):
        verdict = understand_xdm(path.read_bytes(), DEFAULT_READING).verdict
        assert (verdict is not Verdict.REFUSE) == ("-ctl-" in path.name), path.name
