"""The demo's authority for DMP-compatible software."""

from pathlib import Path
from typing import Any

from dmp_authority import Signer, signer_at
from dmp_software import Claims, assertion, request, sign
from vihf_case import NOW, why

from gateway.daemon.demo.authorities.dmp_authority import issue_for_dmp
from gateway.daemon.demo.professionals import PROFESSIONALS, ROUX
from gateway.mapping.vihf.prove import Proved, prove
from gateway.mapping.vihf.refusal import Why
from gateway.mapping.vihf.trust import trust_of
from gateway.mapping.xml import parse_xml
from gateway.settings.demo import DEMO_STRUCTURES, DMP_AUTHORITY


def proved(folder: Path, signer: Signer, **said: Any) -> Proved:
    vihf = sign(assertion(Claims(at=NOW, issuer=signer.subject, **said)), signer)
    trust = trust_of([(folder / DMP_AUTHORITY).read_bytes()])
    return prove(parse_xml(request("<a/>", action="urn:x", vihf=vihf)), trust, now=NOW)


def test_its_cards_and_seals_sign_and_its_client_certificates_do_not(tmp_path: Path) -> None:
    told = issue_for_dmp(tmp_path)
    structure = ROUX.organization
    card = signer_at(Path(told["cards"][ROUX.id]))
    said = {"structure": structure, "subject": ROUX.id}
    assert proved(tmp_path, card, **said).vihf.subject == ROUX.id
    indirect = {"structure": structure, "subject": f"{structure}/1", "authentication": "INDIRECTE"}
    assert proved(tmp_path, signer_at(Path(told["sign"][structure])), **indirect).holder.units == {
        structure
    }
    client = signer_at(Path(told["auth"][structure]))
    assert why(lambda: proved(tmp_path, client, **indirect)) is Why.PURPOSE


def test_a_second_start_finds_the_same_certificates(tmp_path: Path) -> None:
    first = issue_for_dmp(tmp_path)
    before = {path: path.read_bytes() for path in (tmp_path / "dmp").iterdir()}
    assert issue_for_dmp(tmp_path) == first
    assert {path: path.read_bytes() for path in (tmp_path / "dmp").iterdir()} == before


def test_nobody_else_reads_its_keys(tmp_path: Path) -> None:
    issue_for_dmp(tmp_path)
    folder = tmp_path / DMP_AUTHORITY.parent
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("*.key"))


def test_every_structure_of_the_demo_has_its_certificates() -> None:
    assert {one.organization for one in PROFESSIONALS} <= set(DEMO_STRUCTURES)
