"""Every key has its help, and the file of `gateway init` is made from it."""

import re

import pytest

from gateway.cli import main
from gateway.settings.explain import explain, explanations
from gateway.settings.load import parse_settings
from gateway.settings.shape import Settings
from gateway.settings.template import template


def test_every_key_of_the_settings_has_an_explanation() -> None:
    known = explanations()
    assert set(Settings.__dataclass_fields__) - {"demo"} == {key for key in known if "." not in key}
    assert all(one.text.endswith((".", ":")) for one in known.values())


def test_a_key_is_explained_with_its_default_and_its_choices() -> None:
    assert "Default: 60.0" in (explain("mllp.idle_seconds") or "")
    assert "One of: test, production." in (explain("profile") or "")
    assert "  http.listen" in (explain("http") or "")
    assert explain("http.nothing") is None


def test_the_template_is_a_file_that_the_gateway_reads() -> None:
    settings = parse_settings(template())
    assert settings.profile == "test"
    assert settings.mllp[0].sender == "laboratory"


def test_each_commented_default_of_the_template_changes_nothing() -> None:
    commented = re.sub(r"^# ([a-z_]+ = )", r"\1", template(), flags=re.MULTILINE)
    commented = re.sub(r"^# (\[\[?[a-z_.]+\]\]?)$", r"\1", commented, flags=re.MULTILINE)
    settings = parse_settings(commented)
    plain = parse_settings(template())
    assert settings.limits == plain.limits
    assert settings.http.listen == plain.http.listen
    assert settings.http.tls is not None


def test_check_config_explains_a_key(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", "--explain", "store.keys"]) == 0
    assert "master key" in capsys.readouterr().out


def test_check_config_names_keys_near_an_unknown_one(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-config", "--explain", "store.key"]) == 2
    assert "store.keys" in capsys.readouterr().err


def test_check_config_without_a_file_says_how_it_is_used(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check-config"]) == 2
    assert "FILE" in capsys.readouterr().err


def test_the_example_of_a_schema_is_a_schema() -> None:
    assert '# xsd = "schemas/CDA_extended.xsd"' in template()
