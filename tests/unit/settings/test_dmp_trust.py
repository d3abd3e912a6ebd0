"""[dmp]: whom the door trusts, and what production refuses of it."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from authority import Authority
from dmp_authority import DmpAuthority
from settings_at_fault import keys_at_fault

from gateway.daemon.rooms.professionals.dmp_proof import software_of
from gateway.mapping.vihf.trust import DEMO_AUTHORITY
from gateway.settings.explain import explain
from gateway.settings.sections.dmp import DmpSoftware

HOSTED = '[hosting]\ncountry = "FR"\nname = "Un hébergeur"\nhds_certificate = "HDS-0"\n'
OPEN = '[dmp]\nenabled = true\nrepository = "2.25.190382974361450826391374502863741025638"\n'
ISSUER = DmpAuthority()
NOW = datetime.now(UTC)


class Place:
    """A folder with all that an open door needs; each test takes one thing out or in."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        ours = Authority(folder / "tls")
        server = ours.issue("server")
        self.write("ca.pem", ISSUER.pem)
        self.write("crl.pem", ISSUER.revoked(at=NOW))
        self.tls = (
            f'[http.tls]\ncertificate = "{server}"\nkey = "{server.with_suffix(".key")}"\n'
            f'client_ca = "{ours.path}"\nclient_required = false\n'
        )

    def write(self, name: str, octets: bytes) -> None:
        (self.folder / name).write_bytes(octets)

    def faults(
        self,
        dmp: str = 'authorities = ["ca.pem"]\nrevocations = ["crl.pem"]\n',
        *,
        tls: str | None = None,
        profile: str = "production",
    ) -> dict[str, str]:
        head = f'profile = "{profile}"\n[mllp]\nsender = "a"\n'
        hosted = HOSTED if profile == "production" else ""
        text = head + hosted + (self.tls if tls is None else tls) + OPEN + dmp
        return keys_at_fault(self.folder, text)


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_an_open_door_with_authorities_lists_and_mutual_tls_is_right(place: Place) -> None:
    assert place.faults() == {}


def test_an_open_door_asks_for_client_certificates(place: Place) -> None:
    assert "client_ca" in place.faults(tls="")["dmp.enabled"]


def test_an_open_door_that_trusts_nobody_is_named(place: Place) -> None:
    assert set(place.faults("", profile="test")) == {"dmp.authorities"}


def test_production_asks_for_lists_of_revoked_certificates(place: Place) -> None:
    bare = 'authorities = ["ca.pem"]\n'
    assert set(place.faults(bare)) == {"dmp.revocations"}
    assert place.faults(bare, profile="test") == {}


def test_files_that_are_missing_or_of_something_else_are_named(place: Place) -> None:
    place.write("junk.pem", b"junk")
    stranger = DmpAuthority("AC inconnue")
    place.write("other.pem", stranger.revoked(at=NOW))
    for dmp, key in {
        'authorities = ["gone.pem"]\nrevocations = ["crl.pem"]\n': "dmp.authorities",
        'authorities = ["ca.pem"]\nrevocations = ["gone.pem"]\n': "dmp.revocations",
        'authorities = ["junk.pem"]\nrevocations = ["crl.pem"]\n': "dmp.authorities",
        'authorities = ["ca.pem"]\nrevocations = ["junk.pem"]\n': "dmp.revocations",
        'authorities = ["ca.pem"]\nrevocations = ["other.pem"]\n': "dmp.revocations",
    }.items():
        assert set(place.faults(dmp)) == {key}, dmp


def test_production_refuses_the_authority_of_a_demo(place: Place) -> None:
    demo = DmpAuthority(DEMO_AUTHORITY)
    place.write("ca.pem", demo.pem)
    place.write("crl.pem", demo.revoked(at=NOW))
    assert "demo" in place.faults()["dmp.authorities"]
    assert place.faults(profile="test") == {}


def test_production_takes_no_sha_1(place: Place) -> None:
    old = (
        'authorities = ["ca.pem"]\nrevocations = ["crl.pem"]\n'
        '[[dmp.software]]\nsender = "clinic"\nsha1 = true\n'
    )
    assert set(place.faults(old)) == {"dmp.software.sha1"}
    assert place.faults(old, profile="test") == {}
    asked = DmpSoftware(sender="clinic", sha1=True)
    assert not software_of(asked, production=True).sha1
    assert software_of(asked, production=False).sha1


def test_what_is_said_of_software_is_said_once(place: Place) -> None:
    one = '[[dmp.software]]\nsender = "{}"\ncertificates = ["{}"]\n'
    right = 'authorities = ["ca.pem"]\nrevocations = ["crl.pem"]\n'
    first, other = "ab" * 32, ":".join(["AB"] * 32)
    assert place.faults(right + one.format("a", first) + one.format("b", "cd" * 32)) == {}
    same_sender = right + one.format("a", first) + one.format("a", "cd" * 32)
    same_certificate = right + one.format("a", first) + one.format("b", other)
    for text in (same_sender, same_certificate):
        assert set(place.faults(text)) == {"dmp.software"}
    broken = place.faults(right + one.format("a", "zz"))
    assert set(broken) == {"dmp.software.certificates"}


def test_a_policy_is_an_oid(place: Place) -> None:
    text = 'authorities = ["ca.pem"]\nrevocations = ["crl.pem"]\npolicies = ["1.2.3.4", "sign"]\n'
    assert set(place.faults(text)) == {"dmp.policies"}


@pytest.mark.parametrize(
    "key",
    [
        "dmp.authorities",
        "dmp.revocations",
        "dmp.policies",
        "dmp.vihf_minutes",
        "dmp.vihf_ahead_seconds",
        "dmp.software",
        "dmp.software.authentications",
        "dmp.software.sha1",
    ],
)
def test_every_key_is_explained(key: str) -> None:
    assert explain(key)
