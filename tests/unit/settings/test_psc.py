"""What [psc] must fulfil before the gateway starts with it."""

from pathlib import Path

import pytest

from gateway.settings import SettingsError, load_settings

GOOD = {
    "issuer": "https://auth.test/realms/esante",
    "client_id": "gateway",
    "client_secret": "psc.secret",
    "redirect_uri": "https://vault.test/pro/psc/retour",
}


def faults(
    folder: Path,
    changes: dict[str, str] | None = None,
    *,
    held: str | None = "hush\n",
    mode: int = 0o600,
) -> dict[str, str]:
    (folder / "keys").mkdir(exist_ok=True)
    if held is not None:
        (folder / "psc.secret").write_text(held)
        (folder / "psc.secret").chmod(mode)
    lines = [f'{name} = "{value}"' for name, value in {**GOOD, **(changes or {})}.items()]
    file = folder / "gateway.toml"
    text = 'profile = "test"\n[mllp]\nsender = "a"\n[psc]\n' + "\n".join(lines)
    file.write_text(text, encoding="utf-8")
    try:
        load_settings(file)
    except SettingsError as error:
        return {problem.key: problem.message for problem in error.problems}
    return {}


def test_a_complete_section_is_taken(tmp_path: Path) -> None:
    assert faults(tmp_path) == {}
    assert faults(tmp_path, {"issuer": "http://127.0.0.1:9999"}) == {}


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("issuer", "http://auth.test/realms/esante"),
        ("issuer", "https://user@auth.test/"),
        ("issuer", "https://auth.test/?realm=1"),
        ("issuer", "https://[auth.test/"),
        ("issuer", ""),
        ("client_id", ""),
        ("redirect_uri", "https://vault.test/pro"),
        ("redirect_uri", "http://vault.test/pro/psc/retour"),
        ("redirect_uri", "https://vault.test@evil.test/pro/psc/retour"),
        ("redirect_uri", "https://vault.test/pro/psc/retour?to=x"),
        ("redirect_uri", "https://vault.test/pro/psc/retour/../evil"),
        ("scope", "scope_all"),
    ],
)
def test_an_address_that_would_not_hold_is_named(tmp_path: Path, key: str, value: str) -> None:
    assert set(faults(tmp_path, {key: value})) == {f"psc.{key}"}


def test_the_secret_is_a_file_of_ones_own(tmp_path: Path) -> None:
    assert "there is no file" in faults(tmp_path, held=None)["psc.client_secret"]
    assert "chmod 600" in faults(tmp_path, mode=0o644)["psc.client_secret"]
    assert "empty" in faults(tmp_path, held="\n")["psc.client_secret"]


def test_how_the_provider_signs_is_one_of_three(tmp_path: Path) -> None:
    file = tmp_path / "gateway.toml"
    assert faults(tmp_path, {"audience": "https://vault.test/fhir"}) == {}
    for wanted, wrong in (('["ES256", "RS256"]', False), ('["HS256"]', True), ("[]", True)):
        faults(tmp_path)
        file.write_text(file.read_text() + f"\nalgorithms = {wanted}\n")
        if wrong:
            with pytest.raises(SettingsError, match=r"psc\.algorithms"):
                load_settings(file)
        else:
            psc = load_settings(file).psc
            assert psc is not None
            assert psc.algorithms == ("ES256", "RS256")
